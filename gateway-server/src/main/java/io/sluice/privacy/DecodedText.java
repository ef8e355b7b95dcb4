package io.sluice.privacy;

import io.sluice.common.Hex;
import io.sluice.json.Utf8;
import java.util.Arrays;

/**
 * What a string says beneath its encodings, and where each byte of that came from.
 *
 * <p>JSON escapes are undone, then percent-encoding, HTML entities and the escapes of JSON within JSON as often as they
 * were applied: a byte that completes an escape is replaced by what that stands for at once, which may complete the
 * next, so one pass undoes any number of layers. Characters that only look different are folded to ASCII. This is for
 * looking only. What is written is always a piece of the source, cut between whole escapes.
 *
 * <p>Confined to its scrubber. Grows to the longest candidate string and then allocates nothing.
 */
final class DecodedText {

    /** Readable behind the text, for those who look at it a word at a time. */
    private static final int PADDING = 16;

    /** Bytes of a reference to a character by its number, as {@code &#x10ffff}. */
    private static final int LONGEST_REFERENCE = 10;

    /** No byte is left to be appended. */
    private static final int DONE = Integer.MIN_VALUE;

    private byte[] source = {};
    private byte[] text = new byte[1024 + PADDING];
    private int[] from = new int[1024];
    private int[] to = new int[1024];
    private int length;
    /** Where the byte that is appended next comes from. */
    private int nextBegin;

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

    /** Whether byte {@code i} comes from one character beyond ASCII; not from an escape like {@code ％41}. */
    boolean isLookAlike(int i) {
        return source[from[i]] < 0 && Utf8.length(source, from[i], to[i]) == to[i] - from[i];
    }

    /** Whether two bytes come from the same escape, or stand for themselves alike. */
    boolean isSame(int one, int other) {
        return Arrays.equals(source, from[one], to[one], source, from[other], to[other]);
    }

    /** Decodes the content of a valid JSON string, without its quotes. Never longer than the source. */
    void decode(byte[] src, int begin, int end) {
        if (end - begin > from.length) {
            int capacity = Math.max(end - begin, 2 * from.length);
            text = new byte[capacity + PADDING];
            from = new int[capacity];
            to = new int[capacity];
        }
        source = src;
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
                int folded = character(c, at, at + 6);
                at += 6;
                if (folded != DONE) {
                    push((byte) folded, nextBegin, at);
                }
            }
        }
        endReference(0);
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

    /**
     * Appends a byte, after what it completes has been undone. A loop, since what was sent decides how many layers
     * there are.
     */
    private void push(byte b, int begin, int end) {
        int next = b;
        nextBegin = begin;
        do {
            byte undone = (byte) next;
            if (length > 2 && undone != ';' && Hex.value(text[length - 1]) >= 0) {
                int at = nextBegin;
                endReference(undone);
                nextBegin = at;
            }
            next = undone < 0 ? beyondAscii(undone, nextBegin, end) : ascii(undone, nextBegin, end);
        } while (next != DONE);
    }

    /** Appends an ASCII character, or answers what the escape that it completes stands for. */
    private int ascii(byte b, int begin, int end) {
        int n = length;
        if (b == '"' && n > 0 && text[n - 1] == '\\') {
            return undone(n - 1, b);
        }
        if (b == ';') {
            int ampersand = ampersand();
            int c = ampersand < 0 ? -1 : Folding.entity(text, ampersand + 1, n);
            if (c >= 0) {
                length = ampersand;
                return character(c, from[ampersand], end);
            }
        } else if (Hex.value(b) >= 0) {
            if (n >= 2 && text[n - 2] == '%' && Hex.value(text[n - 1]) >= 0) {
                return undone(n - 2, (byte) (Hex.value(text[n - 1]) << 4 | Hex.value(b)));
            }
            if (n >= 3 && text[n - 3] == '\\' && text[n - 2] == 'x' && Hex.value(text[n - 1]) >= 0) {
                return undone(n - 3, (byte) (Hex.value(text[n - 1]) << 4 | Hex.value(b)));
            }
            if (n >= 5 && text[n - 4] == 'u' && isUnicode(n - 5)) {
                text[n] = b;
                length = n - 5;
                return character(unit(text, n - 3), from[n - 5], end);
            }
        }
        put(b, begin, end);
        return DONE;
    }

    /**
     * Undoes the reference to a character by its number that ends here, as HTML has it, with no semicolon but something
     * else that cannot belong to it: {@code &#64example}. An ampersand ends one too, so none stands before another.
     */
    private void endReference(int behind) {
        int n = length;
        int lowest = Math.max(0, n - LONGEST_REFERENCE);
        int at = n - 1;
        while (at > lowest && Hex.value(text[at]) >= 0) {
            at--;
        }
        if (at > lowest && (text[at] | 0x20) == 'x') {
            if (Hex.value((byte) behind) >= 0) {
                return;
            }
            at--;
        } else if (Ascii.isDigit(behind)) {
            return;
        }
        if (at < 1 || text[at] != '#' || text[at - 1] != '&') {
            return;
        }
        int c = Folding.entity(text, at, n);
        if (c >= 0) {
            int begin = from[at - 1];
            int end = to[n - 1];
            length = at - 1;
            int folded = character(c, begin, end);
            if (folded != DONE) {
                push((byte) folded, nextBegin, end);
            }
        }
    }

    /** Drops what stands from {@code n} on, which was an escape of {@code b}. */
    private int undone(int n, byte b) {
        length = n;
        nextBegin = from[n];
        return b;
    }

    private int beyondAscii(byte b, int begin, int end) {
        put(b, begin, end);
        return foldLast();
    }

    /** Whether an escape {@code \\uXXXX} of JSON, or {@code %uXXXX} of JavaScript, lacks but its last digit. */
    private boolean isUnicode(int at) {
        return (text[at] == '\\' || text[at] == '%')
                && (Hex.value(text[at + 2]) | Hex.value(text[at + 3]) | Hex.value(text[at + 4])) >= 0;
    }

    /** Where the HTML entity begins that a semicolon would complete, or -1. */
    private int ampersand() {
        int lowest = Math.max(0, length - Folding.LONGEST_ENTITY);
        for (int i = length - 1; i >= lowest; i--) {
            int c = text[i];
            if (c == '&') {
                return i;
            }
            if (c != '#' && !Ascii.isAlphanumeric(c)) {
                return -1;
            }
        }
        return -1;
    }

    /** Appends a character, or a half of one, that came from {@code [begin, end)}; or answers what it looks like. */
    private int character(int c, int begin, int end) {
        int folded = c < 0x80 ? c : Folding.fold(c);
        if (folded >= 0) {
            nextBegin = begin;
            return folded;
        }
        if (folded == Folding.DROP) {
            return DONE;
        }
        if (c < 0x800) {
            put((byte) (0xc0 | c >> 6), begin, end);
        } else {
            if (c < 0x10000) {
                // A half of a character comes out as three bytes until the other one joins it.
                put((byte) (0xe0 | c >> 12), begin, end);
            } else {
                put((byte) (0xf0 | c >> 18), begin, end);
                put((byte) (0x80 | c >> 12 & 63), begin, end);
            }
            put((byte) (0x80 | c >> 6 & 63), begin, end);
        }
        put((byte) (0x80 | c & 63), begin, end);
        return Character.isLowSurrogate((char) c) && c < 0x10000 ? pair(c, end) : DONE;
    }

    /** Joins the lower half of a character, which was put last, to the upper one if that stands before it. */
    private int pair(int low, int end) {
        int n = length - 6;
        if (n < 0 || text[n] != (byte) 0xed || (text[n + 1] & 0xf0) != 0xa0) {
            return DONE;
        }
        int high = 0xd000 | (text[n + 1] & 63) << 6 | text[n + 2] & 63;
        length = n;
        return character(Character.toCodePoint((char) high, (char) low), from[n], end);
    }

    /** Folds the character beyond ASCII that the last byte may have completed. */
    private int foldLast() {
        int lead = length - 1;
        int lowest = Math.max(0, length - 4);
        while (lead > lowest && Utf8.continues(text[lead])) {
            lead--;
        }
        int size = length - lead;
        if (size < 2 || Utf8.length(text, lead, length) != size) {
            return DONE;
        }
        int c = text[lead] & (size == 2 ? 31 : size == 3 ? 15 : 7);
        for (int i = lead + 1; i < length; i++) {
            c = c << 6 | text[i] & 63;
        }
        int folded = Folding.fold(c);
        if (folded == Folding.KEEP) {
            return DONE;
        }
        nextBegin = from[lead];
        length = lead;
        return folded >= 0 ? folded : DONE;
    }

    private void put(byte b, int begin, int end) {
        int n = length;
        text[n] = b;
        from[n] = begin;
        to[n] = end;
        length = n + 1;
    }
}
