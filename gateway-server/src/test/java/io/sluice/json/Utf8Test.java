package io.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Utf8Test {

    private static final int[] SECONDS = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};

    @Test
    void agreesWithTheDecoderOfTheJdkOnEverySequence() {
        for (int lead = 0; lead < 256; lead++) {
            for (int second : SECONDS) {
                for (int third : SECONDS) {
                    for (int fourth : SECONDS) {
                        byte[] bytes = {(byte) lead, (byte) second, (byte) third, (byte) fourth};
                        for (int end = 1; end <= 4; end++) {
                            assertThat(Utf8.length(bytes, 0, end))
                                    .as("%x %x %x %x, %d of them", lead, second, third, fourth, end)
                                    .isEqualTo(lengthByJdk(bytes, end));
                        }
                    }
                }
            }
        }
    }

    /** The shortest beginning of {@code end} bytes that is one whole character. */
    private static int lengthByJdk(byte[] bytes, int end) {
        for (int length = 1; length <= end; length++) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Arrays.copyOf(bytes, length)));
                return length;
            } catch (CharacterCodingException e) {
                // Not yet, or never.
            }
        }
        return 0;
    }
}
