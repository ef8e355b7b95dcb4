package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Counter;
import io.sluice.ring.Ticket;
import io.sluice.storage.SimStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JournalTest {

    private final SimStorage disk = new SimStorage(1);

    private static TestJournal open(SimStorage disk, int generation) throws IOException {
        TestJournal journal = new TestJournal(disk, TestJournal.config(), generation, 2);
        journal.prepare();
        return journal;
    }

    @Test
    void handsOutABlockOnceItsSealIsSynced() throws IOException {
        TestJournal journal = open(disk, 1);
        TestProducer producer = journal.producers.getFirst();
        Sent first = producer.flush(3, false);
        journal.commit();
        assertThat(first.outcome()).isEqualTo(Ticket.Outcome.COMMITTED);
        assertThat(journal.poll()).isNull();
        Sent second = producer.flush(2, true);
        journal.commit();
        SealedBlock block = journal.poll();
        assertThat(TestJournal.lines(block)).hasSize(5).containsAll(first.lines).containsAll(second.lines);
        assertThat(block.group()).isEqualTo("events");
        assertThat(journal.journal.blocks().pendingBlocks()).isOne();
        journal.deliver(block);
        assertThat(journal.journal.blocks().pendingBlocks()).isZero();
        assertThat(journal.poll()).isNull();
    }

    @Test
    void recoversOpenAndSealedBlocksAfterAPowerFailure() throws IOException {
        TestJournal journal = open(disk, 1);
        Sent sealed = journal.producers.get(0).flush(3, true);
        Sent unsealed = journal.producers.get(1).flush(4, false);
        journal.commit();
        TestJournal next = open(disk.crash(2), 2);
        List<SealedBlock> blocks = next.pollAll();
        assertThat(blocks).hasSize(2);
        assertThat(TestJournal.lines(blocks.get(0))).isEqualTo(sealed.lines);
        assertThat(TestJournal.lines(blocks.get(1))).isEqualTo(unsealed.lines);
        assertThat(next.metrics.total(Counter.RECOVERED_RECORDS)).isEqualTo(7);
        assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
    }

    @Test
    void removesAnIncarnationOnceAllOfItIsDelivered() throws IOException {
        TestJournal journal = open(disk, 1);
        journal.producers.get(0).flush(3, false);
        journal.commit();
        JournalConfig keepsNothing = TestJournal.config(JournalConfig.Ack.SYNCED, 6, 64 * 1024, Duration.ZERO, false);
        TestJournal next = new TestJournal(disk.crash(2), keepsNothing, 2, 0);
        next.deliver(next.poll());
        next.settle();
        assertThat(next.disk.files())
                .allMatch(file ->
                        file.toString().contains(next.journal.incarnation().toString()));
    }

    @Test
    void readsFromTheLogWhatDoesNotFitInMemory() throws IOException {
        TestJournal journal = new TestJournal(disk, TestJournal.config(JournalConfig.Ack.SYNCED, 20, 16 * 1024), 1, 2);
        int sent = 0;
        for (int i = 0; i < 40; i++) {
            journal.prepare();
            sent += journal.producers.get(i % 2).flush(3, i % 3 == 2).lines.size();
            journal.commit();
        }
        journal.producers.get(0).flush(1, true);
        journal.producers.get(1).flush(1, true);
        journal.commit();
        List<SealedBlock> blocks = journal.pollAll();
        assertThat(TestJournal.lines(blocks)).hasSize(sent + 2).doesNotHaveDuplicates();
        for (SealedBlock block : blocks) {
            journal.deliver(block);
        }
        // Caught up: what follows comes from memory again.
        Sent later = journal.producers.get(0).flush(2, true);
        journal.commit();
        assertThat(TestJournal.lines(journal.poll())).isEqualTo(later.lines);
    }

    @Test
    void passesByThePageCacheOnlyWhereSomebodyWaitsForTheDisk() throws IOException {
        assertThat(open(disk, 1).journal.isDirect()).isTrue();
        JournalConfig written = TestJournal.config(JournalConfig.Ack.WRITTEN, 6, 64 * 1024);
        assertThat(new TestJournal(new SimStorage(1), written, 1, 0).journal.isDirect())
                .isFalse();
        SimStorage indirect = new SimStorage(1);
        indirect.directSupported(false);
        assertThat(new TestJournal(indirect, TestJournal.config(), 1, 0).journal.isDirect())
                .isFalse();
    }
}
