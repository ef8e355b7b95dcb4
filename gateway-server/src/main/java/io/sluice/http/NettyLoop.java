package io.sluice.http;

import io.netty.channel.SingleThreadEventLoop;
import io.sluice.common.LoopHandle;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * An event loop as the threads behind see it.
 *
 * <p>{@link #execute} from any thread, also after the loop has ended, when it does nothing; the rest on the loop. A
 * task that throws ends the process: Netty would log and go on, with a half-done flush behind it. Allocates nothing as
 * long as each method is given the same task again, or {@link #afterIteration} the same two.
 */
final class NettyLoop implements LoopHandle {

    /** A task whose failures do not vanish. */
    private record Guarded(Runnable task, Consumer<Throwable> fatal) implements Runnable {

        @Override
        public void run() {
            try {
                task.run();
            } catch (Throwable failure) {
                fatal.accept(failure);
            }
        }
    }

    private final SingleThreadEventLoop loop;
    private final Consumer<Throwable> fatal;

    /** The last task given to {@link #execute}. Two threads may each put theirs; either works. */
    private volatile Guarded executed;

    /** The last two: intake and connections each have theirs at the end of nearly every iteration. */
    private Guarded after;

    private Guarded afterBefore;
    private Guarded scheduled;

    NettyLoop(SingleThreadEventLoop loop, Consumer<Throwable> fatal) {
        this.loop = loop;
        this.fatal = fatal;
        this.executed = this.after = this.afterBefore = this.scheduled = new Guarded(() -> {}, fatal);
    }

    @Override
    public void execute(Runnable task) {
        Guarded guarded = guarded(executed, task);
        executed = guarded;
        try {
            loop.execute(guarded);
        } catch (RejectedExecutionException ended) {
            // Whoever is behind may still have something to say after the end: a ticket that comes back late, a
            // heartbeat. There is nobody left to hear it, which is no failure of his.
            if (!loop.isShuttingDown()) {
                throw ended;
            }
        }
    }

    @Override
    public void afterIteration(Runnable task) {
        assert inLoop();
        if (after.task != task) {
            Guarded next = guarded(afterBefore, task);
            afterBefore = after;
            after = next;
        }
        loop.executeAfterEventLoopIteration(after);
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {
        assert inLoop();
        scheduled = guarded(scheduled, task);
        loop.schedule(scheduled, delayNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    private Guarded guarded(Guarded last, Runnable task) {
        return last.task == task ? last : new Guarded(task, fatal);
    }
}
