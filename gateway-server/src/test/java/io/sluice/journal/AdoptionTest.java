package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import io.sluice.ring.Frame;
import io.sluice.storage.SimStorage;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Several incarnations under one root. */
final class AdoptionTest {

    private final SimStorage disk = new SimStorage(1);

    /** Keeps nothing that is delivered. */
    private static JournalConfig config() {
        return TestJournal.config(JournalConfig.Ack.SYNCED, 6, 64 * 1024, Duration.ZERO, false);
    }

    private TestJournal open(int generation) throws IOException {
        TestJournal journal = new TestJournal(disk, config(), generation, 1);
        journal.prepare();
        return journal;
    }

    @Test
    void aLivingProcessKeepsItsOwnAndIsAdoptedWhenItHasEnded() throws IOException {
        TestJournal old = open(1);
        Sent sent = old.producers.getFirst().flush(2, true);
        old.commit();
        TestJournal next = open(2);
        assertThat(next.poll()).isNull();
        assertThat(TestJournal.lines(old.poll())).isEqualTo(sent.lines);
        old.journal.close();
        assertThat(next.poll()).isNull();
        next.clock.advanceMillis(30_000);
        assertThat(TestJournal.lines(next.poll())).isEqualTo(sent.lines);
    }

    /** Fills the journal with blocks that nobody takes, and ends it. */
    private List<String> full(int generation) throws IOException {
        TestJournal old = open(generation);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            Sent sent = old.producers.getFirst().flush(1, true);
            old.commit();
            old.prepare();
            assertThat(sent.isAcknowledged()).isTrue();
            lines.addAll(sent.lines);
        }
        assertThat(old.journal.readiness()).isEqualTo(Journal.Readiness.NO_SPACE);
        old.committer.finish();
        old.journal.close();
        return lines;
    }

    @Test
    void aStartTakesBeaconsAlthoughItFindsAFullJournal() throws IOException {
        List<String> lines = full(1);
        TestJournal next = open(2);
        assertThat(next.journal.readiness()).isEqualTo(Journal.Readiness.READY);
        Sent sent = next.producers.getFirst().flush(1, true);
        next.commit();
        assertThat(sent.isAcknowledged()).isTrue();
        assertThat(TestJournal.lines(next.pollAll())).containsAll(lines).containsAll(sent.lines);
    }

    @Test
    void adoptedSegmentsGoAsSoonAsTheirBlocksAreDelivered() throws IOException {
        List<String> lines = full(1);
        TestJournal next = new TestJournal(disk, config(), 2, 0);
        assertThat(segments()).isEqualTo(6);
        for (int i = 0; i < 9; i++) {
            next.deliver(next.poll());
        }
        SealedBlock tenth = next.poll();
        next.clock.advanceMillis(1_000);
        SealedBlock eleventh = next.poll();
        // Three blocks fill a segment: those of the first nine are gone, the tenth is still needed.
        assertThat(segments()).isEqualTo(3);
        assertThat(TestJournal.lines(List.of(tenth, eleventh))).isEqualTo(lines.subList(9, 11));
        for (int seed = 0; seed < 20; seed++) {
            TestJournal third = new TestJournal(disk.crash(seed), config(), 3, 0);
            assertThat(TestJournal.lines(third.pollAll())).isEqualTo(lines.subList(9, 17));
            assertThat(third.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
        }
    }

    @Test
    void aCloseLeavesNoDeliveredSegments() throws IOException {
        TestJournal journal = open(1);
        for (int i = 0; i < 12; i++) {
            journal.producers.getFirst().flush(1, true);
            journal.commit();
            journal.prepare();
            journal.deliver(journal.poll());
        }
        Sent last = journal.producers.getFirst().flush(1, true);
        journal.commit();
        journal.committer.finish();
        journal.journal.close();
        assertThat(segments()).isOne();
        TestJournal next = open(2);
        assertThat(TestJournal.lines(next.pollAll())).isEqualTo(last.lines);
    }

    private long segments() {
        return disk.files().stream()
                .filter(path -> Layout.segmentNumber(path) >= 0)
                .count();
    }

    @Test
    void aLongDeliveredPastIsReadInTurns() throws IOException {
        JournalConfig config = TestJournal.config(JournalConfig.Ack.SYNCED, 1_000, 64 * 1024);
        TestJournal old = new TestJournal(disk, config, 1, 1);
        for (int i = 0; i < 700; i++) {
            old.prepare();
            old.producers.getFirst().flush(1, true);
            old.commit();
            SealedBlock block = old.poll();
            if (i > 0) {
                // Without the first, nothing behind it is settled.
                old.deliver(block);
            }
        }
        old.settle();
        SimStorage killed = disk.kill(1);
        Path directory = TestJournal.ROOT.resolve(old.journal.incarnation().toString());
        AdoptedIncarnation adopted = AdoptedIncarnation.tryAdopt(
                killed,
                directory,
                old.journal.incarnation(),
                Groups.of(TestJournal.GROUPS),
                SegmentReaders.of(killed, config, old.clock, new Metrics().newCells()),
                null,
                TestJournal.SEGMENT,
                new Random(1),
                null,
                new Metrics().newCells());
        AdoptedLog log = adopted.logs().getFirst();
        int turns = 0;
        while (!log.isRead()) {
            assertThat(log.next(group -> true) == null).isEqualTo(turns > 0);
            turns++;
        }
        assertThat(turns).isGreaterThan(3);
        TestJournal next = new TestJournal(killed.kill(2), config, 2, 0);
        assertThat(next.pollAll()).hasSize(1);
        assertThat(next.journal.blocks().pendingBlocks()).isOne();
    }

    @Test
    void aTearIsMeasuredWithTheCommitsOfItsWriter() throws IOException {
        TestJournal old = new TestJournal(disk, TestJournal.config(), 1, 3);
        old.prepare();
        // One commit of three frames, a disk block each, of which the first two are lost.
        int rest =
                Frame.HEADER_BYTES + TestProducer.line("g1p0-0", 0, 0).getBytes(StandardCharsets.US_ASCII).length + 1;
        for (TestProducer producer : old.producers) {
            producer.flush(new int[] {0, 1}, new boolean[2], Storage.BLOCK_BYTES - rest);
        }
        old.committer.step();
        Path segment = disk.files().stream()
                .filter(path -> Layout.segmentNumber(path) == 0)
                .findFirst()
                .orElseThrow();
        disk.damage(segment, SegmentHeader.BYTES, 2 * Storage.BLOCK_BYTES);
        JournalConfig config = TestJournal.config();
        // A start with smaller commits: by those, what lies so far behind the tear would be another's.
        JournalConfig small = new JournalConfig(
                config.root(),
                config.segmentBytes(),
                config.maxBytes(),
                config.direct(),
                config.ack(),
                config.syncInterval(),
                Storage.BLOCK_BYTES,
                config.memoryBytes(),
                null,
                config.keys(),
                config.keep(),
                config.manifests());
        TestJournal next = new TestJournal(disk.kill(1), small, 2, 0);
        assertThat(TestJournal.lines(next.pollAll()))
                .isEqualTo(old.producers.get(2).sent.getFirst().lines);
        assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
    }

    @Test
    void aRemovalThatFailsHalfwayIsRepeated(CleanLog.Expected log) throws IOException {
        log.line("is delivered and could not be deleted, trying on");
        TestJournal old = open(1);
        Path directory = TestJournal.ROOT.resolve(old.journal.incarnation().toString());
        old.journal.close();
        TestJournal next = open(2);
        next.poll();
        disk.failIf((call, path) -> call == SimStorage.Call.DELETE && path.equals(directory.resolve(Layout.GROUPS)));
        next.settle();
        assertThat(disk.exists(directory)).isTrue();
        disk.failIf((call, path) -> false);
        next.clock.advanceMillis(30_000);
        next.settle();
        assertThat(disk.exists(directory)).isFalse();
    }

    @Test
    void oneThatCannotBeAdoptedKeepsNoOtherBack(CleanLog.Expected log) throws IOException {
        log.line("could not be adopted, trying on");
        TestJournal first = open(1);
        first.producers.getFirst().flush(1, true);
        first.commit();
        first.journal.close();
        TestJournal second = new TestJournal(disk, config(), 2, 1);
        second.prepare();
        Sent sent = second.producers.getFirst().flush(1, true);
        second.commit();
        SimStorage crashed = disk.crash(1);
        Path bad = TestJournal.ROOT.resolve(first.journal.incarnation().toString());
        crashed.failIf((call, path) -> path.startsWith(bad));
        TestJournal third = new TestJournal(crashed, config(), 3, 0);
        assertThat(TestJournal.lines(third.pollAll())).isEqualTo(sent.lines);
        crashed.failIf((call, path) -> false);
        third.clock.advanceMillis(30_000);
        assertThat(third.pollAll()).hasSize(1);
    }

    @Test
    void aLogThatCannotBeReadHoldsUpNoOtherAndIsReadLater(CleanLog.Expected log) throws IOException {
        log.line("a log cannot be read, trying on");
        TestJournal first = open(1);
        first.producers.getFirst().flush(1, true);
        first.commit();
        TestJournal second = open(2);
        Sent sent = second.producers.getFirst().flush(1, true);
        second.commit();
        SimStorage crashed = disk.crash(1);
        Path bad = TestJournal.ROOT.resolve(first.journal.incarnation().toString());
        crashed.failIf((call, path) ->
                call == SimStorage.Call.READ && Layout.segmentNumber(path) >= 0 && path.startsWith(bad));
        TestJournal third = new TestJournal(crashed, config(), 3, 0);
        assertThat(TestJournal.lines(third.pollAll())).isEqualTo(sent.lines);
        assertThat(third.metrics.total(Counter.JOURNAL_READ_FAILURES)).isOne();
        crashed.failIf((call, path) -> false);
        assertThat(third.poll()).as("it pauses").isNull();
        third.clock.advanceMillis(1_000);
        assertThat(third.pollAll()).hasSize(1);
    }

    @Test
    void groupsKeepTheNamesThatTheyHadWhenTheyWereWritten() throws Exception {
        TestJournal old = open(1);
        old.producers.getFirst().flush(new int[] {1, 1}, new boolean[] {true, true}, 10);
        old.commit();
        SimStorage crashed = disk.crash(5);
        List<StreamGroup> others =
                List.of(new StreamGroup(0, "clicks", Encoding.NDJSON, 1, "sluice-clicks", "clicks/"));
        Journal next = Journal.open(config(), crashed, new TestJournal.StepClock(), new Metrics(), others, 1);
        assertThat(next.blocks().poll(0).group()).isEqualTo("events");
        SealedBlock second = next.blocks().poll(0);
        assertThat(second.group()).isEqualTo("rejected");
        assertThat(second.encoding()).isEqualTo(Encoding.NDJSON);
    }

    @Test
    void filesOfOthersAreLeftAlone(CleanLog.Expected logged) throws IOException {
        logged.line("left alone");
        TestJournal old = open(1);
        old.producers.getFirst().flush(1, true);
        old.commit();
        Path log = Layout.log(TestJournal.ROOT.resolve(old.journal.incarnation().toString()), 0);
        Path note = log.resolve("note.txt");
        Path other = TestJournal.ROOT.resolve("README");
        for (Path path : List.of(note, other)) {
            try (StorageFile file = disk.open(path, Storage.Access.WRITE)) {
                file.pwrite(ByteBuffer.wrap(new byte[] {1}), 0);
                file.sync();
            }
        }
        old.journal.close();
        TestJournal next = open(2);
        next.deliver(next.poll());
        next.settle();
        next.settle();
        assertThat(disk.files())
                .contains(note, other)
                .noneMatch(path -> path.startsWith(log) && Layout.segmentNumber(path) >= 0);
    }

    @Test
    void whatIsGivenBackComesAgain() throws IOException {
        TestJournal journal = open(1);
        journal.producers.getFirst().flush(1, true);
        journal.producers.getFirst().flush(1, true);
        journal.commit();
        SealedBlock first = journal.poll();
        journal.journal.blocks().giveBack(first);
        SealedBlock second = journal.poll();
        assertThat(second.block()).isNotEqualTo(first.block());
        SealedBlock again = journal.poll();
        assertThat(again.block()).isEqualTo(first.block());
        journal.deliver(again);
        journal.deliver(second);
        assertThat(journal.journal.blocks().pendingBlocks()).isZero();
    }

    @Test
    void theReaderFollowsALivingJournal() throws IOException {
        TestJournal journal = open(1);
        List<String> frames = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(disk, TestJournal.ROOT, JournalKeys.NONE)) {
            assertThat(reader.next()).isNull();
            for (int i = 0; i < 12; i++) {
                journal.prepare();
                journal.producers.getFirst().flush(new int[] {1, 1}, new boolean[] {i % 2 == 1, false}, 700);
                journal.commit();
                for (JournalReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
                    frames.add(entry.group() + ' ' + (entry.type() == Frame.SEAL ? "seal " : "data ") + entry.chunk());
                }
                assertThat(frames.getLast()).isEqualTo("rejected data " + i);
            }
        }
        assertThat(frames).hasSize(12 + 12 + 6);
        try (JournalReader late = JournalReader.open(
                disk, TestJournal.ROOT.resolve(journal.journal.incarnation().toString()), JournalKeys.NONE)) {
            int count = 0;
            while (late.next() != null) {
                count++;
            }
            assertThat(count).isEqualTo(frames.size());
        }
    }
}
