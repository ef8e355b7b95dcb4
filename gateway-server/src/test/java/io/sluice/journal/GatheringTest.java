package io.sluice.journal;

import static io.sluice.journal.Gathering.FEW_RECORDS;
import static io.sluice.journal.Gathering.WINDOW_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {

    private static final long GATHER = 4_000_000;

    /** Near the end of the clock's range: it may begin anywhere. */
    private static final long START = Long.MAX_VALUE - WINDOW_NANOS / 2;

    private final Gathering gathering = new Gathering(GATHER, START);

    @Test
    void nobodyWaitsUntilAWindowHasShownThatFewCome() {
        gathering.committed(1, START + WINDOW_NANOS - 1);
        assertThat(pause(WINDOW_NANOS - 1)).isZero();
        gathering.committed(1, START + WINDOW_NANOS);
        assertThat(pause(WINDOW_NANOS)).isEqualTo(GATHER);
    }

    @Test
    void theTimeOfTheCommitCounts() {
        gathering.committed(1, START + WINDOW_NANOS);
        assertThat(gathering.pauseNanos(START, START + GATHER / 4)).isEqualTo(GATHER / 4 * 3);
        assertThat(gathering.pauseNanos(START, START + GATHER)).isZero();
        assertThat(gathering.pauseNanos(START, START + 2 * GATHER)).isZero();
    }

    @Test
    void nobodyWaitsWhereManyCome() {
        for (int window = 0; window < 5; window++) {
            gathering.committed(FEW_RECORDS + 1, START + window * WINDOW_NANOS);
            assertThat(pause(window * WINDOW_NANOS)).isZero();
        }
    }

    @Test
    void whereFewComeTheyWaitInEachWindow() {
        gathering.committed(FEW_RECORDS, START);
        for (int window = 1; window < 5; window++) {
            gathering.committed(FEW_RECORDS, START + window * WINDOW_NANOS);
            assertThat(pause(window * WINDOW_NANOS)).isEqualTo(GATHER);
        }
    }

    @Test
    void aBurstIsSeenBeforeItsWindowEnds() {
        gathering.committed(1, START + WINDOW_NANOS);
        gathering.committed(FEW_RECORDS - 1, START + WINDOW_NANOS + 1);
        assertThat(pause(WINDOW_NANOS + 1)).isEqualTo(GATHER);
        gathering.committed(1, START + WINDOW_NANOS + 2);
        assertThat(pause(WINDOW_NANOS + 2)).isZero();
    }

    @Test
    void aBurstIsForgottenWithTheTimeBehindIt() {
        gathering.committed(3 * FEW_RECORDS, START);
        gathering.committed(1, START + 2 * WINDOW_NANOS);
        assertThat(pause(2 * WINDOW_NANOS)).as("still more than few a window").isZero();
        gathering.committed(3 * FEW_RECORDS - 1, START + 2 * WINDOW_NANOS + 1);
        gathering.committed(1, START + 5 * WINDOW_NANOS);
        assertThat(pause(5 * WINDOW_NANOS)).isEqualTo(GATHER);
    }

    @Test
    void whereNothingIsToGatherNobodyWaits() {
        Gathering off = new Gathering(0, START);
        off.committed(1, START + WINDOW_NANOS);
        assertThat(off.pauseNanos(START + WINDOW_NANOS, START + WINDOW_NANOS)).isZero();
    }

    /** After a commit that took no time. */
    private long pause(long sinceStart) {
        return gathering.pauseNanos(START + sinceStart, START + sinceStart);
    }
}
