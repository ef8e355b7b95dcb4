package io.sluice.record;

import java.nio.ByteBuffer;

/**
 * One deflate stream (RFC 1951) after another, none of which is ever finished: chunks, each of them flushed to a
 * whole byte.
 *
 * <p>Confined to its producer's thread, which closes it. Neither implementation allocates once it is made.
 */
sealed interface Deflate extends AutoCloseable permits FastDeflate, ZlibDeflate {

    /**
     * Compresses a chunk and ends it with an empty stored block, zlib's {@code Z_SYNC_FLUSH}: whatever block comes
     * next begins at a whole byte. Matches reach back into earlier chunks of the stream.
     *
     * @param dst a direct buffer with at least {@link GzipEncoder#most} of the chunk remaining
     */
    void chunk(byte[] bytes, int offset, int length, ByteBuffer dst);

    /** Begins a new stream. */
    void reset();

    @Override
    void close();
}
