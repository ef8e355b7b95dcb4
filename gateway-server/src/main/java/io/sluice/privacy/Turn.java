package io.sluice.privacy;

import io.sluice.common.Clock;

/**
 * How long a sink may hold its thread for one request. Whoever does work spends steps; when enough have been spent for
 * a look at the clock to be cheap, and the time is over, the work ends by {@link Over}, wherever it is.
 *
 * <p>Confined to its sink. What was begun is left half-done, but for {@link ScrubbedSink#rollback}, which is the only
 * thing to do then. Allocates nothing; costs a subtraction where it is spent.
 */
public final class Turn {

    /** As of {@link Allowance}: one byte, digit or separator looked at once. */
    private static final int STEPS_A_LOOK = 4096;

    private static final Over OVER = new Over();

    private final Clock clock;
    private boolean limited;
    private long endNanos;
    private int left = Integer.MAX_VALUE;

    /** One that is never over until it is told to be. */
    public Turn(Clock clock) {
        this.clock = clock;
    }

    /** The time was over. Has no stack trace: it is nobody's fault. */
    public static final class Over extends RuntimeException {

        private static final long serialVersionUID = 1;

        private Over() {
            super("the turn is over", null, false, false);
        }
    }

    /** From now on, lasts for so long. */
    public void begin(long nanos) {
        limited = true;
        endNanos = clock.nanoTime() + nanos;
        left = STEPS_A_LOOK;
    }

    /** From now on, lasts for ever. */
    public void beginEndless() {
        limited = false;
        left = Integer.MAX_VALUE;
    }

    void spend(int steps) {
        left -= steps;
        if (left < 0) {
            look();
        }
    }

    private void look() {
        if (limited && clock.nanoTime() - endNanos >= 0) {
            throw OVER;
        }
        left = limited ? STEPS_A_LOOK : Integer.MAX_VALUE;
    }
}
