package io.sluice.journal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all segments of a journal may take up together. Any thread.
 *
 * <p>What was adopted is there, whether it fits or not. However much it is, the journal's own logs may always take up a
 * reserve, lest a restart refuse everything until the past is delivered. What is only kept makes room when asked to.
 */
final class Budget {

    private final long maxBytes;
    private final long reservedBytes;
    private final AtomicLong own = new AtomicLong();
    private final AtomicLong adopted = new AtomicLong();
    private final AtomicLong kept = new AtomicLong();

    Budget(long maxBytes, long reservedBytes) {
        this.maxBytes = maxBytes;
        this.reservedBytes = Math.min(reservedBytes, maxBytes);
    }

    /** Takes bytes for a segment of the journal's own. */
    boolean tryTake(long bytes) {
        while (true) {
            long before = own.get();
            if (before + bytes > Math.max(reservedBytes, maxBytes - adopted.get() - kept.get())) {
                return false;
            }
            if (own.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    /** Takes bytes beyond what may be taken. */
    void takeAnyway(long bytes) {
        own.addAndGet(bytes);
    }

    void release(long bytes) {
        own.addAndGet(-bytes);
    }

    /** Whether more is taken than may be. */
    boolean isOver() {
        return own.get() > Math.max(reservedBytes, maxBytes - adopted.get() - kept.get());
    }

    /** Counts bytes of adopted segments. */
    void charge(long bytes) {
        adopted.addAndGet(bytes);
    }

    void discharge(long bytes) {
        adopted.addAndGet(-bytes);
    }

    /** Counts bytes of adopted segments as kept only. */
    void keep(long bytes) {
        kept.addAndGet(bytes);
        adopted.addAndGet(-bytes);
    }

    /** Counts kept bytes as gone. */
    void letGo(long bytes) {
        kept.addAndGet(-bytes);
    }

    long used() {
        return own.get() + adopted.get() + kept.get();
    }

    /** Bytes of adopted segments that are kept only. */
    long kept() {
        return kept.get();
    }

    /** Bytes that the journal's own logs may still take, once all that is only kept has made room. */
    long left() {
        return Math.max(0, Math.max(reservedBytes, maxBytes - adopted.get()) - own.get());
    }
}
