package io.sluice.privacy;

/**
 * HMAC-SHA-256 (FIPS 180-4, RFC 2104) in Java, from the states behind the padded keys: half the compressions of the one
 * that is used, without the processor's instructions. The alternative that lost.
 */
final class PlainSha256 {

    private static final int[] K = new int[64];
    private static final int[] INITIAL = new int[8];

    static {
        int prime = 2;
        for (int i = 0; i < K.length; i++) {
            K[i] = fraction(Math.cbrt(prime));
            if (i < INITIAL.length) {
                INITIAL[i] = fraction(Math.sqrt(prime));
            }
            do {
                prime++;
            } while (!isPrime(prime));
        }
    }

    private final int[] words = new int[64];
    private final int[] state = new int[8];
    private final byte[] block = new byte[64];
    private final int[] inner = new int[8];
    private final int[] outer = new int[8];

    private static int fraction(double root) {
        return (int) (long) ((root - Math.floor(root)) * 0x1p32);
    }

    private static boolean isPrime(int n) {
        for (int i = 2; i * i <= n; i++) {
            if (n % i == 0) {
                return false;
            }
        }
        return true;
    }

    void key(byte[] pads) {
        System.arraycopy(INITIAL, 0, inner, 0, 8);
        compress(inner, pads, 0);
        System.arraycopy(INITIAL, 0, outer, 0, 8);
        compress(outer, pads, 64);
    }

    /** @param length at most 55, so that it fits a block */
    void hmac(byte[] value, int length, byte[] digest) {
        System.arraycopy(inner, 0, state, 0, 8);
        System.arraycopy(value, 0, block, 0, length);
        last(length);
        for (int i = 0; i < 8; i++) {
            put(block, 4 * i, state[i]);
        }
        System.arraycopy(outer, 0, state, 0, 8);
        last(32);
        for (int i = 0; i < 8; i++) {
            put(digest, 4 * i, state[i]);
        }
    }

    /** Pads the block, which another of 64 bytes has gone before. */
    private void last(int length) {
        block[length] = (byte) 0x80;
        for (int i = length + 1; i < 60; i++) {
            block[i] = 0;
        }
        put(block, 60, (64 + length) * 8);
        compress(state, block, 0);
    }

    private void compress(int[] h, byte[] b, int from) {
        int[] w = words;
        for (int i = 0; i < 16; i++) {
            int at = from + 4 * i;
            w[i] = b[at] << 24 | (b[at + 1] & 255) << 16 | (b[at + 2] & 255) << 8 | b[at + 3] & 255;
        }
        for (int i = 16; i < 64; i++) {
            int s0 = Integer.rotateRight(w[i - 15], 7) ^ Integer.rotateRight(w[i - 15], 18) ^ w[i - 15] >>> 3;
            int s1 = Integer.rotateRight(w[i - 2], 17) ^ Integer.rotateRight(w[i - 2], 19) ^ w[i - 2] >>> 10;
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        int a = h[0];
        int bb = h[1];
        int c = h[2];
        int d = h[3];
        int e = h[4];
        int f = h[5];
        int g = h[6];
        int hh = h[7];
        for (int i = 0; i < 64; i++) {
            int s1 = Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25);
            int t1 = hh + s1 + (e & f ^ ~e & g) + K[i] + w[i];
            int s0 = Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22);
            int t2 = s0 + (a & bb ^ a & c ^ bb & c);
            hh = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = bb;
            bb = a;
            a = t1 + t2;
        }
        h[0] += a;
        h[1] += bb;
        h[2] += c;
        h[3] += d;
        h[4] += e;
        h[5] += f;
        h[6] += g;
        h[7] += hh;
    }

    private static void put(byte[] b, int at, int value) {
        b[at] = (byte) (value >>> 24);
        b[at + 1] = (byte) (value >>> 16);
        b[at + 2] = (byte) (value >>> 8);
        b[at + 3] = (byte) value;
    }
}
