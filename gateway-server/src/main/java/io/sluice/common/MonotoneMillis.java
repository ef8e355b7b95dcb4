package io.sluice.common;

/**
 * Wall-clock milliseconds that never go back: the time that is written as "received". One thread only.
 *
 * <p>When the clock is set back, the last time is repeated until the clock has caught up.
 */
public final class MonotoneMillis {

    private final Clock clock;
    private long last;

    public MonotoneMillis(Clock clock) {
        this.clock = clock;
        this.last = clock.epochMillis();
    }

    /** The present time in milliseconds since the epoch, at least as large as every one returned before. */
    public long next() {
        long now = clock.epochMillis();
        if (now > last) {
            last = now;
        }
        return last;
    }

    /** How far the wall clock stands behind what was returned last, in milliseconds; 0 on an ordinary day. */
    public long skewMillis() {
        return Math.max(0, last - clock.epochMillis());
    }
}
