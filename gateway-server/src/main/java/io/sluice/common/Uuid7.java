package io.sluice.common;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * Makes UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 bits that ascend within the
 * millisecond by a random step from a random start. One thread only; {@link #write} allocates nothing.
 */
public final class Uuid7 {

    public static final int TEXT_LENGTH = 36;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final SecureRandom seeds = new SecureRandom();
    private long millis;
    /** rand_a, 12 bits, above rand_b, of which the low word is stepped. */
    private int randA;

    private long randB;
    /** State of the step generator: xorshift64*, seeded from the system. */
    private long state;

    public Uuid7() {
        state = seeds.nextLong() | 1;
        reseed();
    }

    /** The next id, as an object. */
    public UUID next(long epochMillis) {
        advance(epochMillis);
        return new UUID(high(), low());
    }

    /** Writes the next id as 36 characters at {@code offset}. */
    public void write(long epochMillis, byte[] dst, int offset) {
        advance(epochMillis);
        hex(high() >>> 32, 8, dst, offset);
        dst[offset + 8] = '-';
        hex(high() >>> 16, 4, dst, offset + 9);
        dst[offset + 13] = '-';
        hex(high(), 4, dst, offset + 14);
        dst[offset + 18] = '-';
        hex(low() >>> 48, 4, dst, offset + 19);
        dst[offset + 23] = '-';
        hex(low(), 12, dst, offset + 24);
    }

    private long high() {
        return millis << 16 | 0x7000L | randA;
    }

    private long low() {
        return 0x8000_0000_0000_0000L | randB;
    }

    private void advance(long epochMillis) {
        if (epochMillis > millis) {
            millis = epochMillis;
            reseed();
            return;
        }
        // Same millisecond, or the clock went back: go on counting, by a step that cannot be guessed from one id.
        randB += 1 + (random() >>> 34);
        if (randB < 0 || randB >>> 62 != 0) {
            randB &= (1L << 62) - 1;
            randA = randA + 1 & 0xfff;
            if (randA == 0) {
                millis++;
            }
        }
    }

    private void reseed() {
        randA = (int) (random() >>> 53);
        randB = random() >>> 3;
    }

    private long random() {
        state ^= state >>> 12;
        state ^= state << 25;
        state ^= state >>> 27;
        return state * 0x2545F4914F6CDD1DL;
    }

    private static void hex(long value, int digits, byte[] dst, int offset) {
        for (int i = digits - 1; i >= 0; i--) {
            dst[offset + i] = HEX[(int) value & 15];
            value >>>= 4;
        }
    }
}
