package io.sluice.journal;

import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one log's segments: makes, names, uses again and deletes them, with what lies beside them. Which, and
 * when, is up to the {@link SegmentPool}.
 *
 * <p>Confined to the preallocator, or to who closes the pool.
 *
 * <p>A segment is whole when its zeros, its header and its name are on disk. While it is prepared it has another name,
 * so a file with a segment's name has a header that verifies, or is damaged.
 */
final class SegmentFiles {

    private static final int ZEROS = 1 << 20;
    /** Writes in a row that move nothing before they count as failed. */
    private static final int SHORT_WRITES = 8;

    private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);

    private final Storage storage;
    private final Path directory;
    private final UUID incarnation;
    private final int log;
    private final int commitBytes;
    private final long keyId;
    private final Budget budget;
    private final Storage.Access access;
    private final RandomGenerator random;
    private final ByteBuffer zeros;
    private final ByteBuffer header;
    private final MarkRoom markRoom;

    /** To be deleted, in this order, with what lies beside them: those that could not be deleted yet. */
    private final ArrayDeque<Segment> condemned = new ArrayDeque<>();

    private long nextSequence;

    SegmentFiles(
            Storage storage,
            Path directory,
            UUID incarnation,
            int log,
            int segmentBytes,
            int commitBytes,
            long keyId,
            Budget budget,
            Storage.Access access,
            RandomGenerator random) {
        this.storage = storage;
        this.directory = directory;
        this.incarnation = incarnation;
        this.log = log;
        this.commitBytes = commitBytes;
        this.keyId = keyId;
        this.budget = budget;
        this.access = access;
        this.random = random;
        zeros = aligned(Math.min(ZEROS, segmentBytes));
        header = aligned(SegmentHeader.BYTES);
        markRoom = new MarkRoom(storage, directory, zeros);
    }

    /** A direct little-endian buffer that O_DIRECT takes. */
    static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + Storage.BLOCK_BYTES)
                .alignedSlice(Storage.BLOCK_BYTES)
                .limit(bytes)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether files are still to be deleted. */
    boolean hasCondemned() {
        return !condemned.isEmpty();
    }

    /** Leaves a segment to {@link #deleteCondemned}. It is out of the chain. */
    void condemn(Segment segment) {
        condemned.add(segment);
    }

    /**
     * Deletes one segment, and then, when it is gone for good, the marks that say that it was delivered.
     *
     * @return false if none is condemned
     * @throws IOException if it cannot be deleted; the call may be repeated
     */
    boolean deleteCondemned() throws IOException {
        Segment segment = condemned.peek();
        if (segment == null) {
            return false;
        }
        storage.delete(segment.path);
        storage.syncDirectory(directory);
        Layout.deleteBeside(storage, directory, segment.sequence);
        condemned.remove();
        budget.release(segment.bytes);
        return true;
    }

    /** A segment of a new file, whose bytes the caller has taken from the budget. */
    Segment make(int bytes) throws IOException {
        Path path = directory.resolve(Layout.PREPARED);
        storage.delete(path);
        StorageFile file = storage.open(path, access);
        boolean made = false;
        try {
            for (int at = 0; at < bytes; at += zeros.capacity()) {
                writeFully(file, zeros.clear().limit(Math.min(zeros.capacity(), bytes - at)), at);
            }
            Segment segment = finish(path, file, bytes);
            made = true;
            return segment;
        } finally {
            if (!made) {
                discard(path, file);
            }
        }
    }

    private void discard(Path prepared, StorageFile file) {
        close(file);
        try {
            storage.delete(prepared);
        } catch (IOException e) {
            // The next segment is prepared in its place; what led here is reported.
            LOG.debug("{} is left", prepared, e);
        }
    }

    /** Puts a settled segment to use again. Its old frames stay in it and will not verify. */
    Segment recycle(Segment oldest) throws IOException {
        Path path = directory.resolve(Layout.PREPARED);
        boolean made = false;
        try {
            storage.rename(oldest.path, path);
            storage.syncDirectory(directory);
            // Only now, lest the blocks come back without the marks that say that they were delivered.
            markRoom.handOn(oldest, nextSequence);
            StorageFile file = storage.open(path, access);
            try {
                Segment segment = finish(path, file, oldest.bytes);
                made = true;
                return segment;
            } finally {
                if (!made) {
                    discard(path, file);
                }
            }
        } finally {
            if (!made) {
                // It may still have its name, or have it again after a crash.
                condemn(oldest);
            }
        }
    }

    private Segment finish(Path prepared, StorageFile file, int bytes) throws IOException {
        long sequence = nextSequence;
        SegmentHeader head =
                new SegmentHeader(incarnation, log, sequence, random.nextLong(), bytes, false, commitBytes, keyId);
        head.write(header);
        writeFully(file, header.clear(), 0);
        file.sync();
        Path path = Layout.segment(directory, sequence);
        try {
            markRoom.prepare(sequence, bytes);
        } catch (IOException e) {
            // A file that failed is not written again, so the number is given up, with what lies there.
            nextSequence++;
            condemn(new Segment(path, head, 0, null));
            throw e;
        }
        Segment segment = new Segment(path, head, bytes, file);
        storage.rename(prepared, path);
        // Whether or not the next step succeeds, the name has been used.
        nextSequence++;
        try {
            storage.syncDirectory(directory);
        } catch (IOException e) {
            budget.takeAnyway(bytes);
            condemn(segment);
            throw e;
        }
        return segment;
    }

    static void close(StorageFile file) {
        try {
            file.close();
        } catch (IOException e) {
            // What it held was synced before, or has failed before.
            LOG.warn("closing a segment failed: {}", e.toString());
        }
    }

    /**
     * Writes the whole buffer, from its index 0, in as many pieces as the system takes. A piece that ends within a disk
     * block is written again from that block's start, since a direct file takes nothing else.
     */
    static void writeFully(StorageFile file, ByteBuffer src, long offset) throws IOException {
        int idle = 0;
        while (src.hasRemaining()) {
            int from = src.position();
            file.pwrite(src, offset + from);
            if (src.hasRemaining()) {
                src.position(src.position() & -Storage.BLOCK_BYTES);
                idle = src.position() > from ? 0 : idle + 1;
                if (idle == SHORT_WRITES) {
                    throw new IOException("short write: " + src.remaining() + " bytes left at offset " + offset);
                }
            }
        }
    }
}
