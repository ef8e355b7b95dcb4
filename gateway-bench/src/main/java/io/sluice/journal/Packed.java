package io.sluice.journal;

import io.sluice.bench.traffic.Traffic;
import io.sluice.record.BlockEncoder;
import io.sluice.record.BlockEncoders;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The payload of a frame, packed beforehand.
 *
 * @param bytes the payload
 * @param crc32c its CRC-32C
 * @param records lines in it
 * @param rawLength bytes of its lines
 */
record Packed(byte[] bytes, int crc32c, int records, int rawLength) {

    /** Bytes of a line: an event of 255 bytes and the 90 that the schema adds. */
    private static final int LINE_BYTES = 345;

    /** As many payloads from as many raw bytes each, with gzip level 1 as by default. */
    static Packed[] make(int count, int rawBytes, long seed) {
        Traffic traffic = new Traffic(seed);
        Packed[] frames = new Packed[count];
        byte[] raw = new byte[rawBytes];
        CRC32C crc = new CRC32C();
        try (BlockEncoder encoder =
                BlockEncoders.create(new StreamGroup(0, "events", Encoding.GZIP, 1, "events", ""))) {
            ByteBuffer packed =
                    ByteBuffer.allocateDirect(encoder.bound(rawBytes)).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                for (int filled = 0; filled < rawBytes; ) {
                    byte[] body = traffic.next(50).bytes();
                    int length = Math.min(body.length, rawBytes - filled);
                    System.arraycopy(body, 0, raw, filled, length);
                    filled += length;
                }
                packed.clear();
                encoder.encode(raw, 0, rawBytes, packed);
                byte[] bytes = new byte[packed.flip().remaining()];
                packed.get(bytes);
                crc.reset();
                crc.update(bytes);
                frames[i] = new Packed(bytes, (int) crc.getValue(), rawBytes / LINE_BYTES, rawBytes);
            }
        }
        return frames;
    }
}
