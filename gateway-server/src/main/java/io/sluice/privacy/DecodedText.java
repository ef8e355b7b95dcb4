package io.sluice.privacy;

import io.sluice.common.Hex;
import java.util.Arrays;

/**
 * What a string says beneath its encodings, and where each byte of that came from.
 *
 * <p>JSON escapes are undone, then percent-encoding and the escapes of JSON within JSON as often as they were applied:
 * a byte that completes an escape is replaced by what that stands for at once, which may complete the next, so one pass
 * undoes any number of layers. This is for looking only. What is written is always a piece of the source, cut between
 * whole escapes.
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
                int c = unit(src, at + 2);
                if (c < 0x80) {
                    push((byte) c, at, at += 6);
                } else {
                    beyondAscii(c, length, at, at += 6);
                }
            }
        }
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

    /** Appends a byte, after what it completes has been undone. */
    private void push(byte b, int begin, int end) {
        int n = length;
        for (; ; ) {
            if (b == '"' && n > 0 && text[n - 1] == '\\') {
                n--;
            } else if (Hex.value(b) < 0) {
                break;
            } else if (n >= 2 && text[n - 2] == '%' && Hex.value(text[n - 1]) >= 0) {
                n -= 2;
                b = (byte) (Hex.value(text[n + 1]) << 4 | Hex.value(b));
            } else if (n >= 5 && text[n - 4] == 'u' && isUnicode(n - 5)) {
                n -= 5;
                text[n + 5] = b;
                int c = unit(text, n + 2);
                if (c >= 0x80) {
                    beyondAscii(c, n, from[n], end);
                    return;
                }
                b = (byte) c;
            } else {
                break;
            }
            begin = from[n];
        }
        put(b, n, begin, end);
    }

    /** Whether an escape {@code \\uXXXX} of JSON, or {@code %uXXXX} of JavaScript, lacks but its last digit. */
    private boolean isUnicode(int at) {
        return (text[at] == '\\' || text[at] == '%')
                && (Hex.value(text[at + 2]) | Hex.value(text[at + 3]) | Hex.value(text[at + 4])) >= 0;
    }

    /** Puts a unit of UTF-16 at {@code n}, which came from {@code [begin, end)}. */
    private void beyondAscii(int c, int n, int begin, int end) {
        if (c < 0x800) {
            put((byte) (0xc0 | c >> 6), n, begin, end);
            put((byte) (0x80 | c & 63), n + 1, begin, end);
        } else {
            // Halves of a surrogate pair come out as three bytes each: no detector looks at such characters.
            put((byte) (0xe0 | c >> 12), n, begin, end);
            put((byte) (0x80 | c >> 6 & 63), n + 1, begin, end);
            put((byte) (0x80 | c & 63), n + 2, begin, end);
        }
    }

    private void put(byte b, int n, int begin, int end) {
        text[n] = b;
        from[n] = begin;
        to[n] = end;
        length = n + 1;
    }
}
