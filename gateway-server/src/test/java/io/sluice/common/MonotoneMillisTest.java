package io.sluice.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MonotoneMillisTest {

    private long wall = 1_000;

    private final MonotoneMillis millis = new MonotoneMillis(new Clock() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public long epochMillis() {
            return wall;
        }
    });

    @Test
    void standsStillWhileAClockThatWasSetBackCatchesUp() {
        wall = 5_000;
        assertThat(millis.next()).isEqualTo(5_000);
        assertThat(millis.skewMillis()).isZero();

        wall = 2_000;
        assertThat(millis.next()).isEqualTo(5_000);
        assertThat(millis.skewMillis()).isEqualTo(3_000);

        wall = 5_001;
        assertThat(millis.next()).isEqualTo(5_001);
        assertThat(millis.skewMillis()).isZero();
    }
}
