package io.sluice.lab;

import io.sluice.common.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Stands still until it is moved. */
final class ManualClock implements Clock {

    private final long startMillis = Instant.parse("2026-11-27T09:59:58Z").toEpochMilli();
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long epochMillis() {
        return startMillis + nanos.get() / 1_000_000;
    }

    void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
