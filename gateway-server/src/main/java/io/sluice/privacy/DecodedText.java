package io.sluice.privacy;

import io.sluice.json.Hex;
import java.util.Arrays;

/**
 * What a string says beneath its encodings, and where each byte of that came from.
 *
 * <p>JSON escapes are undone, and percent-encoding as often as it was applied: a byte that completes an escape is
 * replaced by what that stands for at once, which may complete the next, so one pass undoes any number of layers. This
 * is for looking only. What is written is always a piece of the source, cut between whole escapes.
 *
 * <p>Confined to its scrubber. Grows to the longest candidate string and then allocates nothing.
 */
final class DecodedText {

    private byte[] text = new byte[1024];
    private int[] from = new int[1024];
    private int[] to = new int[1024];
    private int length;

    byte[] bytes() {
        return text;
    }

    int length() {
        return length;
    }

    /** Offset in the source where byte {@code i} comes from. */
    int from(int i) {
        return from[i];
    }

    /** Offset in the source behind what byte {@code i} comes from. */
    int to(int i) {
        return to[i];
    }

    /** Decodes the content of a valid JSON string, without its quotes. Never longer than the source. */
    void decode(byte[] src, int begin, int end) {
        if (end - begin > text.length) {
            int capacity = Math.max(end - begin, 2 * text.length);
            text = new byte[capacity];
            from = Arrays.copyOf(from, capacity);
            to = Arrays.copyOf(to, capacity);
        }
        length = 0;
        int at = begin;
        while (at < end) {
            byte b = src[at];
            if (b != '\\') {
                push(b, at, ++at);
            } else if (src[at + 1] != 'u') {
                push(simple(src[at + 1]), at, at += 2);
            } else {
                at = unicode(src, at, end);
            }
        }
    }

    private int unicode(byte[] src, int at, int end) {
        int c = unit(src, at + 2);
        int behind = at + 6;
        if (c < 0x80) {
            push((byte) c, at, behind);
        } else if (c < 0x800) {
            push((byte) (0xc0 | c >> 6), at, behind);
            push((byte) (0x80 | c & 63), at, behind);
        } else {
            // Halves of a surrogate pair come out as three bytes each: no detector looks at such characters.
            push((byte) (0xe0 | c >> 12), at, behind);
            push((byte) (0x80 | c >> 6 & 63), at, behind);
            push((byte) (0x80 | c & 63), at, behind);
        }
        return behind;
    }

    private static int unit(byte[] src, int at) {
        return Hex.value(src[at]) << 12
                | Hex.value(src[at + 1]) << 8
                | Hex.value(src[at + 2]) << 4
                | Hex.value(src[at + 3]);
    }

    private static byte simple(byte escaped) {
        return switch (escaped) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escaped;
        };
    }

    private void push(byte b, int begin, int end) {
        int n = length;
        int low = Hex.value(b);
        while (low >= 0 && n >= 2 && text[n - 2] == '%') {
            int high = Hex.value(text[n - 1]);
            if (high < 0) {
                break;
            }
            n -= 2;
            b = (byte) (high << 4 | low);
            begin = from[n];
            low = Hex.value(b);
        }
        text[n] = b;
        from[n] = begin;
        to[n] = end;
        length = n + 1;
    }
}
