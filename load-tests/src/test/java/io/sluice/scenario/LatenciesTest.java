package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ladder.Figures;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LatenciesTest {

    private static final String PERCENTILES =
            "{\"latency\": {\"p50\": 1000000, \"p99\": 2500000, \"p99.9\": 7000000, \"max\": 9000000}, \"samples\": [\n";

    private final Figures figures = new Figures();

    @Test
    void percentilesAreInMilliseconds() {
        Latencies.add(figures, "mine_", PERCENTILES);
        assertThat(figures.of("mine_p50_ms")).isEqualTo(1);
        assertThat(figures.of("mine_p99_ms")).isEqualTo(2.5);
        assertThat(figures.of("mine_p999_ms")).isEqualTo(7);
        assertThat(figures.of("mine_max_ms")).isEqualTo(9);
    }

    @Test
    void latencyThatGrowsIsSeenAndASingleBadSecondIsNot() {
        Latencies.addGrowth(figures, seconds(90, 8, 9, 10, 99, 10, 10, 11, 12, 20, 500, 20));
        assertThat(figures.of("p99_growth")).isEqualTo(2);
    }

    @Test
    void secondsWithoutAnyLatencyDoNotCount() {
        Latencies.addGrowth(figures, seconds(0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 10, 0, 0, 9, 30, 0));
        assertThat(figures.of("p99_growth")).isEqualTo(3);
    }

    @Test
    void aRunOfThreeSecondsHasNoQuarters() {
        Latencies.addGrowth(figures, seconds(1, 2, 3));
        Latencies.addGrowth(figures, seconds(0, 0, 0, 0, 0, 1, 2, 3, 0));
        assertThat(figures.has("p99_growth")).isFalse();
        assertThatThrownBy(() -> Goal.value(figures, "p99_growth"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'p99_growth' was not measured");
    }

    private static String seconds(long... p99s) {
        return PERCENTILES
                + LongStream.of(p99s)
                        .mapToObj(p99 -> "    {\"second\": 1.000, \"wanted\": 5, \"p50\": 1, \"p90\": 2, \"p99\": "
                                + p99 + ", \"max\": 9999}")
                        .collect(Collectors.joining(",\n"));
    }
}
