package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Counter;
import io.sluice.storage.SimStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks that are read from the disk, since the memory for them has no room, beside those that are in it. */
final class JournalReadBackTest extends JournalFaultFixture {

    /** Two blocks of one batch: the one that is sealed last was written to first, and only one of them is in memory. */
    @Test
    void aBlockThatIsNotInMemoryIsReadAlthoughOneBegunBeforeItIsSealedBehindIt() throws IOException {
        TestJournal journal = new TestJournal(disk, TestJournal.config(JournalConfig.Ack.SYNCED, 6, 1), 1, 3);
        journal.prepare();
        // Takes the only memory.
        journal.producers.get(2).flush(1, false);
        journal.commit();
        Sent begins = journal.producers.get(0).flush(1, false);
        Sent between = journal.producers.get(1).flush(1, true);
        Sent ends = journal.producers.get(0).flush(1, true);
        journal.commit();
        List<SealedBlock> blocks = journal.pollAll();
        assertThat(TestJournal.lines(blocks))
                .containsExactly(between.lines.getFirst(), begins.lines.getFirst(), ends.lines.getFirst());
        for (SealedBlock block : blocks) {
            journal.deliver(block);
        }
        assertThat(journal.journal.blocks().pendingBlocks()).isZero();
    }

    @Test
    void aBlockInMemoryComesOnceAlthoughOneThatIsReadIsSealedBeforeIt() throws IOException {
        TestJournal journal = new TestJournal(disk, TestJournal.config(JournalConfig.Ack.SYNCED, 4, 1), 1, 3);
        journal.prepare();
        journal.producers.get(0).flush(1, false);
        // Stays open, where nothing but its own pin holds the segment.
        Sent open = journal.producers.get(2).flush(1, false);
        journal.commit();
        journal.producers.get(0).flush(1, true);
        journal.commit();
        deliverAll(journal);
        Sent begins = journal.producers.get(0).flush(1, false);
        Sent between = journal.producers.get(1).flush(1, true);
        Sent ends = journal.producers.get(0).flush(1, true);
        journal.commit();
        List<SealedBlock> blocks = journal.pollAll();
        assertThat(TestJournal.lines(blocks))
                .containsExactly(between.lines.getFirst(), begins.lines.getFirst(), ends.lines.getFirst());
        for (SealedBlock block : blocks) {
            journal.deliver(block);
        }
        journal.settle();
        assertThat(journal.journal.blocks().pendingBlocks()).isZero();
        assertThat(journal.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
        List<String> delivered = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            journal.prepare();
            journal.producers.get(0).flush(1, true);
            journal.commit();
            delivered.addAll(deliverAll(journal));
        }
        assertThat(open.isAcknowledged()).isTrue();
        for (List<String> recovered : recoveries(disk)) {
            // It is ended, and so delivered, when the journal is full.
            recovered.addAll(delivered);
            assertThat(recovered).containsAll(open.lines);
        }
    }

    /** Between any two looks of the reader the committer ends a segment, begins the next, or both. */
    @Test
    void whatIsSyncedWhileTheReaderLooksIsReadAllTheSame() throws IOException {
        for (int commits = 1; commits <= 4; commits++) {
            for (int look = 0; look < 16; look++) {
                readsWhileCommitting(look, commits);
            }
        }
    }

    private static void readsWhileCommitting(int look, int commits) throws IOException {
        SimStorage disk = new SimStorage(1);
        TestJournal journal = new TestJournal(disk, TestJournal.config(JournalConfig.Ack.SYNCED, 6, 1), 1, 3);
        journal.prepare();
        // Takes the only memory, so that all the rest is read.
        journal.producers.get(0).flush(1, false);
        List<String> acknowledged = new ArrayList<>(journal.producers.get(1).flush(1, true).lines);
        journal.commit();
        int[] looks = {0};
        journal.journal.live(0).beforeLook(() -> {
            if (looks[0]++ != look) {
                return;
            }
            for (int i = 1; i <= commits; i++) {
                acknowledged.addAll(journal.producers.get(2).flush(1, i == commits).lines);
                journal.commit();
                journal.prepare();
            }
        });
        List<String> delivered = TestJournal.lines(journal.pollAll());
        assertThat(delivered).as("%d commits at look %d", commits, look).containsAll(acknowledged.subList(0, 1));
        acknowledged.addAll(journal.producers.get(1).flush(1, true).lines);
        journal.commit();
        delivered.addAll(TestJournal.lines(journal.pollAll()));
        assertThat(delivered).as("%d commits at look %d", commits, look).isEqualTo(acknowledged);
        assertThat(journal.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
    }

    @Test
    void figuresAreReadWhileTheCommitterHandsOver() throws Exception {
        TestJournal journal = open(disk, 1, 1);
        journal.producers.getFirst().flush(1, true);
        journal.commit();
        LiveBlocks live = journal.journal.live(0);
        long[] oldest = {-1};
        Thread reader = new Thread(() -> oldest[0] = live.oldestMillis() + live.pendingBlocks());
        synchronized (live) {
            reader.start();
            // Never waits for long, unless the lock is what it waits for.
            assertThat(reader.join(Duration.ofSeconds(30))).isTrue();
        }
        assertThat(oldest[0]).isOne();
        assertThat(journal.poll()).isNotNull();
        assertThat(live.oldestMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void manySmallBlocksFitInTheMemoryOfOneLargeOne() throws IOException {
        TestJournal journal = new TestJournal(disk, TestJournal.config(JournalConfig.Ack.SYNCED, 40, 4 << 20), 1, 2);
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            journal.prepare();
            acknowledged.addAll(journal.producers.get(i % 2).flush(1, true).lines);
            journal.commit();
        }
        assertThat(journal.journal.live(0).isBacklog()).isFalse();
        assertThat(TestJournal.lines(journal.pollAll())).isEqualTo(acknowledged);
    }
}
