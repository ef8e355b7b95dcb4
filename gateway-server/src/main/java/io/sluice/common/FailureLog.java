package io.sluice.common;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log what went wrong with a request, without a byte of it: exception classes and places in the code, never
 * messages, which may quote input. At most one line a second and thread; the rest are counted.
 *
 * <p>Confined to its thread.
 */
public final class FailureLog {

    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
    private static final long QUIET_NANOS = 1_000_000_000;

    private final Clock clock;
    private long lastNanos;
    private long suppressed;

    public FailureLog(Clock clock) {
        this.clock = clock;
        this.lastNanos = clock.nanoTime() - QUIET_NANOS;
    }

    public void report(String what, Throwable failure) {
        long now = clock.nanoTime();
        if (now - lastNanos < QUIET_NANOS) {
            suppressed++;
            return;
        }
        LOG.error("{}: {} ({} more not shown)", what, FailureText.of(failure), suppressed);
        lastNanos = now;
        suppressed = 0;
    }
}
