package io.sluice.journal;

import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which blocks of a log have been delivered: small files beside the segments, one a segment, appended to.
 *
 * <pre>
 *   0       4          8       16                24                  32         36       40
 *   | magic | reserved | block | deliveredMillis | record id, hashed | reserved | crc32c |
 * </pre>
 *
 * All little-endian; {@code crc32c} is of the incarnation (16 bytes) and the log's number (4), both big-endian, and of
 * bytes 0 to 35: what a file system lets resurface of another log's marks does not verify in this one, for block
 * numbers
 * are unique only within a log of an incarnation. The hash of the destination's record id is 0 for now. A mark lies
 * beside the segment of the block's SEAL, so it is needed as long as that segment and no longer.
 *
 * <p>Marks fill disk blocks in pairs, since a torn write may take its whole disk block with it: the marks so far and
 * the new ones are written to the one of the pair that the last good sync did not cover, until it is full.
 *
 * <pre>
 *   0                4096             8192
 *   | a b c . . .    | a b c d . .    |        d is being written: a, b and c are safe in the first
 *   | a b c d e f …  | a b c d . .    | g …    full: the next pair begins
 * </pre>
 *
 * The preallocator makes the first file of a segment with room for {@value #MARKS_PER_PAIR} marks a pair, so that marks
 * need no space on a full disk, where recycling waits for them. Only beyond that a file grows.
 *
 * <p>Confined to delivery. A mark is written at once and synced within a second. After a failure the file is left as it
 * is and all that it did not sync goes to another.
 */
final class Marks {

    static final int MARK_BYTES = 40;

    /** {@code SLD1} in the order of the bytes. */
    private static final int MAGIC = 0x31444C53;

    private static final int CRC_AT = 36;
    private static final int MARKS_PER_PAIR = Storage.BLOCK_BYTES / MARK_BYTES;
    /** A pair of disk blocks for so many bytes of segment. */
    private static final int SEGMENT_BYTES_PER_PAIR = 1 << 20;
    /** For those who come later, and begin with a pair of their own. */
    private static final int SPARE_PAIRS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Marks.class);

    private static final int BLOCK = Storage.BLOCK_BYTES;
    /** Files kept open for more marks; blocks of older segments come rarely. */
    private static final int OPEN_FILES = 4;

    private static final class MarkFile {
        StorageFile file;
        /** Offset of the present pair of disk blocks. */
        long pair;
        /** Which of the pair may be written, 0 or 1. */
        int half;
        /** The marks of the present pair. */
        final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        /** Whether the block holds marks that are not synced. */
        boolean changed;

        boolean named;
        int attempt;
        /** Not synced; the first {@link #written} of them are written. */
        final List<Handed> pending = new ArrayList<>();

        int written;
    }

    private final Storage storage;
    private final Path directory;
    private final TreeMap<Long, MarkFile> files = new TreeMap<>();
    /** What the marks belong to, as the checksum covers it. */
    private final byte[] owner;

    private final CRC32C crc = new CRC32C();
    private final Map<Long, Integer> attempts = new HashMap<>();

    Marks(Storage storage, Path directory, UUID incarnation, int log) {
        this.storage = storage;
        this.directory = directory;
        owner = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putLong(incarnation.getMostSignificantBits())
                .putLong(incarnation.getLeastSignificantBits())
                .putInt(log)
                .array();
    }

    /** Bytes to make the file of marks with. */
    static int preparedBytes(int segmentBytes) {
        return (Math.ceilDiv(segmentBytes, SEGMENT_BYTES_PER_PAIR) + SPARE_PAIRS) * 2 * BLOCK;
    }

    /** Marks a block as delivered. The mark is durable when {@link #sync} has named the block. */
    void add(Handed handed, long epochMillis) {
        MarkFile file = files.computeIfAbsent(handed.sealSequence, sequence -> new MarkFile());
        file.pending.add(handed);
        try {
            write(handed.sealSequence, file, epochMillis);
        } catch (IOException e) {
            abandon(handed.sealSequence, file, e);
        }
    }

    /** Makes marks durable and tells the source of each block. Those that fail are kept for the next call. */
    void sync(long epochMillis) {
        for (Iterator<Map.Entry<Long, MarkFile>> i = files.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Long, MarkFile> entry = i.next();
            MarkFile file = entry.getValue();
            if (file.pending.isEmpty()) {
                if (files.size() > OPEN_FILES) {
                    close(file);
                    i.remove();
                }
                continue;
            }
            try {
                write(entry.getKey(), file, epochMillis);
                file.file.sync();
                if (!file.named) {
                    storage.syncDirectory(directory);
                    file.named = true;
                }
            } catch (IOException e) {
                abandon(entry.getKey(), file, e);
                continue;
            }
            if (file.changed) {
                file.changed = false;
                file.half ^= 1;
            }
            for (Handed handed : file.pending) {
                handed.source.marked(handed);
            }
            file.pending.clear();
            file.written = 0;
        }
    }

    private void write(long sequence, MarkFile file, long epochMillis) throws IOException {
        if (file.file == null) {
            file.attempt = attempts.getOrDefault(sequence, 0);
            Path path = Layout.marks(directory, sequence, file.attempt);
            file.named = storage.exists(path);
            file.file = storage.open(path, Storage.Access.WRITE);
            file.pair = behindMarks(file.file);
            begin(file);
        }
        while (file.written < file.pending.size()) {
            put(file.block, file.pending.get(file.written).block.block(), epochMillis);
            file.changed = true;
            long offset = file.pair + (long) file.half * BLOCK;
            int next = file.block.position();
            try {
                SegmentPool.writeFully(file.file, file.block.clear(), offset);
            } finally {
                file.block.position(next);
            }
            file.written++;
            if (next + MARK_BYTES > BLOCK) {
                file.pair += 2L * BLOCK;
                begin(file);
            }
        }
    }

    /** Offset of the first pair behind all that is in the file: it was made with room ahead, all zeros. */
    private static long behindMarks(StorageFile file) throws IOException {
        long end = 0;
        long size = file.size();
        ByteBuffer block = ByteBuffer.allocate(2 * BLOCK);
        for (long pair = 0; pair < size; pair += block.capacity()) {
            block.clear();
            for (int read = 0; block.hasRemaining() && read >= 0; ) {
                read = file.pread(block, pair + block.position());
            }
            for (int at = block.position(); at > 0 && end <= pair; at--) {
                if (block.get(at - 1) != 0) {
                    end = pair + block.capacity();
                }
            }
        }
        return end;
    }

    private static void begin(MarkFile file) {
        file.half = 0;
        file.changed = false;
        file.block.clear();
        for (int i = 0; i < BLOCK; i += Long.BYTES) {
            file.block.putLong(i, 0);
        }
    }

    private void put(ByteBuffer block, long number, long epochMillis) {
        int at = block.position();
        block.putInt(MAGIC)
                .putInt(0)
                .putLong(number)
                .putLong(epochMillis)
                .putLong(0)
                .putInt(0);
        block.putInt(crc(block, at));
    }

    private int crc(ByteBuffer bytes, int at) {
        crc.reset();
        crc.update(owner);
        crc.update(bytes.slice(at, CRC_AT));
        return (int) crc.getValue();
    }

    private void abandon(long sequence, MarkFile file, IOException e) {
        LOG.warn("marks of delivered blocks could not be written, trying another file: {}", e.toString());
        close(file);
        begin(file);
        file.written = 0;
        attempts.put(sequence, file.attempt + 1);
    }

    private static void close(MarkFile file) {
        StorageFile old = file.file;
        file.file = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                LOG.warn("closing a file of marks failed: {}", e.toString());
            }
        }
    }

    /** Closes its files; what is not synced stays so. */
    void close() {
        for (MarkFile file : files.values()) {
            close(file);
        }
        files.clear();
    }

    /** Reads all marks of the log. Whatever does not verify marks nothing: its block is delivered again. */
    LongSet load() throws IOException {
        LongSet delivered = new LongSet();
        long bad = 0;
        for (Path path : storage.list(directory)) {
            long sequence = Layout.marksNumber(path);
            if (sequence >= 0) {
                attempts.merge(sequence, Layout.marksAttempt(path), Math::max);
                bad += load(path, delivered);
            }
        }
        if (bad > 0) {
            LOG.warn(
                    "{} marks of delivered blocks in {} do not verify, their blocks are delivered again",
                    bad,
                    directory);
        }
        return delivered;
    }

    private long load(Path path, LongSet delivered) throws IOException {
        long bad = 0;
        try (StorageFile file = storage.open(path, Storage.Access.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), Integer.MAX_VALUE - 64))
                    .order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.hasRemaining() && file.pread(bytes, bytes.position()) >= 0) {}
            for (int block = 0; block < bytes.position(); block += BLOCK) {
                int end = Math.min(block + BLOCK, bytes.position()) - MARK_BYTES;
                for (int at = block; at <= end && bytes.getInt(at) != 0; at += MARK_BYTES) {
                    if (bytes.getInt(at) == MAGIC && bytes.getInt(at + CRC_AT) == crc(bytes, at)) {
                        delivered.add(bytes.getLong(at + 8));
                    } else {
                        bad++;
                    }
                }
            }
        }
        return bad;
    }
}
