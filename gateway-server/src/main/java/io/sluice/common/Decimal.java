package io.sluice.common;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Writes numbers in decimal digits. Stateless, allocates nothing. */
public final class Decimal {

    /** Most digits of a number. */
    public static final int MAX_LENGTH = 19;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The two digits of 0 to 99. */
    private static final byte[] PAIRS = new byte[200];

    static {
        for (int i = 0; i < 100; i++) {
            PAIRS[2 * i] = (byte) ('0' + i / 10);
            PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
        }
    }

    private Decimal() {}

    /** Writes a number that is not negative, at most 19 digits. */
    public static int write(long value, byte[] dst, int at) {
        assert value >= 0;
        if (value >= 100_000_000) {
            long upper = value / 100_000_000;
            int middle = write(upper, dst, at);
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
        LONG.set(dst, at, tens | pairs - 10 * tens << 8 | 0x3030_3030_3030_3030L);
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
            dst[from] = (byte) ('0' + value);
        }
    }
}
