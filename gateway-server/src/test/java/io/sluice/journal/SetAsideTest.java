package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.storage.SimStorage;
import io.sluice.storage.Storage;
import io.sluice.testing.CleanLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that are not wanted keep no other waiting, and come when they are. */
class SetAsideTest {

    private static final Predicate<String> EVENTS = "events"::equals;
    private static final Predicate<String> ALL = group -> true;
    private static final int BLOCKS = 60;

    private final SimStorage disk = new SimStorage(1);

    /** From so little memory that nearly all is read from the log, to so much that nothing is. */
    @ParameterizedTest
    @ValueSource(longs = {4 << 10, 64 << 10, 4 << 20})
    void othersGoOnWhileAGroupIsNotWantedAndItsBlocksComeOnceItIs(long memoryBytes) throws Exception {
        TestJournal journal = journal(1, memoryBytes);
        List<String> events = new ArrayList<>();
        List<String> rejected = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            seal(journal, events, rejected);
            // Each at once, however many blocks of the other lie before it.
            SealedBlock block = poll(journal, EVENTS);
            assertThat(TestJournal.lines(block)).isEqualTo(List.of(events.removeFirst()));
            journal.deliver(block);
        }
        assertThat(poll(journal, EVENTS)).isNull();
        assertThat(journal.journal.blocks().pendingBlocks()).isEqualTo(BLOCKS);
        assertThat(journal.metrics.value(Gauge.JOURNAL_PENDING_RECORDS)).isEqualTo(BLOCKS);

        journal.clock.advanceMillis(60_000);
        journal.journal.blocks().maintain();
        assertThat(journal.metrics.value(Gauge.OLDEST_UNDELIVERED_SECONDS)).isPositive();

        assertThat(deliverAll(journal, ALL)).containsExactlyInAnyOrderElementsOf(rejected);
        assertThat(disk.openForReading()).as("segments that were read again").isZero();
        journal.settle();
        assertThat(journal.journal.blocks().pendingBlocks()).isZero();
        assertThat(journal.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
        journal.abandon();
    }

    @Test
    void anAdoptedLogIsReadPastGroupsThatAreNotWanted() throws Exception {
        TestJournal killed = journal(1, 64 << 10);
        List<String> events = new ArrayList<>();
        List<String> rejected = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            seal(killed, events, rejected);
        }
        // Open when it dies, so that recovery ends it.
        killed.producers.getFirst().flush(new int[] {1, 1}, new boolean[2], 200);
        killed.commit();
        killed.abandon();

        TestJournal next = new TestJournal(disk.kill(2), TestJournal.config(), 2, 0);
        List<String> first = deliverAll(next, EVENTS);
        assertThat(first).hasSize(BLOCKS + 1).containsAll(events);
        assertThat(next.journal.blocks().pendingBlocks()).isEqualTo(BLOCKS + 1);
        List<String> second = deliverAll(next, ALL);
        assertThat(second).hasSize(BLOCKS + 1).containsAll(rejected);
        next.settle();
        next.settle();
        assertThat(next.journal.blocks().pendingBlocks()).isZero();
        assertThat(next.metrics.total(Counter.RECOVERED_RECORDS)).isEqualTo(2L * (BLOCKS + 1));
    }

    @Test
    void everyBlockComesOnceHoweverTheWishesChange() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TestJournal journal = journal(1, 8 << 10);
        List<String> sent = new ArrayList<>();
        List<String> found = new ArrayList<>();
        Set<SealedBlock> out = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            if (i % 4 == 0 && i < 300) {
                List<String> rejected = new ArrayList<>();
                seal(journal, sent, rejected);
                sent.addAll(rejected);
            }
            boolean events = random.nextBoolean();
            boolean others = random.nextInt(4) == 0;
            SealedBlock block = poll(journal, group -> group.equals("events") ? events : others);
            if (block != null) {
                assertThat(block.group().equals("events") ? events : others)
                        .as("seed %d", seed)
                        .isTrue();
                out.add(block);
            }
            for (SealedBlock each : List.copyOf(out)) {
                int fate = random.nextInt(4);
                if (fate == 0) {
                    out.remove(each);
                    journal.journal.blocks().giveBack(each);
                } else if (fate == 1) {
                    out.remove(each);
                    found.addAll(TestJournal.lines(each));
                    journal.deliver(each);
                }
            }
            journal.clock.advanceMillis(random.nextInt(300));
        }
        for (SealedBlock each : out) {
            found.addAll(TestJournal.lines(each));
            journal.deliver(each);
        }
        found.addAll(deliverAll(journal, ALL));
        assertThat(found).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(sent);
        journal.settle();
        assertThat(journal.journal.blocks().pendingBlocks()).isZero();
        journal.abandon();
    }

    @Test
    void whatIsLeftOfADamagedBlockHoldsNoSegment(CleanLog.Expected log) throws Exception {
        log.line("cannot be found again");
        log.line("0 of its 1 frames verify");
        TestJournal journal = setAsideAndDamaged();
        assertThat(deliverAll(journal, ALL)).isEmpty();
        assertThat(journal.metrics.total(Counter.DAMAGED_BLOCKS)).isEqualTo(2);
        assertThat(journal.journal.blocks().pendingBlocks()).isZero();
        assertThat(journal.journal.left().bytes()).isZero();
        // More than the journal has segments for.
        for (int i = 0; i < 40; i++) {
            seal(journal, new ArrayList<>(), new ArrayList<>());
            assertThat(deliverAll(journal, ALL)).hasSize(2);
            journal.settle();
        }
        journal.abandon();
    }

    @Test
    void whatIsLeftOfADamagedBlockHoldsNoAdoptedLog(CleanLog.Expected log) throws Exception {
        log.line("cannot be found again");
        log.line("0 of its 1 frames verify");
        TestJournal killed = journal(1, 4 << 10);
        write(killed);
        killed.abandon();
        SimStorage image = disk.kill(2);
        TestJournal next = new TestJournal(image, TestJournal.config(), 2, 0);
        assertThat(deliverAll(next, EVENTS)).isEmpty();
        damage(image);
        assertThat(deliverAll(next, ALL)).isEmpty();
        next.settle();
        assertThat(next.journal.blocks().pendingBlocks()).isZero();
        Path directory = TestJournal.ROOT.resolve(killed.journal.incarnation().toString());
        try (Closeable lock = image.tryLock(directory.resolve(Layout.LOCK))) {
            assertThat(lock).as("given back").isNotNull();
        }
    }

    private TestJournal setAsideAndDamaged() throws Exception {
        TestJournal journal = new TestJournal(disk, TestJournal.config(JournalConfig.Ack.SYNCED, 6, 4 << 10), 1, 1);
        journal.prepare();
        write(journal);
        assertThat(poll(journal, EVENTS)).isNull();
        damage(disk);
        return journal;
    }

    /** Two blocks of which nothing is wanted: the first in one commit, the second in two. */
    private static void write(TestJournal journal) {
        TestProducer producer = journal.producers.getFirst();
        producer.flush(new int[] {0, 1}, new boolean[] {false, true}, 3_500);
        journal.commit();
        producer.flush(new int[] {0, 1}, new boolean[2], 3_500);
        journal.commit();
        producer.flush(new int[] {0, 0}, new boolean[] {false, true}, 3_500);
        journal.commit();
    }

    /** Of the first block all, of the second all but its SEAL. */
    private static void damage(SimStorage disk) {
        Path first = disk.files().stream()
                .filter(path -> Layout.segmentNumber(path) == 0)
                .findFirst()
                .orElseThrow();
        disk.damage(first, SegmentHeader.BYTES, 2 * Storage.BLOCK_BYTES);
    }

    private TestJournal journal(int generation, long memoryBytes) throws IOException {
        TestJournal journal =
                new TestJournal(disk, TestJournal.config(JournalConfig.Ack.SYNCED, 60, memoryBytes), generation, 1);
        journal.prepare();
        return journal;
    }

    /** One block of each group, of one line. */
    private static void seal(TestJournal journal, List<String> events, List<String> rejected) {
        journal.prepare();
        TestProducer.Sent sent = journal.producers.getFirst().flush(new int[] {1, 1}, new boolean[] {true, true}, 600);
        journal.commit();
        assertThat(sent.isAcknowledged()).isTrue();
        events.add(sent.lines.get(0));
        rejected.add(sent.lines.get(1));
    }

    private static SealedBlock poll(TestJournal journal, Predicate<String> wanted) throws InterruptedException {
        return journal.journal.blocks().poll(0, wanted);
    }

    private static List<String> deliverAll(TestJournal journal, Predicate<String> wanted) throws Exception {
        List<String> lines = new ArrayList<>();
        for (SealedBlock block = poll(journal, wanted); block != null; block = poll(journal, wanted)) {
            lines.addAll(TestJournal.lines(block));
            journal.deliver(block);
        }
        return lines;
    }
}
