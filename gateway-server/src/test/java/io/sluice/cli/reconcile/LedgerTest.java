package io.sluice.cli.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Position;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final UUID INCARNATION = UUID.fromString("019a0000-0000-7000-8000-000000000001");
    private static final int MINUTE = 29_922_360;

    private final Report report = new Report(false);
    private final Ledger ledger = ledger(report);

    @Test
    void remembersOfADayNoMoreThanTheBlocksOfAnHourAndTheRuns() {
        // 24 hours of 40,000 blocks, by four producers with numbers of their own, each hour's manifests first.
        int hours = 24;
        int blocksAnHour = 40_000;
        int producers = 4;
        long[] next = {0, 1L << 20, 2L << 20, 3L << 20};
        long most = 0;
        Random random = new Random(1);
        for (int hour = 0; hour < hours; hour++) {
            List<Long> blocks = new ArrayList<>();
            for (int i = 0; i < blocksAnHour; i++) {
                blocks.add(next[i % producers]++);
            }
            for (long block : blocks) {
                assertThat(ledger.manifest(manifest(block))).isTrue();
            }
            assertThat(ledger.open()).isEqualTo(blocksAnHour);
            // Objects of several streams and groups have them in another order.
            Collections.shuffle(blocks.subList(0, 2_000), random);
            for (long block : blocks) {
                ledger.found(new Position(INCARNATION, 0, block, 0), facts(block), MINUTE);
            }
            assertThat(ledger.open()).isZero();
            most = Math.max(most, ledger.bytes());
        }
        assertThat(most).isLessThanOrEqualTo(3L * BlockTable.ENTRY_BYTES * blocksAnHour + 64 * 1024);
        ledger.close();
        assertThat(report.isGood()).isTrue();
        assertThat(report.found.blocks).isEqualTo((long) hours * blocksAnHour);
    }

    @Test
    void whatAJournalHoldsIsNoGap() {
        ledger.manifest(manifest(1));
        found(1);
        found(2);
        found(3);
        ledger.manifest(manifest(4));
        for (long block : new long[] {1, 2, 4, 5, 6}) {
            ledger.kept(INCARNATION, 0, block);
        }
        for (long block : new long[] {1, 2, 4, 5}) {
            ledger.sealed(INCARNATION, 0, block);
        }
        ledger.unmarked(INCARNATION, 0, 5);
        ledger.close();
        // 2: its manifest is to come. 3: it has none. 4: was delivered, so says its manifest. 5, 6: not yet.
        assertThat(report.manifestPending.blocks).isOne();
        assertThat(report.withoutManifest.blocks).isOne();
        assertThat(report.missing.blocks).isOne();
        assertThat(report.pendingBlocks).isEqualTo(2);
        assertThat(report.isGood()).isFalse();
    }

    @Test
    void whatAJournalKnowsToBeDeliveredAndNothingElseTellsOfIsNotPending() {
        ledger.manifest(manifest(1));
        found(1);
        ledger.kept(INCARNATION, 0, 2);
        ledger.sealed(INCARNATION, 0, 2);
        ledger.close();
        assertThat(report.pendingBlocks).isZero();
        assertThat(report.unheardBlocks).isOne();
        assertThat(report.isGood()).isFalse();
    }

    @Test
    void ofABlockThatEndedWithoutAFrameNothingIsMissed() {
        ledger.manifest(manifest(1));
        found(1);
        ledger.kept(INCARNATION, 0, 2);
        ledger.empty(INCARNATION, 0, 2);
        // One whose end stands in a segment that failed, and again, without its frames, in the next.
        ledger.kept(INCARNATION, 0, 3);
        ledger.sealed(INCARNATION, 0, 3);
        ledger.empty(INCARNATION, 0, 3);
        // One that was delivered all the same.
        found(4);
        ledger.manifest(manifest(4));
        ledger.kept(INCARNATION, 0, 4);
        ledger.empty(INCARNATION, 0, 4);
        ledger.close();
        assertThat(report.pendingBlocks).isZero();
        assertThat(report.unheardBlocks).isZero();
        assertThat(report.emptyBlocks).isEqualTo(2);
        assertThat(report.found.blocks).isEqualTo(2);
        assertThat(report.isGood()).isTrue();
    }

    @Test
    void whicheverSideComesFirstTheResultIsTheSame() {
        for (long seed = 1; seed <= 200; seed++) {
            Report report = new Report(false);
            Ledger ledger = ledger(report);
            Random random = new Random(seed);
            List<Runnable> events = new ArrayList<>();
            int missing = 0;
            int without = 0;
            int duplicates = 0;
            for (long block = 0; block < 50; block++) {
                long number = block;
                int manifests = random.nextInt(3);
                int copies = random.nextInt(3);
                for (int i = 0; i < manifests; i++) {
                    events.add(() -> ledger.manifest(manifest(number)));
                }
                for (int i = 0; i < copies; i++) {
                    events.add(() -> ledger.found(new Position(INCARNATION, 0, number, 0), facts(number), MINUTE));
                }
                missing += manifests > 0 && copies == 0 ? 1 : 0;
                without += manifests == 0 && copies > 0 ? 1 : 0;
                duplicates += Math.max(0, copies - 1);
            }
            Collections.shuffle(events, random);
            events.forEach(Runnable::run);
            ledger.close();
            assertThat(report.missing.blocks).as("seed %d", seed).isEqualTo(missing);
            assertThat(report.withoutManifest.blocks).as("seed %d", seed).isEqualTo(without);
            assertThat(report.duplicates.blocks).as("seed %d", seed).isEqualTo(duplicates);
            assertThat(report.expected.blocks).as("seed %d", seed).isEqualTo(report.found.blocks + missing);
            assertThat(report.mismatched.blocks).isZero();
        }
    }

    @Test
    void theTableHoldsWhatWasPutAndNotTakenOut() {
        for (long seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            BlockTable table = new BlockTable();
            Map<Long, Facts> expected = new HashMap<>();
            for (int step = 0; step < 2_000; step++) {
                long block = random.nextInt(300) * (random.nextBoolean() ? 1L : 1L << 30);
                int at = table.find(block);
                assertThat(at >= 0).as("seed %d", seed).isEqualTo(expected.containsKey(block));
                if (at < 0) {
                    Facts facts = new Facts(
                            random.nextInt(BlockTable.MAX_GROUPS),
                            random.nextInt(BlockTable.MAX_RECORDS + 1),
                            random.nextLong(BlockTable.MAX_RAW + 1),
                            random.nextInt(),
                            random.nextLong());
                    table.put(block, (block & 1) == 0, facts, -(int) block);
                    expected.put(block, facts);
                } else {
                    assertThat(table.facts(at)).isEqualTo(expected.remove(block));
                    assertThat(table.isManifest(at)).isEqualTo((block & 1) == 0);
                    assertThat(table.minute(at)).isEqualTo(-(int) block);
                    table.remove(at);
                }
                assertThat(table.size()).isEqualTo(expected.size());
            }
            assertThat(table.blocks())
                    .containsExactly(expected.keySet().stream()
                            .sorted()
                            .mapToLong(Long::longValue)
                            .toArray());
        }
    }

    @Test
    void runsHoldWhatWasAddedInAnyOrder() {
        for (long seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            RunSet runs = new RunSet();
            TreeSet<Long> expected = new TreeSet<>();
            for (int step = 0; step < 500; step++) {
                long number = random.nextInt(600);
                assertThat(runs.contains(number)).as("seed %d", seed).isEqualTo(expected.contains(number));
                runs.add(number);
                expected.add(number);
            }
            List<Long> all = new ArrayList<>();
            for (int run = 0; run < runs.runs(); run++) {
                assertThat(run == 0 || runs.from(run) > runs.to(run - 1) + 1).isTrue();
                for (long number = runs.from(run); number <= runs.to(run); number++) {
                    all.add(number);
                }
            }
            assertThat(all).as("seed %d", seed).containsExactlyElementsOf(expected);
        }
    }

    private static Ledger ledger(Report report) {
        report.objects = 1;
        Ledger ledger = new Ledger(Window.ALL, report, new Erasures());
        ledger.group("events");
        return ledger;
    }

    private void found(long block) {
        ledger.found(new Position(INCARNATION, 0, block, 0), facts(block), MINUTE);
    }

    private static Manifest manifest(long block) {
        return new Manifest(INCARNATION, 0, block, false, MINUTE, facts(block));
    }

    private static Facts facts(long block) {
        return new Facts(0, 100, 30_000, (int) block * 31, block * 17);
    }
}
