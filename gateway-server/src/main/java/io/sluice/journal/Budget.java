package io.sluice.journal;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that all segments of a journal may take up together. Any thread. */
final class Budget {

    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();

    Budget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    boolean tryTake(long bytes) {
        while (true) {
            long before = used.get();
            if (before + bytes > maxBytes) {
                return false;
            }
            if (used.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    /** Counts bytes that are there already, whether they fit or not. */
    void charge(long bytes) {
        used.addAndGet(bytes);
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }

    long left() {
        return Math.max(0, maxBytes - used.get());
    }
}
