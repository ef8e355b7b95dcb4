package io.sluice.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What encoders and recovery share about the encodings. Any thread. */
public final class Encodings {

    /** An empty final block with fixed codes (RFC 1951, section 3.2.3), behind a flush on a byte boundary. */
    private static final int DEFLATE_END = 0x0003;

    private Encodings() {}

    /**
     * The bytes that end a block after any flushed chunk, given CRC-32 and length of its lines so far.
     *
     * <p>gzip (RFC 1952, section 2.3.1): an empty final deflate block, CRC-32, length modulo 2^32. zstd (RFC 8878,
     * section 3.1.1.2): an empty last raw block; its frames carry no checksum. NDJSON: nothing.
     */
    public static byte[] trailer(Encoding encoding, int crc32, long rawLength) {
        return switch (encoding) {
            case NDJSON -> new byte[0];
            case GZIP ->
                ByteBuffer.allocate(10)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putShort((short) DEFLATE_END)
                        .putInt(crc32)
                        .putInt((int) rawLength)
                        .array();
            case ZSTD -> new byte[] {1, 0, 0};
        };
    }
}
