package io.sluice.delivery.firehose;

import io.sluice.delivery.parked.Parking;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks that are to be parked, one at a time, each repeated until it is durable: meanwhile it stays in the journal.
 * Delivery thread only.
 */
final class ParkingQueue implements AutoCloseable {

    private record Refused(Outgoing block, String reason) {}

    private static final Logger LOG = LoggerFactory.getLogger(ParkingQueue.class);

    private final Parking parking;
    private final Consumer<Ended> ended;
    private final Jitter jitter;
    private final Deque<Refused> waiting = new ArrayDeque<>();

    private boolean underWay;
    private int failures;
    private long pauseNanos;
    private long dueNanos;

    /** @param ended takes what has been parked, or not, from any thread */
    ParkingQueue(Parking parking, Consumer<Ended> ended, RandomGenerator random) {
        this.parking = parking;
        this.ended = ended;
        this.jitter = new Jitter(random, TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(30));
    }

    void add(Outgoing block, String reason, long nowNanos) {
        if (waiting.isEmpty()) {
            dueNanos = nowNanos;
        }
        waiting.add(new Refused(block, reason));
    }

    void start(long nowNanos) {
        if (nanosUntilDue(nowNanos) > 0) {
            return;
        }
        underWay = true;
        Refused next = waiting.peek();
        Outgoing block = next.block;
        parking.park(
                block.block,
                block.data(),
                next.reason,
                problem -> ended.accept(new Ended.Parked(block, next.reason, problem)));
    }

    /** @return whether the block is durable; it will be tried again if not */
    boolean ended(Ended.Parked parked, long nowNanos) {
        underWay = false;
        if (parked.problem() == null) {
            waiting.remove();
            failures = 0;
            pauseNanos = 0;
            dueNanos = nowNanos;
            return true;
        }
        failures++;
        pauseNanos = jitter.next(pauseNanos);
        dueNanos = nowNanos + pauseNanos;
        if (Integer.bitCount(failures) == 1) {
            LOG.error(
                    "a block that was refused as {} cannot be parked, attempt {}: {}; it stays in the journal",
                    parked.reason(),
                    failures,
                    parked.problem());
        }
        return false;
    }

    boolean isUnderWay() {
        return underWay;
    }

    void hurry(long nowNanos) {
        dueNanos = nowNanos;
    }

    long nanosUntilDue(long nowNanos) {
        return underWay || waiting.isEmpty() ? Long.MAX_VALUE : Math.max(0, dueNanos - nowNanos);
    }

    @Override
    public void close() {
        parking.close();
    }
}
