package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.ReferenceJson;
import io.sluice.json.Scanner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowanceTest {

    private static final int BYTES = 256 * 1024;
    /** Steps that one run may take, before which the allowance is looked at. */
    private static final int RUN = 8 + 4 * NumberRun.MAX_GROUPS + NumberRun.MAX_DIGITS;

    private final Scrubber scrubber = new Scrubber(new Rules(Policy.strict()), null);
    private final MarkedCopy copy = new MarkedCopy(scrubber);
    private final Scanner scanner = new Scanner();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 2 ",
                "1.1.",
                "+49 ",
                "12-34/56.",
                "00-11-22-",
                "0 ",
                "9) ",
                "(0) ",
                "4111 1111 1111 1112 ",
                "1%202%20",
                "&#49; ",
                "\\u0031 ",
                "\uff11\u3000"
            })
    void boundsTheStepsOfAWholeBodyOfNumbers(String unit) {
        for (int length : new int[] {BYTES, 4096, 200, 30}) {
            StringBuilder body = new StringBuilder("[\"");
            while (body.length() < BYTES) {
                body.append(unit.repeat(length / unit.length())).append("\",\"");
            }
            String scrubbed = scrub(body.append("\"]").toString());
            int bytes = body.toString().getBytes(StandardCharsets.UTF_8).length;
            assertThat(scrubber.allowance().spent())
                    .as("%s in strings of %d", unit, length)
                    .isLessThanOrEqualTo(Allowance.FIRST + (long) Allowance.STEPS_A_BYTE * bytes + RUN);
            assertThat(ReferenceJson.parse(scrubbed.getBytes(StandardCharsets.UTF_8)))
                    .isNotNull();
        }
    }

    @Test
    void keepsNothingThatItHasNotLookedAt() {
        String scrubbed =
                scrub("[\"" + "1 2 ".repeat(50_000) + "card 4111 1111 1111 1111\",\"text\",\"a 030 1234567\"]");
        assertThat(scrubber.found().count(Kind.UNREAD)).isEqualTo(1);
        // The second string has its own steps again, from the bytes of the first.
        assertThat(scrubbed).endsWith("[unread]\",\"text\",\"a [phone]\"]").doesNotContain("4111");
    }

    @Test
    void looksIntoNothingInBase64OnceItIsUsedUp() {
        String json = "{\"a\":\"" + "1 2 ".repeat(20_000) + "\"}";
        String token = Base64.getEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        assertThat(scrub("[\"" + token + "\"]")).isEqualTo("[\"[unread]\"]");
    }

    @Test
    void isNotUsedUpByLongTextWithNumbers() {
        String line =
                "Soft merino, 38 x 25 x 12.5 cm, 480 g, order no. 2026-110-4471; in stock since 2026-11-03 09:30. "
                        + "Questions? Call +49 30 1234567, Mo-Fr 9-17. Sizes 36 37 38 39 40 41 42 43 44. ";
        String scrubbed = scrub("[\"" + line.repeat(BYTES / line.length()) + "\"]");
        assertThat(scrubber.found().count(Kind.UNREAD)).isZero();
        assertThat(scrubber.found().count(Kind.PHONE)).isEqualTo(BYTES / line.length());
        assertThat(scrubbed).doesNotContain("1234567");
        assertThat(scrubber.allowance().spent()).isLessThan(Allowance.STEPS_A_BYTE * BYTES * 2 / 3);
    }

    @Test
    void beginsAnewWithEachRequest() {
        String hostile = "[\"" + "1 2 ".repeat(50_000) + "\"]";
        String first = scrub(hostile);
        assertThat(scrub(hostile)).isEqualTo(first).endsWith("[unread]\"]");
        assertThat(scrub(first)).isEqualTo(first);
    }

    private String scrub(String json) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        byte[] src = Arrays.copyOf(utf8, utf8.length + Scanner.PADDING);
        byte[] dst = new byte[scrubber.bound(utf8.length) + 64];
        scrubber.begin();
        copy.prepare(scanner);
        scanner.reset(src, utf8.length);
        assertThat(scanner.document(0)).isEqualTo(utf8.length);
        return new String(
                dst,
                0,
                copy.copy(scanner, 0, utf8.length, 0, scanner.marks(), new byte[0], dst, 0),
                StandardCharsets.UTF_8);
    }
}
