package io.sluice.json;

import java.nio.charset.StandardCharsets;

/**
 * Writes pieces of JSON into arrays whose owner has made room: the longest form of what is written and, for the
 * methods that say so, {@value #SLACK} bytes more that they may overwrite. Stateless, allocates nothing.
 */
public final class JsonWriter {

    /** Bytes behind what is written that {@link #copy} may overwrite. */
    public static final int SLACK = 16;

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    /** The two digits of 0 to 99. */
    private static final byte[] PAIRS = new byte[200];

    static {
        for (int i = 0; i < 100; i++) {
            PAIRS[2 * i] = DIGITS[i / 10];
            PAIRS[2 * i + 1] = DIGITS[i % 10];
        }
    }

    private JsonWriter() {}

    /**
     * Copies {@code [from, to)} to {@code at} and answers the offset behind it. May read {@value #SLACK} bytes behind
     * {@code to} and overwrite as many behind the copy: most pieces are short, and two words cost less than a call.
     */
    public static int copy(byte[] src, int from, int to, byte[] dst, int at) {
        int length = to - from;
        if (length <= 16) {
            long first = Swar.word(src, from);
            long second = Swar.word(src, from + 8);
            Swar.put(dst, at, first);
            Swar.put(dst, at + 8, second);
        } else if (length <= 32) {
            long first = Swar.word(src, from);
            long second = Swar.word(src, from + 8);
            long third = Swar.word(src, from + 16);
            long fourth = Swar.word(src, from + 24);
            Swar.put(dst, at, first);
            Swar.put(dst, at + 8, second);
            Swar.put(dst, at + 16, third);
            Swar.put(dst, at + 24, fourth);
        } else {
            System.arraycopy(src, from, dst, at, length);
        }
        return at + length;
    }

    /** Writes text that is known to be ASCII. */
    public static int ascii(String text, byte[] dst, int at) {
        for (int i = 0; i < text.length(); i++) {
            dst[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }

    /** Writes a number that is not negative, at most 19 digits. */
    public static int decimal(long value, byte[] dst, int at) {
        assert value >= 0;
        if (value >= 100_000_000) {
            long upper = value / 100_000_000;
            int middle = decimal(upper, dst, at);
            eightDigits((int) (value - upper * 100_000_000), dst, middle);
            return middle + 8;
        }
        int rest = (int) value;
        int digits = 1;
        for (int limit = 10; rest >= limit && digits < 8; limit *= 10) {
            digits++;
        }
        pairs(rest, dst, at, at + digits);
        return at + digits;
    }

    /**
     * Writes eight digits, with zeros in front, by one store. Halves, then pairs, then digits are split side by side in
     * the lanes of one word; the multipliers are the reciprocals of 100 and 10, exact for what fits in a lane.
     */
    private static void eightDigits(int value, byte[] dst, int at) {
        int upper = value / 10_000;
        long fours = upper | (long) (value - upper * 10_000) << 32;
        long hundreds = (fours * 10_486 >>> 20) & 0x7f_0000_007fL;
        long pairs = hundreds | fours - 100 * hundreds << 16;
        long tens = (pairs * 103 >>> 10) & 0xf_000f_000f_000fL;
        Swar.put(dst, at, tens | pairs - 10 * tens << 8 | 0x3030_3030_3030_3030L);
    }

    /** Writes the digits of {@code value} from right to left, with zeros in front where it has fewer. */
    private static void pairs(int value, byte[] dst, int from, int to) {
        int i = to;
        while (i - from > 1) {
            int upper = value / 100;
            int pair = value - 100 * upper;
            value = upper;
            i -= 2;
            dst[i] = PAIRS[2 * pair];
            dst[i + 1] = PAIRS[2 * pair + 1];
        }
        if (i > from) {
            dst[from] = DIGITS[value];
        }
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
