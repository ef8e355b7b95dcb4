package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Counter;
import io.sluice.storage.SimStorage;
import io.sluice.storage.Storage;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Disk blocks that answer a read with an error: for a while, or for ever. */
final class UnreadableTest {

    private static final long SECONDS = BadSectors.SECONDS;

    private final SimStorage disk = new SimStorage(1);
    private final List<Sent> sent = new ArrayList<>();

    /** Three commits to each of three segments, three commits to a block. */
    private SimStorage written() throws IOException {
        write(new TestJournal(disk, TestJournal.config(), 1, 1));
        return disk.kill(1);
    }

    private void write(TestJournal journal) {
        for (int i = 0; i < 9; i++) {
            journal.prepare();
            sent.add(journal.producers.getFirst().flush(1, i % 3 == 2));
            journal.commit();
        }
    }

    private static Path segment(SimStorage disk, long sequence) {
        return disk.files().stream()
                .filter(path -> Layout.segmentNumber(path) == sequence)
                .findFirst()
                .orElseThrow();
    }

    private List<String> lines(int... tickets) {
        List<String> lines = new ArrayList<>();
        for (int ticket : tickets) {
            lines.addAll(sent.get(ticket).lines);
        }
        return lines;
    }

    /** What comes within a time, looked for every two seconds. */
    private static List<String> pollFor(TestJournal journal, long seconds) throws IOException {
        List<String> lines = new ArrayList<>();
        for (long i = 0; i < seconds; i += 2) {
            lines.addAll(TestJournal.lines(journal.pollAll()));
            journal.clock.advanceMillis(2_000);
        }
        return lines;
    }

    @Test
    void oneThatIsNeverReadHoldsTheRestUpForAMinuteAndCountsAsDamaged(CleanLog.Expected log) throws IOException {
        log.line("a log cannot be read, trying on: java.io.IOException: Input/output error");
        log.line("4096 bytes at offset 8192 of segment");
        log.line("is damaged at offset");
        log.line("1 of its 3 frames verify");
        SimStorage killed = written();
        killed.unreadable(segment(killed, 1), 2 * Storage.BLOCK_BYTES, true);
        TestJournal next = new TestJournal(killed, TestJournal.config(), 2, 0);
        assertThat(pollFor(next, SECONDS)).isEqualTo(lines(0, 1, 2));
        assertThat(next.metrics.total(Counter.UNREADABLE_BYTES)).isZero();
        // Of the second block the first ticket, since the second cannot be read; the third block whole.
        assertThat(pollFor(next, 10)).isEqualTo(lines(3, 6, 7, 8));
        assertThat(next.metrics.total(Counter.UNREADABLE_BYTES)).isEqualTo(Storage.BLOCK_BYTES);
        assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS)).isOne();
        assertThat(next.journal.blocks().pendingBlocks()).isEqualTo(3);
    }

    @Test
    void oneThatIsReadAgainInTimeCostsNothing(CleanLog.Expected log) throws IOException {
        log.line("a log cannot be read, trying on: java.io.IOException: Input/output error");
        SimStorage killed = written();
        killed.unreadable(segment(killed, 1), 2 * Storage.BLOCK_BYTES, true);
        TestJournal next = new TestJournal(killed, TestJournal.config(), 2, 0);
        assertThat(pollFor(next, SECONDS - 10)).isEqualTo(lines(0, 1, 2));
        killed.unreadable(segment(killed, 1), 2 * Storage.BLOCK_BYTES, false);
        assertThat(pollFor(next, 10)).isEqualTo(lines(3, 4, 5, 6, 7, 8));
        assertThat(next.metrics.total(Counter.UNREADABLE_BYTES)).isZero();
        assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
    }

    @Test
    void aDiskThatAnswersNothingIsGoneAndMayComeBack(CleanLog.Expected log) throws IOException {
        log.line("a log cannot be read, trying on: java.io.IOException: Input/output error");
        SimStorage killed = written();
        all(killed, true);
        TestJournal next = new TestJournal(killed, TestJournal.config(), 2, 0);
        assertThat(pollFor(next, 10 * SECONDS)).isEmpty();
        all(killed, false);
        assertThat(pollFor(next, 10)).isEqualTo(lines(0, 1, 2, 3, 4, 5, 6, 7, 8));
        assertThat(next.metrics.total(Counter.UNREADABLE_BYTES)).isZero();
    }

    @Test
    void theOwnLogGoesOnBehindOneToo(CleanLog.Expected log) throws IOException {
        log.line("a log cannot be read, trying on: java.io.IOException: Input/output error");
        log.line("4096 bytes at offset 8192 of segment");
        log.line("is damaged at offset");
        log.line("1 of its 3 frames verify");
        // Memory for the first block alone.
        JournalConfig config = TestJournal.config(JournalConfig.Ack.SYNCED, 6, 4096);
        TestJournal journal = new TestJournal(disk, config, 1, 1);
        write(journal);
        disk.unreadable(segment(disk, 1), 2 * Storage.BLOCK_BYTES, true);
        assertThat(pollFor(journal, SECONDS)).isEqualTo(lines(0, 1, 2));
        assertThat(pollFor(journal, 10)).isEqualTo(lines(3, 6, 7, 8));
        assertThat(journal.metrics.total(Counter.UNREADABLE_BYTES)).isEqualTo(Storage.BLOCK_BYTES);
    }

    private static void all(SimStorage disk, boolean unreadable) {
        for (Path path : disk.files()) {
            if (Layout.segmentNumber(path) >= 0) {
                for (int at = 0; at < TestJournal.SEGMENT; at += Storage.BLOCK_BYTES) {
                    disk.unreadable(path, at, unreadable);
                }
            }
        }
    }
}
