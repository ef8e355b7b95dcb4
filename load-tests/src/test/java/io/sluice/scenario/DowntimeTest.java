package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.ladder.Figures;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DowntimeTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void itIsAPartOfTheSeconds() {
        assertThat(Downtime.of(" 15%..50% ")).isEqualTo(new Downtime(0.15, 0.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "15", "15..50", "0%..50%", "50%..50%", "50%..15%", "15%..150%"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Downtime.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a begin and an end such as '10%..50%'");
    }

    @Test
    void memoryMeanwhileIsSetAgainstThatBeforeAndAgainstItself() {
        // A look a second: one before it counts, two well ones, six of it, three behind it.
        double[] sizes = {900, 200, 220, 250, 300, 300, 310, 320, 320, 400, 200, 200};
        double[] lags = {9, 1, 1, 1, 2, 3, 4, 5, 6, 6, 1, 1};
        Figures figures = new Figures();
        new Downtime.Times(SECOND / 2, 5 * SECOND / 2, 17 * SECOND / 2).add(figures, watched(sizes, lags));
        assertThat(figures.of("down_rss_mib")).isCloseTo(320 - 210, within(1e-9));
        assertThat(figures.of("down_growth_mib")).isCloseTo(320 - 305, within(1e-9));
        assertThat(figures.of("caught_up_s")).isCloseTo(1.5, within(1e-9));
    }

    @Test
    void itIsCaughtUpWhenNothingIsLateAnyMore() {
        // Not late for a moment, then late again.
        assertThat(caughtUp(9, 9, 1, 9, 1, 1)).isEqualTo(3);
        assertThat(caughtUp(9, 9, 1, 9, 1, 3)).isInfinite();
        assertThat(caughtUp(1, 1, 1, 1, 1, 1)).isZero();
    }

    private static double caughtUp(double... lags) {
        return Downtime.secondsToLag(watched(new double[lags.length], lags), SECOND);
    }

    private static List<Watch.Look> watched(double[] sizes, double[] lags) {
        List<Watch.Look> looks = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            looks.add(new Watch.Look(i * SECOND, i, sizes[i], lags[i], 0));
        }
        return looks;
    }
}
