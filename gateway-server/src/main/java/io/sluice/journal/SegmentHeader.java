package io.sluice.journal;

import io.sluice.storage.Storage;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first {@link Storage#BLOCK_BYTES} of a segment: whose it is, and the generation that its frames must carry.
 *
 * <pre>
 *   0       4         8             24         32           40    44             48          52       56
 *   | magic | version | incarnation | sequence | generation | log | segmentBytes | recovered | crc32c | 0 …
 * </pre>
 *
 * All little-endian; {@code crc32c} is of bytes 0 to 51.
 *
 * @param incarnation the start that wrote the segment
 * @param log number of the log in that incarnation
 * @param sequence place in the chain, ascending, never used twice
 * @param generation random at each use of a file, so that frames of an earlier use do not verify
 * @param segmentBytes size of the file
 * @param recovered whether recovery wrote it, to end the blocks that it found open; 1 or 0 on disk
 */
record SegmentHeader(UUID incarnation, int log, long sequence, long generation, int segmentBytes, boolean recovered) {

    static final int BYTES = Storage.BLOCK_BYTES;

    /** {@code SLS1} in the order of the bytes. */
    private static final int MAGIC = 0x31534C53;

    private static final int VERSION = 1;
    private static final int CRC_AT = 52;

    /** Writes all {@link #BYTES} at index 0 of a little-endian buffer. */
    void write(ByteBuffer buffer) {
        for (int i = 0; i < BYTES; i += Long.BYTES) {
            buffer.putLong(i, 0);
        }
        buffer.putInt(0, MAGIC)
                .putInt(4, VERSION)
                .putLong(8, incarnation.getMostSignificantBits())
                .putLong(16, incarnation.getLeastSignificantBits())
                .putLong(24, sequence)
                .putLong(32, generation)
                .putInt(40, log)
                .putInt(44, segmentBytes)
                .putInt(48, recovered ? 1 : 0)
                .putInt(CRC_AT, crc(buffer));
    }

    /** The header at index 0, or {@code null} if none verifies there. */
    static SegmentHeader read(ByteBuffer buffer) {
        if (buffer.limit() < CRC_AT + Integer.BYTES
                || buffer.getInt(0) != MAGIC
                || buffer.getInt(4) != VERSION
                || buffer.getInt(CRC_AT) != crc(buffer)) {
            return null;
        }
        return new SegmentHeader(
                new UUID(buffer.getLong(8), buffer.getLong(16)),
                buffer.getInt(40),
                buffer.getLong(24),
                buffer.getLong(32),
                buffer.getInt(44),
                buffer.getInt(48) != 0);
    }

    private static int crc(ByteBuffer buffer) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().position(0).limit(CRC_AT));
        return (int) crc.getValue();
    }
}
