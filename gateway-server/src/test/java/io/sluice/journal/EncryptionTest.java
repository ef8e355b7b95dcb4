package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Counter;
import io.sluice.ring.Frame;
import io.sluice.storage.SimStorage;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A journal that nobody reads without its key, and that reads as any other with it. */
final class EncryptionTest {

    private static final String A = "a1".repeat(32);
    private static final String B = "b2".repeat(32);
    private static final JournalKeys FIRST = JournalKeys.parse(A);
    private static final JournalKeys ROTATED = JournalKeys.parse(B + "\n" + A);

    private final SimStorage disk = new SimStorage(1);

    private static JournalConfig config(JournalKeys keys) {
        return TestJournal.with(TestJournal.config(), keys);
    }

    /** Lines of both groups, the second in plain NDJSON, one block sealed and one left open. */
    private static List<String> write(TestJournal journal) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            journal.prepare();
            Sent sent = journal.producers.getFirst().flush(new int[] {1, 2}, new boolean[] {i == 2, i == 2}, 40);
            journal.commit();
            assertThat(sent.isAcknowledged()).isTrue();
            lines.addAll(sent.lines);
        }
        return lines;
    }

    private static boolean holds(SimStorage disk, String text) throws IOException {
        for (Path path : disk.files()) {
            if (new String(read(disk, path), StandardCharsets.ISO_8859_1).contains(text)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] read(SimStorage disk, Path path) throws IOException {
        try (StorageFile file = disk.open(path, Storage.Access.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.pread(bytes, 0);
            return bytes.array();
        }
    }

    @Test
    void nothingOfALineOrASummaryLiesOnDisk() throws IOException {
        write(new TestJournal(disk, config(FIRST), 1, 1));
        // Recovery writes SEALs of its own.
        TestJournal next = new TestJournal(disk.kill(1), config(FIRST), 2, 0);
        next.pollAll();
        assertThat(holds(next.disk, "demo")).isFalse();
        assertThat(holds(next.disk, "xxxx")).isFalse();

        SimStorage open = new SimStorage(1);
        write(new TestJournal(open, config(JournalKeys.NONE), 1, 1));
        assertThat(holds(open, "\"shop\":\"demo\""))
                .as("found where it is not encrypted")
                .isTrue();
    }

    @Test
    void everyLineComesBackFromMemoryFromTheLogAndFromAnAdoptedOne() throws IOException {
        for (long memory : new long[] {1 << 20, 4096}) {
            SimStorage fresh = new SimStorage(1);
            JournalConfig config = TestJournal.with(TestJournal.config(JournalConfig.Ack.SYNCED, 6, memory), FIRST);
            TestJournal journal = new TestJournal(fresh, config, 1, 1);
            List<String> lines = write(journal);
            List<String> sealed = TestJournal.lines(journal.pollAll());
            assertThat(sealed).hasSize(9);
            assertThat(lines).containsAll(sealed);
            TestJournal next = new TestJournal(fresh.crash(1), config, 2, 0);
            assertThat(TestJournal.lines(next.pollAll())).containsExactlyInAnyOrderElementsOf(lines);
            // Again, from the SEALs that recovery has written.
            TestJournal third = new TestJournal(next.disk.crash(1), config, 3, 0);
            assertThat(TestJournal.lines(third.pollAll())).containsExactlyInAnyOrderElementsOf(lines);
            assertThat(third.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
        }
    }

    @Test
    void aLogWhoseKeyIsMissingWaitsForItAndOthersGoOn(CleanLog.Expected log) throws IOException {
        log.line("is encrypted with key " + FIRST + ", and there is no key: put that key behind the first one of"
                + " journal.encryption.key-file");
        TestJournal first = new TestJournal(disk, config(FIRST), 1, 1);
        List<String> secret = write(first);
        SimStorage later = disk.kill(1);
        TestJournal plain = new TestJournal(later, config(JournalKeys.NONE), 2, 1);
        List<String> open = write(plain);
        SimStorage latest = later.kill(1);

        TestJournal without = new TestJournal(latest, config(JournalKeys.NONE), 3, 0);
        List<SealedBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            for (SealedBlock block : without.pollAll()) {
                without.deliver(block);
                blocks.add(block);
            }
            without.clock.advanceMillis(10_000);
        }
        assertThat(TestJournal.lines(blocks)).containsExactlyInAnyOrderElementsOf(open);
        assertThat(without.journal.blocks().pendingBlocks()).isOne();
        assertThat(without.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
        assertThat(without.metrics.total(Counter.JOURNAL_READ_FAILURES)).isPositive();

        TestJournal with = new TestJournal(latest.kill(1), config(ROTATED), 4, 0);
        assertThat(TestJournal.lines(with.pollAll())).containsExactlyInAnyOrderElementsOf(secret);
        assertThat(with.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
    }

    @Test
    void whatTheOldKeyWroteIsReadBehindTheNewOneAndOnlyThen(CleanLog.Expected log) throws IOException {
        List<String> lines = write(new TestJournal(disk, config(FIRST), 1, 1));
        TestJournal rotated = new TestJournal(disk.kill(1), config(ROTATED), 2, 1);
        assertThat(TestJournal.lines(rotated.pollAll())).containsExactlyInAnyOrderElementsOf(lines);
        List<String> more = write(rotated);
        log.line("is encrypted with key " + ROTATED.toString().substring(0, 16) + ", and there is only " + FIRST);
        TestJournal back = new TestJournal(rotated.disk.kill(1), config(FIRST), 3, 0);
        // The SEALs of the first incarnation's recovery were written with the new key.
        assertThat(lines).containsAll(TestJournal.lines(back.pollAll()));
        TestJournal both = new TestJournal(back.disk.kill(1), config(ROTATED), 4, 0);
        assertThat(TestJournal.lines(both.pollAll())).containsAll(more).containsAll(lines);
        assertThat(both.metrics.total(Counter.DAMAGED_BLOCKS)).isZero();
    }

    @Test
    void aFrameThatSomebodyChangedIsDamageAlthoughItsChecksumsFit(CleanLog.Expected log) throws IOException {
        log.line("is damaged at offset 4096");
        log.line("0 of its 3 frames verify");
        TestJournal journal = new TestJournal(disk, config(FIRST), 1, 1);
        List<String> lines = write(journal);
        SimStorage killed = disk.kill(1);
        Path segment = killed.files().stream()
                .filter(path -> Layout.segmentNumber(path) == 0)
                .findFirst()
                .orElseThrow();
        ByteBuffer image = ByteBuffer.wrap(read(killed, segment)).order(ByteOrder.LITTLE_ENDIAN);
        int at = SegmentHeader.BYTES;
        int payload = at + Frame.HEADER_BYTES;
        image.put(payload, (byte) (image.get(payload) ^ 1));
        // Whoever can change the file can make its checksums fit.
        CRC32C crc = new CRC32C();
        Frame.payloadCrc32c(image, at, Frame.payloadCrc(image, payload, Frame.payloadLength(image, at), crc));
        Frame.complete(image, at, SegmentHeader.read(image).generation(), crc);
        try (StorageFile file = killed.open(segment, Storage.Access.WRITE)) {
            file.pwrite(image.position(0), 0);
        }
        TestJournal next = new TestJournal(killed, config(FIRST), 2, 0);
        // Both blocks that began with that commit are gone; what was written behind them is not.
        assertThat(TestJournal.lines(next.pollAll())).isEqualTo(lines.subList(9, 12));
        assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS)).isEqualTo(2);
    }

    @Test
    void theSameLineNeverLooksTheSameTwice() throws IOException {
        TestJournal journal = new TestJournal(disk, config(FIRST), 1, 1);
        journal.prepare();
        TestProducer producer = journal.producers.getFirst();
        List<byte[]> tags = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            producer.flush(new int[] {0, 1}, new boolean[2], 40);
            journal.commit();
        }
        Path segment = disk.files().stream()
                .filter(path -> Layout.segmentNumber(path) == 0)
                .findFirst()
                .orElseThrow();
        ByteBuffer image = ByteBuffer.wrap(read(disk, segment)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = SegmentHeader.BYTES; at <= 2 * SegmentHeader.BYTES; at += SegmentHeader.BYTES) {
            byte[] begin = new byte[16];
            image.get(at + Frame.HEADER_BYTES, begin);
            tags.add(begin);
        }
        // Both lines begin with the same bytes.
        assertThat(tags.get(0)).isNotEqualTo(tags.get(1));
    }
}
