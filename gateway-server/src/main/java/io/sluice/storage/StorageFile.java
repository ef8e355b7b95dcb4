package io.sluice.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One open file. Positional reads and writes only, so that no state is shared between threads. A file that was opened
 * {@linkplain Storage.Access#WRITE_DIRECT directly} takes only buffers, offsets and lengths that are multiples of
 * {@link Storage#BLOCK_BYTES}.
 */
public interface StorageFile extends AutoCloseable {

    /**
     * Writes from the buffer's position to its limit, and moves the position by what was written, which may be less
     * than all.
     *
     * @return bytes written, at least 1 if any remained
     * @throws IOException if nothing could be said to be written; what lies at the place is then undefined
     */
    int pwrite(ByteBuffer src, long offset) throws IOException;

    /**
     * Reads into the buffer, from its position to its limit, and moves the position.
     *
     * @return bytes read, or -1 at the end of the file
     */
    int pread(ByteBuffer dst, long offset) throws IOException;

    /**
     * {@code fdatasync}: what was written before is on the disk when this returns. After an {@code IOException} every
     * sector written since the last good sync is undefined, and a second sync proves nothing.
     */
    void sync() throws IOException;

    long size() throws IOException;

    @Override
    void close() throws IOException;
}
