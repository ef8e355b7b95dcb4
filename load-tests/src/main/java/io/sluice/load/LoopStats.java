package io.sluice.load;

import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * What one loop counts and times.
 *
 * <p>Written by its loop only, so an increment is a plain read and a release; read by any thread. Allocates nothing.
 */
final class LoopStats {

    static final int STATUSES = 600;

    /** An hour, in nanoseconds: nobody waits longer. */
    static final long MAX_NANOS = 3_600_000_000_000L;

    static final int DIGITS = 3;

    private final AtomicLongArray tallies = new AtomicLongArray(Tally.values().length);
    private final AtomicLongArray statuses = new AtomicLongArray(STATUSES);
    private final SingleWriterRecorder latencies = new SingleWriterRecorder(MAX_NANOS, DIGITS);
    private boolean acked;
    private long lastAckNanos;
    private volatile long longestStallNanos;

    void add(Tally tally, long amount) {
        int cell = tally.ordinal();
        tallies.setRelease(cell, tallies.getPlain(cell) + amount);
    }

    void status(int status) {
        int cell = Math.min(status, STATUSES - 1);
        statuses.setRelease(cell, statuses.getPlain(cell) + 1);
    }

    /** A request that was acked, and how long that took. */
    void latency(long nanos) {
        latencies.recordValue(Math.clamp(nanos, 0, MAX_NANOS));
    }

    /** An ack came. */
    void ackedAt(long nanos) {
        if (acked && nanos - lastAckNanos > longestStallNanos) {
            longestStallNanos = nanos - lastAckNanos;
        }
        acked = true;
        lastAckNanos = nanos;
    }

    /** The longest time between an ack and the next one. */
    long longestStallNanos() {
        return longestStallNanos;
    }

    long get(Tally tally) {
        return tallies.getAcquire(tally.ordinal());
    }

    long answers(int status) {
        return statuses.getAcquire(status);
    }

    /** The latencies since the last call. One thread. */
    Histogram interval(Histogram recycle) {
        return latencies.getIntervalHistogram(recycle);
    }
}
