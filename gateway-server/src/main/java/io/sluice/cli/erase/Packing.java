package io.sluice.cli.erase;

import io.sluice.record.BlockEncoder;
import io.sluice.record.BlockEncoders;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Packs lines into a block again, as the gateway does. Stateless. */
final class Packing {

    /** Lines are encoded in pieces of about this size. */
    private static final int PIECE_BYTES = 256 << 10;

    private Packing() {}

    /** A block without lines. */
    static byte[] empty(Encoding encoding) {
        return HexFormat.of()
                .parseHex(
                        switch (encoding) {
                            case NDJSON -> "";
                            // RFC 1952: head without optional fields; an empty block with fixed codes; CRC-32, length.
                            case GZIP -> "1f8b08000000000000ff" + "0300" + "00000000" + "00000000";
                            // RFC 8878: magic, frame of one segment of length 0, an empty last raw block.
                            case ZSTD -> "28b52ffd" + "2000" + "010000";
                        });
    }

    /** A whole block of these lines, of which there is one at least. */
    static byte[] block(Encoding encoding, int level, byte[] lines) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(lines.length / 4 + 64);
        try (BlockEncoder encoder = BlockEncoders.create(new StreamGroup(0, "erase", encoding, level, "", ""))) {
            for (int from = 0; from < lines.length; ) {
                int to = Math.min(lines.length, from + PIECE_BYTES);
                while (to < lines.length && lines[to - 1] != '\n') {
                    to++;
                }
                ByteBuffer piece = ByteBuffer.allocateDirect(encoder.bound(to - from));
                encoder.encode(lines, from, to - from, piece);
                add(piece, packed);
                from = to;
            }
            ByteBuffer trailer = ByteBuffer.allocateDirect(encoder.trailerBound());
            encoder.writeTrailer(trailer);
            add(trailer, packed);
        }
        return packed.toByteArray();
    }

    private static void add(ByteBuffer from, ByteArrayOutputStream to) {
        from.flip();
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        to.writeBytes(bytes);
    }
}
