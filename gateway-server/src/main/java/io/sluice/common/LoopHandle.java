package io.sluice.common;

/**
 * What the threads behind need of the thread in front that owns a producer: a way to wake it, and a way for its own
 * code to be called back. Implemented by {@code http} over an event loop.
 */
public interface LoopHandle {

    /**
     * Runs the task on the loop, soon. Any thread; never blocks. The tasks given here are made once and reused, so a
     * wake-up allocates nothing but what the loop's own queue does.
     */
    void execute(Runnable task);

    /** Runs the task once, at the end of the iteration that is under way. On the loop only. */
    void afterIteration(Runnable task);

    /** Runs the task once, on the loop, after the delay. On the loop only. */
    void schedule(Runnable task, long delayNanos);

    /** Whether the caller runs on the loop. */
    boolean inLoop();
}
