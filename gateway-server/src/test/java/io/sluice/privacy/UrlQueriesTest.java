package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlQueriesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"https://x.example/a?q=1#f\" | \"https://x.example/a\"",
                "\"see https:\\/\\/x.example\\/a\\u003fq=1 and b?\" | \"see https:\\/\\/x.example\\/a and b?\"",
                "\"/a?q=1\" | \"/a\"",
                "\"is it so? #1\" | \"is it so? #1\"",
                // Encoded as a whole, once and twice.
                "\"https%3A%2F%2Fx.example%2Fa%3Fq%3D1\" | \"https%3A%2F%2Fx.example%2Fa\"",
                "\"https%3a%2f%2fx.example%2fa%23f\" | \"https%3a%2f%2fx.example%2fa\"",
                "\"https%253A%252F%252Fx.example%252Fa%253Fq%253D1\" | \"https%253A%252F%252Fx.example%252Fa\"",
                "\"https%25253A%25252F%25252Fx.example%25253Fq\" | \"https%25253A%25252F%25252Fx.example\"",
                "\"https%3A%2F%2Fx.example%2Fa?q=1\" | \"https%3A%2F%2Fx.example%2Fa\"",
                "\"%2Fa%3Fq%3D1\" | \"%2Fa\"",
                "\"see https%3A%2F%2Fx.example%3Fq now%3F\" | \"see https%3A%2F%2Fx.example now%3F\"",
                // Within the path of another.
                "\"https://x.example/go/https%3A%2F%2Fy.example%3Fq\" | \"https://x.example/go/https%3A%2F%2Fy.example\"",
                "{\"a\":\"https%3A%2F%2Fx.example%3Fq\",\"b\":\"100%3F\"} | {\"a\":\"https%3A%2F%2Fx.example\",\"b\":\"100%3F\"}",
                // No URL, and what ends in the middle of an encoding.
                "\"why%3F 100%25 3%3A%2F4\" | \"why%3F 100%25 3%3A%2F4\"",
                "\"https%3A%2F%2\" | \"https%3A%2F%2\"",
                "\"https%3A%2F%2F%\" | \"https%3A%2F%2F%\"",
                "\"https%3A%2F%2F%3\" | \"https%3A%2F%2F%3\"",
                "\"%\" | \"%\"",
                "\"%2525\" | \"%2525\"",
            })
    void queriesAndFragmentsAreCut(String json, String cut) {
        assertThat(cut(json, false)).isEqualTo(cut);
    }

    @Test
    void aFieldOfAUrlIsOneAsAWhole() {
        assertThat(cut("\"x.example/a b?q=1\"", true)).isEqualTo("\"x.example/a b\"");
        assertThat(cut("\"https%3A%2F%2Fx.example%2Fa%3Fq%3D1\"", true)).isEqualTo("\"https%3A%2F%2Fx.example%2Fa\"");
        // An encoded question mark is part of a path.
        assertThat(cut("\"https://x.example/why%3F?q=1\"", true)).isEqualTo("\"https://x.example/why%3F\"");
    }

    private static String cut(String json, boolean whole) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        int end = whole ? UrlQueries.cutWhole(bytes, 0, bytes.length) : UrlQueries.cut(bytes, 0, bytes.length);
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
