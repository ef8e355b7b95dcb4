package io.sluice.privacy;

import io.sluice.common.Decimal;
import io.sluice.json.JsonWriter;
import java.util.Arrays;

/** Bytes that are rendered once and copied into many lines. Padded, so that they can be copied a word at a time. */
final class Piece {

    byte[] bytes;
    int length;

    Piece(int capacity) {
        bytes = new byte[capacity + JsonWriter.SLACK];
    }

    void clear() {
        length = 0;
    }

    /** Makes room for {@code more} bytes behind {@link #length}. */
    byte[] room(int more) {
        int needed = length + more + JsonWriter.SLACK;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * needed);
        }
        return bytes;
    }

    void add(String ascii) {
        length = JsonWriter.ascii(ascii, room(ascii.length()), length);
    }

    void add(long number) {
        length = Decimal.write(number, room(Decimal.MAX_LENGTH), length);
    }

    void add(Piece piece) {
        add(piece.bytes, 0, piece.length);
    }

    void add(byte[] src, int srcLength) {
        add(src, 0, srcLength);
    }

    void add(byte[] src, int from, int to) {
        System.arraycopy(src, from, room(to - from), length, to - from);
        length += to - from;
    }

    int copyTo(byte[] dst, int at) {
        return JsonWriter.copy(bytes, 0, length, dst, at);
    }
}
