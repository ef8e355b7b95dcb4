package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Counter;
import io.sluice.storage.SimStorage;
import io.sluice.storage.Storage;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks that rot on the disk, or end in a tear: they cost what lay in them, and nothing beside it. */
final class JournalRotTest extends JournalFaultFixture {

    @Test
    void aRottenBlockInTheMiddleOfTheChainHurtsOnlyWhatLayInIt(CleanLog.Expected log) throws IOException {
        log.line("segment 1 of log 0 of");
        log.line("1 of its 3 frames verify");
        TestJournal journal = open(disk, 1, 2);
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            journal.prepare();
            sent.add(journal.producers.getFirst().flush(1, i % 3 == 2));
            journal.commit();
        }
        // Three commits a segment: the second chunk of the second block, in the middle of the second segment.
        disk.damage(segment(1), 2 * 4096 + 85, 3);
        TestJournal next = new TestJournal(disk.crash(1), TestJournal.config(), 2, 0);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            if (i != 4 && i != 5) {
                expected.addAll(sent.get(i).lines);
            }
        }
        assertThat(TestJournal.lines(next.pollAll())).isEqualTo(expected);
        assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS)).isOne();
    }

    @Test
    void aRottenSealCostsNoLineOfItsBlock(CleanLog.Expected log) throws IOException {
        log.line("its SEAL is lost, 1 of its frames verify");
        log.line("is damaged at offset");
        // Memory for one block only: the other producer's is read from the log.
        TestJournal journal = new TestJournal(disk, TestJournal.config(JournalConfig.Ack.SYNCED, 6, 1), 1, 2);
        journal.prepare();
        journal.producers.get(0).flush(1, false);
        Sent first = journal.producers.get(1).flush(1, false);
        journal.commit();
        journal.producers.get(1).flush(1, true);
        journal.commit();
        disk.damage(segment(0), 2 * 4096 + 85, 1);
        journal.prepare();
        Sent later = journal.producers.get(0).flush(1, true);
        journal.commit();
        Sent last = journal.producers.get(0).flush(1, true);
        journal.commit();
        List<SealedBlock> blocks = journal.pollAll();
        assertThat(TestJournal.lines(blocks))
                .contains(first.lines.getFirst(), later.lines.getFirst(), last.lines.getFirst());
        assertThat(journal.metrics.total(Counter.DAMAGED_BLOCKS)).isOne();
        assertThat(journal.journal.blocks().pendingBlocks()).isEqualTo(3);
        for (SealedBlock block : blocks) {
            journal.deliver(block);
        }
        journal.settle();
        assertThat(journal.journal.blocks().pendingBlocks()).isZero();
        assertThat(journal.journal.left().records()).isZero();
        assertThat(journal.journal.left().bytes()).isZero();
        TestJournal next = new TestJournal(disk.crash(1), TestJournal.config(), 2, 0);
        assertThat(next.pollAll()).isEmpty();
        assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
    }

    @Test
    void aBlockOfWhichNothingVerifiesHoldsNoSegment(CleanLog.Expected log) throws IOException {
        log.line("is damaged at offset");
        log.line("0 of its 1 frames verify");
        goesOnBehind(false, 1, 1);
    }

    @Test
    void aBlockWhoseSealIsLostHoldsNoSegmentOnceItIsDelivered(CleanLog.Expected log) throws IOException {
        log.line("is damaged at offset");
        log.line("its SEAL is lost, 1 of its frames verify");
        goesOnBehind(true, 3, 1);
    }

    @Test
    void aBlockThatIsLostWithItsSealHoldsNoSegment(CleanLog.Expected log) throws IOException {
        log.line("is damaged at offset");
        log.line("its SEAL is lost, 0 of its frames verify");
        goesOnBehind(false, 1, 3);
    }

    /**
     * More blocks than the journal has segments for, each larger than the memory for any: two disk blocks of lines in
     * one commit, one of the SEAL in the next. Of the first some decays.
     */
    private void goesOnBehind(boolean linesOfFirst, int rottenFrom, int rotten) throws IOException {
        TestJournal journal = new TestJournal(disk, TestJournal.config(JournalConfig.Ack.SYNCED, 6, 4 << 10), 1, 1);
        TestProducer producer = journal.producers.getFirst();
        List<String> expected = new ArrayList<>();
        List<String> delivered = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            journal.prepare();
            Sent lines = producer.flush(new int[] {0, 1}, new boolean[2], 5_000);
            journal.commit();
            Sent seal = producer.flush(new int[2], new boolean[] {false, true}, 0);
            journal.commit();
            assertThat(lines.isAcknowledged() && seal.isAcknowledged())
                    .as("block %d", i)
                    .isTrue();
            if (i == 0) {
                disk.damage(segment(0), rottenFrom * Storage.BLOCK_BYTES, rotten * Storage.BLOCK_BYTES);
            }
            if (i > 0 || linesOfFirst) {
                expected.addAll(lines.lines);
            }
            for (SealedBlock block : journal.pollAll()) {
                delivered.addAll(TestJournal.lines(block));
                journal.deliver(block);
            }
            journal.settle();
        }
        assertThat(delivered).isEqualTo(expected);
        assertThat(journal.metrics.total(Counter.DAMAGED_BLOCKS)).isOne();
        assertThat(journal.journal.left().isNothing()).isTrue();
        assertThat(journal.journal.left().records()).isZero();
        assertThat(journal.journal.left().bytes()).isZero();
    }

    @Test
    void whatLiesBehindARottenBlockInTheLastSegmentIsKept() throws IOException {
        TestJournal journal = open(disk, 1, 1);
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sent.add(journal.producers.getFirst().flush(1, true));
            journal.commit();
        }
        disk.damage(segment(0), 4096 + 85, 1);
        TestJournal next = new TestJournal(disk.crash(1), TestJournal.config(), 2, 0);
        assertThat(TestJournal.lines(next.pollAll()))
                .containsExactly(sent.get(1).lines.getFirst(), sent.get(2).lines.getFirst());
    }

    @Test
    void aTearAtTheEndIsNoDamage() throws IOException {
        TestJournal journal = open(disk, 1, 1);
        Sent before = journal.producers.getFirst().flush(2, false);
        journal.commit();
        List<SimStorage> images = new ArrayList<>();
        disk.beforeCall(() -> {
            for (int seed = 0; seed < CRASHES; seed++) {
                images.add(disk.crash(seed));
            }
        });
        journal.producers.getFirst().flush(4, true);
        journal.commit();
        assertThat(images).isNotEmpty();
        for (SimStorage image : images) {
            TestJournal next = new TestJournal(image, TestJournal.config(), 2, 0);
            assertThat(TestJournal.lines(next.pollAll())).containsAll(before.lines);
            assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
        }
    }
}
