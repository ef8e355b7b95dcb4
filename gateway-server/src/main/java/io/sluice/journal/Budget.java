package io.sluice.journal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all segments of a journal may take up together. Any thread.
 *
 * <p>What was adopted is there, whether it fits or not. However much it is, the journal's own logs may always take up a
 * reserve, lest a restart refuse everything until the past is delivered.
 */
final class Budget {

    private final long maxBytes;
    private final long reservedBytes;
    private final AtomicLong own = new AtomicLong();
    private final AtomicLong adopted = new AtomicLong();

    Budget(long maxBytes, long reservedBytes) {
        this.maxBytes = maxBytes;
        this.reservedBytes = Math.min(reservedBytes, maxBytes);
    }

    private long ownMost() {
        return Math.max(reservedBytes, maxBytes - adopted.get());
    }

    /** Takes bytes for a segment of the journal's own. */
    boolean tryTake(long bytes) {
        while (true) {
            long before = own.get();
            if (before + bytes > ownMost()) {
                return false;
            }
            if (own.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    void release(long bytes) {
        own.addAndGet(-bytes);
    }

    /** Counts bytes of adopted segments. */
    void charge(long bytes) {
        adopted.addAndGet(bytes);
    }

    void discharge(long bytes) {
        adopted.addAndGet(-bytes);
    }

    long used() {
        return own.get() + adopted.get();
    }

    /** Bytes that the journal's own logs may still take. */
    long left() {
        return Math.max(0, ownMost() - own.get());
    }
}
