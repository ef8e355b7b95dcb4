package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.Journal.Readiness;
import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Counter;
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

/** One fault at a time, and what the client, the log and the next start make of it. */
final class JournalFaultTest {

    /** So many different power failures at one place. */
    private static final int CRASHES = 100;

    private final SimStorage disk = new SimStorage(1);

    private static TestJournal open(SimStorage disk, int generation, int producers) throws IOException {
        TestJournal journal = new TestJournal(disk, TestJournal.config(), generation, producers);
        journal.prepare();
        return journal;
    }

    private static boolean isSegment(Path path) {
        return Layout.segmentNumber(path) >= 0;
    }

    /** What each of many power failures now would leave. */
    private static List<List<String>> recoveries(SimStorage disk) throws IOException {
        List<List<String>> recoveries = new ArrayList<>();
        for (int seed = 0; seed < CRASHES; seed++) {
            TestJournal next = new TestJournal(disk.crash(seed), TestJournal.config(), 99, 0);
            recoveries.add(TestJournal.lines(next.pollAll()));
            assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS))
                    .as("damaged blocks, seed %d", seed)
                    .isZero();
        }
        return recoveries;
    }

    @Test
    void theThirdOfTenTicketsThrowsAndOnlyThatOneFails(CleanLog.Expected log) throws IOException {
        log.line("cannot be committed");
        TestJournal journal = open(disk, 1, 10);
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            if (i == 2) {
                journal.producers.get(i).breakNext();
            }
            sent.add(journal.producers.get(i).flush(2, false));
        }
        journal.commit();
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            assertThat(sent.get(i).outcome()).isEqualTo(i == 2 ? Outcome.FAILED : Outcome.COMMITTED);
            if (i != 2) {
                acknowledged.addAll(sent.get(i).lines);
            }
        }
        for (List<String> recovered : recoveries(disk)) {
            assertThat(recovered).containsExactlyInAnyOrderElementsOf(acknowledged);
        }
    }

    @Test
    void ticketsThatGoOnFromABrokenOneFailWithIt(CleanLog.Expected log) throws IOException {
        log.line("cannot be committed");
        TestJournal journal = open(disk, 1, 1);
        TestProducer producer = journal.producers.getFirst();
        Sent before = producer.flush(1, false);
        producer.breakNext();
        Sent broken = producer.flush(1, false);
        Sent behind = producer.flush(1, false);
        journal.commit();
        assertThat(before.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(broken.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(behind.outcome()).isEqualTo(Outcome.FAILED);
        Sent after = producer.flush(1, true);
        journal.commit();
        assertThat(after.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(TestJournal.lines(journal.pollAll()))
                .containsExactlyInAnyOrder(before.lines.getFirst(), after.lines.getFirst());
    }

    @Test
    void aFailedSyncTakesNothingAcknowledgedWithItAndNothingElseComesBack(CleanLog.Expected log) throws IOException {
        log.line("simulated failure of SYNC");
        fails(Call.SYNC);
    }

    @Test
    void aWriteHalfDoneTakesNothingAcknowledgedWithItAndNothingElseComesBack(CleanLog.Expected log) throws IOException {
        log.line("simulated failure of WRITE");
        fails(Call.WRITE);
    }

    private void fails(Call failing) throws IOException {
        TestJournal journal = open(disk, 1, 2);
        Sent before = journal.producers.get(0).flush(2, false);
        journal.commit();
        disk.failIf((call, path) -> call == failing && isSegment(path));
        Sent failed = journal.producers.get(0).flush(3, true);
        Sent other = journal.producers.get(1).flush(3, false);
        journal.committer.step();
        disk.failIf((call, path) -> false);
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(other.outcome()).isEqualTo(Outcome.FAILED);
        for (List<String> recovered : recoveries(disk)) {
            // The clients were told that it failed, and that it may be there for all that.
            assertThat(recovered).containsAll(before.lines);
        }
        journal.commit();
        Sent after = journal.producers.get(0).flush(2, false);
        journal.commit();
        assertThat(after.outcome()).isEqualTo(Outcome.COMMITTED);
        List<String> acknowledged = new ArrayList<>(before.lines);
        assertThat(TestJournal.lines(journal.pollAll())).isEqualTo(acknowledged);
        acknowledged.addAll(after.lines);
        for (List<String> recovered : recoveries(disk)) {
            // By now the next segment says where those blocks ended.
            assertThat(recovered).containsExactlyInAnyOrderElementsOf(acknowledged);
        }
        assertThat(journal.metrics.total(Counter.JOURNAL_FAILURES)).isOne();
        assertThat(journal.journal.readiness()).isEqualTo(Readiness.READY);
    }

    @Test
    void threeFailuresInARowEndReadinessUntilATrySucceeds(CleanLog.Expected log) throws IOException {
        log.line("simulated failure of SYNC");
        TestJournal journal = open(disk, 1, 1);
        TestProducer producer = journal.producers.getFirst();
        disk.failIf((call, path) -> call == Call.SYNC && isSegment(path));
        for (int i = 0; i < 3; i++) {
            assertThat(journal.journal.readiness()).isNotEqualTo(Readiness.FAILING);
            producer.flush(1, false);
            journal.committer.step();
            journal.prepare();
        }
        assertThat(journal.journal.readiness()).isEqualTo(Readiness.FAILING);
        Sent refused = producer.flush(1, false);
        journal.commit();
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        disk.failIf((call, path) -> false);
        journal.prepare();
        journal.clock.advanceMillis(1_001);
        journal.commit();
        assertThat(journal.journal.readiness()).isEqualTo(Readiness.READY);
        Sent taken = producer.flush(1, true);
        journal.commit();
        assertThat(taken.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(TestJournal.lines(journal.pollAll())).isEqualTo(taken.lines);
    }

    @Test
    void aFullDiskRefusesOnceTheSegmentsAreUsedUpAndReturnsToService() throws IOException {
        TestJournal blocked = new TestJournal(disk, TestJournal.config(), 1, 1);
        disk.full(true);
        blocked.prepare();
        assertThat(blocked.journal.readiness()).isEqualTo(Readiness.NO_SPACE);
        disk.full(false);
        blocked.prepare();
        assertThat(blocked.journal.readiness()).isEqualTo(Readiness.READY);
        disk.full(true);
        TestProducer producer = blocked.producers.getFirst();
        List<String> acknowledged = new ArrayList<>();
        Sent sent;
        int tickets = 0;
        do {
            sent = producer.flush(1, false);
            blocked.prepare();
            blocked.commit();
            if (sent.isAcknowledged()) {
                acknowledged.addAll(sent.lines);
            }
            tickets++;
        } while (sent.isAcknowledged());
        assertThat(sent.outcome()).isEqualTo(Outcome.REFUSED);
        // Two segments were ready, each has room for three commits, the last of them for the SEALs only.
        assertThat(tickets).isEqualTo(6);
        assertThat(blocked.journal.readiness()).isEqualTo(Readiness.NO_SPACE);
        disk.full(false);
        blocked.prepare();
        assertThat(blocked.journal.readiness()).isEqualTo(Readiness.READY);
        Sent after = producer.flush(1, true);
        blocked.commit();
        assertThat(after.outcome()).isEqualTo(Outcome.COMMITTED);
        acknowledged.addAll(after.lines);
        assertThat(TestJournal.lines(blocked.pollAll())).containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    @Test
    void spaceRunsOutInTheMiddleOfASegmentAndComesBack(CleanLog.Expected log) throws IOException {
        log.line("no segment could be prepared");
        TestJournal journal = new TestJournal(disk, TestJournal.config(), 1, 1);
        int[] writes = {0};
        disk.failIf((call, path) -> call == Call.WRITE && path.endsWith(Layout.PREPARED) && writes[0]++ == 0);
        journal.pool.prepare();
        assertThat(journal.disk.files()).noneMatch(path -> path.endsWith(Layout.PREPARED));
        journal.prepare();
        assertThat(journal.journal.readiness()).isEqualTo(Readiness.READY);
    }

    @Test
    void deliveredSegmentsAreUsedAgainAndNothingOfTheirPastComesBack() throws IOException {
        TestJournal journal = open(disk, 1, 2);
        int delivered = 0;
        for (int i = 0; i < 60; i++) {
            Sent sent = journal.producers.get(i % 2).flush(2, true);
            journal.prepare();
            journal.commit();
            assertThat(sent.outcome()).as("ticket %d", i).isEqualTo(Outcome.COMMITTED);
            for (SealedBlock block : journal.pollAll()) {
                journal.deliver(block);
                delivered++;
            }
            journal.settle();
        }
        assertThat(delivered).isEqualTo(60);
        assertThat(journal.metrics.total(Counter.SEGMENTS_PREPARED)).isGreaterThan(12);
        assertThat(disk.files().stream().filter(JournalFaultTest::isSegment).count())
                .isLessThanOrEqualTo(6);
        for (List<String> recovered : recoveries(disk)) {
            assertThat(recovered).isEmpty();
        }
    }

    @Test
    void nothingUndeliveredIsEverOverwritten() throws IOException {
        TestJournal journal = open(disk, 1, 1);
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Sent sent = journal.producers.getFirst().flush(1, true);
            journal.prepare();
            journal.commit();
            if (sent.isAcknowledged()) {
                acknowledged.addAll(sent.lines);
            }
        }
        assertThat(acknowledged).hasSize(17);
        for (List<String> recovered : recoveries(disk)) {
            assertThat(recovered).containsExactlyInAnyOrderElementsOf(acknowledged);
        }
    }

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
        assertThat(rest.files()).noneMatch(JournalFaultTest::isSegment);
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
                            .filter(JournalFaultTest::isSegment)
                            .count())
                    .as("segments, %s", failing)
                    .isLessThanOrEqualTo(6);
        }
    }

    @Test
    void aFullJournalWhoseLastSegmentFailsGoesOnByItself(CleanLog.Expected log) throws IOException {
        log.line("simulated failure of SYNC");
        TestJournal journal = open(disk, 1, 1);
        TestProducer producer = journal.producers.getFirst();
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Sent sent = producer.flush(1, false);
            journal.commit();
            journal.prepare();
            assertThat(sent.isAcknowledged()).isTrue();
            acknowledged.addAll(sent.lines);
        }
        disk.failIf((call, path) -> call == Call.SYNC && isSegment(path));
        Sent failed = producer.flush(1, false);
        journal.commit();
        assertThat(failed.isAcknowledged()).isFalse();
        disk.failIf((call, path) -> false);
        assertThat(journal.journal.readiness()).isNotEqualTo(Readiness.READY);
        for (int i = 0; i < 5; i++) {
            journal.prepare();
            journal.commit();
            for (SealedBlock block : journal.pollAll()) {
                assertThat(TestJournal.lines(block)).isEqualTo(acknowledged);
                journal.deliver(block);
            }
            journal.settle();
        }
        journal.prepare();
        assertThat(journal.journal.readiness()).isEqualTo(Readiness.READY);
        Sent after = producer.flush(1, true);
        journal.commit();
        assertThat(TestJournal.lines(journal.pollAll())).isEqualTo(after.lines);
    }

    @Test
    void readinessEndsWhenNoSegmentCanBeMade(CleanLog.Expected log) throws IOException {
        log.line("no segment could be prepared");
        TestJournal journal = new TestJournal(disk, TestJournal.config(), 1, 1);
        disk.failIf((call, path) -> call == Call.OPEN);
        journal.prepare();
        journal.prepare();
        assertThat(journal.journal.readiness()).isEqualTo(Readiness.NO_SPACE);
        disk.failIf((call, path) -> false);
        journal.prepare();
        assertThat(journal.journal.readiness()).isEqualTo(Readiness.READY);
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
    void aRottenSealIsLeftToTheNextStart(CleanLog.Expected log) throws IOException {
        log.line("is damaged behind frame 1");
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
        assertThat(TestJournal.lines(blocks)).contains(later.lines.getFirst(), last.lines.getFirst());
        assertThat(journal.journal.blocks().pendingBlocks()).isEqualTo(3);
        for (SealedBlock block : blocks) {
            journal.deliver(block);
        }
        journal.settle();
        assertThat(journal.journal.blocks().pendingBlocks()).isOne();
        TestJournal next = new TestJournal(disk.crash(1), TestJournal.config(), 2, 0);
        assertThat(TestJournal.lines(next.pollAll())).isEqualTo(first.lines);
        assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS)).isOne();
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

    @Test
    void aFullJournalReturnsToServiceAlthoughABlockIsOpenSinceItsFirstSegment() throws IOException {
        TestJournal journal = new TestJournal(disk, TestJournal.config(JournalConfig.Ack.SYNCED, 3, 64 * 1024), 1, 2);
        journal.prepare();
        Sent open = journal.producers.get(1).flush(1, false);
        Sent sent;
        do {
            sent = journal.producers.get(0).flush(1, true);
            journal.prepare();
            journal.commit();
        } while (sent.isAcknowledged());
        List<SealedBlock> blocks = journal.pollAll();
        // The open block is ended when its epoch is.
        assertThat(TestJournal.lines(blocks)).containsAll(open.lines);
        for (SealedBlock block : blocks) {
            journal.deliver(block);
        }
        journal.settle();
        journal.prepare();
        assertThat(journal.journal.readiness()).isEqualTo(Readiness.READY);
        Sent after = journal.producers.get(0).flush(1, true);
        journal.commit();
        assertThat(after.outcome()).isEqualTo(Outcome.COMMITTED);
    }

    /** @return the lines that were delivered */
    private static List<String> deliverAll(TestJournal journal) throws IOException {
        List<SealedBlock> blocks = journal.pollAll();
        List<String> lines = TestJournal.lines(blocks);
        for (SealedBlock block : blocks) {
            journal.deliver(block);
        }
        journal.settle();
        return lines;
    }

    private Path segment(long sequence) {
        return disk.files().stream()
                .filter(path -> Layout.segmentNumber(path) == sequence)
                .findFirst()
                .orElseThrow();
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

    @Test
    void writtenAcknowledgesBeforeTheSyncButDeliversOnlyBehindIt() throws IOException {
        TestJournal journal = new TestJournal(disk, TestJournal.config(JournalConfig.Ack.WRITTEN, 6, 64 * 1024), 1, 1);
        journal.prepare();
        long syncs = journal.metrics.total(Counter.SYNCS);
        Sent written = journal.producers.getFirst().flush(2, false);
        journal.commit();
        assertThat(written.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(journal.metrics.total(Counter.SYNCS)).isEqualTo(syncs);
        // The process may end: the kernel has it.
        TestJournal next = new TestJournal(disk.kill(1), TestJournal.config(), 2, 0);
        assertThat(TestJournal.lines(next.pollAll())).isEqualTo(written.lines);
        journal.clock.advanceMillis(101);
        journal.commit();
        assertThat(journal.metrics.total(Counter.SYNCS)).isEqualTo(syncs + 1);
        for (List<String> recovered : recoveries(disk)) {
            assertThat(recovered).isEqualTo(written.lines);
        }
        // A SEAL is synced at once, so that delivery may have the block.
        journal.producers.getFirst().flush(1, true);
        journal.commit();
        assertThat(journal.metrics.total(Counter.SYNCS)).isEqualTo(syncs + 2);
        assertThat(journal.poll()).isNotNull();
    }

    @Test
    void writtenGoesOnBehindAFailedSync(CleanLog.Expected log) throws IOException {
        log.line("acknowledged as written may be lost");
        log.line("simulated failure of SYNC");
        TestJournal journal = new TestJournal(disk, TestJournal.config(JournalConfig.Ack.WRITTEN, 6, 64 * 1024), 1, 1);
        journal.prepare();
        Sent synced = journal.producers.getFirst().flush(2, false);
        journal.commit();
        journal.clock.advanceMillis(101);
        journal.commit();
        Sent lost = journal.producers.getFirst().flush(2, false);
        journal.commit();
        assertThat(lost.outcome()).isEqualTo(Outcome.COMMITTED);
        disk.failIf((call, path) -> call == Call.SYNC && isSegment(path));
        journal.clock.advanceMillis(101);
        journal.committer.step();
        disk.failIf((call, path) -> false);
        Sent after = journal.producers.getFirst().flush(1, true);
        journal.commit();
        assertThat(after.outcome()).isEqualTo(Outcome.COMMITTED);
        List<String> expected = new ArrayList<>(synced.lines);
        expected.addAll(after.lines);
        assertThat(TestJournal.lines(journal.pollAll())).isEqualTo(expected);
    }
}
