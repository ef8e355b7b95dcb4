package io.sluice.ring;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.SleepingWaitStrategy;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;

/** How tickets get to the committer. */
public enum Way {
    /** The gateway's ring: parked, woken by one publisher, without a lock. */
    OWN,
    BLOCKING,
    SLEEPING,
    YIELDING,
    BUSY_SPIN,
    /** {@link java.util.concurrent.ArrayBlockingQueue}. */
    LOCKED_QUEUE;

    Hop open(Thread loop) {
        WaitStrategy strategy = switch (this) {
            case OWN, LOCKED_QUEUE -> null;
            case BLOCKING -> new BlockingWaitStrategy();
            case SLEEPING -> new SleepingWaitStrategy();
            case YIELDING -> new YieldingWaitStrategy();
            case BUSY_SPIN -> new BusySpinWaitStrategy();
        };
        return strategy != null
                ? new DisruptorHop(loop, strategy)
                : this == OWN ? new OwnHop(loop) : new QueueHop(loop);
    }
}
