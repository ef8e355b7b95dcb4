package io.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

    private final byte[] dst = new byte[256];

    @Test
    void writesNumbersAsTheJdkDoes() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            long value = random.nextLong() >>> 1 + random.nextInt(63);
            assertThat(text(JsonWriter.decimal(value, dst, 3))).isEqualTo(Long.toString(value));
            int small = random.nextInt(1 << 16) >>> random.nextInt(16);
            assertThat(text(JsonWriter.hexadecimal(small, dst, 3))).isEqualTo(Integer.toHexString(small));
        }
        for (long value = 1; value > 0 && value < Long.MAX_VALUE / 10; value *= 10) {
            assertThat(text(JsonWriter.decimal(value, dst, 3))).isEqualTo(Long.toString(value));
            assertThat(text(JsonWriter.decimal(value - 1, dst, 3))).isEqualTo(Long.toString(value - 1));
        }
        assertThat(text(JsonWriter.decimal(Long.MAX_VALUE, dst, 3))).isEqualTo(Long.toString(Long.MAX_VALUE));
    }

    @Test
    void copiesPiecesOfAnyLengthAndOverwritesNoMoreThanItsSlack() {
        byte[] src = new byte[128];
        new Random(7).nextBytes(src);
        for (int length = 0; length <= 64; length++) {
            Arrays.fill(dst, (byte) 0x55);
            byte[] tight = Arrays.copyOf(src, 5 + length + JsonWriter.SLACK);
            assertThat(JsonWriter.copy(tight, 5, 5 + length, dst, 9)).isEqualTo(9 + length);
            assertThat(Arrays.copyOfRange(dst, 9, 9 + length)).isEqualTo(Arrays.copyOfRange(src, 5, 5 + length));
            for (int i = 9 + length + JsonWriter.SLACK; i < dst.length; i++) {
                assertThat(dst[i]).isEqualTo((byte) 0x55);
            }
            assertThat(Arrays.copyOf(dst, 9)).containsOnly(0x55);
        }
    }

    @Test
    void escapesWhatMustNotStandInAString() {
        for (int c = 0; c < 128; c++) {
            dst[2] = '"';
            int end = JsonWriter.character(c, dst, 3);
            dst[end] = '"';
            assertThat(ReferenceJson.parse(new String(dst, 2, end - 1, StandardCharsets.US_ASCII)))
                    .isEqualTo(new ReferenceJson.Text(Character.toString(c)));
        }
    }

    private String text(int end) {
        return new String(dst, 3, end - 3, StandardCharsets.US_ASCII);
    }
}
