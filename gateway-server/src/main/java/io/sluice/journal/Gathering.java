package io.sluice.journal;

import java.util.concurrent.TimeUnit;

/**
 * Decides how long the committer lets tickets gather before its next commit: what a commit costs in system calls and
 * wake-ups, a record pays alone where few come. Where many come, commits are shared as it is, and nobody waits.
 *
 * <p>Few is counted in records, over a tenth of a second: neither gathering nor the number of loops changes that, as
 * they do tickets a commit. Confined to the committer. Cost: an addition and a comparison a commit.
 */
final class Gathering {

    static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * Most records of a window that are few: 4,000 a second, a hundredth of what two processors take and less. Then
     * requests share commits by themselves, and latency is worth more than what a commit costs.
     */
    static final int FEW_RECORDS = 400;

    private final long gatherNanos;
    private long windowNanos;
    private long records;
    /** Until a window has said otherwise nobody waits. */
    private boolean few;

    /** @param gatherNanos from one commit's begin to the next one's; 0 for at once */
    Gathering(long gatherNanos, long nowNanos) {
        this.gatherNanos = gatherNanos;
        windowNanos = nowNanos;
    }

    /** Takes note of a commit. */
    void committed(int committed, long nowNanos) {
        long elapsed = nowNanos - windowNanos;
        if (elapsed >= WINDOW_NANOS) {
            // A window may be longer, where nothing came for a while.
            few = records <= FEW_RECORDS * (elapsed / WINDOW_NANOS);
            windowNanos = nowNanos;
            records = 0;
        }
        records += committed;
        if (records > FEW_RECORDS) {
            // At once: a burst shall not wait for the end of the window.
            few = false;
        }
    }

    /** How long to wait after a commit that began at {@code beganNanos}; 0 for not at all. */
    long pauseNanos(long beganNanos, long nowNanos) {
        return few ? Math.max(0, gatherNanos - (nowNanos - beganNanos)) : 0;
    }
}
