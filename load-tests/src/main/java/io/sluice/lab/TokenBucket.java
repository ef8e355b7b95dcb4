package io.sluice.lab;

/**
 * How much a stream takes a second. It holds at most {@code rate × burstSeconds} and fills by the rate.
 *
 * <p>What costs more than it holds is refused, with one exception: a full bucket takes anything and goes into debt, so
 * that a bucket without burst (which holds nothing) still lets through its rate, evenly.
 */
final class TokenBucket {

    private final double rate;
    private final double capacity;
    private double level;
    private long lastNanos;

    /** @param rate a second */
    TokenBucket(double rate, double burstSeconds, long nowNanos) {
        this.rate = rate;
        this.capacity = rate * burstSeconds;
        this.level = capacity;
        this.lastNanos = nowNanos;
    }

    boolean admits(double cost, long nowNanos) {
        level = Math.min(capacity, level + rate * (nowNanos - lastNanos) / 1e9);
        lastNanos = nowNanos;
        return cost <= level || level == capacity;
    }

    /** Only what was admitted at this time. */
    void take(double cost) {
        level -= cost;
    }
}
