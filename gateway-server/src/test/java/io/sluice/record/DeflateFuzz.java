package io.sluice.record;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;

/**
 * Any lines, flushed anywhere: the JDK's decoder gets them out again, at each flush all of those so far, and no chunk
 * takes more than its bound.
 *
 * <p>The input says what to write: its own bytes, copies of what was written before, runs of a byte, flushes and ends
 * of blocks. So few bytes of it reach far back and far on.
 */
public final class DeflateFuzz {

    private static final int MOST = 300_000;
    private static final int HEAD_BYTES = 10;

    /** Since it allocates nothing once it is made, so that state that stays behind would be seen. */
    private static final BlockEncoder ENCODER = new GzipEncoder(1);

    private static final ByteBuffer DST = ByteBuffer.allocateDirect(4 * MOST);

    private DeflateFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException, DataFormatException {
        ENCODER.reset();
        Block block = new Block();
        int at = 0;
        while (at + 2 < input.length && block.length < MOST) {
            int op = input[at++] & 0xff;
            int a = input[at++] & 0xff;
            if (op < 0x80) {
                int length = Math.min(op + 1, input.length - at);
                block.add(input, at, length);
                at += length;
            } else if (op < 0xC0) {
                block.copy(a << 8 | input[at++] & 0xff, 3 + (op & 0x3F) * 9);
            } else if (op < 0xE0) {
                block.run((byte) a, 1 + (op & 0x1F) * (op & 0x1F) * 40);
            } else if (op < 0xFC) {
                block.flush();
            } else {
                block.end();
                block = new Block();
            }
        }
        block.end();
    }

    /** What has gone into the encoder, and what has come out. */
    private static final class Block {

        private byte[] raw = new byte[8192];
        private int length;
        private int flushed;
        private final byte[] decoded = new byte[2 * MOST];
        private int decodedLength;
        private final Inflater inflater = new Inflater(true);

        Block() {
            DST.clear();
        }

        private void room(int more) {
            if (length + more > raw.length) {
                raw = Arrays.copyOf(raw, 2 * (length + more));
            }
        }

        void add(byte[] bytes, int from, int count) {
            room(count);
            System.arraycopy(bytes, from, raw, length, count);
            length += count;
        }

        void copy(int distance, int count) {
            room(count);
            int from = Math.max(0, length - 1 - distance);
            for (int i = 0; i < count && length > 0; i++) {
                raw[length++] = raw[from + i];
            }
        }

        void run(byte b, int count) {
            room(count);
            Arrays.fill(raw, length, length + count, b);
            length += count;
        }

        void flush() throws DataFormatException {
            if (length == flushed) {
                return;
            }
            run((byte) '\n', 1);
            int chunk = length - flushed;
            int begin = DST.position();
            DST.limit(begin + ENCODER.bound(chunk));
            int written = ENCODER.encode(raw, flushed, chunk, DST);
            if (written != DST.position() - begin) {
                throw new AssertionError("says " + written + ", wrote " + (DST.position() - begin));
            }
            int from = begin == 0 ? HEAD_BYTES : begin;
            inflater.setInput(DST.slice(from, DST.position() - from));
            for (int n = 1; n > 0; decodedLength += n) {
                n = inflater.inflate(decoded, decodedLength, decoded.length - decodedLength);
            }
            flushed = length;
            if (!Arrays.equals(decoded, 0, decodedLength, raw, 0, length)) {
                throw new AssertionError("a flush left something behind, or something else came out");
            }
        }

        void end() throws IOException, DataFormatException {
            flush();
            inflater.end();
            if (length == 0) {
                return;
            }
            DST.limit(DST.position() + ENCODER.trailerBound());
            ENCODER.writeTrailer(DST);
            byte[] packed = Samples.bytes(DST.duplicate().flip());
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
                if (!Arrays.equals(in.readAllBytes(), 0, length, raw, 0, length)) {
                    throw new AssertionError("the block does not decode to its lines");
                }
            }
        }
    }
}
