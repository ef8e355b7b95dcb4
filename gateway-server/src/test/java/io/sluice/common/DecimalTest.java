package io.sluice.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalTest {

    private final byte[] dst = new byte[3 + Decimal.MAX_LENGTH];

    @Test
    void writesNumbersAsTheJdkDoes() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            check(random.nextLong() >>> 1 + random.nextInt(63));
        }
        for (long value = 1; value > 0 && value < Long.MAX_VALUE / 10; value *= 10) {
            check(value);
            check(value - 1);
        }
        check(Long.MAX_VALUE);
    }

    private void check(long value) {
        int end = Decimal.write(value, dst, 3);
        assertThat(new String(dst, 3, end - 3, StandardCharsets.US_ASCII)).isEqualTo(Long.toString(value));
    }
}
