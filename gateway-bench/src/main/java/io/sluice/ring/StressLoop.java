package io.sluice.ring;

import io.sluice.common.LoopHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loop that only counts its wake-ups; the test that owns it decides when they run.
 *
 * <p>Threads: {@link #execute} the committer's, the rest any. One task is ever given to it: its producer's wake-up.
 */
final class StressLoop implements LoopHandle {

    private final AtomicInteger wakeUps = new AtomicInteger();
    private volatile Runnable wakeUp;

    @Override
    public void execute(Runnable task) {
        wakeUp = task;
        wakeUps.incrementAndGet();
    }

    @Override
    public void afterIteration(Runnable task) {
        throw new UnsupportedOperationException("the ring asks for nothing but wake-ups");
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {
        throw new UnsupportedOperationException("the ring asks for nothing but wake-ups");
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    /** Wake-ups asked for so far. */
    int wakeUps() {
        return wakeUps.get();
    }

    /** Runs what the last wake-up asked for. */
    void runWakeUp() {
        wakeUp.run();
    }

    /** Spins until a wake-up is asked for. @return false if none came in time */
    boolean awaitWakeUp(long timeoutNanos) {
        long start = System.nanoTime();
        while (wakeUps.get() == 0) {
            if (System.nanoTime() - start > timeoutNanos) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }
}
