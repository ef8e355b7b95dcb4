package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.delivery.DeliveryService;
import io.sluice.delivery.SteppedDelivery;
import io.sluice.delivery.local.LocalConfig;
import io.sluice.delivery.local.LocalDestination;
import io.sluice.delivery.manifest.ManifestConfig;
import io.sluice.journal.TestProducer.Sent;
import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import io.sluice.storage.SimStorage;
import io.sluice.storage.SimStorage.Call;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a journal and the local destination on one disk, ended by a crash of the process or of the power
 * at any call to the disk; then the next start delivers what is left.
 *
 * <p>Then: every acknowledged line lies in an object; every line that lies in one was sent; none lies there twice but
 * of blocks whose marks were not on disk by then. {@code -Dsluice.histories=…} runs more, {@code -Dsluice.seed=…}
 * others.
 */
final class JournalDeliveryCrashTest {

    private static final int HISTORIES = Math.max(1, Integer.getInteger("sluice.histories", 6000) / 40);
    private static final long SEED = Long.getLong("sluice.seed", 1);
    private static final int STEPS = 40;
    /** One call in so many is followed by a crash. */
    private static final int CRASH = 6;

    private static final Path OBJECTS = Path.of("/s3");
    private static final long MARKS_NANOS = 500_000_000;

    private long crashes;
    private long duplicates;
    private long delivered;

    @BeforeAll
    static void silence() throws ReflectiveOperationException {
        JournalPropertyTest.level("io.sluice", HISTORIES == 1 ? "INFO" : "OFF");
    }

    @AfterAll
    static void speak() throws ReflectiveOperationException {
        JournalPropertyTest.level("io.sluice", "INFO");
    }

    @Test
    void everyAcknowledgedRecordReachesAnObjectWhateverEndsTheProcess() throws Exception {
        for (int i = 0; i < HISTORIES; i++) {
            try {
                new History(SEED + i).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("history with seed " + (SEED + i) + " fails", e);
            }
        }
        System.out.println("deliveryHistories=" + HISTORIES + " crashes=" + crashes + " delivered=" + delivered
                + " duplicates=" + duplicates);
        assertThat(crashes).isGreaterThan(HISTORIES);
        assertThat(delivered).isPositive();
    }

    /** A journal whose blocks go to objects. It knows of which blocks the marks are written, and which are synced. */
    private static final class Node implements BlockSource {
        final TestJournal journal;
        final BlockSource source;
        final DeliveryService delivery;
        /** Lines of blocks whose marks were written. */
        final Set<String> marked = new HashSet<>();
        /** Those of them whose marks are synced. */
        final Set<String> settled = new HashSet<>();

        private long lastMarkNanos;
        private boolean troubled;

        Node(SimStorage disk, JournalConfig config, int generation, int producers) throws IOException {
            journal = new TestJournal(disk, config, generation, producers);
            source = journal.journal.blocks();
            LocalDestination destination = new LocalDestination(
                    disk,
                    new LocalConfig(OBJECTS, 2_000, Duration.ofMillis(700)),
                    TestJournal.GROUPS,
                    journal.clock,
                    journal.metrics.newCells());
            ManifestConfig off = new ManifestConfig(false, Duration.ZERO, "manifests/", List.of("manifests"), 1, 1);
            delivery = new DeliveryService(
                    this, destination, off, journal.journal.incarnation(), journal.clock, journal.metrics);
        }

        void step() {
            try {
                SteppedDelivery.step(delivery);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public SealedBlock poll(long timeoutNanos, Predicate<String> wanted) throws InterruptedException {
            boolean due = journal.clock.nanoTime() - lastMarkNanos >= MARKS_NANOS;
            lastMarkNanos = journal.clock.nanoTime();
            troubled = false;
            // The clock stands still, so nothing would come by waiting.
            SealedBlock block = source.poll(0, wanted);
            if (due && !troubled) {
                settled.addAll(marked);
            }
            return block;
        }

        @Override
        public void maintain() {
            boolean due = journal.clock.nanoTime() - lastMarkNanos >= MARKS_NANOS;
            lastMarkNanos = journal.clock.nanoTime();
            troubled = false;
            source.maintain();
            if (due && !troubled) {
                settled.addAll(marked);
            }
        }

        @Override
        public void delivered(SealedBlock block, Receipt receipt) {
            Set<String> lines = new HashSet<>(TestJournal.lines(block));
            lastMarkNanos = journal.clock.nanoTime();
            troubled = false;
            source.delivered(block, receipt);
            if (!troubled) {
                marked.addAll(lines);
            }
        }

        @Override
        public BlockManifest pollManifest() {
            return source.pollManifest();
        }

        @Override
        public void manifested(BlockManifest manifest) {
            source.manifested(manifest);
        }

        @Override
        public void giveBack(SealedBlock block) {
            source.giveBack(block);
        }

        @Override
        public long pendingBlocks() {
            return source.pendingBlocks();
        }
    }

    private final class History {
        private final Random random;
        private final SimStorage disk;
        private final JournalConfig config;
        private final Node node;
        private boolean checking;

        History(long seed) throws IOException {
            random = new Random(seed * 0x9E3779B97F4A7C15L);
            disk = new SimStorage(random.nextLong());
            disk.shortWrites(random.nextInt(3) == 0 ? 0.3 : 0);
            Duration keep = random.nextBoolean() ? Duration.ZERO : Duration.ofHours(26);
            config = TestJournal.config(
                    JournalConfig.Ack.SYNCED,
                    4 + random.nextInt(4),
                    random.nextBoolean() ? 16_384 : 262_144,
                    keep,
                    false);
            node = new Node(disk, config, 1, 2);
        }

        void run() throws IOException {
            disk.beforeCall(() -> {
                if (!checking && random.nextInt(CRASH) == 0) {
                    crash();
                }
            });
            for (int i = 0; i < STEPS; i++) {
                switch (random.nextInt(10)) {
                    case 0, 1, 2 -> {
                        int[] lines = {random.nextInt(4), random.nextInt(3)};
                        boolean[] seals = {random.nextBoolean(), random.nextInt(3) == 0};
                        node.journal.producers.get(random.nextInt(2)).flush(lines, seals, 40);
                    }
                    case 3, 4 -> node.journal.commit();
                    case 5 -> node.journal.pool.prepare();
                    case 6 -> node.journal.clock.advanceMillis(random.nextInt(800));
                    case 7 -> fault();
                    default -> {
                        for (int j = 0; j < 4; j++) {
                            node.step();
                        }
                    }
                }
            }
            disk.failIf((call, path) -> false);
            crash();
            node.journal.abandon();
        }

        private void fault() {
            if (random.nextInt(3) > 0) {
                disk.failIf((call, path) -> false);
                return;
            }
            int share = 1 + random.nextInt(6);
            boolean all = random.nextBoolean();
            disk.failIf((call, path) -> {
                boolean fails =
                        !checking && (all || call == Call.WRITE || call == Call.SYNC) && random.nextInt(share) == 0;
                node.troubled |= fails;
                return fails;
            });
        }

        private void crash() {
            checking = true;
            crashes++;
            boolean power = random.nextInt(3) > 0;
            long seed = random.nextLong();
            try {
                SimStorage image = power ? disk.crash(seed) : disk.kill(seed);
                Node next = new Node(image, config, 2, 0);
                for (int i = 0; i < 300 && (i < 3 || next.pendingBlocks() > 0); i++) {
                    next.journal.clock.advanceMillis(400);
                    next.step();
                }
                assertThat(next.pendingBlocks())
                        .as("blocks that are not delivered")
                        .isZero();
                Map<String, Integer> lines = objects(image);
                delivered += lines.size();
                Set<String> sent = new HashSet<>();
                for (TestProducer producer : node.journal.producers) {
                    for (Sent ticket : producer.sent) {
                        sent.addAll(ticket.lines);
                        if (ticket.isAcknowledged()) {
                            assertThat(lines.keySet()).as("acknowledged").containsAll(ticket.lines);
                        }
                    }
                }
                assertThat(sent).as("sent").containsAll(lines.keySet());
                for (Map.Entry<String, Integer> line : lines.entrySet()) {
                    if (line.getValue() > 1) {
                        duplicates++;
                        assertThat((power ? node.settled : node.marked).contains(line.getKey()))
                                .as("a line is there twice, although it was marked: %s", line)
                                .isFalse();
                    }
                }
            } catch (IOException e) {
                throw new AssertionError("a disk without faults cannot be read", e);
            } finally {
                checking = false;
            }
        }

        /** How often each line lies in an object. */
        private Map<String, Integer> objects(SimStorage image) throws IOException {
            Map<String, Integer> lines = new TreeMap<>();
            for (Path path : image.files()) {
                if (!path.startsWith(OBJECTS) || path.startsWith(OBJECTS.resolve(".tmp"))) {
                    continue;
                }
                try (StorageFile file = image.open(path, Storage.Access.READ)) {
                    ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
                    while (bytes.hasRemaining() && file.pread(bytes, bytes.position()) >= 0) {}
                    Encoding encoding = path.toString().endsWith(".gz") ? Encoding.GZIP : Encoding.NDJSON;
                    try (InputStream in = BlockReader.open(encoding, new ByteArrayInputStream(bytes.array()))) {
                        new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                                .lines()
                                .forEach(line -> lines.merge(line, 1, Integer::sum));
                    }
                }
            }
            return lines;
        }
    }
}
