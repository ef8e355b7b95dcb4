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
 *
 * <p>What is encrypted is handed out in plain text. A segment whose key is not here ends in an
 * {@link UnreadableSegmentException}: nothing of it is lost, so nothing is passed over. The header names the key, so a
 * frame that does not authenticate has been changed, or lies where it was not written: it is as one whose checksum does
 * not verify.
 *
 * <p>Where a read fails, the window is read by disk blocks, and what lies before the first that cannot be read is used.
 * That one is asked for again at each call, until {@link BadSectors} gives it up; then it reads as zeros.
 */
final class SegmentReader implements AutoCloseable {

    private static final int MASK = -Storage.BLOCK_BYTES;

    private final Storage storage;
    private final CRC32C crc = new CRC32C();
    private final int windowBytes;
    private final JournalKeys keys;
    private final BadSectors bad;
    /** Made when first needed: most logs are never read by their own process. */
    private ByteBuffer window;

    private StorageFile file;
    private Path path;
    private SegmentHeader header;
    /** Some of the segment was given up. */
    private boolean unreadable;

    private long generation;
    private int limit;
    /** Behind the last frame. */
    private int position;
    /** Offset of the last frame in the file. */
    private int frame;
    /** The last frame if it was encrypted, else {@code null}. */
    private ByteBuffer plain;
    /** Made when first needed. */
    private FrameCipher cipher;
    /** What part of the file the window holds. */
    private int base;

    private int filled;

    SegmentReader(Storage storage, int windowBytes, JournalKeys keys, BadSectors bad) {
        this.storage = storage;
        this.windowBytes = windowBytes;
        this.keys = keys;
        this.bad = bad;
    }

    /** Goes on with a segment whose header is known, at the offset of a frame. */
    void open(Path path, SegmentHeader header, int from, int limit) throws IOException {
        open(path, from, limit);
        use(header);
    }

    private void open(Path path, int from, int limit) throws IOException {
        // First the new one: if that fails, the reader stands where it stood.
        StorageFile opened = storage.open(path, Storage.Access.READ);
        close();
        file = opened;
        this.path = path;
        unreadable = false;
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
        open(path, 0, 0);
        SegmentHeader found = null;
        try {
            limit = (int) Math.min(file.size(), Integer.MAX_VALUE & MASK);
            if (holds(0, SegmentHeader.BYTES)) {
                found = SegmentHeader.read(window);
            }
            if (found != null) {
                use(found);
            }
        } finally {
            if (found == null) {
                close();
            }
        }
        position = SegmentHeader.BYTES;
        return found;
    }

    private void use(SegmentHeader header) throws IOException {
        this.header = header;
        generation = header.generation();
        if (header.keyId() != 0) {
            boolean known = false;
            try {
                cipher = cipher == null ? new FrameCipher() : cipher;
                cipher.segment(header, keys.segmentKey(header));
                known = true;
            } finally {
                if (!known) {
                    close();
                }
            }
        }
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

    /** Of the segment that is open. */
    SegmentHeader header() {
        return header;
    }

    /** Whether some of what was read of the segment was given up, so that frames may be missing anywhere. */
    boolean isUnreadable() {
        return unreadable;
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

    /** Little-endian, with the frame in plain text at {@link #at}. Valid until the next call. */
    ByteBuffer buffer() {
        return plain == null ? window : plain;
    }

    int at() {
        return plain == null ? frame - base : 0;
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
        if (header.keyId() != 0) {
            ByteBuffer decrypted = decrypt(offset);
            if (decrypted == null) {
                return false;
            }
            plain = decrypted;
        } else {
            plain = null;
        }
        frame = offset;
        position = offset + length;
        return true;
    }

    /** @return {@code null} if the frame does not authenticate: it is none of this place */
    private ByteBuffer decrypt(int offset) {
        boolean encrypted = (Frame.flags(window, offset - base) & Frame.FLAG_ENCRYPTED) != 0;
        return encrypted ? cipher.decrypt(window, offset - base, offset) : null;
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
        int end = Math.min(window.capacity(), nextBlock(limit) - from);
        boolean whole = !bad.has(path);
        if (whole) {
            try {
                filled = read(0, end);
            } catch (IOException e) {
                whole = false;
            }
        }
        try {
            if (!whole) {
                readByBlocks(offset + length - base, end);
            }
        } finally {
            window.clear();
        }
        return offset + length <= base + filled;
    }

    /** Fills a part of the window. @return where it ends, before its end if the file does */
    private int read(int at, int end) throws IOException {
        window.limit(end).position(at);
        while (window.hasRemaining()) {
            if (file.pread(window, base + window.position()) < 0) {
                break;
            }
        }
        return window.position();
    }

    /**
     * Fills the window up to the first disk block that cannot be read, and beyond those that are given up.
     *
     * @throws IOException if that is not as far as is needed, so that the call is to be repeated
     */
    private void readByBlocks(int needed, int end) throws IOException {
        boolean answered = false;
        for (int at = 0; at < end; at += Storage.BLOCK_BYTES) {
            int next = at + Storage.BLOCK_BYTES;
            if (!bad.isGivenUp(path, base + at)) {
                try {
                    filled = read(at, next);
                    bad.good(path, base + at);
                    answered = true;
                    if (filled < next) {
                        return;
                    }
                    continue;
                } catch (IOException e) {
                    if (at >= needed) {
                        return;
                    }
                    // A disk that answers nothing at all is gone, and may come back: that says nothing of this place.
                    if (!(answered || answers(next, end)) || !bad.failed(path, base + at, e)) {
                        throw e;
                    }
                }
            }
            window.clear();
            for (int i = at; i < next; i += Long.BYTES) {
                window.putLong(i, 0);
            }
            filled = next;
            unreadable = true;
        }
    }

    /** Whether any other place of the segment can be read: one behind this in the window, or the file's ends. */
    private boolean answers(int at, int end) {
        ByteBuffer probe = SegmentPool.aligned(Storage.BLOCK_BYTES);
        long last;
        try {
            last = file.size() - Storage.BLOCK_BYTES;
        } catch (IOException e) {
            return false;
        }
        for (long offset = base + at; offset < base + end; offset += Storage.BLOCK_BYTES) {
            if (canRead(probe, offset)) {
                return true;
            }
        }
        return canRead(probe, last) || canRead(probe, 0);
    }

    private boolean canRead(ByteBuffer probe, long offset) {
        try {
            return file.pread(probe.clear(), offset) > 0;
        } catch (IOException e) {
            return false;
        }
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
