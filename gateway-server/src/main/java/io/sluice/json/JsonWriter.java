package io.sluice.json;

/**
 * Writes pieces of JSON into arrays whose owner has made room: the longest form of what is written and, for the
 * methods that say so, {@value #SLACK} bytes more that they may overwrite. Stateless, allocates nothing.
 */
public final class JsonWriter {

    /** Bytes behind what is written that {@link #copy} may overwrite. */
    public static final int SLACK = 16;

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
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
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        int i = at + digits;
        while (value >= 10) {
            int pair = (int) (value % 100);
            value /= 100;
            i -= 2;
            dst[i] = PAIRS[2 * pair];
            dst[i + 1] = PAIRS[2 * pair + 1];
        }
        if (i > at) {
            dst[at] = DIGITS[(int) value];
        }
        return at + digits;
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
