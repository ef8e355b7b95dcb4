package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {

    private final Query query = new Query();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1&b=2 | a:1, b:2",
                "a=1&&b= | a:1, b:",
                "&a&=x&b==& | a:, :x, b:=",
                "a=b+c%20d%2B | a:b c d+",
                "%61%3D=%26 | a=:&",
                "a=%&b=%4&c=%zz&d=%4g | a:%, b:%4, c:%zz, d:%4g",
                "q=caf%C3%A9 | q:café",
                "& | ''",
            })
    void readsParametersAsTheUrlStandardDoes(String text, String expected) {
        assertThat(String.join(", ", parameters(text))).isEqualTo(expected);
    }

    @Test
    void findsTheFirstOfAName() {
        byte[] bytes = padded("kk=0&%6b=1&k=2", "&k=3&k=3&k=3&k=3");
        query.reset(bytes, 14);
        assertThat(query.find("k")).isTrue();
        assertThat(text(bytes, query.valueFrom(), query.valueTo())).isEqualTo("1");
        assertThat(query.find("x")).isFalse();
        assertThat(query.find("kk")).isTrue();
    }

    @Test
    void readsNothingBehindItsEnd() {
        String text = "a=%41&bb=%42";
        List<String> expected = List.of("", "a:", "a:", "a:%", "a:%4", "a:A", "a:A", "a:A, b:", "a:A, bb:");
        for (int length = 0; length < expected.size(); length++) {
            for (String padding : List.of("41=4141414141414", "====&&&&k=1&k=1&", "%41%41%41%41%41%")) {
                byte[] bytes = padded(text.substring(0, length), padding);
                assertThat(String.join(", ", parameters(bytes, length))).isEqualTo(expected.get(length));
            }
        }
    }

    private List<String> parameters(String text) {
        byte[] bytes = padded(text, "41&k=1&k=1&k=1&k");
        return parameters(bytes, bytes.length - FramedRequest.PADDING);
    }

    private List<String> parameters(byte[] bytes, int length) {
        query.reset(bytes, length);
        List<String> parameters = new ArrayList<>();
        while (query.next()) {
            parameters.add(text(bytes, query.nameFrom(), query.nameTo()) + ":"
                    + text(bytes, query.valueFrom(), query.valueTo()));
        }
        return parameters;
    }

    private static String text(byte[] bytes, int from, int to) {
        byte[] dst = new byte[to - from];
        return new String(dst, 0, Query.decode(bytes, from, to, dst, 0), StandardCharsets.UTF_8);
    }

    private static byte[] padded(String text, String padding) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(content, content.length + FramedRequest.PADDING);
        System.arraycopy(padding.getBytes(StandardCharsets.US_ASCII), 0, bytes, content.length, FramedRequest.PADDING);
        return bytes;
    }
}
