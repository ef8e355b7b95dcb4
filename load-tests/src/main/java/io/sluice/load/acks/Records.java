package io.sluice.load.acks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The bytes of a file of acks, little-endian throughout.
 *
 * <pre>
 *   file     0        8       10      12      16       24        32      40      60       64
 *            | magic  |version|64     |65,536 | run    |started  |seed   | 0     |CRC-32C | records …
 *
 *   record   0     1        2   4      8         12       16
 *            |kind |packing | 0 |block | payload |CRC-32C | payload …
 * </pre>
 *
 * <p>The CRC of the head covers all before it, that of a record its first 12 bytes and the payload. Stateless.
 */
final class Records {

    static final int HEAD_BYTES = 64;
    static final int RECORD_HEAD_BYTES = 16;
    static final long MAGIC = ByteBuffer.wrap("SLUICEAK".getBytes(StandardCharsets.US_ASCII))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();
    static final short VERSION = 1;

    private static final int HEAD_CRC_AT = HEAD_BYTES - 4;
    private static final int CRC_AT = RECORD_HEAD_BYTES - 4;

    private Records() {}

    /** What a record says of its block. The number stands in the file. */
    enum Kind {
        /** Its numbers may be sent from now on. No payload. */
        CLAIMED(1),
        /** These were sent. Written once a block, when no more will be. */
        SENT(2),
        /** These were answered with 2xx. */
        ACKED(3),
        /** These were answered with anything else, at last. */
        REFUSED(4),
        /** The run ended in order: everything is said. The payload is the number of events sent, 8 bytes. */
        END(5);

        final int code;

        Kind(int code) {
            this.code = code;
        }

        static Kind of(int code) {
            return code >= 1 && code <= 5 ? values()[code - 1] : null;
        }
    }

    static ByteBuffer head(AckHead head) {
        ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(MAGIC).putShort(VERSION).putShort((short) HEAD_BYTES).putInt(BlockSet.SIZE);
        out.put(head.run().getBytes(StandardCharsets.US_ASCII));
        out.putLong(head.startedMillis()).putLong(head.seed());
        out.putInt(HEAD_CRC_AT, headCrc(out.array()));
        return out.clear();
    }

    static int headCrc(byte[] head) {
        CRC32C crc = new CRC32C();
        crc.update(head, 0, HEAD_CRC_AT);
        return (int) crc.getValue();
    }

    static ByteBuffer record(Kind kind, BlockSet.Packing packing, int block, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(RECORD_HEAD_BYTES + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) kind.code).put((byte) packing.ordinal()).putShort((short) 0);
        out.putInt(block).putInt(payload.length).putInt(0).put(payload);
        out.putInt(CRC_AT, crc(out.array(), payload, payload.length));
        return out.clear();
    }

    static ByteBuffer record(Kind kind, int block, BlockSet set) {
        BlockSet.Encoded encoded = set.encode();
        return record(kind, encoded.packing(), block, encoded.payload());
    }

    static ByteBuffer end(long sent) {
        byte[] payload = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(sent)
                .array();
        return record(Kind.END, BlockSet.Packing.FULL, 0, payload);
    }

    static int crc(byte[] head, byte[] payload, int payloadBytes) {
        CRC32C crc = new CRC32C();
        crc.update(head, 0, CRC_AT);
        crc.update(payload, 0, payloadBytes);
        return (int) crc.getValue();
    }
}
