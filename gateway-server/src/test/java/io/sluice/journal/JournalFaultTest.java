package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.Journal.Readiness;
import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Counter;
import io.sluice.ring.Ticket.Outcome;
import io.sluice.storage.SimStorage.Call;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One fault of a ticket or of the disk at a time, and what the client, the log and the next start make of it. */
final class JournalFaultTest extends JournalFaultFixture {

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
    void whatNoPolicyHasLetThroughIsNotJournalled(CleanLog.Expected log) throws IOException {
        log.line("cannot be committed");
        TestJournal journal = open(disk, 1, 2);
        TestProducer producer = journal.producers.getFirst();
        producer.policyVersion(0);
        Sent without = producer.flush(1, true);
        Sent with = journal.producers.getLast().flush(1, true);
        journal.commit();
        assertThat(without.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(with.outcome()).isEqualTo(Outcome.COMMITTED);
        // Reported once, however many follow.
        Sent again = producer.flush(1, true);
        journal.commit();
        assertThat(again.outcome()).isEqualTo(Outcome.FAILED);
        producer.policyVersion(1);
        Sent after = producer.flush(1, true);
        journal.commit();
        assertThat(after.outcome()).isEqualTo(Outcome.COMMITTED);
        List<String> acknowledged = new ArrayList<>(with.lines);
        acknowledged.addAll(after.lines);
        assertThat(TestJournal.lines(journal.pollAll())).isEqualTo(acknowledged);
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
        assertThat(disk.files().stream().filter(JournalFaultFixture::isSegment).count())
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
