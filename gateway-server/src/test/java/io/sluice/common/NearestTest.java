package io.sluice.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    private static final List<String> KNOWN = List.of("serve", "check", "cat", "scrub", "us-ssn", "us-itin", "version");

    @ParameterizedTest
    @CsvSource({"srve, serve", "scrbu, scrub", "us-sn, us-ssn", "verson, version", "ca, cat", "serve, serve"})
    void guessesWhatIsFewLettersAway(String name, String meant) {
        assertThat(Nearest.of(name, KNOWN)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"bogus", "xx", "dog", "''", "jane@example.com"})
    void guessesNothingElse(String name) {
        assertThat(Nearest.of(name, KNOWN)).isNull();
    }

    @Test
    void countsLettersToChange() {
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("", "ab")).isEqualTo(2);
        assertThat(Nearest.distance("ab", "")).isEqualTo(2);
    }
}
