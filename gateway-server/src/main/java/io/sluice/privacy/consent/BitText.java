package io.sluice.privacy.consent;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bits that are written as text, six a character, in base64url without padding (RFC 4648, section 5), as TC strings and
 * GPP strings are. Confined to its reader; allocates nothing.
 */
final class BitText {

    private static final byte[] DIGITS = new byte[128];

    static {
        Arrays.fill(DIGITS, (byte) -1);
        byte[] alphabet =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < alphabet.length; i++) {
            DIGITS[alphabet[i]] = (byte) i;
        }
        // The table of the GPP specification has those of plain base64.
        DIGITS['+'] = 62;
        DIGITS['/'] = 63;
    }

    private byte[] bytes = {};
    private int from;
    private int length;

    /** Reads {@code [from, to)} from now on. Answers whether all of it is of the alphabet; else there are no bits. */
    boolean reset(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        length = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0 || DIGITS[bytes[i]] < 0) {
                return false;
            }
        }
        length = 6 * Math.max(0, to - from);
        return true;
    }

    /** How many bits there are, those that fill up the last character included. */
    int length() {
        return length;
    }

    boolean bit(int at) {
        return at < length && (DIGITS[bytes[from + at / 6]] >> 5 - at % 6 & 1) != 0;
    }

    /** The number that {@code count} bits, at most 62, are; bits behind the end are zero. */
    long number(int at, int count) {
        long value = 0;
        int have = 0;
        for (int i = at / 6; have < count + at % 6; i++) {
            value = value << 6 | (6 * i < length ? DIGITS[bytes[from + i]] : 0);
            have += 6;
        }
        return value >>> have - count - at % 6 & (1L << count) - 1;
    }
}
