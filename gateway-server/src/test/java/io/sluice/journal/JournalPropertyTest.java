package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Counter;
import io.sluice.storage.SimStorage;
import io.sluice.storage.SimStorage.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a journal, and a crash at each call to the disk of each of them.
 *
 * <p>After every crash the disk is opened again by the real code, and then: every acknowledged line is there, exactly
 * as it was sent, unless delivery has had that very line (with {@code ack: written}, after the end of the process
 * only); every line that is there was sent; every block decodes; no block comes twice; no block comes whose mark was
 * synced, but its manifest does, until that is marked, too; and the journal goes on, and survives another crash. While
 * it lives, it delivers acknowledged lines only, each block once, and in the end all of them, and takes beacons again
 * once the disk is well. The committer also goes on where delivery looks or reads.
 * {@code -Dsluice.histories=20000} runs more of them, {@code -Dsluice.seed=…} begins with another.
 */
final class JournalPropertyTest {

    private static final int HISTORIES = Integer.getInteger("sluice.histories", 6000);
    private static final long SEED = Long.getLong("sluice.seed", 1);
    private static final int STEPS = 28;
    /** So long after it last looked, the feed syncs marks at its next look. */
    private static final long MARKS_NANOS = 500_000_000;
    /** One in so many crashes is followed by more tickets and a second crash. */
    private static final int SECOND_CRASH = 16;

    private static final JournalKeys KEYS = JournalKeys.parse("ab".repeat(32));

    private long crashPoints;
    private long secondCrashes;
    private long recoveredLines;
    private long faults;

    /** Broken tickets are logged with their stacks; here are thousands of them, on purpose. */
    @BeforeAll
    static void silenceTheCommitter() throws ReflectiveOperationException {
        // One history is a failure being looked at.
        level("io.sluice.journal", HISTORIES == 1 ? "INFO" : "OFF");
    }

    @AfterAll
    static void letTheCommitterSpeak() throws ReflectiveOperationException {
        level("io.sluice.journal", "INFO");
    }

    /** By reflection, since the logging system is there only when tests run, not when they are compiled. */
    static void level(String logger, String name) throws ReflectiveOperationException {
        Class<?> level = Class.forName("org.apache.logging.log4j.Level");
        Class.forName("org.apache.logging.log4j.core.config.Configurator")
                .getMethod("setLevel", String.class, level)
                .invoke(null, logger, level.getMethod("valueOf", String.class).invoke(null, name));
    }

    @Test
    void everyAcknowledgedRecordSurvivesACrashAtAnyCall() throws IOException {
        for (int i = 0; i < HISTORIES; i++) {
            long seed = SEED + i;
            try {
                new History(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("history with seed " + seed + " fails", e);
            }
        }
        System.out.println("histories=" + HISTORIES + " crashPoints=" + crashPoints + " secondCrashes=" + secondCrashes
                + " recoveredLines=" + recoveredLines + " faults=" + faults);
        assertThat(crashPoints).isGreaterThan(10L * HISTORIES);
        assertThat(recoveredLines).isPositive();
        assertThat(faults).isPositive();
    }

    private record BlockKey(String incarnation, long block) {}

    private final class History {
        private final long seed;
        private final Random random;
        private final SimStorage disk;
        private final TestJournal journal;
        private final JournalConfig config;
        /** Lines that delivery has called delivered: they may come again or not. */
        private final Set<String> delivered = new HashSet<>();
        /** Blocks that were called delivered, and those of them whose marks are on disk by now. */
        private final Set<BlockKey> marked = new HashSet<>();

        private final Set<BlockKey> settled = new HashSet<>();
        /** Blocks that the living journal has handed out, and those it got back. */
        private final Set<BlockKey> handedOut = new HashSet<>();

        private final Set<BlockKey> givenBack = new HashSet<>();
        private final List<SealedBlock> out = new ArrayList<>();
        private final boolean faulty;
        /** Acknowledgements outlive only the process, and that only on a disk without faults. */
        private final boolean written;

        private final boolean encrypted;
        /** Whether nothing of a manifest stays in memory. */
        private final boolean readsManifests;

        private boolean checking;
        private boolean interleaving;
        /** Calls of this history that failed. */
        private long failed;
        /** Whether files may not grow now. */
        private boolean noSpace;

        /** Blocks whose manifests were called delivered, and those of them whose marks are on disk by now. */
        private final Set<BlockKey> manifested = new HashSet<>();

        private final Set<BlockKey> manifestsSettled = new HashSet<>();
        private final Set<BlockKey> manifestsHandedOut = new HashSet<>();
        private final List<BlockManifest> manifestsOut = new ArrayList<>();
        /** When delivery last did anything that may have synced marks, or failed to. */
        private long lastCall;

        History(long seed) throws IOException {
            this.seed = seed;
            random = new Random(seed * 0x9E3779B97F4A7C15L);
            disk = new SimStorage(random.nextLong());
            disk.directSupported(random.nextInt(4) > 0);
            faulty = random.nextInt(2) == 0;
            disk.shortWrites(random.nextInt(3) == 0 ? 0.3 : 0);
            long memory = 1024L << 2 * (1 + random.nextInt(4));
            written = random.nextInt(5) == 0;
            JournalConfig.Ack ack = written ? JournalConfig.Ack.WRITTEN : JournalConfig.Ack.SYNCED;
            Duration keep = random.nextInt(3) == 0 ? Duration.ZERO : Duration.ofHours(26);
            JournalConfig plain = TestJournal.config(ack, 4 + random.nextInt(4), memory, keep, random.nextBoolean());
            int producers = 1 + random.nextInt(3);
            encrypted = random.nextBoolean();
            config = encrypted ? TestJournal.with(plain, KEYS) : plain;
            journal = new TestJournal(disk, config, 1, producers);
            readsManifests = config.manifests() && random.nextBoolean();
            forgetManifests(journal);
        }

        /** Has it read each manifest from its SEAL. */
        private void forgetManifests(TestJournal of) {
            if (readsManifests) {
                ((BlockFeed) of.journal.blocks()).manifests(new Manifests(of.metrics.newCells(), 0));
            }
        }

        void run() throws IOException {
            if (random.nextInt(3) == 0) {
                fillAndDeliver();
            }
            disk.beforeCall(this::crashHere);
            journal.journal.live(0).beforeLook(this::commitMeanwhile);
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            disk.failIf((call, path) -> false);
            disk.full(false);
            noSpace = false;
            crashHere();
            // A crash here would show nothing that those before have not.
            disk.beforeCall(() -> {});
            deliverTheRest();
            crashHere();
            journal.abandon();
        }

        /** What was acknowledged reaches delivery before the process ends, if that lets it. */
        private void deliverTheRest() throws IOException {
            for (int i = 0; i < 40; i++) {
                if (i == 3) {
                    // Lest the last look find nothing, and something be committed behind it.
                    journal.journal.live(0).beforeLook(() -> {});
                }
                for (TestProducer producer : journal.producers) {
                    int[] lines = {1, 1};
                    boolean[] seals = {true, true};
                    producer.flush(lines, seals, 20);
                }
                journal.prepare();
                journal.clock.advanceMillis(1_100);
                journal.commit();
                for (SealedBlock block = pollLive(); block != null; block = pollLive()) {
                    out.add(block);
                }
                while (!out.isEmpty()) {
                    called(out.removeLast());
                }
                deliverManifests();
                if (i > 3 && delivered.containsAll(acknowledged(journal))) {
                    break;
                }
            }
            if (!written) {
                for (String line : acknowledged(journal)) {
                    assertThat(delivered.contains(line))
                            .as("line is delivered: %s", line)
                            .isTrue();
                }
            }
            assertThat(journal.journal.blocks().pendingBlocks()).isZero();
            assertThat(journal.journal.blocks().pendingManifests()).isZero();
            assertThat(journal.journal.left().records()).isZero();
            assertThat(journal.journal.left().bytes()).isZero();
            if (journal.journal.live(0).openRecords() == 0) {
                journal.journal.live(0).takeBack();
                assertThat(journal.journal.live(0).memory().usedBytes())
                        .as("memory that nobody needs")
                        .isZero();
            }
            goesOn();
        }

        /** Whatever happened: once the disk is well, the journal takes beacons again by itself. */
        private void goesOn() throws IOException {
            for (int i = 0; i < 3; i++) {
                journal.clock.advanceMillis(1_100);
                assertThat(pollLive()).isNull();
                journal.prepare();
                journal.commit();
            }
            assertThat(journal.journal.readiness()).isEqualTo(Journal.Readiness.READY);
            Sent sent = journal.producers.getFirst().flush(1, true);
            journal.commit();
            if (!sent.isAcknowledged()) {
                // It went on from a block of an older epoch; the next one begins anew.
                sent = journal.producers.getFirst().flush(1, true);
                journal.commit();
            }
            assertThat(sent.isAcknowledged()).as("a beacon is taken").isTrue();
            assertThat(disk.files().stream()
                            .filter(path -> Layout.segmentNumber(path) >= 0)
                            .count())
                    .as("segments")
                    .isLessThanOrEqualTo(config.maxBytes() / config.segmentBytes());
        }

        private void deliverManifests() {
            BlockSource blocks = journal.journal.blocks();
            for (BlockManifest manifest = blocks.pollManifest(); manifest != null; manifest = blocks.pollManifest()) {
                take(manifest);
            }
            while (!manifestsOut.isEmpty()) {
                manifested(manifestsOut.removeLast());
            }
        }

        private void take(BlockManifest manifest) {
            BlockKey key = key(manifest);
            assertThat(marked.contains(key)).as("its block is delivered").isTrue();
            assertThat(manifestsHandedOut.add(key)).as("it comes once").isTrue();
            manifestsOut.add(manifest);
        }

        private void manifested(BlockManifest manifest) {
            lastCall = journal.clock.nanoTime();
            manifested.add(key(manifest));
            journal.journal.blocks().manifested(manifest);
        }

        private static BlockKey key(BlockManifest manifest) {
            return new BlockKey(manifest.incarnation().toString(), manifest.block());
        }

        /** Makes a past: segments that were delivered and used again, whose old frames still lie in them. */
        private void fillAndDeliver() throws IOException {
            for (int i = 0; i < 24; i++) {
                flush(journal);
                journal.pool.prepare();
                journal.commit();
                for (SealedBlock block = pollLive(); block != null; block = pollLive()) {
                    called(block);
                }
                journal.clock.advanceMillis(600);
            }
        }

        private void step() throws IOException {
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3 -> flush(journal);
                case 4, 5, 6 -> journal.commit();
                case 7, 8 -> journal.pool.prepare();
                case 9 -> {
                    for (int i = 0; i < 4; i++) {
                        poll();
                    }
                }
                case 10 -> deliver();
                case 11 -> {
                    BlockManifest manifest = journal.journal.blocks().pollManifest();
                    if (manifest != null) {
                        take(manifest);
                    }
                    if (!manifestsOut.isEmpty() && random.nextBoolean()) {
                        manifested(manifestsOut.remove(random.nextInt(manifestsOut.size())));
                    }
                }
                default -> {
                    journal.clock.advanceMillis(random.nextInt(1500));
                    fault();
                }
            }
        }

        private void fault() {
            noSpace = faulty && random.nextInt(4) == 0;
            disk.full(false);
            if (noSpace) {
                disk.free(random.nextInt(3) * 7L * 4096);
            }
            if (!faulty || random.nextInt(4) == 0) {
                disk.failIf((call, path) -> false);
                return;
            }
            int share = 1 + random.nextInt(6);
            boolean all = random.nextBoolean();
            disk.failIf((call, path) -> {
                boolean candidate = all || call == Call.WRITE || call == Call.SYNC;
                if (checking || !candidate || random.nextInt(share) > 0) {
                    return false;
                }
                faults++;
                failed++;
                return true;
            });
        }

        private void flush(TestJournal journal) {
            TestProducer producer = journal.producers.get(random.nextInt(journal.producers.size()));
            if (random.nextInt(40) == 0) {
                producer.breakNext();
            }
            int[] lines = {random.nextInt(4), random.nextInt(3)};
            boolean[] seals = {random.nextInt(3) == 0, random.nextInt(3) == 0};
            producer.flush(lines, seals, random.nextInt(8) == 0 ? 1500 : 20);
        }

        private void poll() throws IOException {
            try {
                SealedBlock block = pollLive(wish(random));
                if (block != null) {
                    out.add(block);
                }
            } catch (IOException e) {
                // A disk that fails now and then; what cannot be read now is read later.
                assertThat(faulty).as("a disk that fails").isTrue();
            }
        }

        private void deliver() throws IOException {
            if (out.isEmpty()) {
                return;
            }
            SealedBlock block = out.remove(random.nextInt(out.size()));
            if (random.nextInt(4) == 0) {
                givenBack.add(key(block));
                journal.journal.blocks().giveBack(block);
                return;
            }
            try {
                called(block);
            } catch (IOException e) {
                assertThat(faulty).as("a disk that fails").isTrue();
            }
        }

        private void called(SealedBlock block) throws IOException {
            delivered.addAll(TestJournal.lines(block));
            BlockKey key = key(block);
            marked.add(key);
            lastCall = journal.clock.nanoTime();
            journal.deliver(block);
        }

        /** Both groups, or one of them. */
        private static Predicate<String> wish(Random random) {
            int group = random.nextInt(2 * TestJournal.GROUPS.size());
            return name -> group >= TestJournal.GROUPS.size()
                    || name.equals(TestJournal.GROUPS.get(group).name());
        }

        private SealedBlock pollLive() throws IOException {
            return pollLive(group -> true);
        }

        /** What is delivered while the process lives was acknowledged, line by line, and comes once. */
        private SealedBlock pollLive(Predicate<String> wanted) throws IOException {
            boolean due = journal.clock.nanoTime() - lastCall >= MARKS_NANOS;
            lastCall = journal.clock.nanoTime();
            long failedBefore = failed;
            SealedBlock block = journal.poll(wanted);
            if (due && failed == failedBefore && !noSpace) {
                // A disk that fails is tried again some time later; on another the marks are synced now.
                settled.addAll(marked);
                manifestsSettled.addAll(manifested);
            }
            if (block != null) {
                assertThat(wanted.test(block.group())).as("wanted").isTrue();
                assertThat(acknowledged(journal)).containsAll(TestJournal.lines(block));
                BlockKey key = key(block);
                assertThat(givenBack.remove(key) || handedOut.add(key))
                        .as("block %s comes once", block.block())
                        .isTrue();
            }
            if (!written) {
                assertThat(journal.metrics.total(Counter.DAMAGED_BLOCKS))
                        .as("damage while it lives")
                        .isZero();
            }
            return block;
        }

        /** The committer and the preallocator are threads of their own: they go on wherever delivery is. */
        private void commitMeanwhile() {
            if (checking || interleaving || random.nextInt(4) > 0) {
                return;
            }
            interleaving = true;
            try {
                if (random.nextBoolean()) {
                    flush(journal);
                }
                if (random.nextInt(3) == 0) {
                    journal.pool.prepare();
                } else {
                    journal.committer.step();
                }
            } finally {
                interleaving = false;
            }
        }

        private static Set<String> acknowledged(TestJournal journal) {
            Set<String> lines = new HashSet<>();
            for (TestProducer producer : journal.producers) {
                for (Sent sent : producer.sent) {
                    if (sent.isAcknowledged()) {
                        lines.addAll(sent.lines);
                    }
                }
            }
            return lines;
        }

        private static Set<String> sent(TestJournal journal) {
            Set<String> lines = new HashSet<>();
            for (TestProducer producer : journal.producers) {
                for (Sent sent : producer.sent) {
                    lines.addAll(sent.lines);
                }
            }
            return lines;
        }

        private static BlockKey key(SealedBlock block) {
            return new BlockKey(block.incarnation().toString(), block.block());
        }

        /** Acknowledged lines that have not been called delivered: those that must be there after a crash. */
        private void require(TestJournal journal, Set<String> required) {
            for (String line : acknowledged(journal)) {
                if (!delivered.contains(line)) {
                    required.add(line);
                }
            }
        }

        private void crashHere() {
            if (checking) {
                return;
            }
            checking = true;
            crashPoints++;
            long crashSeed = seed * 1_000_003 + disk.calls();
            try {
                Set<String> required = new HashSet<>();
                boolean kill = written && crashPoints % 2 == 0;
                if (!written || kill && !faulty) {
                    require(journal, required);
                }
                Set<String> known = sent(journal);
                SimStorage crashed = kill ? disk.kill(crashSeed) : disk.crash(crashSeed);
                if (!written && crashPoints % SECOND_CRASH == 0) {
                    goOn(crashed, crashSeed, required, known);
                } else {
                    TestJournal recovered = new TestJournal(crashed, config, 2, 0);
                    check(recovered, required, known);
                    checkManifests(recovered);
                }
            } catch (IOException e) {
                throw new AssertionError("a disk without faults cannot be read", e);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "crash at call " + disk.calls() + " of history " + seed + (written ? ", written" : "")
                                + (encrypted ? ", encrypted" : "")
                                + (faulty ? ", faulty" : ""),
                        e);
            } finally {
                checking = false;
            }
        }

        /** Recovers, takes more tickets, crashes at some call of all that, and recovers from what that leaves. */
        private void goOn(SimStorage crashed, long crashSeed, Set<String> required, Set<String> known)
                throws IOException {
            secondCrashes++;
            Random dice = new Random(crashSeed);
            TestJournal second = new TestJournal(crashed, config, 2, 2);
            // The disk may go on failing after the restart: writes and syncs only, else nothing might be left to check.
            int share = 2 + dice.nextInt(6);
            boolean failsOn = dice.nextBoolean();
            crashed.failIf(
                    (call, path) -> failsOn && (call == Call.WRITE || call == Call.SYNC) && dice.nextInt(share) == 0);
            List<SimStorage> images = new ArrayList<>();
            Set<String> requiredThen = new HashSet<>();
            Set<String> knownThen = new HashSet<>();
            int at = dice.nextInt(60);
            int[] calls = {0};
            crashed.beforeCall(() -> {
                if (calls[0]++ == at) {
                    requiredThen.addAll(required);
                    require(second, requiredThen);
                    knownThen.addAll(known);
                    knownThen.addAll(sent(second));
                    images.add(crashed.crash(crashSeed + 1));
                }
            });
            second.pool.prepare();
            for (int i = 0; i < 4; i++) {
                flush(second);
                second.commit();
                try {
                    SealedBlock block = second.poll();
                    if (block != null && dice.nextBoolean()) {
                        // Not required any more from now on, whether or not the mark survives.
                        delivered.addAll(TestJournal.lines(block));
                        required.removeAll(TestJournal.lines(block));
                        second.clock.advanceMillis(600);
                        second.deliver(block);
                    }
                } catch (IOException e) {
                    assertThat(failsOn).as("a disk that fails").isTrue();
                }
            }
            second.abandon();
            if (!images.isEmpty()) {
                check(new TestJournal(images.getFirst(), config, 3, 0), requiredThen, knownThen);
            }
        }

        /** The manifest of every block whose mark is on disk comes, once, unless it was delivered or given up. */
        private void checkManifests(TestJournal recovered) {
            Set<BlockKey> seen = new HashSet<>();
            BlockSource blocks = recovered.journal.blocks();
            for (BlockManifest manifest = blocks.pollManifest(); manifest != null; manifest = blocks.pollManifest()) {
                BlockKey key = key(manifest);
                assertThat(seen.add(key)).as("manifest came before").isTrue();
                assertThat(marked.contains(key)).as("its block was delivered").isTrue();
                assertThat(manifestsSettled.contains(key))
                        .as("manifest of block %s comes although its mark was synced", key)
                        .isFalse();
            }
            if (config.manifests()) {
                List<BlockKey> missing = new ArrayList<>();
                for (BlockKey key : settled) {
                    if (!seen.contains(key) && !manifested.contains(key)) {
                        missing.add(key);
                    }
                }
                assertThat(missing).as("blocks without manifests").hasSizeLessThanOrEqualTo((int)
                        (journal.metrics.total(Counter.MANIFESTS_GIVEN_UP)
                                + recovered.metrics.total(Counter.MANIFESTS_GIVEN_UP)));
            }
        }

        /** The next that is wanted, then all others. */
        private static SealedBlock next(TestJournal recovered, Predicate<String> wanted) throws IOException {
            SealedBlock block = recovered.poll(wanted);
            return block == null ? recovered.poll() : block;
        }

        private void check(TestJournal recovered, Set<String> required, Set<String> known) throws IOException {
            Map<BlockKey, Boolean> seen = new HashMap<>();
            Set<String> lines = new HashSet<>();
            Predicate<String> wanted = wish(new Random(recovered.disk.calls()));
            for (SealedBlock block = next(recovered, wanted); block != null; block = next(recovered, wanted)) {
                assertThat(settled.contains(key(block)))
                        .as("block %s comes although its mark was synced", block.block())
                        .isFalse();
                assertThat(seen.put(key(block), true))
                        .as("block %s came before", block.block())
                        .isNull();
                for (String line : TestJournal.lines(block)) {
                    assertThat(lines.add(line)).as("line came before: %s", line).isTrue();
                    assertThat(known.contains(line))
                            .as("line was sent: %s", line)
                            .isTrue();
                }
            }
            recoveredLines += lines.size();
            for (String line : required) {
                assertThat(lines.contains(line)).as("line is there: %s", line).isTrue();
            }
            if (!written && !faulty) {
                // Two failures in a row and then a crash may alarm of what nobody was told of; never the other way.
                // With ack: written a power failure may tear several commits, and what was acknowledged is truly lost.
                assertThat(recovered.metrics.total(Counter.DAMAGED_BLOCKS))
                        .as("damaged blocks")
                        .isZero();
            }
        }
    }
}
