package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Clock;
import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.ring.CommitRing;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.SimStorage;
import io.sluice.storage.Storage;
import io.sluice.testing.CleanLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The journal with its own threads, on the real disk. */
@Timeout(120)
final class JournalThreadsTest {

    private static final int TICKETS = 600;

    @TempDir
    private Path root;

    private JournalConfig config(JournalConfig.Ack ack) {
        return new JournalConfig(
                root.resolve("journal"),
                256 * 1024,
                4 << 20,
                JournalConfig.Direct.AUTO,
                ack,
                Duration.ofMillis(20),
                64 * 1024,
                1 << 20,
                null,
                JournalKeys.NONE,
                Duration.ofHours(26),
                false);
    }

    @Test
    void whatIsAcknowledgedIsDeliveredNowOrByTheNextStart() throws Exception {
        run(JournalConfig.Ack.SYNCED);
    }

    @Test
    void whatIsWrittenIsDeliveredNowOrByTheNextStart() throws Exception {
        run(JournalConfig.Ack.WRITTEN);
    }

    private void run(JournalConfig.Ack ack) throws Exception {
        Storage storage = new DiskStorage();
        Metrics metrics = new Metrics();
        AtomicReference<Throwable> fatal = new AtomicReference<>();
        Set<String> acknowledged = new HashSet<>();
        List<String> delivered = new ArrayList<>();
        try (Journal journal = Journal.open(config(ack), storage, Clock.system(), metrics, TestJournal.GROUPS, 1)) {
            journal.onFatal(fatal::set);
            CommitRing ring = new CommitRing(1, 8, 1 << 16);
            journal.start(0, ring);
            TestProducer producer = new TestProducer(ring, 0, TestJournal.GROUPS, "p");
            AtomicBoolean ended = new AtomicBoolean();
            Thread delivery = Thread.ofPlatform().start(() -> deliver(journal, delivered, ended, fatal));
            for (int i = 0; i < TICKETS; i++) {
                while (producer.flush(3, i % 20 == 19) == null) {
                    Thread.onSpinWait();
                }
            }
            while (!isAnswered(producer)) {
                Thread.onSpinWait();
            }
            producer.collect();
            for (Sent sent : producer.sent) {
                if (sent.isAcknowledged()) {
                    acknowledged.addAll(sent.lines);
                }
            }
            while (journal.blocks().pendingBlocks() > 0 && fatal.get() == null) {
                Thread.sleep(1);
            }
            // No interrupt: in the middle of a sync it would close the file of marks.
            ended.set(true);
            delivery.join();
            assertThat(metrics.value(Gauge.JOURNAL_BYTES)).isPositive().isLessThanOrEqualTo(4 << 20);
            producer.close();
        }
        assertThat(fatal.get()).isNull();
        // A few may be refused when the segments are not made as fast as they fill, but not many.
        assertThat(acknowledged).hasSizeGreaterThan(TICKETS);
        assertThat(acknowledged).containsAll(delivered);
        assertThat(delivered).doesNotHaveDuplicates();
        Set<String> rest = new HashSet<>(acknowledged);
        rest.removeAll(delivered);
        try (Journal next = Journal.open(config(ack), storage, Clock.system(), new Metrics(), TestJournal.GROUPS, 1)) {
            List<SealedBlock> blocks = new ArrayList<>();
            for (SealedBlock block = next.blocks().poll(0);
                    block != null;
                    block = next.blocks().poll(0)) {
                blocks.add(block);
            }
            assertThat(TestJournal.lines(blocks)).containsExactlyInAnyOrderElementsOf(rest);
            for (SealedBlock block : blocks) {
                next.blocks().delivered(block, new Receipt(Receipt.Kind.DELIVERED, "", 0));
            }
        }
        try (Journal last = Journal.open(config(ack), storage, Clock.system(), new Metrics(), TestJournal.GROUPS, 1)) {
            assertThat(last.blocks().poll(TimeUnit.MILLISECONDS.toNanos(1))).isNull();
        }
        try (var files = Files.list(root.resolve("journal"))) {
            // The first has been removed by the second, which had nothing of its own.
            assertThat(files.count()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void aCloseThatLeavesAThreadBehindKeepsTheLock(CleanLog.Expected log) throws Exception {
        log.line("keeps its lock and its files open");
        log.line("has not ended within 1 ms");
        SimStorage disk = new SimStorage(1);
        CountDownLatch goOn = new CountDownLatch(1);
        disk.failIf((call, path) -> {
            if (call == SimStorage.Call.WRITE && Layout.segmentNumber(path) >= 0) {
                await(goOn);
            }
            return false;
        });
        Journal journal =
                Journal.open(TestJournal.config(), disk, Clock.system(), new Metrics(), TestJournal.GROUPS, 1);
        CommitRing ring = new CommitRing(1, 8, 1 << 16);
        journal.start(0, ring);
        TestProducer producer = new TestProducer(ring, 0, TestJournal.GROUPS, "p");
        producer.flush(1, true);
        journal.close(1);
        Path lock = TestJournal.ROOT.resolve(journal.incarnation().toString()).resolve(Layout.LOCK);
        assertThat(disk.tryLock(lock)).isNull();
        goOn.countDown();
        while (!isAnswered(producer)) {
            Thread.onSpinWait();
        }
        producer.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isAnswered(TestProducer producer) {
        producer.collect();
        for (Sent sent : producer.sent) {
            if (!sent.isCollected()) {
                return false;
            }
        }
        return true;
    }

    private static void deliver(
            Journal journal, List<String> delivered, AtomicBoolean ended, AtomicReference<Throwable> fatal) {
        try {
            while (!ended.get()) {
                SealedBlock block = journal.blocks().poll(TimeUnit.MILLISECONDS.toNanos(10));
                if (block != null) {
                    delivered.addAll(TestJournal.lines(block));
                    journal.blocks().delivered(block, new Receipt(Receipt.Kind.DELIVERED, "", 0));
                }
            }
        } catch (Throwable e) {
            fatal.set(e);
        }
    }
}
