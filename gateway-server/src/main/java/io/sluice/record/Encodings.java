package io.sluice.record;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** What encoders and recovery share about the encodings. Any thread. */
public final class Encodings {

    /** An empty final block with fixed codes (RFC 1951, section 3.2.3), behind a flush on a byte boundary. */
    private static final int DEFLATE_END = 0x0003;

    /** Bytes of the longest trailer, gzip's. */
    static final int MAX_TRAILER_BYTES = 10;

    private Encodings() {}

    /**
     * The bytes that end a block after any flushed chunk, given CRC-32 and length of its lines so far.
     *
     * <p>gzip (RFC 1952, section 2.3.1): an empty final deflate block, CRC-32, length modulo 2^32. zstd (RFC 8878,
     * section 3.1.1.2): an empty last raw block; its frames carry no checksum. NDJSON: nothing.
     */
    public static byte[] trailer(Encoding encoding, int crc32, long rawLength) {
        ByteBuffer trailer = ByteBuffer.allocate(MAX_TRAILER_BYTES);
        return Arrays.copyOf(trailer.array(), writeTrailer(encoding, crc32, rawLength, trailer));
    }

    /** Writes the {@link #trailer} at the buffer's position, whatever the buffer's order. @return bytes written */
    static int writeTrailer(Encoding encoding, int crc32, long rawLength, ByteBuffer dst) {
        int begin = dst.position();
        switch (encoding) {
            case NDJSON -> {}
            case GZIP -> {
                dst.put((byte) DEFLATE_END).put((byte) (DEFLATE_END >>> 8));
                putLittleEndian(dst, crc32);
                putLittleEndian(dst, (int) rawLength);
            }
            case ZSTD -> dst.put((byte) 1).put((byte) 0).put((byte) 0);
        }
        return dst.position() - begin;
    }

    private static void putLittleEndian(ByteBuffer dst, int value) {
        dst.put((byte) value)
                .put((byte) (value >>> 8))
                .put((byte) (value >>> 16))
                .put((byte) (value >>> 24));
    }
}
