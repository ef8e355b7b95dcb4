package io.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

    private final byte[] dst = new byte[256];

    @Test
    void writesHexadecimalNumbersAsTheJdkDoes() {
        for (int number = 0; number < 1 << 16; number++) {
            assertThat(text(JsonWriter.hexadecimal(number, dst, 3))).isEqualTo(Integer.toHexString(number));
        }
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
