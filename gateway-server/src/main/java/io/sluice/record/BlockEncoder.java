package io.sluice.record;

import java.nio.ByteBuffer;

/**
 * Packs the lines of one block after another: a streaming compressor that can be flushed between any two chunks.
 *
 * <p>Confined to the thread of its producer, which closes it. {@link #encode} allocates nothing that grows with its
 * input. What was encoded cannot be withdrawn, so the caller makes sure beforehand that {@link #bound} of the chunk
 * fits.
 *
 * <p>The bytes of a block are those of its chunks in order, then {@link #writeTrailer}. Cut after any chunk and closed
 * with the trailer that {@link Encodings#trailer} makes from CRC and length, they decode too: this is how recovery
 * closes a block whose producer died.
 */
public interface BlockEncoder extends AutoCloseable {

    Encoding encoding();

    /** Most bytes that {@link #encode} of {@code rawBytes} can write, the head of a block included. */
    int bound(int rawBytes);

    /** Most bytes that {@link #writeTrailer} writes. */
    int trailerBound();

    /**
     * Encodes whole lines and flushes, so that every line given so far can be decoded from the bytes so far. The first
     * call after construction, {@link #writeTrailer} or {@link #reset} begins a block.
     *
     * @param dst a direct buffer with at least {@link #bound} bytes remaining; its position moves by what was written
     * @return bytes written
     */
    int encode(byte[] lines, int offset, int length, ByteBuffer dst);

    /** Ends the block and makes the encoder ready for the next. @return bytes written, 0 for NDJSON */
    int writeTrailer(ByteBuffer dst);

    /** CRC-32 (IEEE 802.3) of the lines of the block so far. */
    int crc32();

    /** Bytes of lines in the block so far. */
    long rawLength();

    /** Forgets the block under way. */
    void reset();

    @Override
    void close();
}
