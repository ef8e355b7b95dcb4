package io.sluice.testing;

import io.sluice.common.LoopHandle;
import java.util.ArrayDeque;
import java.util.Queue;

/** An event loop that runs when the test says so, on the test's thread. */
public final class ManualLoop implements LoopHandle {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Queue<Runnable> atEnd = new ArrayDeque<>();
    private final Queue<Runnable> timers = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void afterIteration(Runnable task) {
        atEnd.add(task);
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {
        timers.add(task);
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    /** Runs what was given to it, then what was left for the end of the iteration. @return whether there was any */
    public boolean iterate() {
        boolean any = drain(tasks);
        return drain(atEnd) | any;
    }

    /** Runs every timer, whatever its delay. */
    public void runTimers() {
        drain(timers);
    }

    private static boolean drain(Queue<Runnable> queue) {
        boolean any = false;
        for (Runnable task; (task = queue.poll()) != null; any = true) {
            task.run();
        }
        return any;
    }
}
