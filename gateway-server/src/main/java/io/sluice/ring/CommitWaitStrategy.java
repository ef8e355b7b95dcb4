package io.sluice.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.WaitStrategy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/**
 * How the committer waits: by default parked, so that it costs nothing at idle, and woken by exactly one publisher,
 * which takes no lock. No strategy that comes with the Disruptor is both.
 *
 * <p>The handshake is Dekker's. The committer sets {@code idle}, fences, looks at the ring and at the producers that
 * want it idle, and only then parks. A publisher makes its slot visible, fences, looks at {@code idle}, and unparks the
 * committer if it wins the exchange. Of two that cross, at least one sees the other; a wake-up too many is harmless.
 * One that does not park, since {@link RingConfig.CommitWait} says so, sees the exchange instead of being woken.
 */
final class CommitWaitStrategy implements WaitStrategy {

    private static final VarHandle IDLE;

    static {
        try {
            IDLE = MethodHandles.lookup().findVarHandle(CommitWaitStrategy.class, "idle", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Wakes the producers that have work staged and will flush it if they learn that the committer is idle. */
    interface Wants {
        void wakeThoseWhoWant();
    }

    private final Wants wants;
    private final RingConfig.CommitWait wait;
    /**
     * Whether the slot of a sequence is published. The cursor will not do: several producers move it when they claim,
     * and the committer would spin for as long as one is preempted between claim and publish.
     */
    private LongPredicate published = sequence -> false;

    /** Written by the committer and by the publisher that wakes it. */
    private volatile boolean idle;

    private volatile Thread committer;
    /** Set by the committer before it waits. Its own. */
    private long timeoutNanos = Long.MAX_VALUE;

    CommitWaitStrategy(Wants wants, RingConfig.CommitWait wait) {
        this.wants = wants;
        this.wait = wait;
    }

    void published(LongPredicate published) {
        this.published = published;
    }

    void timeoutNanos(long nanos) {
        timeoutNanos = nanos;
    }

    boolean isIdle() {
        return idle;
    }

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier)
            throws AlertException, TimeoutException {
        if (published.test(sequence)) {
            return cursor.get();
        }
        committer = Thread.currentThread();
        long deadline = timeoutNanos == Long.MAX_VALUE ? 0 : System.nanoTime() + timeoutNanos;
        try {
            while (true) {
                idle = true;
                // Orders the store of idle before the loads of cursor and wants; pairs with signalAllWhenBlocking and
                // Producer.wantIdle.
                VarHandle.fullFence();
                if (published.test(sequence)) {
                    return cursor.get();
                }
                barrier.checkAlert();
                wants.wakeThoseWhoWant();
                if (!idle) {
                    // A publisher has been here meanwhile, and its unpark may have been spent on a lock that a loop's
                    // queue took in the wake-up: to park now could be to sleep through its ticket.
                    continue;
                }
                if (wait != RingConfig.CommitWait.PARK) {
                    look(sequence, barrier, deadline);
                } else if (timeoutNanos == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, left(deadline));
                }
                if (published.test(sequence)) {
                    return cursor.get();
                }
            }
        } finally {
            idle = false;
        }
    }

    /** Until something is published, without sleeping. What a producer wants comes with the exchange of idle. */
    private void look(long sequence, SequenceBarrier barrier, long deadline) throws AlertException, TimeoutException {
        while (idle && !published.test(sequence)) {
            barrier.checkAlert();
            if (timeoutNanos != Long.MAX_VALUE) {
                left(deadline);
            }
            if (wait == RingConfig.CommitWait.YIELD) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static long left(long deadline) throws TimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw TimeoutException.INSTANCE;
        }
        return left;
    }

    /** Called by every publisher after its slot is visible. */
    @Override
    public void signalAllWhenBlocking() {
        // Orders the store of the slot before the load of idle.
        VarHandle.fullFence();
        if (idle && IDLE.compareAndSet(this, true, false) && wait == RingConfig.CommitWait.PARK) {
            LockSupport.unpark(committer);
        }
    }
}
