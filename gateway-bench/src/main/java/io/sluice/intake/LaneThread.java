package io.sluice.intake;

import io.sluice.protocol.FramedRequest;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import org.jctools.queues.SpscArrayQueue;

/**
 * A thread behind one loop that does the intake's work, and the two rings between them: received requests go there,
 * and come back when they were taken, to be filled again. It was raced and is not used ({@link LaneBench}).
 *
 * <p>Threads: {@link #awaitFree} and {@link #publish} are the loop's. Who finds nothing to do sleeps, the loop as in
 * its selector, and is woken by the other: the lane by the first request, the loop when half of its requests are back.
 * No allocation.
 */
final class LaneThread implements AutoCloseable {

    /** Requests of 50 events on their way: as many bytes as a second-level cache has. */
    static final int REQUESTS = 64;

    private final SpscArrayQueue<FramedRequest> received = new SpscArrayQueue<>(REQUESTS);
    private final SpscArrayQueue<FramedRequest> taken = new SpscArrayQueue<>(REQUESTS);
    private final ToIntFunction<FramedRequest> intake;
    private final Thread loop;
    private final Thread lane;
    private FramedRequest next;

    private volatile boolean laneSleeps;
    private volatile boolean loopSleeps;
    private volatile boolean closed;
    private volatile RuntimeException failure;

    LaneThread(Thread loop, IntakeRig rig) {
        this(loop, rig::take);
    }

    LaneThread(Thread loop, ToIntFunction<FramedRequest> intake) {
        this.loop = loop;
        this.intake = intake;
        for (int i = 0; i < REQUESTS; i++) {
            taken.offer(new FramedRequest());
        }
        lane = Thread.ofPlatform().daemon().name("lane").start(this::run);
    }

    /** A request to be filled, as soon as there is one; the same until it is published. */
    FramedRequest awaitFree() {
        while (next == null && (next = taken.poll()) == null) {
            loopSleeps = true;
            // Looked at again behind the flag: else both could sleep.
            if (taken.isEmpty() && failure == null) {
                LockSupport.park(this);
            }
            loopSleeps = false;
            if (failure != null) {
                throw new IllegalStateException("the lane has ended", failure);
            }
        }
        return next;
    }

    /** Hands the request over. @return how many are on their way */
    int publish() {
        FramedRequest request = next;
        next = null;
        // There is room for as many as there are.
        received.offer(request);
        wakeLane();
        return received.size();
    }

    private void wakeLane() {
        // The flag is read behind the ring's write, which by itself later reads may overtake.
        VarHandle.fullFence();
        if (laneSleeps) {
            LockSupport.unpark(lane);
        }
    }

    private void run() {
        try {
            takeAll();
        } catch (RuntimeException e) {
            failure = e;
            LockSupport.unpark(loop);
        }
    }

    private void takeAll() {
        while (!closed) {
            FramedRequest request = received.poll();
            if (request == null) {
                sleep();
                continue;
            }
            intake.applyAsInt(request);
            taken.offer(request);
            VarHandle.fullFence();
            if (loopSleeps && (taken.size() >= REQUESTS / 2 || received.isEmpty())) {
                LockSupport.unpark(loop);
            }
        }
    }

    private void sleep() {
        laneSleeps = true;
        if (received.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        laneSleeps = false;
    }

    long threadId() {
        return lane.threadId();
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        LockSupport.unpark(lane);
        lane.join();
    }
}
