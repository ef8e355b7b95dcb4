package io.sluice.journal;

import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * A file of small records that only grows: what a sync has covered stays, whatever happens to later writes.
 *
 * <p>A torn write may take its whole disk block with it, so blocks are filled in pairs: the records so far and the new
 * ones are written to the one of the pair that the last good sync did not cover, until it is full. Behind the last
 * record of a block there are zeros.
 *
 * <pre>
 *   0                4096             8192
 *   | a b c . . .    | a b c d . .    |        d is being written: a, b and c are safe in the first
 *   | a b c d e f …  | a b c d . .    | g …    full: the next pair begins
 * </pre>
 *
 * <p>Confined to delivery. After an {@link IOException} it must not be used any more.
 */
final class MarkFile implements AutoCloseable {

    static final int BLOCK = Storage.BLOCK_BYTES;
    static final int PAIR = 2 * BLOCK;

    private final Storage storage;
    private final Path path;
    private final StorageFile file;
    /** The records of the present pair. */
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    /** Offset of the present pair. */
    private long pair;
    /** Which of the pair may be written, 0 or 1. */
    private int half;
    /** Whether the block holds records that are not synced. */
    private boolean changed;
    /** Whether the name is on disk. */
    private boolean named;

    private MarkFile(Storage storage, Path path, boolean named, StorageFile file, long pair) {
        this.storage = storage;
        this.path = path;
        this.named = named;
        this.file = file;
        this.pair = pair;
    }

    /** Opens it behind all that is in it, or makes it. */
    static MarkFile open(Storage storage, Path path) throws IOException {
        boolean named = storage.exists(path);
        StorageFile file = storage.open(path, Storage.Access.WRITE);
        boolean opened = false;
        try {
            MarkFile marks = new MarkFile(storage, path, named, file, behindRecords(file));
            opened = true;
            return marks;
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    /** Offset of the first pair behind all that is in the file: it may have been made with room ahead, all zeros. */
    private static long behindRecords(StorageFile file) throws IOException {
        long end = 0;
        long size = file.size();
        ByteBuffer bytes = ByteBuffer.allocate(PAIR);
        for (long pair = 0; pair < size; pair += PAIR) {
            bytes.clear();
            for (int read = 0; bytes.hasRemaining() && read >= 0; ) {
                read = file.pread(bytes, pair + bytes.position());
            }
            for (int at = bytes.position(); at > 0 && end <= pair; at--) {
                if (bytes.get(at - 1) != 0) {
                    end = pair + PAIR;
                }
            }
        }
        return end;
    }

    /** Writes a record of at most a disk block behind the others. */
    void append(ByteBuffer record) throws IOException {
        if (record.remaining() > block.remaining()) {
            pair += PAIR;
            half = 0;
            block.clear();
            for (int i = 0; i < BLOCK; i += Long.BYTES) {
                block.putLong(i, 0);
            }
        }
        block.put(record);
        changed = true;
        int end = block.position();
        try {
            SegmentPool.writeFully(file, block.clear(), pair + (long) half * BLOCK);
        } finally {
            block.position(end);
        }
    }

    void sync() throws IOException {
        file.sync();
        if (!named) {
            storage.syncDirectory(path.getParent());
            named = true;
        }
        if (changed) {
            changed = false;
            half ^= 1;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** All of a file, little-endian, from 0 to the limit; records lie in it by disk blocks. */
    static ByteBuffer read(Storage storage, Path path) throws IOException {
        try (StorageFile file = storage.open(path, Storage.Access.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), Integer.MAX_VALUE - 64))
                    .order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.hasRemaining() && file.pread(bytes, bytes.position()) >= 0) {}
            return bytes.flip();
        }
    }
}
