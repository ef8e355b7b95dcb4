package io.sluice.journal;

import io.sluice.storage.Storage;
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
 * What need not be done again for the blocks of a log: small files beside the segments, one a segment, appended to.
 *
 * <pre>
 *   0       3      4        8        16       24
 *   | magic | kind | crc32c | number | millis |
 *
 *   kind  D  the block of this number is delivered      beside the segment of its SEAL
 *         P  it is parked                               beside the segment of its SEAL
 *         M  its manifest is delivered, too             beside the segment of its SEAL
 *         S  nothing that begins in the segment of      beside that segment
 *            this number, or before it, is needed
 * </pre>
 *
 * All little-endian; {@code crc32c} is of the incarnation (16 bytes) and the log's number (4), both big-endian, and of
 * bytes 0 to 3 and 8 to 23: what a file system lets resurface of another log's marks does not verify in this one, for
 * block numbers are unique only within a log of an incarnation. A mark lies beside the segment of the block's SEAL, so
 * it is needed as long as that segment and no longer. A mark of kind S, written when a log comes that far, spares the
 * next start the reading of all that is only kept.
 *
 * <p>The preallocator makes the first file of a segment with room ({@link #preparedBytes}), so that marks need no space
 * on a full disk, where recycling waits for them: two marks for each disk block of the segment, since the smallest
 * block takes one commit, and a commit at least a disk block. That is 3 % of the segment. Texts of receipts
 * ({@link Receipts}) would make 30 % of it, so they lie elsewhere. Only where several blocks end in each commit, and
 * are as small as that, the file grows.
 *
 * <p>Confined to delivery. A mark is written at once and synced within a second. After a failure the file is left as it
 * is and all that it did not sync goes to another. Each file is a {@link MarkFile}: what a sync has marked stays
 * marked.
 */
final class Marks {

    static final int MARK_BYTES = 24;

    /** {@code SLM} in the order of the bytes; the fourth is the kind. */
    private static final int MAGIC = 0x4D4C53;

    private static final int DELIVERED = 'D';
    private static final int PARKED = 'P';
    private static final int MANIFESTED = 'M';
    private static final int SETTLED = 'S';

    private static final int MARKS_PER_PAIR = MarkFile.BLOCK / MARK_BYTES;
    /** For those who come later, and begin with a pair of their own. */
    private static final int SPARE_PAIRS = 3;
    /** Files kept open for more marks; blocks of older segments come rarely. */
    private static final int OPEN_FILES = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Marks.class);

    /** The marks beside one segment. */
    private static final class Beside {
        /** {@code null} while it is not open. */
        MarkFile file;

        int attempt;
        /** Not synced; the first {@link #written} of them are written. */
        final List<Mark> pending = new ArrayList<>();

        int written;
    }

    private record Mark(Handed handed, int kind, long millis) {}

    /** What the marks of a log say. */
    static final class Loaded {
        final LongSet delivered = new LongSet();
        /** Those of the delivered that are parked. */
        final LongSet parked = new LongSet();

        final LongSet manifested = new LongSet();
        /** Nothing that begins up to this segment is needed; -1 if there is no such segment. */
        long settledSequence = -1;
        /** When that was so, in milliseconds since the epoch. */
        long settledMillis;
    }

    private final Storage storage;
    private final Path directory;
    private final TreeMap<Long, Beside> files = new TreeMap<>();
    /** What the marks belong to, as the checksum covers it. */
    private final byte[] owner;

    private final Receipts receipts;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer record = ByteBuffer.allocate(MARK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    /** Segments whose file of marks failed, with the number of the next. */
    private final Map<Long, Integer> attempts = new HashMap<>();

    Marks(Storage storage, Path directory, UUID incarnation, int log) {
        this.storage = storage;
        this.directory = directory;
        owner = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putLong(incarnation.getMostSignificantBits())
                .putLong(incarnation.getLeastSignificantBits())
                .putInt(log)
                .array();
        receipts = new Receipts(storage, directory, owner);
    }

    /** Bytes to make the file of marks with. */
    static int preparedBytes(int segmentBytes) {
        int marks = 2 * (segmentBytes / Storage.BLOCK_BYTES) + 1;
        return (Math.ceilDiv(marks, MARKS_PER_PAIR) + SPARE_PAIRS) * MarkFile.PAIR;
    }

    /** Marks a block as delivered, or parked, with its receipt. Durable when {@link #sync} has named the block. */
    void delivered(Handed handed) {
        Receipt receipt = handed.receipt;
        receipts.add(handed.sealSequence, handed.id, receipt);
        int kind = switch (receipt.kind()) {
            case DELIVERED -> DELIVERED;
            case PARKED -> PARKED;
        };
        add(handed, kind, receipt.millis());
    }

    /** Marks the manifest of a block as delivered. Durable when {@link #sync} has named the block once more. */
    void manifested(Handed handed, long epochMillis) {
        add(handed, MANIFESTED, epochMillis);
    }

    private void add(Handed handed, int kind, long millis) {
        Beside beside = files.computeIfAbsent(handed.sealSequence, sequence -> new Beside());
        beside.pending.add(new Mark(handed, kind, millis));
        try {
            write(handed.sealSequence, beside);
        } catch (IOException e) {
            abandon(handed.sealSequence, beside, e);
        }
    }

    /** Makes marks durable and tells the source of each block. Those that fail are kept for the next call. */
    void sync() {
        receipts.sync();
        for (Iterator<Map.Entry<Long, Beside>> i = files.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Long, Beside> entry = i.next();
            Beside beside = entry.getValue();
            if (beside.pending.isEmpty()) {
                if (files.size() > OPEN_FILES) {
                    close(beside);
                    i.remove();
                }
                continue;
            }
            try {
                write(entry.getKey(), beside);
                beside.file.sync();
            } catch (IOException e) {
                abandon(entry.getKey(), beside, e);
                continue;
            }
            for (Mark mark : beside.pending) {
                mark.handed.marked();
            }
            beside.pending.clear();
            beside.written = 0;
        }
    }

    /**
     * Marks, durably if possible, that nothing is needed any more that begins in the segment or before. The caller sees
     * to it that the segment is not recycled meanwhile.
     *
     * @return false if that failed, and the first file of marks must not be used again
     */
    boolean settled(long sequence, long epochMillis) {
        Beside beside = files.computeIfAbsent(sequence, s -> new Beside());
        boolean marked = false;
        try {
            write(sequence, beside);
            beside.file.append(mark(SETTLED, sequence, epochMillis));
            beside.file.sync();
            marked = true;
        } catch (IOException e) {
            abandon(sequence, beside, e);
        }
        // Their files may now go to other segments.
        receipts.closeThrough(sequence);
        for (Iterator<Map.Entry<Long, Beside>> i =
                        files.headMap(sequence, true).entrySet().iterator();
                i.hasNext(); ) {
            Beside done = i.next().getValue();
            if (done.pending.isEmpty()) {
                close(done);
                i.remove();
            }
        }
        return marked;
    }

    /** The receipt of a block that is marked, as far as it was kept. */
    Receipt receipt(long sealSequence, long block, Receipt.Kind kind) throws IOException {
        Receipt kept = receipts.find(sealSequence, block);
        return kept == null ? new Receipt(kind, "", 0) : kept;
    }

    private void write(long sequence, Beside beside) throws IOException {
        if (beside.file == null) {
            beside.attempt = attempts.getOrDefault(sequence, 0);
            beside.file = MarkFile.open(storage, Layout.marks(directory, sequence, beside.attempt));
        }
        while (beside.written < beside.pending.size()) {
            Mark mark = beside.pending.get(beside.written);
            beside.file.append(mark(mark.kind, mark.handed.id, mark.millis));
            beside.written++;
        }
    }

    private ByteBuffer mark(int kind, long number, long millis) {
        record.clear();
        record.putInt(MAGIC | kind << 24).putInt(0).putLong(number).putLong(millis);
        record.putInt(4, crc(record, 0));
        return record.flip();
    }

    private int crc(ByteBuffer bytes, int at) {
        crc.reset();
        crc.update(owner);
        crc.update(bytes.array(), at, 4);
        crc.update(bytes.array(), at + 8, MARK_BYTES - 8);
        return (int) crc.getValue();
    }

    private void abandon(long sequence, Beside beside, IOException e) {
        LOG.warn("marks of delivered blocks could not be written, trying another file: {}", e.toString());
        close(beside);
        beside.written = 0;
        attempts.put(sequence, beside.attempt + 1);
    }

    private static void close(Beside beside) {
        MarkFile old = beside.file;
        beside.file = null;
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
        for (Beside beside : files.values()) {
            close(beside);
        }
        files.clear();
        receipts.close();
    }

    /**
     * Reads the marks of the log, from its end back to where everything is settled. Whatever does not verify marks
     * nothing: its block is delivered again.
     *
     * @param lastSequence the last segment there is: beside a later one nothing was marked yet
     */
    Loaded load(long lastSequence) throws IOException {
        TreeMap<Long, List<Path>> paths = new TreeMap<>();
        for (Path path : storage.list(directory)) {
            long sequence = Layout.marksNumber(path);
            if (sequence >= 0) {
                attempts.merge(sequence, Layout.marksAttempt(path), Math::max);
                paths.computeIfAbsent(sequence, s -> new ArrayList<>()).add(path);
            }
        }
        Loaded loaded = new Loaded();
        long bad = 0;
        for (Map.Entry<Long, List<Path>> entry :
                paths.headMap(lastSequence, true).descendingMap().entrySet()) {
            if (entry.getKey() <= loaded.settledSequence) {
                break;
            }
            for (Path path : entry.getValue()) {
                bad += load(path, loaded);
            }
        }
        if (bad > 0) {
            LOG.warn(
                    "{} marks of delivered blocks in {} do not verify, their blocks are delivered again",
                    bad,
                    directory);
        }
        return loaded;
    }

    private long load(Path path, Loaded loaded) throws IOException {
        long bad = 0;
        ByteBuffer bytes = MarkFile.read(storage, path);
        for (int block = 0; block < bytes.limit(); block += MarkFile.BLOCK) {
            int end = Math.min(block + MarkFile.BLOCK, bytes.limit()) - MARK_BYTES;
            for (int at = block; at <= end && bytes.getInt(at) != 0; at += MARK_BYTES) {
                if ((bytes.getInt(at) & 0xffffff) != MAGIC
                        || bytes.getInt(at + 4) != crc(bytes, at)
                        || !load(bytes.get(at + 3), bytes.getLong(at + 8), bytes.getLong(at + 16), loaded)) {
                    bad++;
                }
            }
        }
        return bad;
    }

    private static boolean load(int kind, long number, long millis, Loaded loaded) {
        switch (kind) {
            case DELIVERED -> loaded.delivered.add(number);
            case PARKED -> {
                loaded.delivered.add(number);
                loaded.parked.add(number);
            }
            case MANIFESTED -> loaded.manifested.add(number);
            case SETTLED -> {
                if (number > loaded.settledSequence) {
                    loaded.settledSequence = number;
                    loaded.settledMillis = millis;
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
