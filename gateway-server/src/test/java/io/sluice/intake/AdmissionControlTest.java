package io.sluice.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.sluice.shop.Shop;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionControlTest {

    private static final long MILLI = 1_000_000;
    private static final long TARGET = 200 * MILLI;
    private static final int BYTES = 1_000;
    private static final Shop BIG = shop("big");
    private static final Shop SMALL = shop("small");

    private final AdmissionControl control = new AdmissionControl(TARGET);
    private long now = 77;
    private int bigAsked;
    private int bigRefused;
    private int smallAsked;
    private int smallRefused;

    private static Shop shop(String id) {
        return new Shop(id, 0, Set.of());
    }

    /** Lets time pass in iterations of 10 ms, in each of which shops ask so many times. */
    private void run(long millis, long ticketMillis, int big, int small) {
        bigAsked = bigRefused = smallAsked = smallRefused = 0;
        for (long i = 0; i < millis / 10; i++) {
            for (int request = 0; request < big; request++) {
                control.offered(now, ticketMillis * MILLI);
                bigAsked++;
                bigRefused += control.refuses(BIG, BYTES) ? 1 : 0;
            }
            for (int request = 0; request < small; request++) {
                control.offered(now, ticketMillis * MILLI);
                smallAsked++;
                smallRefused += control.refuses(SMALL, BYTES) ? 1 : 0;
            }
            now += 10 * MILLI;
            control.iterationEnded(now);
        }
    }

    @Test
    void nothingIsRefusedWhileTheDelayIsBelowTheTarget() {
        run(10_000, 199, 1_000, 0);
        assertThat(bigRefused).isZero();
    }

    @Test
    void aBurstIsNoReasonToRefuseAnything() {
        for (int i = 0; i < 20; i++) {
            run(400, 1_500, 100, 0);
            assertThat(bigRefused).isZero();
            run(200, 5, 1, 0);
        }
    }

    @Test
    void oneMomentWithoutDelayIsEnoughForThereToBeNoQueue() {
        for (int i = 0; i < 100; i++) {
            run(90, 1_500, 10, 0);
            run(10, 5, 1, 0);
            assertThat(bigRefused).isZero();
        }
    }

    @Test
    void whatIsRefusedGrowsWhileTheDelayLasts() {
        run(600, 500, 100, 0);
        double before = 0;
        for (int i = 0; i < 5; i++) {
            run(200, 500, 100, 0);
            double share = (double) bigRefused / bigAsked;
            assertThat(share).isGreaterThan(before);
            before = share;
        }
        run(10_000, 500, 100, 0);
        assertThat((double) bigRefused / bigAsked).as("some always go through").isBetween(0.80, 0.90);
    }

    @Test
    void whatIsRefusedShrinksWhenTheDelayIsGone() {
        run(5_000, 500, 100, 0);
        assertThat(control.refused()).isGreaterThan(0.8);
        run(1_000, 20, 100, 0);
        assertThat(control.refused()).isBetween(0.01, 0.2);
        run(3_000, 20, 100, 0);
        assertThat(control.refused()).isZero();
        assertThat(bigRefused).isLessThan(bigAsked / 10);
        run(400, 500, 100, 0);
        assertThat(bigRefused).as("the next burst has its interval again").isZero();
    }

    @Test
    void aLoopThatTakesTooLongForAnIterationHasDelayToo() {
        for (int i = 0; i < 10; i++) {
            control.offered(now, 0);
            control.refuses(BIG, BYTES);
            now += 300 * MILLI;
            control.iterationEnded(now);
        }
        assertThat(control.refused()).isPositive();
    }

    @Test
    void oneIterationThatTakesVeryLongHasDelayWhileItLasts() {
        control.offered(now, 0);
        now += 5_000 * MILLI;
        control.offered(now, 0);
        assertThat(control.refused()).isPositive();
    }

    @Test
    void theShopThatAsksForMostMakesRoomAndOthersAreNotTouched() {
        run(1_000, 500, 90, 10);
        for (int i = 0; i < 5; i++) {
            run(100, 500, 90, 10);
            assertThat(bigRefused).isPositive();
            assertThat(smallRefused).isZero();
        }
        // In the end not even a fair share can be had, and both get the same.
        run(20_000, 500, 90, 10);
        assertThat(bigAsked - bigRefused).isCloseTo(smallAsked - smallRefused, withinPercentage(25));
    }

    @Test
    void aShopThatComesNewIsServed() {
        run(5_000, 500, 100, 0);
        assertThat(bigRefused).isPositive();
        run(100, 500, 100, 1);
        assertThat(smallRefused).isZero();
    }

    @Test
    void largeRequestsCountForMoreThanSmallOnes() {
        for (int i = 0; i < 300; i++) {
            control.offered(now, 500 * MILLI);
            bigRefused += control.refuses(BIG, 100_000) ? 1 : 0;
            for (int request = 0; request < 10; request++) {
                control.offered(now, 500 * MILLI);
                smallRefused += control.refuses(SMALL, 100) ? 1 : 0;
            }
            now += 5 * MILLI;
            control.iterationEnded(now);
        }
        assertThat(bigRefused).isPositive();
        assertThat(smallRefused).isZero();
    }

    @Test
    void whatWasBeforeALongRestDoesNotMatter() {
        run(5_000, 500, 100, 0);
        assertThat(control.refused()).isPositive();
        now += 60_000 * MILLI;
        run(400, 500, 100, 0);
        assertThat(bigRefused).isZero();
    }
}
