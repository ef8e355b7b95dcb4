package io.sluice.cli.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class MomentTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-22,                    2026-11-22T00:00:00Z",
        "2026-11-22T10,                 2026-11-22T10:00:00Z",
        "2026-11-22T10Z,                2026-11-22T10:00:00Z",
        "2026-11-22T10:30,              2026-11-22T10:30:00Z",
        "2026-11-22T10:30:05,           2026-11-22T10:30:05Z",
        "2026-11-22T10:30:05Z,          2026-11-22T10:30:05Z",
        "2026-11-22T10:30:05.250Z,      2026-11-22T10:30:05.250Z",
        "2026-11-22T10:30:05.123456Z,   2026-11-22T10:30:05.123Z",
        "2026-11-22T10:30:05+01:00,     2026-11-22T09:30:05Z",
        "2026-11-22T10:30+01:00,        2026-11-22T09:30:00Z",
    })
    void readsDaysHoursAndTimes(String text, String instant) {
        assertThat(Moment.millis(text)).isEqualTo(Instant.parse(instant).toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-11",
                "2026-13-01",
                "2026-02-30",
                "2026-11-22T",
                "2026-11-22T24",
                "22.11.2026"
            })
    void saysWhatItExpects(String text) {
        assertThatThrownBy(() -> new Moment().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is no time, expected such as 2026-11-22, 2026-11-22T10 or"
                        + " 2026-11-22T10:00:00Z");
    }

    @Test
    void anHourIsTheBeginningOfOne() {
        assertThat(new Hour().convert("2026-11-22")).isEqualTo(new Hour().convert("2026-11-22T00:00:00Z"));
        assertThat(new Hour().convert("2026-11-22T01") - new Hour().convert("2026-11-22"))
                .isEqualTo(60);
        assertThatThrownBy(() -> new Hour().convert("2026-11-22T10:30")).hasMessageContaining("begins no hour");
    }
}
