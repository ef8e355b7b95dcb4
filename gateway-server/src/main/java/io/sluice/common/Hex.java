package io.sluice.common;

import java.util.Arrays;

/** Hexadecimal digits of either case. */
public final class Hex {

    private static final byte[] VALUES = new byte[256];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < 10; i++) {
            VALUES['0' + i] = (byte) i;
        }
        for (int i = 0; i < 6; i++) {
            VALUES['a' + i] = (byte) (10 + i);
            VALUES['A' + i] = (byte) (10 + i);
        }
    }

    private Hex() {}

    /** The value of a digit, or -1. */
    public static int value(byte digit) {
        return VALUES[digit & 0xff];
    }
}
