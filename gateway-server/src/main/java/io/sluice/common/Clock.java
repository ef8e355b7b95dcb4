package io.sluice.common;

/** The two clocks that the gateway reads. Injected everywhere, read once a cycle. */
public interface Clock {

    /** A monotone time in nanoseconds, with an arbitrary origin. For delays and deadlines only. */
    long nanoTime();

    /** Milliseconds since 1970-01-01T00:00Z. May step back; {@link MonotoneMillis} does not. */
    long epochMillis();

    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
