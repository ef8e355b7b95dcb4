package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.storage.SimStorage;
import org.junit.jupiter.api.Test;

/** Delivery may come back from a destination that hung after the journal was closed: another may own the files. */
class ClosedFeedTest {

    @Test
    void aJournalThatIsClosedHandsNothingOutAndTakesNoMark() throws Exception {
        SimStorage disk = new SimStorage(1);
        TestJournal journal = new TestJournal(disk, TestJournal.config(), 1, 1);
        journal.prepare();
        for (int i = 0; i < 3; i++) {
            journal.producers.getFirst().flush(1, true);
        }
        journal.commit();
        SealedBlock first = journal.poll();
        SealedBlock second = journal.poll();
        journal.abandon();
        BlockSource feed = journal.journal.blocks();
        journal.journal.close();

        feed.delivered(first, new Receipt(Receipt.Kind.DELIVERED, "late", 1));
        feed.giveBack(second);
        feed.maintain();
        assertThat(feed.poll(0)).isNull();

        TestJournal next = new TestJournal(disk.kill(2), TestJournal.config(), 2, 0);
        assertThat(next.pollAll()).as("nothing was marked").hasSize(3);
    }
}
