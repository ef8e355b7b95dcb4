package io.sluice.delivery;

import io.sluice.common.Clock;
import java.time.Instant;

/** A clock that moves when it is told to. */
public final class HandClock implements Clock {

    private volatile long nanos = 1_000_000_007;
    private volatile long millis;

    public HandClock(Instant start) {
        millis = start.toEpochMilli();
    }

    public void advanceMillis(long by) {
        nanos += by * 1_000_000;
        millis += by;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long epochMillis() {
        return millis;
    }
}
