package io.sluice.journal;

import io.sluice.ring.Frame;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Reads the frames of one segment after another, forward, in large aligned reads.
 *
 * <p>Confined to one thread. Memory: one window, which grows only for a frame larger than it. After an
 * {@link IOException} it stands where it stood, and the call may be repeated.
 */
final class SegmentReader implements AutoCloseable {

    static final int WINDOW = 1 << 20;

    private static final int MASK = -Storage.BLOCK_BYTES;

    private final Storage storage;
    private final CRC32C crc = new CRC32C();
    private final int windowBytes;
    /** Made when first needed: most logs are never read by their own process. */
    private ByteBuffer window;

    private StorageFile file;
    private long generation;
    private int limit;
    /** Behind the last frame. */
    private int position;
    /** Offset of the last frame in the file. */
    private int frame;
    /** What part of the file the window holds. */
    private int base;

    private int filled;

    SegmentReader(Storage storage, int windowBytes) {
        this.storage = storage;
        this.windowBytes = windowBytes;
    }

    /** Goes on with a segment whose header has been read, at the offset of a frame. */
    void open(Path path, long generation, int from, int limit) throws IOException {
        // First the new one: if that fails, the reader stands where it stood.
        StorageFile opened = storage.open(path, Storage.Access.READ);
        close();
        file = opened;
        this.generation = generation;
        this.limit = limit;
        position = from;
        base = 0;
        filled = 0;
    }

    /**
     * Goes on with a segment of which only the name is known, at its first frame.
     *
     * @return its header, or {@code null} if it does not verify; then there is nothing to read
     */
    SegmentHeader open(Path path) throws IOException {
        open(path, 0, 0, 0);
        SegmentHeader header = null;
        try {
            limit = (int) Math.min(file.size(), Integer.MAX_VALUE & MASK);
            if (holds(0, SegmentHeader.BYTES)) {
                header = SegmentHeader.read(window);
            }
        } finally {
            if (header == null) {
                close();
            }
        }
        if (header == null) {
            return null;
        }
        generation = header.generation();
        position = SegmentHeader.BYTES;
        return header;
    }

    boolean isOpen() {
        return file != null;
    }

    /** Lets it read on to an offset up to which the segment has been synced meanwhile. */
    void limit(int limit) {
        this.limit = limit;
    }

    /**
     * Moves to the next frame, which begins where the last one ended or at the next disk block.
     *
     * @return false if no frame verifies at either place
     */
    boolean next() throws IOException {
        if (accept(position) || accept(nextBlock(position))) {
            return true;
        }
        if (position >= limit) {
            return false;
        }
        // Once more from the disk: the window may have been filled before the frame was written, or badly.
        filled = 0;
        return accept(position) || accept(nextBlock(position));
    }

    /** Goes to the place behind a frame, or to the first one. */
    void seek(int offset) {
        position = offset;
    }

    /** Looks for a frame in the rest of the segment, behind one that does not verify. */
    boolean skipToNext() throws IOException {
        for (int at = nextBlock(position); at < limit; at += Storage.BLOCK_BYTES) {
            if (accept(at)) {
                return true;
            }
        }
        return false;
    }

    /** Whether everything before the limit has been read. */
    boolean atLimit() {
        return nextBlock(position) >= limit;
    }

    /** Gives up what lies before the limit. */
    void skipToLimit() {
        position = limit;
    }

    /** Offset behind the last frame. */
    int position() {
        return position;
    }

    /** The window, little-endian; the frame lies in it at {@link #at}. Valid until the next call. */
    ByteBuffer buffer() {
        return window;
    }

    int at() {
        return frame - base;
    }

    /** Offset of the frame in the segment. */
    int offset() {
        return frame;
    }

    private boolean accept(int offset) throws IOException {
        if (!holds(offset, Frame.HEADER_BYTES)) {
            return false;
        }
        if (!Frame.headerVerifies(window, offset - base, filled, generation, crc)) {
            return false;
        }
        int length = Frame.length(window, offset - base);
        // The sum may have overflowed, in a header that verifies only by accident.
        if (length < Frame.HEADER_BYTES || !holds(offset, length)) {
            return false;
        }
        if (!Frame.verifies(window, offset - base, filled, generation, crc)) {
            return false;
        }
        frame = offset;
        position = offset + length;
        return true;
    }

    private static int nextBlock(int offset) {
        return offset + Storage.BLOCK_BYTES - 1 & MASK;
    }

    /** Whether as many bytes at this offset lie before the limit; if so, they are in the window afterwards. */
    private boolean holds(int offset, int length) throws IOException {
        if (length > limit - offset) {
            return false;
        }
        if (offset >= base && offset + length <= base + filled) {
            return true;
        }
        int from = offset & MASK;
        int needed = nextBlock(offset + length) - from;
        if (window == null || needed > window.capacity()) {
            window = SegmentPool.aligned(Math.max(needed, windowBytes));
        }
        filled = 0;
        base = from;
        // Not beyond the limit: the committer may be writing there.
        window.clear().limit(Math.min(window.capacity(), nextBlock(limit) - from));
        while (window.hasRemaining()) {
            int read = file.pread(window, from + window.position());
            if (read < 0) {
                break;
            }
        }
        filled = window.position();
        window.clear();
        return offset + length <= base + filled;
    }

    @Override
    public void close() throws IOException {
        StorageFile old = file;
        file = null;
        if (old != null) {
            old.close();
        }
    }
}
