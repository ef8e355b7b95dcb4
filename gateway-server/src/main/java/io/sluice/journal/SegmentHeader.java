package io.sluice.journal;

import io.sluice.storage.Storage;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first {@link Storage#BLOCK_BYTES} of a segment: whose it is, how it was written, and the generation that its
 * frames must carry.
 *
 * <pre>
 *   bytes      field         type
 *   0 … 3      magic         the letters SLS1
 *   4 … 7      version       u32: 2
 *   8 … 23     incarnation   UUID, most significant half first
 *   24 … 31    sequence      i64
 *   32 … 39    generation    u64
 *   40 … 43    log           u32
 *   44 … 47    segmentBytes  u32
 *   48 … 51    recovered     u32: 0 or 1
 *   52 … 55    commitBytes   u32
 *   56 … 63    keyId         u64
 *   64 … 67    crc32c        u32, of bytes 0 to 63
 *   68 … 4095  zeros
 * </pre>
 *
 * All little-endian. Version 1 ended with {@code recovered} and had the checksum of bytes 0 to 51 at 52; it is read,
 * its {@code commitBytes} and {@code keyId} being 0.
 *
 * @param incarnation the start that wrote the segment
 * @param log number of the log in that incarnation
 * @param sequence place in the chain, ascending, never used twice
 * @param generation random at each use of a file, so that frames of an earlier use do not verify
 * @param segmentBytes size of the file
 * @param recovered whether recovery wrote it, to end the blocks that it found open
 * @param commitBytes most bytes that its writer put into one commit: how far behind a tear whole frames may lie; 0 if
 *     unknown
 * @param keyId which key its frames are encrypted with, as {@link JournalKeys} names it; 0 if they are not
 */
record SegmentHeader(
        UUID incarnation,
        int log,
        long sequence,
        long generation,
        int segmentBytes,
        boolean recovered,
        int commitBytes,
        long keyId) {

    static final int BYTES = Storage.BLOCK_BYTES;

    /** {@code SLS1} in the order of the bytes. */
    private static final int MAGIC = 0x31534C53;

    private static final int VERSION = 2;
    private static final int CRC_AT = 64;

    private static final int VERSION_1 = 1;
    private static final int VERSION_1_CRC_AT = 52;

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
                .putInt(52, commitBytes)
                .putLong(56, keyId)
                .putInt(CRC_AT, crc(buffer, CRC_AT));
    }

    /** The header at index 0, or {@code null} if none verifies there. */
    static SegmentHeader read(ByteBuffer buffer) {
        if (buffer.limit() < BYTES || buffer.getInt(0) != MAGIC) {
            return null;
        }
        int version = buffer.getInt(4);
        int crcAt = version == VERSION_1 ? VERSION_1_CRC_AT : CRC_AT;
        if (version < VERSION_1 || version > VERSION || buffer.getInt(crcAt) != crc(buffer, crcAt)) {
            return null;
        }
        return new SegmentHeader(
                new UUID(buffer.getLong(8), buffer.getLong(16)),
                buffer.getInt(40),
                buffer.getLong(24),
                buffer.getLong(32),
                buffer.getInt(44),
                buffer.getInt(48) != 0,
                version == VERSION_1 ? 0 : buffer.getInt(52),
                version == VERSION_1 ? 0 : buffer.getLong(56));
    }

    private static int crc(ByteBuffer buffer, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().position(0).limit(length));
        return (int) crc.getValue();
    }
}
