package io.sluice.json;

import java.nio.charset.StandardCharsets;

/**
 * Writes pieces of JSON into arrays whose owner has made room: the longest form of what is written and, for the
 * methods that say so, {@value #SLACK} bytes more that they may overwrite. Stateless, allocates nothing.
 */
public final class JsonWriter {

    /** Bytes behind what is written that {@link #copy} may overwrite. */
    public static final int SLACK = 16;

    /** More is copied faster by the runtime. */
    private static final int LONGEST_BY_WORDS = 96;

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private JsonWriter() {}

    /**
     * Copies {@code [from, to)} to {@code at} and answers the offset behind it. May read {@value #SLACK} bytes behind
     * {@code to} and overwrite as many behind the copy: most pieces are short, and two words cost less than a call.
     */
    public static int copy(byte[] src, int from, int to, byte[] dst, int at) {
        int length = to - from;
        if (length > LONGEST_BY_WORDS) {
            System.arraycopy(src, from, dst, at, length);
            return at + length;
        }
        int i = 0;
        do {
            long first = Swar.word(src, from + i);
            long second = Swar.word(src, from + i + 8);
            Swar.put(dst, at + i, first);
            Swar.put(dst, at + i + 8, second);
            i += 16;
        } while (i < length);
        return at + length;
    }

    /** Writes text that is known to be ASCII. */
    public static int ascii(String text, byte[] dst, int at) {
        for (int i = 0; i < text.length(); i++) {
            dst[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }

    /** Writes a number below 65,536 in hexadecimal digits without leading zeros. */
    public static int hexadecimal(int value, byte[] dst, int at) {
        for (int shift = 12; shift > 0; shift -= 4) {
            if (value >>> shift != 0) {
                dst[at++] = DIGITS[value >>> shift & 15];
            }
        }
        dst[at++] = DIGITS[value & 15];
        return at;
    }

    /** Writes one character below 128 as it must stand within a string: at most 6 bytes. */
    public static int character(int c, byte[] dst, int at) {
        if (c >= ' ' && c != '"' && c != '\\') {
            dst[at] = (byte) c;
            return at + 1;
        }
        dst[at] = '\\';
        if (c >= ' ') {
            dst[at + 1] = (byte) c;
            return at + 2;
        }
        dst[at + 1] = 'u';
        dst[at + 2] = '0';
        dst[at + 3] = '0';
        dst[at + 4] = DIGITS[c >>> 4];
        dst[at + 5] = DIGITS[c & 15];
        return at + 6;
    }
}
