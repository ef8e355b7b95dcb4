package io.sluice.journal;

import io.sluice.intake.WrittenLines;
import io.sluice.record.BlockEncoder;
import io.sluice.record.BlockEncoders;
import io.sluice.record.Encoding;
import io.sluice.record.LineBuffer;
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

    /** Some 6 MB, so that frames are different ones. */
    private static final int LINES = 12_000;

    /** Mean bytes of a line of the common traffic, nearly. */
    static final int LINE_BYTES = 490;

    /**
     * As many payloads, each of whole lines of at least so many bytes, with gzip level 1 as by default.
     *
     * @throws IllegalArgumentException if that is more than there is of different lines, some 6 MB
     */
    static Packed[] make(int count, int rawBytes) {
        LineBuffer lines = WrittenLines.lines(LINES);
        if (rawBytes > lines.size()) {
            throw new IllegalArgumentException(
                    "a payload of " + rawBytes + " B of lines, expected at most " + lines.size());
        }
        Packed[] frames = new Packed[count];
        CRC32C crc = new CRC32C();
        int next = 0;
        try (BlockEncoder encoder =
                BlockEncoders.create(new StreamGroup(0, "events", Encoding.GZIP, 1, "events", ""))) {
            ByteBuffer packed =
                    ByteBuffer.allocateDirect(encoder.bound(2 * rawBytes)).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                int first = next;
                int last = first;
                while (lines.end(last) - lines.start(first) < rawBytes) {
                    last++;
                    // What is left behind the last line is too little: from the first one on there is enough.
                    if (last == lines.lines()) {
                        first = 0;
                        last = 0;
                    }
                }
                next = (last + 1) % lines.lines();
                int raw = lines.end(last) - lines.start(first);
                packed.clear();
                encoder.encode(lines.array(), lines.start(first), raw, packed);
                byte[] bytes = new byte[packed.flip().remaining()];
                packed.get(bytes);
                crc.reset();
                crc.update(bytes);
                frames[i] = new Packed(bytes, (int) crc.getValue(), last - first + 1, raw);
            }
        }
        return frames;
    }
}
