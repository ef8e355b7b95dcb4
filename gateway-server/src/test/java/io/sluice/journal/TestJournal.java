package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Clock;
import io.sluice.metrics.Metrics;
import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import io.sluice.ring.CommitRing;
import io.sluice.storage.SimStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;

/** A journal on a simulated disk, without threads: the test makes every step. */
final class TestJournal {

    static final Path ROOT = Path.of("/journal");
    static final int SEGMENT = 16 * 1024;
    static final List<StreamGroup> GROUPS = List.of(
            new StreamGroup(0, "events", Encoding.GZIP, 1, "sluice-events", "events/"),
            new StreamGroup(1, "rejected", Encoding.NDJSON, 1, "sluice-rejected", "rejected/"));

    /** A clock that moves when told. */
    static final class StepClock implements Clock {
        long nanos;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long epochMillis() {
            return 1_700_000_000_000L + nanos / 1_000_000;
        }

        void advanceMillis(long millis) {
            nanos += millis * 1_000_000;
        }
    }

    final SimStorage disk;
    final StepClock clock = new StepClock();
    final Metrics metrics = new Metrics();
    final Journal journal;
    final CommitRing ring;
    final Committer committer;
    final SegmentPool pool;
    final List<TestProducer> producers = new ArrayList<>();

    TestJournal(SimStorage disk, JournalConfig config, int generation, int producers) throws IOException {
        this(disk, config, generation, producers, GROUPS);
    }

    TestJournal(SimStorage disk, JournalConfig config, int generation, int producers, List<StreamGroup> groups)
            throws IOException {
        this.disk = disk;
        Random random = new Random(generation * 31L + 7);
        // Random in its low half only, so that incarnations sort by their generation.
        journal = Journal.open(
                config,
                disk,
                clock,
                metrics,
                groups,
                1,
                () -> new UUID(0x0190_0000_0000_7000L + ((long) generation << 16), random.nextLong() | 1L << 63),
                random);
        pool = journal.pool(0);
        if (producers == 0) {
            ring = null;
            committer = null;
            return;
        }
        ring = new CommitRing(producers, 8, 1 << 16);
        committer = journal.committer(0, ring);
        for (int i = 0; i < producers; i++) {
            this.producers.add(new TestProducer(ring, i, groups, "g" + generation + "p" + i));
        }
    }

    static JournalConfig config() {
        return config(JournalConfig.Ack.SYNCED, 6, 64 * 1024);
    }

    static JournalConfig config(JournalConfig.Ack ack, int segments, long memoryBytes) {
        return config(ack, segments, memoryBytes, Duration.ofHours(26), false);
    }

    static JournalConfig config(
            JournalConfig.Ack ack, int segments, long memoryBytes, Duration keep, boolean manifests) {
        return new JournalConfig(
                ROOT,
                SEGMENT,
                (long) segments * SEGMENT,
                JournalConfig.Direct.AUTO,
                ack,
                Duration.ofMillis(100),
                SEGMENT,
                memoryBytes,
                null,
                JournalKeys.NONE,
                keep,
                manifests);
    }

    static JournalConfig with(JournalConfig config, JournalKeys keys) {
        return new JournalConfig(
                config.root(),
                config.segmentBytes(),
                config.maxBytes(),
                config.direct(),
                config.ack(),
                config.syncInterval(),
                config.batchBytes(),
                config.memoryBytes(),
                null,
                keys,
                config.keep(),
                config.manifests());
    }

    void prepare() {
        while (pool.prepare()) {}
    }

    void commit() {
        while (committer.step()) {}
        for (TestProducer producer : producers) {
            producer.collect();
        }
    }

    /** The next block, or {@code null} if there is none now. */
    SealedBlock poll() throws IOException {
        return poll(group -> true);
    }

    SealedBlock poll(Predicate<String> wanted) throws IOException {
        try {
            return journal.blocks().poll(0, wanted);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    List<SealedBlock> pollAll() throws IOException {
        List<SealedBlock> blocks = new ArrayList<>();
        for (SealedBlock block = poll(); block != null; block = poll()) {
            blocks.add(block);
        }
        return blocks;
    }

    void deliver(SealedBlock block) throws IOException {
        journal.blocks().delivered(block, new Receipt(Receipt.Kind.DELIVERED, "", 0));
    }

    /** Lets marks become due and syncs them. */
    void settle() throws IOException {
        clock.advanceMillis(1_000);
        SealedBlock none = poll();
        assertThat(none).isNull();
    }

    /** Ends it as a process ends that has no time to: only what it holds of the JVM is given back. */
    void abandon() {
        for (TestProducer producer : producers) {
            producer.close();
        }
    }

    static List<String> lines(List<SealedBlock> blocks) {
        List<String> lines = new ArrayList<>();
        for (SealedBlock block : blocks) {
            lines.addAll(lines(block));
        }
        return lines;
    }

    /** The lines of a block, which must have as many as it says, of the length that it says. */
    static List<String> lines(SealedBlock block) {
        byte[] bytes = new byte[block.bytes().remaining()];
        block.bytes().duplicate().get(bytes);
        byte[] raw;
        try (InputStream in = BlockReader.open(block.encoding(), new ByteArrayInputStream(bytes))) {
            raw = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("block " + block.block() + " does not decode", e);
        }
        List<String> lines = new String(raw, StandardCharsets.US_ASCII).lines().toList();
        assertThat(raw.length).isEqualTo((int) block.rawLength());
        assertThat(lines.size()).isEqualTo(block.records());
        int[] counted = {0};
        block.summary().forEach((shop, minute, count) -> counted[0] += count);
        assertThat(counted[0]).as("lines in the summary").isEqualTo(block.records());
        return lines;
    }
}
