package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void aSteadyRateIsEven() {
        Schedule schedule = new Schedule(List.of(new Schedule.Phase(2, 1_000, 1_000)));
        for (int event = 0; event < 2_000; event++) {
            assertThat(schedule.nanosOf(event)).isCloseTo(event * 1_000_000L, within(1L));
        }
        assertThat(schedule.nanosOf(2_000)).isEqualTo(Schedule.NEVER);
        assertThat(schedule.events()).isEqualTo(2_000);
    }

    @Test
    void aRampHasAsManyEventsInEachMomentAsItsRateSays() {
        Schedule schedule = new Schedule(List.of(
                new Schedule.Phase(1, 100, 100),
                new Schedule.Phase(10, 1_000, 50_000),
                new Schedule.Phase(5, 2_000, 0.001)));
        assertThat(schedule.events()).isCloseTo(100 + 255_000 + 5_000, within(1.0));
        long last = -1;
        int[] perSecond = new int[16];
        for (int event = 0; event < (int) schedule.events(); event++) {
            long nanos = schedule.nanosOf(event);
            assertThat(nanos).isGreaterThanOrEqualTo(last);
            last = nanos;
            perSecond[(int) (nanos / 1_000_000_000L)]++;
        }
        for (int second = 0; second < 16; second++) {
            double wanted = schedule.rateAt(second + 0.5);
            assertThat((double) perSecond[second]).as("second %d", second).isCloseTo(wanted, within(2.0));
        }
    }

    @Test
    void quantitiesAreReadAsPeopleWriteThem() {
        assertThat(Quantities.rate("500")).isEqualTo(500);
        assertThat(Quantities.rate("50k")).isEqualTo(50_000);
        assertThat(Quantities.rate("1.5M/s")).isEqualTo(1_500_000);
        assertThat(Quantities.duration("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Quantities.duration("2h")).isEqualTo(Duration.ofHours(2));
        assertThat(Quantities.ramp("10s:1k..50k")).isEqualTo(new Schedule.Phase(10, 1_000, 50_000));
        for (String bad : List.of("", "0", "-1", "k", "1e9M", "5000M")) {
            assertThatThrownBy(() -> Quantities.rate(bad)).as(bad).hasMessageContaining("'" + bad + "'");
        }
        assertThatThrownBy(() -> Quantities.duration("10")).hasMessageContaining("30s");
        assertThatThrownBy(() -> Quantities.ramp("1k..5k")).hasMessageContaining("10s:1k..50k");
    }
}
