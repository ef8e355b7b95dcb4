package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Counter;
import io.sluice.storage.SimStorage;
import io.sluice.storage.SimStorage.Call;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each delivered block's manifest is handed out until it is delivered, too, and holds its segment until then. */
final class ManifestTest {

    private static final JournalConfig CONFIG =
            TestJournal.config(JournalConfig.Ack.SYNCED, 6, 64 * 1024, Duration.ofHours(26), true);

    private final SimStorage disk = new SimStorage(1);

    private TestJournal open(SimStorage storage, int generation, int producers) throws IOException {
        TestJournal journal = new TestJournal(storage, CONFIG, generation, producers);
        journal.prepare();
        return journal;
    }

    private static SealedBlock deliver(TestJournal journal, Receipt receipt) throws IOException {
        SealedBlock block = journal.poll();
        journal.journal.blocks().delivered(block, receipt);
        return block;
    }

    private static Receipt receipt(int number) {
        return new Receipt(
                number % 3 == 0 ? Receipt.Kind.PARKED : Receipt.Kind.DELIVERED,
                "record-" + "x".repeat(220) + number,
                5);
    }

    private static void assertIs(BlockManifest manifest, SealedBlock block, Receipt receipt) {
        assertThat(manifest.incarnation()).isEqualTo(block.incarnation());
        assertThat(manifest.log()).isEqualTo(block.log());
        assertThat(manifest.block()).isEqualTo(block.block());
        assertThat(manifest.group()).isEqualTo(block.group());
        assertThat(manifest.encoding()).isEqualTo(block.encoding());
        assertThat(manifest.bytes()).isEqualTo(block.bytes().remaining());
        assertThat(manifest.records()).isEqualTo(block.records());
        assertThat(manifest.rawLength()).isEqualTo(block.rawLength());
        assertThat(manifest.crc32()).isEqualTo(block.crc32());
        assertThat(manifest.firstReceivedMillis()).isEqualTo(block.firstReceivedMillis());
        assertThat(manifest.receipt()).isEqualTo(receipt);
        int[] lines = {0};
        manifest.summary().forEach((shop, minute, count) -> lines[0] += count);
        assertThat(lines[0]).isEqualTo(block.records());
    }

    @Test
    void aDeliveredBlockHasAManifestWithItsReceipt() throws IOException {
        TestJournal journal = open(disk, 1, 1);
        BlockSource blocks = journal.journal.blocks();
        journal.producers.getFirst().flush(3, true);
        journal.commit();
        assertThat(blocks.pollManifest()).isNull();
        SealedBlock block = deliver(journal, receipt(1));
        assertThat(blocks.pendingBlocks()).isZero();
        assertThat(blocks.pendingManifests()).isOne();
        BlockManifest manifest = blocks.pollManifest();
        assertIs(manifest, block, receipt(1));
        assertThat(blocks.pollManifest()).isNull();
        blocks.manifested(manifest);
        assertThat(blocks.pendingManifests()).isZero();
    }

    @Test
    void manifestsThatNobodyTakesAreGivenUpOldestFirstBeforeBeaconsAreRefused(CleanLog.Expected log)
            throws IOException {
        log.line("are given up");
        TestJournal journal = open(disk, 1, 1);
        BlockSource blocks = journal.journal.blocks();
        BlockManifest out = null;
        for (int i = 0; i < 60; i++) {
            assertThat(journal.producers.getFirst().flush(1, true)).isNotNull();
            journal.commit();
            SealedBlock block = deliver(journal, receipt(i));
            if (i == 0) {
                out = blocks.pollManifest();
                assertIs(out, block, receipt(i));
            }
            if (i < 8) {
                assertThat(journal.metrics.total(Counter.MANIFESTS_GIVEN_UP)).isZero();
            }
            journal.settle();
            journal.prepare();
            assertThat(journal.journal.readiness()).isEqualTo(Journal.Readiness.READY);
        }
        journal.producers.getFirst().collect();
        assertThat(journal.producers.getFirst().sent).hasSize(60).allMatch(Sent::isAcknowledged);
        // It was on its way, and has arrived after all.
        blocks.manifested(out);
        long left = 0;
        for (BlockManifest m = blocks.pollManifest(); m != null; m = blocks.pollManifest()) {
            assertThat(m.receipt()).isEqualTo(receipt((int) (60 - blocks.pendingManifests())));
            blocks.manifested(m);
            left++;
        }
        assertThat(left).isPositive();
        assertThat(left + journal.metrics.total(Counter.MANIFESTS_GIVEN_UP)).isEqualTo(60);
        assertThat(blocks.pendingManifests()).isZero();
    }

    @Test
    void manifestsAreKeptWhereUndeliveredBlocksHoldTheSpaceToo() throws IOException {
        TestJournal journal = open(disk, 1, 1);
        List<SealedBlock> held = new ArrayList<>();
        Sent sent;
        do {
            sent = journal.producers.getFirst().flush(1, true);
            journal.commit();
            for (SealedBlock block = journal.poll(); block != null; block = journal.poll()) {
                if (held.size() % 2 == 0) {
                    held.add(block);
                } else {
                    held.add(null);
                    journal.journal.blocks().delivered(block, receipt(1));
                }
            }
            journal.clock.advanceMillis(1_000);
            journal.prepare();
        } while (sent.isAcknowledged());
        assertThat(journal.metrics.total(Counter.MANIFESTS_GIVEN_UP)).isZero();
        assertThat(journal.journal.blocks().pendingManifests()).isPositive();
    }

    @Test
    void theNextStartHandsOutTheManifestsThatWereNotDelivered() throws IOException {
        TestJournal journal = open(disk, 1, 1);
        List<SealedBlock> delivered = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            journal.prepare();
            // The last one is left open: recovery closes it, and its summary must be read from its lines.
            journal.producers.getFirst().flush(2, i < 7);
            journal.commit();
            if (i < 7) {
                delivered.add(deliver(journal, receipt(i)));
            }
        }
        for (int i = 0; i < 3; i++) {
            journal.journal.blocks().manifested(journal.journal.blocks().pollManifest());
        }
        journal.settle();
        for (int seed = 0; seed < 20; seed++) {
            SimStorage crashed = disk.crash(seed);
            TestJournal next = open(crashed, 2, 0);
            delivered.add(deliver(next, receipt(7)));
            assertThat(next.poll()).isNull();
            assertManifests(next, delivered.subList(3, 8));
            next.settle();
            // Once more from the disk, this time all of it.
            TestJournal third = open(crashed.kill(1), 3, 0);
            assertThat(third.poll()).isNull();
            assertManifests(third, delivered.subList(3, 8));
            assertThat(third.journal.blocks().pendingManifests()).isEqualTo(5);
            assertThat(third.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
            delivered.removeLast();
        }
    }

    private static void assertManifests(TestJournal journal, List<SealedBlock> blocks) {
        Map<Long, BlockManifest> found = new HashMap<>();
        for (BlockManifest manifest = journal.journal.blocks().pollManifest();
                manifest != null;
                manifest = journal.journal.blocks().pollManifest()) {
            assertThat(found.put(manifest.block(), manifest)).isNull();
        }
        assertThat(found).hasSize(blocks.size());
        for (SealedBlock block : blocks) {
            int number = (int) (block.block() & 0xffff);
            assertIs(found.get(block.block()), block, receipt(number));
        }
    }

    @Test
    void manifestsBeyondTheMemoryAreReadFromTheLog() throws IOException {
        JournalConfig large = TestJournal.config(JournalConfig.Ack.SYNCED, 100, 64 * 1024, Duration.ofHours(1), true);
        TestJournal journal = new TestJournal(disk, large, 1, 1);
        Manifests manifests = new Manifests(journal.metrics.newCells(), 1_000);
        assertThat(manifests.pending()).isZero();
        ((BlockFeed) journal.journal.blocks()).manifests(manifests);
        List<SealedBlock> delivered = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            journal.prepare();
            journal.producers.getFirst().flush(2, true);
            journal.commit();
            delivered.add(deliver(journal, receipt(i)));
        }
        assertThat(manifests.waitingBytes()).isLessThanOrEqualTo(1_000);
        assertManifests(journal, delivered);
    }

    @Test
    void aManifestThatCannotBeReadNowIsReadLater(CleanLog.Expected log) throws IOException {
        log.line("a manifest cannot be read, trying on");
        TestJournal journal = open(disk, 1, 1);
        ((BlockFeed) journal.journal.blocks()).manifests(new Manifests(journal.metrics.newCells(), 0));
        journal.producers.getFirst().flush(2, true);
        journal.commit();
        SealedBlock block = deliver(journal, receipt(1));
        disk.failIf((call, path) -> call == Call.READ);
        assertThat(journal.journal.blocks().pollManifest()).isNull();
        disk.failIf((call, path) -> false);
        journal.clock.advanceMillis(1_000);
        assertIs(journal.journal.blocks().pollManifest(), block, receipt(1));
    }

    @Test
    void withoutReceiptsMarksAreAsGoodAsEver(CleanLog.Expected log) throws IOException {
        log.line("receipts of delivered blocks cannot be kept, their marks are");
        TestJournal journal = open(disk, 1, 1);
        journal.producers.getFirst().flush(2, true);
        journal.commit();
        disk.full(true);
        SealedBlock block = deliver(journal, new Receipt(Receipt.Kind.PARKED, "refused", 5));
        journal.settle();
        TestJournal next = open(disk.crash(1), 2, 0);
        assertThat(next.poll()).isNull();
        assertIs(next.journal.blocks().pollManifest(), block, new Receipt(Receipt.Kind.PARKED, "", 0));
    }

    @Test
    void blocksThatWereSettledWithoutManifestsGetNone() throws IOException {
        TestJournal old = new TestJournal(disk, TestJournal.config(), 1, 1);
        old.prepare();
        List<SealedBlock> delivered = new ArrayList<>();
        // A block begins in the first segment and ends in the second.
        for (int i = 0; i < 5; i++) {
            old.producers.getFirst().flush(2, i == 4);
            old.commit();
            old.prepare();
        }
        delivered.add(deliver(old, receipt(1)));
        old.settle();
        TestJournal next = open(disk.kill(1), 2, 0);
        assertThat(next.poll()).isNull();
        assertThat(next.journal.blocks().pollManifest()).isNull();
        assertThat(next.journal.blocks().pendingManifests()).isZero();
        assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
        assertThat(delivered).hasSize(1);
    }
}
