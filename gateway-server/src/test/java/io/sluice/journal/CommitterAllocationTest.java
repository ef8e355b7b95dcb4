package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.common.Clock;
import io.sluice.common.LoopHandle;
import io.sluice.metrics.Metrics;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import io.sluice.ring.CommitRing;
import io.sluice.ring.Frame;
import io.sluice.ring.Producer;
import io.sluice.ring.Ticket;
import io.sluice.storage.DiskStorage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the committer allocated for a ticket, it would allocate a hundred thousand times a second. */
final class CommitterAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int TICKETS_A_COMMIT = 32;
    private static final int WARM_UP = 40;
    private static final int WINDOWS = 5;
    /** Of a window. */
    private static final int COMMITS = 60;

    private static final int PAYLOAD = 100;
    /** Frames of a block; the last is its SEAL. */
    private static final int FRAMES = 64;

    @TempDir
    private Path directory;

    private final CRC32C crc = new CRC32C();
    private long block;
    private int chunk;

    @Test
    void aTicketCostsTheCommitterNoObject() throws IOException {
        JournalConfig config = new JournalConfig(
                directory,
                16 << 20,
                256 << 20,
                JournalConfig.Direct.OFF,
                JournalConfig.Ack.SYNCED,
                Duration.ofMillis(100),
                1 << 20,
                1 << 20,
                null,
                JournalKeys.NONE,
                Duration.ofHours(26),
                false);
        List<StreamGroup> groups = List.of(
                new StreamGroup(0, "events", Encoding.NDJSON, 1, "sluice-events", "events/"),
                new StreamGroup(1, "rejected", Encoding.NDJSON, 1, "sluice-rejected", "rejected/"));
        try (Journal journal = Journal.open(config, new DiskStorage(), Clock.system(), new Metrics(), groups, 1)) {
            CommitRing ring = new CommitRing(1, 2 * TICKETS_A_COMMIT, 1 << 20);
            Committer committer = journal.committer(0, ring);
            while (journal.pool(0).prepare()) {}
            Producer producer = ring.producer(0);
            producer.attach(new NoLoop(), () -> {});
            for (int i = 0; i < WARM_UP; i++) {
                commit(producer, committer);
                deliver(journal);
            }
            long least = Long.MAX_VALUE;
            for (int window = 0; window < WINDOWS; window++) {
                long allocated = 0;
                for (int i = 0; i < COMMITS; i++) {
                    publish(producer);
                    long before = THREADS.getCurrentThreadAllocatedBytes();
                    committer.step();
                    allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
                    collect(producer);
                    deliver(journal);
                }
                least = Math.min(least, allocated);
            }
            // The smallest object has 16 bytes, and would be there in every window; what the JDK allocates now and
            // then, as for a class that it loads, is only in some. What a commit allocates for its write is not a
            // ticket's.
            assertThat(least / (COMMITS * TICKETS_A_COMMIT))
                    .as("bytes allocated a ticket, of %s in all", least)
                    .isLessThan(8);
            committer.finish();
        }
    }

    private static void deliver(Journal journal) throws IOException {
        try {
            for (SealedBlock found = journal.blocks().poll(0);
                    found != null;
                    found = journal.blocks().poll(0)) {
                journal.blocks().delivered(found, new Receipt(Receipt.Kind.DELIVERED, "", 0));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void commit(Producer producer, Committer committer) {
        publish(producer);
        committer.step();
        collect(producer);
    }

    private void publish(Producer producer) {
        for (int i = 0; i < TICKETS_A_COMMIT; i++) {
            Ticket ticket = producer.open(1 << 10, false);
            ByteBuffer arena = producer.arena().buffer();
            boolean seals = chunk == FRAMES - 1;
            int payload = seals ? Short.BYTES : PAYLOAD;
            int at = ticket.offset();
            if (seals) {
                arena.putShort(at + Frame.HEADER_BYTES, (short) 0);
            }
            int frames = seals ? chunk : chunk + 1;
            Frame.write(
                    arena,
                    at,
                    seals ? Frame.SEAL : Frame.DATA,
                    Encoding.NDJSON.id(),
                    seals ? Frame.FLAG_NO_SUMMARY : 0,
                    block,
                    chunk,
                    0,
                    1,
                    payload,
                    seals ? 0 : 1,
                    frames,
                    (long) frames * PAYLOAD,
                    0,
                    frames * PAYLOAD,
                    1,
                    Frame.payloadCrc(arena, at + Frame.HEADER_BYTES, payload, crc));
            producer.publish(ticket, Frame.HEADER_BYTES + payload, 1, seals ? 0 : 1, producer.epoch(), 0);
            chunk = seals ? 0 : chunk + 1;
            block += seals ? 1 : 0;
        }
    }

    private static void collect(Producer producer) {
        int returned = 0;
        for (Ticket ticket = producer.pollReturned(); ticket != null; ticket = producer.pollReturned()) {
            assertThat(ticket.outcome()).isEqualTo(Ticket.Outcome.COMMITTED);
            producer.recycle(ticket);
            returned++;
        }
        assertThat(returned).isEqualTo(TICKETS_A_COMMIT);
    }

    /** A loop that is woken by nobody: the test looks by itself. */
    private static final class NoLoop implements LoopHandle {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void afterIteration(Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void schedule(Runnable task, long delayNanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean inLoop() {
            return true;
        }
    }
}
