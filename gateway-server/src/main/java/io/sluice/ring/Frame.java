package io.sluice.ring;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The layout of a frame: what a flush adds to one block, as it lies in an arena, in the journal and in recovery.
 *
 * <pre>
 *   0        4     5     6     7     8            16           24      28      30
 *   | magic  | ver | typ | enc | flg | generation | block      | chunk | group | 0 |
 *   32              36               40        44              48
 *   | policyVersion | payloadLength  | records | blockRecords  | blockRawLength    |
 *   56            60             64                   72               76          80
 *   | blockCrc32  | blockBytes   | firstReceivedMillis | payloadCrc32c | headerCrc  | payload …
 * </pre>
 *
 * All little-endian. "block…" fields are running: of the block up to and with this frame. {@code generation} and
 * {@code headerCrc} are the committer's, since only it knows the segment; everything else is the producer's.
 * {@code headerCrc} is the CRC-32C of bytes 0 to 75, which hold the CRC-32C of the payload: together they cover all.
 * Where the journal is encrypted, the committer also sets {@link #FLAG_ENCRYPTED}, adds the tag to
 * {@code payloadLength}, and makes {@code payloadCrc32c} that of ciphertext and tag; {@code blockBytes} still counts
 * plain bytes.
 *
 * <p>A {@link #DATA} frame's payload is what the encoder wrote for its lines. A {@link #SEAL} ends the block: its
 * {@code chunk} is the number of DATA frames, its payload the trailer (u16 length, then bytes) and, unless
 * {@link #FLAG_NO_SUMMARY} is set, a {@link BlockSummary}. Whatever else of the block is found is ignored. A
 * {@link #PARK} frame is meant for an event too large for any block: nobody writes one, and the committer refuses it.
 */
public final class Frame {

    public static final int HEADER_BYTES = 80;
    /** {@code SLF1} in the order of the bytes. */
    public static final int MAGIC = 0x31464C53;

    public static final int VERSION = 1;

    public static final int DATA = 1;
    public static final int SEAL = 2;
    public static final int PARK = 3;

    /**
     * The payload is ciphertext, then a tag of {@value #TAG_BYTES} bytes, with the key that the segment names. The
     * committer's: a producer knows nothing of it.
     */
    public static final int FLAG_ENCRYPTED = 1;

    public static final int TAG_BYTES = 16;

    /** A SEAL whose summary must be read from the block's own lines: nobody who knew it was left to write it. */
    public static final int FLAG_NO_SUMMARY = 2;

    private static final int VERSION_AT = 4;
    private static final int TYPE_AT = 5;
    private static final int ENCODING_AT = 6;
    private static final int FLAGS_AT = 7;
    private static final int GENERATION_AT = 8;
    private static final int BLOCK_AT = 16;
    private static final int CHUNK_AT = 24;
    private static final int GROUP_AT = 28;
    private static final int POLICY_AT = 32;
    private static final int PAYLOAD_LENGTH_AT = 36;
    private static final int RECORDS_AT = 40;
    private static final int BLOCK_RECORDS_AT = 44;
    private static final int BLOCK_RAW_LENGTH_AT = 48;
    private static final int BLOCK_CRC_AT = 56;
    private static final int BLOCK_BYTES_AT = 60;
    private static final int FIRST_RECEIVED_AT = 64;
    private static final int PAYLOAD_CRC_AT = 72;
    private static final int HEADER_CRC_AT = 76;

    private Frame() {}

    /**
     * Writes the producer's part of a header at {@code at}; the payload already lies behind it. The buffer must be
     * little-endian.
     */
    public static void write(
            ByteBuffer buffer,
            int at,
            int type,
            int encoding,
            int flags,
            long block,
            int chunk,
            int group,
            int policyVersion,
            int payloadLength,
            int records,
            int blockRecords,
            long blockRawLength,
            int blockCrc32,
            int blockBytes,
            long firstReceivedMillis,
            int payloadCrc32c) {
        buffer.putInt(at, MAGIC);
        buffer.put(at + VERSION_AT, (byte) VERSION);
        buffer.put(at + TYPE_AT, (byte) type);
        buffer.put(at + ENCODING_AT, (byte) encoding);
        buffer.put(at + FLAGS_AT, (byte) flags);
        buffer.putLong(at + GENERATION_AT, 0);
        buffer.putLong(at + BLOCK_AT, block);
        buffer.putInt(at + CHUNK_AT, chunk);
        buffer.putInt(at + GROUP_AT, group);
        buffer.putInt(at + POLICY_AT, policyVersion);
        buffer.putInt(at + PAYLOAD_LENGTH_AT, payloadLength);
        buffer.putInt(at + RECORDS_AT, records);
        buffer.putInt(at + BLOCK_RECORDS_AT, blockRecords);
        buffer.putLong(at + BLOCK_RAW_LENGTH_AT, blockRawLength);
        buffer.putInt(at + BLOCK_CRC_AT, blockCrc32);
        buffer.putInt(at + BLOCK_BYTES_AT, blockBytes);
        buffer.putLong(at + FIRST_RECEIVED_AT, firstReceivedMillis);
        buffer.putInt(at + PAYLOAD_CRC_AT, payloadCrc32c);
        buffer.putInt(at + HEADER_CRC_AT, 0);
    }

    /** Completes the header at {@code at} with the generation of the segment that it is written to. */
    public static void complete(ByteBuffer buffer, int at, long generation, CRC32C crc) {
        buffer.putLong(at + GENERATION_AT, generation);
        buffer.putInt(at + HEADER_CRC_AT, headerCrc(buffer, at, crc));
    }

    /** Turns the header of a plain frame into that of an encrypted one, but for its two checksums. */
    public static void encrypted(ByteBuffer buffer, int at, long generation) {
        buffer.put(at + FLAGS_AT, (byte) (flags(buffer, at) | FLAG_ENCRYPTED));
        buffer.putInt(at + PAYLOAD_LENGTH_AT, payloadLength(buffer, at) + TAG_BYTES);
        buffer.putLong(at + GENERATION_AT, generation);
    }

    /** Turns the header of a frame that was encrypted back; its checksums are those of the other. */
    public static void decrypted(ByteBuffer buffer, int at) {
        buffer.put(at + FLAGS_AT, (byte) (flags(buffer, at) & ~FLAG_ENCRYPTED));
        buffer.putInt(at + PAYLOAD_LENGTH_AT, payloadLength(buffer, at) - TAG_BYTES);
    }

    /** Sets the checksum of the payload. */
    public static void payloadCrc32c(ByteBuffer buffer, int at, int payloadCrc32c) {
        buffer.putInt(at + PAYLOAD_CRC_AT, payloadCrc32c);
    }

    /**
     * Whether a whole frame of this generation lies at {@code at}. Reads nothing at or behind {@code limit}.
     *
     * @param crc scratch, reset by this method
     */
    public static boolean verifies(ByteBuffer buffer, int at, int limit, long generation, CRC32C crc) {
        if (!headerVerifies(buffer, at, limit, generation, crc)) {
            return false;
        }
        int length = payloadLength(buffer, at);
        if (length > limit - at - HEADER_BYTES) {
            return false;
        }
        return payloadCrc(buffer, at + HEADER_BYTES, length, crc) == buffer.getInt(at + PAYLOAD_CRC_AT);
    }

    /** Whether the header of a frame of this generation lies at {@code at}; its payload may still be damaged. */
    public static boolean headerVerifies(ByteBuffer buffer, int at, int limit, long generation, CRC32C crc) {
        return at >= 0
                && limit - at >= HEADER_BYTES
                && buffer.getInt(at) == MAGIC
                && buffer.getLong(at + GENERATION_AT) == generation
                && buffer.getInt(at + HEADER_CRC_AT) == headerCrc(buffer, at, crc)
                && buffer.get(at + VERSION_AT) == VERSION
                && payloadLength(buffer, at) >= 0;
    }

    /** CRC-32C of {@code length} bytes at {@code at}, by absolute index. */
    public static int payloadCrc(ByteBuffer buffer, int at, int length, CRC32C crc) {
        int position = buffer.position();
        int limit = buffer.limit();
        crc.reset();
        buffer.limit(at + length).position(at);
        crc.update(buffer);
        buffer.limit(limit).position(position);
        return (int) crc.getValue();
    }

    private static int headerCrc(ByteBuffer buffer, int at, CRC32C crc) {
        return payloadCrc(buffer, at, HEADER_CRC_AT, crc);
    }

    public static int type(ByteBuffer buffer, int at) {
        return buffer.get(at + TYPE_AT);
    }

    /** Id of the block's {@code record.Encoding}. */
    public static int encoding(ByteBuffer buffer, int at) {
        return buffer.get(at + ENCODING_AT);
    }

    public static int flags(ByteBuffer buffer, int at) {
        return buffer.get(at + FLAGS_AT);
    }

    public static long block(ByteBuffer buffer, int at) {
        return buffer.getLong(at + BLOCK_AT);
    }

    /** Number of a DATA frame in its block, from 0; of a SEAL, how many DATA frames the block has. */
    public static int chunk(ByteBuffer buffer, int at) {
        return buffer.getInt(at + CHUNK_AT);
    }

    public static int group(ByteBuffer buffer, int at) {
        return buffer.getInt(at + GROUP_AT) & 0xffff;
    }

    public static int policyVersion(ByteBuffer buffer, int at) {
        return buffer.getInt(at + POLICY_AT);
    }

    public static int payloadLength(ByteBuffer buffer, int at) {
        return buffer.getInt(at + PAYLOAD_LENGTH_AT);
    }

    /** Bytes of header and payload. */
    public static int length(ByteBuffer buffer, int at) {
        return HEADER_BYTES + payloadLength(buffer, at);
    }

    /** Lines in this frame. */
    public static int records(ByteBuffer buffer, int at) {
        return buffer.getInt(at + RECORDS_AT);
    }

    /** Lines in the block up to and with this frame. */
    public static int blockRecords(ByteBuffer buffer, int at) {
        return buffer.getInt(at + BLOCK_RECORDS_AT);
    }

    /** Bytes of the block's lines up to and with this frame. */
    public static long blockRawLength(ByteBuffer buffer, int at) {
        return buffer.getLong(at + BLOCK_RAW_LENGTH_AT);
    }

    /** CRC-32 of the block's lines up to and with this frame. */
    public static int blockCrc32(ByteBuffer buffer, int at) {
        return buffer.getInt(at + BLOCK_CRC_AT);
    }

    /** Encoded bytes of the block up to and with this frame; of a SEAL, with the trailer. */
    public static int blockBytes(ByteBuffer buffer, int at) {
        return buffer.getInt(at + BLOCK_BYTES_AT);
    }

    /** When the first line of the block was received, in milliseconds since the epoch. */
    public static long firstReceivedMillis(ByteBuffer buffer, int at) {
        return buffer.getLong(at + FIRST_RECEIVED_AT);
    }
}
