package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Counter;
import io.sluice.ring.Frame;
import io.sluice.storage.SimStorage;
import io.sluice.storage.SimStorage.Call;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is delivered stays until it is old or its space is needed, whoever wrote it, and costs nothing meanwhile. */
final class RetentionTest {

    private static final int SEGMENTS = 8;

    private final SimStorage disk = new SimStorage(1);

    private static JournalConfig config(Duration keep) {
        return TestJournal.config(JournalConfig.Ack.SYNCED, SEGMENTS, 64 * 1024, keep, false);
    }

    private TestJournal open(int generation) throws IOException {
        TestJournal journal = new TestJournal(disk, config(Duration.ofHours(26)), generation, 1);
        journal.clock.advanceMillis(Duration.ofHours(generation).toMillis());
        journal.prepare();
        return journal;
    }

    /** Takes and delivers so many blocks, three of which fill a segment. */
    private static List<String> deliver(TestJournal journal, int blocks) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            Sent sent = journal.producers.getFirst().flush(1, true);
            journal.commit();
            assertThat(sent.isAcknowledged()).as("block %d", i).isTrue();
            lines.addAll(sent.lines);
            journal.deliver(journal.poll());
            journal.settle();
            journal.prepare();
        }
        return lines;
    }

    private static void end(TestJournal journal) throws IOException {
        journal.committer.finish();
        journal.journal.close();
        journal.abandon();
    }

    private long segments(TestJournal of) {
        Path directory = TestJournal.ROOT.resolve(of.journal.incarnation().toString());
        return disk.files().stream()
                .filter(path -> path.startsWith(directory) && Layout.segmentNumber(path) >= 0)
                .count();
    }

    @Test
    void whatIsDeliveredIsReadWithoutALockAfterSeveralStarts() throws IOException {
        TestJournal first = open(1);
        deliver(first, 6);
        end(first);
        assertThat(segments(first)).isEqualTo(2);
        for (int generation = 2; generation < 5; generation++) {
            TestJournal next = open(generation);
            assertThat(next.pollAll()).isEmpty();
            end(next);
        }
        int seals = 0;
        try (JournalReader reader = JournalReader.open(disk, TestJournal.ROOT, JournalKeys.NONE)) {
            for (JournalReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
                seals += entry.type() == Frame.SEAL ? 1 : 0;
            }
        }
        assertThat(seals).isEqualTo(6);
    }

    @Test
    void aStartReadsNothingOfWhatIsOnlyKept() throws IOException {
        TestJournal first = open(1);
        deliver(first, 6);
        Sent last = first.producers.getFirst().flush(1, true);
        first.commit();
        // Without an end of its own: what was settled by then is marked all the same.
        SimStorage killed = disk.kill(1);
        List<Path> read = new ArrayList<>();
        killed.failIf((call, path) -> {
            if (call == Call.READ && Layout.segmentNumber(path) >= 0) {
                read.add(path);
            }
            return false;
        });
        TestJournal next = new TestJournal(killed, config(Duration.ofHours(26)), 2, 0);
        assertThat(TestJournal.lines(next.pollAll())).isEqualTo(last.lines);
        assertThat(read).isNotEmpty().noneMatch(path -> Layout.segmentNumber(path) < 1);
    }

    @Test
    void keptSegmentsGoWhenTheyAreOldAndTheDirectoryWithTheLast() throws IOException {
        TestJournal first = open(1);
        deliver(first, 6);
        end(first);
        TestJournal next = open(2);
        next.settle();
        assertThat(segments(first)).isEqualTo(2);
        next.clock.advanceMillis(Duration.ofHours(26).toMillis());
        next.settle();
        assertThat(segments(first)).isZero();
        assertThat(disk.exists(
                        TestJournal.ROOT.resolve(first.journal.incarnation().toString())))
                .isFalse();
    }

    @Test
    void keptSegmentsMakeRoomOldestFirst() throws IOException {
        TestJournal first = open(1);
        deliver(first, 9);
        end(first);
        assertThat(segments(first)).isEqualTo(3);
        TestJournal next = open(2);
        deliver(next, 9);
        assertThat(segments(first)).as("there is room for all").isEqualTo(3);
        // Three kept, three settled, and two ahead are all that the journal may have.
        deliver(next, 3);
        assertThat(segments(first)).isEqualTo(2);
        deliver(next, 40);
        assertThat(segments(first)).isZero();
        assertThat(segments(next)).isEqualTo(SEGMENTS);
        assertThat(next.journal.readiness()).isEqualTo(Journal.Readiness.READY);
    }

    @Test
    void whatCannotBeDeletedHoldsUpNobody(CleanLog.Expected log) throws IOException {
        log.line("no segment could be prepared");
        TestJournal first = open(1);
        deliver(first, 9);
        end(first);
        Path directory = TestJournal.ROOT.resolve(first.journal.incarnation().toString());
        disk.failIf((call, path) -> call == Call.DELETE && path.startsWith(directory));
        TestJournal next = open(2);
        deliver(next, 30);
        assertThat(next.journal.readiness()).isEqualTo(Journal.Readiness.READY);
    }

    @Test
    void ownSegmentsGoWhenTheyAreOldButForTwoThatAreUsedAgain() throws IOException {
        TestJournal journal = open(1);
        deliver(journal, 15);
        assertThat(segments(journal)).isEqualTo(7);
        journal.clock.advanceMillis(Duration.ofHours(26).toMillis() + 60_000);
        journal.prepare();
        // The one being written, two ahead, and two spares.
        assertThat(segments(journal)).isEqualTo(5);
        deliver(journal, 12);
        for (int seed = 0; seed < 20; seed++) {
            TestJournal next = new TestJournal(disk.crash(seed), config(Duration.ofHours(26)), 3, 0);
            assertThat(next.pollAll()).isEmpty();
            assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
        }
    }

    @Test
    void twoProcessesMayKeepTheSame() throws IOException {
        TestJournal first = open(1);
        deliver(first, 6);
        end(first);
        TestJournal second = open(2);
        TestJournal third = open(3);
        assertThat(second.pollAll()).isEmpty();
        assertThat(third.pollAll()).isEmpty();
        second.clock.advanceMillis(Duration.ofHours(27).toMillis());
        second.settle();
        assertThat(segments(first)).isZero();
        third.clock.advanceMillis(Duration.ofHours(27).toMillis());
        third.settle();
        assertThat(third.journal.readiness()).isEqualTo(Journal.Readiness.READY);
    }
}
