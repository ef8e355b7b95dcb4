package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.Journal.Readiness;
import io.sluice.journal.TestProducer.Sent;
import io.sluice.ring.Ticket.Outcome;
import io.sluice.storage.SimStorage;
import io.sluice.storage.SimStorage.Call;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of the marks of delivered blocks when the disk fails, is full, or brings old ones back. */
final class JournalMarksTest extends JournalFaultFixture {

    @Test
    void corruptMarksBringTheirBlocksAgain(CleanLog.Expected log) throws IOException {
        log.line("do not verify");
        TestJournal journal = open(disk, 1, 1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            lines.addAll(journal.producers.getFirst().flush(1, true).lines);
        }
        journal.commit();
        for (SealedBlock block : journal.pollAll()) {
            journal.deliver(block);
        }
        journal.settle();
        Path marks = disk.files().stream()
                .filter(path -> Layout.marksNumber(path) >= 0)
                .findFirst()
                .orElseThrow();
        disk.damage(marks, Marks.MARK_BYTES + 9, 1);
        TestJournal next = new TestJournal(disk.crash(1), TestJournal.config(), 2, 0);
        assertThat(TestJournal.lines(next.pollAll())).containsExactly(lines.get(1));
    }

    @Test
    void marksThatCannotBeSyncedHoldNothingUpAndAreWrittenLater(CleanLog.Expected log) throws IOException {
        log.line("marks of delivered blocks could not be written");
        // What a failed sync leaves in a file may be anything; some of it is found after the crash.
        log.possibleLine("do not verify, their blocks are delivered again");
        TestJournal journal = open(disk, 1, 1);
        TestProducer producer = journal.producers.getFirst();
        disk.failIf((call, path) -> call == Call.SYNC && Layout.marksNumber(path) >= 0);
        for (int i = 0; i < 5; i++) {
            producer.flush(1, true);
            journal.commit();
            SealedBlock block = journal.poll();
            journal.clock.advanceMillis(1_000);
            journal.deliver(block);
        }
        assertThat(journal.journal.blocks().pendingBlocks()).isZero();
        journal.settle();
        disk.failIf((call, path) -> false);
        journal.settle();
        for (List<String> recovered : recoveries(disk)) {
            assertThat(recovered).isEmpty();
        }
    }

    @Test
    void marksBecomeDurableWithinASecondAlthoughNobodyPolls() throws IOException {
        TestJournal journal = open(disk, 1, 1);
        journal.producers.getFirst().flush(1, true);
        journal.commit();
        journal.deliver(journal.poll());
        journal.clock.advanceMillis(1_000);
        journal.journal.blocks().maintain();
        for (List<String> recovered : recoveries(disk)) {
            assertThat(recovered).isEmpty();
        }
    }

    @Test
    void aStartOnAFullDiskMarksWhatItDelivers(CleanLog.Expected log) throws IOException {
        log.line("receipts of delivered blocks cannot be kept, their marks are");
        TestJournal journal = open(disk, 1, 1);
        for (int i = 0; i < 2; i++) {
            journal.producers.getFirst().flush(1, true);
            journal.commit();
        }
        journal.deliver(journal.pollAll().getFirst());
        journal.settle();
        SimStorage rest = disk.crash(1);
        JournalConfig keepsNothing = TestJournal.config(JournalConfig.Ack.SYNCED, 6, 64 * 1024, Duration.ZERO, false);
        TestJournal next = new TestJournal(rest, keepsNothing, 2, 0);
        rest.full(true);
        next.deliver(next.poll());
        next.settle();
        next.settle();
        assertThat(rest.files()).noneMatch(JournalFaultFixture::isSegment);
    }

    @Test
    void aFullDiskTakesMarksSoThatSegmentsComeBack(CleanLog.Expected log) throws IOException {
        // They are best effort: there is no room kept for them.
        log.line("receipts of delivered blocks cannot be kept, their marks are");
        TestJournal journal = open(disk, 1, 1);
        disk.full(true);
        for (int i = 0; i < 40; i++) {
            Sent sent = journal.producers.getFirst().flush(1, true);
            journal.commit();
            assertThat(sent.outcome()).as("ticket %d", i).isEqualTo(Outcome.COMMITTED);
            journal.deliver(journal.poll());
            journal.settle();
            journal.prepare();
        }
        for (List<String> recovered : recoveries(disk)) {
            assertThat(recovered).isEmpty();
        }
    }

    @Test
    void aSegmentThatCannotBeRecycledIsNotForgottenAndItsBlocksStayMarked(CleanLog.Expected log) throws IOException {
        log.line("no segment could be prepared");
        for (Call failing : List.of(Call.RENAME, Call.DELETE, Call.SYNC_DIRECTORY)) {
            SimStorage storage = new SimStorage(7);
            TestJournal journal = open(storage, 1, 1);
            for (int i = 0; i < 16; i++) {
                // All six segments are in use from here on, the oldest delivered.
                Sent sent = journal.producers.getFirst().flush(1, true);
                journal.commit();
                assertThat(sent.isAcknowledged()).isTrue();
                journal.deliver(journal.poll());
                journal.settle();
                journal.prepare();
            }
            storage.failIf((call, path) -> call == failing);
            for (int i = 0; i < 6; i++) {
                journal.producers.getFirst().flush(1, false);
                journal.commit();
                journal.prepare();
                journal.settle();
                for (int seed = 0; seed < 20; seed++) {
                    TestJournal next = new TestJournal(storage.crash(seed), TestJournal.config(), 9, 0);
                    for (SealedBlock block : next.pollAll()) {
                        assertThat(block.summary().isEmpty())
                                .as("delivered, %s", failing)
                                .isFalse();
                        assertThat(block.block())
                                .as("a block that is not marked, %s", failing)
                                .isGreaterThan(15);
                    }
                }
            }
            storage.failIf((call, path) -> false);
            for (int i = 0; i < 12; i++) {
                journal.prepare();
                journal.producers.getFirst().flush(1, true);
                journal.commit();
                for (SealedBlock block : journal.pollAll()) {
                    journal.deliver(block);
                }
                journal.settle();
            }
            journal.prepare();
            assertThat(journal.journal.readiness()).isEqualTo(Readiness.READY);
            assertThat(storage.files().stream()
                            .filter(JournalFaultFixture::isSegment)
                            .count())
                    .as("segments, %s", failing)
                    .isLessThanOrEqualTo(6);
        }
    }

    @Test
    void aMarkOfAnotherIncarnationThatResurfacesMarksNothing(CleanLog.Expected expected) throws IOException {
        expected.line("marks of delivered blocks in");
        TestJournal one = open(disk, 1, 1);
        one.producers.getFirst().flush(1, true);
        one.commit();
        SealedBlock first = one.poll();
        one.deliver(first);
        one.settle();
        ByteBuffer old = ByteBuffer.allocate(Storage.BLOCK_BYTES);
        Path there = disk.files().stream()
                .filter(path -> Layout.marksNumber(path) >= 0)
                .findFirst()
                .orElseThrow();
        try (StorageFile file = disk.open(there, Storage.Access.READ)) {
            file.pread(old, 0);
        }
        one.journal.close();
        TestJournal two = open(disk, 2, 1);
        Sent sent = two.producers.getFirst().flush(1, true);
        two.commit();
        assertThat(sent.isAcknowledged()).isTrue();
        // What the file system gave to the new file of marks held those of the old one when the power failed.
        Path log = Layout.log(TestJournal.ROOT.resolve(two.journal.incarnation().toString()), 0);
        try (StorageFile file = disk.open(Layout.marks(log, 0, 0), Storage.Access.WRITE)) {
            file.pwrite(old.clear(), 0);
            file.sync();
        }
        disk.syncDirectory(log);
        TestJournal three = new TestJournal(disk.crash(1), TestJournal.config(), 3, 0);
        SealedBlock found = three.poll();
        assertThat(found.block()).as("the numbers are the same").isEqualTo(first.block());
        assertThat(TestJournal.lines(found)).isEqualTo(sent.lines);
    }
}
