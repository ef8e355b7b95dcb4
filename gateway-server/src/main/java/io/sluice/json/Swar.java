package io.sluice.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes at a time, the first of them the lowest: plain reads and writes of words anywhere in an array. */
public final class Swar {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    public static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long LOW_SEVEN = ~HIGH_BITS;
    private static final long ONES = 0x0101_0101_0101_0101L;

    private Swar() {}

    public static long word(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    public static int half(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    public static void put(byte[] bytes, int at, long word) {
        LONG.set(bytes, at, word);
    }

    /** The byte in all eight places. */
    public static long all(int b) {
        return ONES * b;
    }

    /**
     * The high bit of each byte of {@code word} that differs from the one in all places of {@code pattern}, both taken
     * without their high bits. Exact: no carry leaves a byte, since two numbers below 128 sum to less than 256.
     */
    public static long differs(long word, long pattern) {
        return ((word & LOW_SEVEN) ^ pattern) + LOW_SEVEN;
    }

    /** The high bit of each of the eight bytes at {@code at} that is no decimal digit. */
    static long notDigits(byte[] bytes, int at) {
        long values = word(bytes, at) ^ all('0');
        return (values + all(0x80 - 10) | values) & HIGH_BITS;
    }

    /** Whether the eight bytes at {@code at} are decimal digits. */
    public static boolean areDigits(byte[] bytes, int at) {
        return notDigits(bytes, at) == 0;
    }

    /** The number that the eight digits at {@code at} are: neighbours are joined to pairs, to fours, to eight. */
    public static long decimal(byte[] bytes, int at) {
        long value = word(bytes, at) & all(0x0f);
        value = value * (10 << 8 | 1) >>> 8;
        value = (value & 0x00ff_00ff_00ff_00ffL) * (100 << 16 | 1) >>> 16;
        return (value & 0x0000_ffff_0000_ffffL) * (10_000L << 32 | 1) >>> 32;
    }

    /** Offset of the first {@code b}, an ASCII character, in {@code [from, to)}, or {@code to} if there is none. */
    public static int indexOf(byte[] bytes, int from, int to, int b) {
        long pattern = all(b);
        for (int at = from; at < to; at += 8) {
            long word = word(bytes, at);
            long hits = ~(differs(word, pattern) | word) & HIGH_BITS;
            if (hits != 0) {
                return Math.min(at + (Long.numberOfTrailingZeros(hits) >>> 3), to);
            }
        }
        return to;
    }
}
