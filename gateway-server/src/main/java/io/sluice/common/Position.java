package io.sluice.common;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Where a record lies, for ever: (incarnation, log, block, index). No two records of any node and any time share one.
 *
 * <p>Its text is 34 characters that are safe in URLs and JSON and sort as the numbers do:
 *
 * <pre>
 *   0                     22  24     30   34
 *   | incarnation, 128 bit | log |block |index|     6 bits a character, most significant first
 * </pre>
 *
 * @param incarnation the start of a process that wrote it, a UUIDv7
 * @param log number of the log in that incarnation, 0 to 4,095
 * @param block number of the block in that log, 0 to 2^36 - 1
 * @param index number of the record in the block, 0 to 2^24 - 1
 */
public record Position(UUID incarnation, int log, long block, int index) implements Comparable<Position> {

    public static final int MAX_LOG = (1 << 12) - 1;
    public static final long MAX_BLOCK = (1L << 36) - 1;
    public static final int MAX_INDEX = (1 << 24) - 1;

    /** Characters of incarnation and log: the part that is the same for every record of a producer. */
    public static final int PREFIX_LENGTH = 24;

    /** Characters of block and index: the part that is known only when a line is fed to its block. */
    public static final int SUFFIX_LENGTH = 10;

    public static final int TEXT_LENGTH = PREFIX_LENGTH + SUFFIX_LENGTH;

    /** Unreserved in URLs (RFC 3986, section 2.3) and ascending in ASCII. */
    private static final byte[] DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < DIGITS.length; i++) {
            VALUES[DIGITS[i]] = (byte) i;
        }
    }

    public Position {
        check(log >= 0 && log <= MAX_LOG, "log", log);
        check(block >= 0 && block <= MAX_BLOCK, "block", block);
        check(index >= 0 && index <= MAX_INDEX, "index", index);
    }

    /** Writes the {@value #PREFIX_LENGTH} characters of incarnation and log at {@code offset}. */
    public static void writePrefix(byte[] dst, int offset, UUID incarnation, int log) {
        long high = incarnation.getMostSignificantBits();
        long low = incarnation.getLeastSignificantBits();
        // 128 bits in 22 digits of 6: the first digit holds the upper 2 bits.
        dst[offset] = DIGITS[(int) (high >>> 62)];
        for (int i = 1; i <= 10; i++) {
            dst[offset + i] = DIGITS[(int) (high >>> (62 - 6 * i)) & 63];
        }
        dst[offset + 11] = DIGITS[(int) ((high & 3) << 4 | low >>> 60)];
        for (int i = 12; i <= 21; i++) {
            dst[offset + i] = DIGITS[(int) (low >>> (60 - 6 * (i - 11))) & 63];
        }
        writeDigits(dst, offset + 22, 2, log);
    }

    /** Writes the {@value #SUFFIX_LENGTH} characters of block and index at {@code offset}. Allocates nothing. */
    public static void writeSuffix(byte[] dst, int offset, long block, int index) {
        writeDigits(dst, offset, 6, block);
        writeDigits(dst, offset + 6, 4, index);
    }

    /**
     * The position that a text of {@value #TEXT_LENGTH} characters names.
     *
     * @throws IllegalArgumentException if the text has another length or a character that is no digit of a position
     */
    public static Position parse(CharSequence text) {
        if (text.length() != TEXT_LENGTH) {
            throw new IllegalArgumentException(
                    "a position has " + TEXT_LENGTH + " characters, this text has " + text.length());
        }
        long first = value(text, 0, 1);
        if (first > 3) {
            throw new IllegalArgumentException("the first character of a position is 0 to 3");
        }
        long middle = value(text, 11, 12);
        long high = first << 62 | value(text, 1, 11) << 2 | middle >>> 4;
        long low = middle << 60 | value(text, 12, 22);
        return new Position(
                new UUID(high, low), (int) value(text, 22, 24), value(text, 24, 30), (int) value(text, 30, 34));
    }

    @Override
    public int compareTo(Position other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        byte[] text = new byte[TEXT_LENGTH];
        writePrefix(text, 0, incarnation, log);
        writeSuffix(text, PREFIX_LENGTH, block, index);
        return new String(text, StandardCharsets.US_ASCII);
    }

    private static void writeDigits(byte[] dst, int offset, int count, long value) {
        for (int i = count - 1; i >= 0; i--) {
            dst[offset + i] = DIGITS[(int) value & 63];
            value >>>= 6;
        }
    }

    private static long value(CharSequence text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? VALUES[c] : -1;
            if (digit < 0) {
                throw new IllegalArgumentException("character " + i + " of a position is none of 0-9 A-Z _ a-z ~");
            }
            value = value << 6 | digit;
        }
        return value;
    }

    private static void check(boolean good, String what, long value) {
        if (!good) {
            throw new IllegalArgumentException(what + " of a position out of range: " + value);
        }
    }
}
