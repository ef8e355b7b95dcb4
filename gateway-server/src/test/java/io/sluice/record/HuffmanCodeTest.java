package io.sluice.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HuffmanCodeTest {

    @Test
    void isOptimalWhereTheLimitDoesNotBite() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            int symbols = 2 + random.nextInt(285);
            int[] counts = new int[symbols];
            for (int i = 0; i < symbols; i++) {
                counts[i] = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(50);
            }
            counts[0] = counts[1] = 1;
            HuffmanCode code = new HuffmanCode(symbols, 15);
            code.build(counts);
            assertThat(bits(code, counts)).as("seed %d", seed).isEqualTo(textbookBits(counts));
            assertThat(kraft(code, 15)).as("seed %d", seed).isEqualTo(1 << 15);
        }
    }

    @Test
    void staysWithinItsLimitAndComplete() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            // Growing like powers: trees as deep as there are symbols.
            int symbols = 2 + random.nextInt(40);
            int[] counts = new int[symbols];
            double growth = 1 + random.nextDouble() * 1.5;
            double count = 1;
            for (int i = 0; i < symbols; i++, count = Math.min(count * growth, 65_000)) {
                counts[i] = (int) count;
            }
            int limit = Math.max(7, 32 - Integer.numberOfLeadingZeros(symbols));
            HuffmanCode code = new HuffmanCode(symbols, limit);
            code.build(counts);
            for (byte length : code.lengths) {
                assertThat((int) length).as("seed %d", seed).isBetween(1, limit);
            }
            assertThat(kraft(code, limit)).as("seed %d", seed).isEqualTo(1 << limit);
        }
    }

    @Test
    void givesOneSymbolOneBitAndNoneNothing() {
        HuffmanCode code = new HuffmanCode(30, 15);
        int[] counts = new int[30];
        code.build(counts);
        assertThat(code.lengths).containsOnly(0);
        counts[17] = 5;
        code.build(counts);
        assertThat(code.lengths[17]).isEqualTo((byte) 1);
        assertThat(bits(code, counts)).isEqualTo(5);
    }

    @Test
    void assignsTheCodesOfTheFormatsOwnExample() {
        // RFC 1951, section 3.2.2: ABCDEFGH with lengths (3, 3, 3, 3, 3, 2, 4, 4).
        HuffmanCode code = HuffmanCode.of(new byte[] {3, 3, 3, 3, 3, 2, 4, 4});
        int[] expected = {0b010, 0b011, 0b100, 0b101, 0b110, 0b00, 0b1110, 0b1111};
        for (int symbol = 0; symbol < expected.length; symbol++) {
            int length = code.lengths[symbol];
            assertThat(Integer.reverse(code.codes[symbol]) >>> 32 - length).isEqualTo(expected[symbol]);
        }
    }

    private static long bits(HuffmanCode code, int[] counts) {
        long bits = 0;
        for (int symbol = 0; symbol < counts.length; symbol++) {
            bits += (long) counts[symbol] * code.lengths[symbol];
        }
        return bits;
    }

    /** The sum of weights that joining the two least over and over makes. */
    private static long textbookBits(int[] counts) {
        PriorityQueue<Long> queue = new PriorityQueue<>();
        for (int count : counts) {
            if (count > 0) {
                queue.add((long) count);
            }
        }
        long bits = 0;
        while (queue.size() > 1) {
            long sum = queue.remove() + queue.remove();
            bits += sum;
            queue.add(sum);
        }
        return bits;
    }

    private static long kraft(HuffmanCode code, int limit) {
        long sum = 0;
        for (byte length : code.lengths) {
            sum += length == 0 ? 0 : 1L << limit - length;
        }
        return sum;
    }
}
