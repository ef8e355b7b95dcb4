package io.sluice.http;

/**
 * How much of what brings nothing forward a client may do: a bucket that holds a burst, refilled by time and by what
 * the client does that does bring something forward.
 *
 * <p>Confined to its loop. Allocates nothing.
 */
final class Allowance {

    private final int burst;
    private final long nanosPerUnit;
    private int left;
    private long refilledNanos;

    Allowance(int burst, int perSecond, long now) {
        this.burst = burst;
        this.nanosPerUnit = 1_000_000_000L / perSecond;
        this.left = burst;
        this.refilledNanos = now;
    }

    /** Takes one unit. Returns false if there is none. */
    boolean spend(long now) {
        if (left == 0) {
            long units = (now - refilledNanos) / nanosPerUnit;
            refilledNanos += units * nanosPerUnit;
            left = (int) Math.min(burst, units);
            if (left == 0) {
                return false;
            }
        }
        left--;
        return true;
    }

    void earn(int units) {
        left = Math.min(burst, left + units);
    }
}
