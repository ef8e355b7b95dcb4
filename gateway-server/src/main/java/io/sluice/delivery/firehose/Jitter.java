package io.sluice.delivery.firehose;

import java.util.random.RandomGenerator;

/**
 * Pauses between attempts, each drawn between the least one and three times the one before: "decorrelated jitter" of
 * "Exponential Backoff And Jitter", AWS Architecture Blog. It spreads what failed together better than doubling does.
 */
record Jitter(RandomGenerator random, long leastNanos, long mostNanos) {

    /** @param lastNanos the pause before; 0 for a first one */
    long next(long lastNanos) {
        long bound = Math.max(leastNanos + 1, 3 * Math.min(lastNanos, mostNanos));
        return Math.min(mostNanos, random.nextLong(leastNanos, bound));
    }
}
