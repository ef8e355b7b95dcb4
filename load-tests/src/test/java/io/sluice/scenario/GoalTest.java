package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ladder.Figures;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GoalTest {

    @Test
    void aGoalIsAFigureADirectionAndABound() {
        assertThat(Goal.all("rate >= 1000000, p50_ms<=0.5"))
                .containsExactly(new Goal("rate", true, 1_000_000), new Goal("p50_ms", false, 0.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rate", "rate > 5", "rate >= many", "rate >= 5,", "Rate >= 5", "rate >= -1"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Goal.all(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected such as 'rate >= 1000000'");
    }

    @Test
    void aGoalIsMetAtItsBound() {
        Goal atLeast = Goal.all("rate >= 100").getFirst();
        Goal atMost = Goal.all("p50_ms <= 100").getFirst();
        assertThat(List.of(atLeast.met(100), atLeast.met(99.9), atLeast.met(101)))
                .containsExactly(true, false, true);
        assertThat(List.of(atMost.met(100), atMost.met(99.9), atMost.met(100.1)))
                .containsExactly(true, true, false);
    }

    @Test
    void ofRoundsTheMedianCountsButOfLossAndMemoryTheWorst() {
        Figures figures = new Figures();
        for (double value : new double[] {1, 5, 3}) {
            figures.add("rate", value);
            figures.add("lost", value);
            figures.add("rss_mib", value);
        }
        assertThat(Goal.value(figures, "rate")).isEqualTo(3);
        assertThat(Goal.value(figures, "lost")).isEqualTo(5);
        assertThat(Goal.value(figures, "rss_mib")).isEqualTo(5);
    }
}
