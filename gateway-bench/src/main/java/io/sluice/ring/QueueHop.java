package io.sluice.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** Through a queue with a lock, as a gateway without a ring would have it. */
final class QueueHop implements Hop {

    private static final int SLOTS = 64;

    private final ArrayBlockingQueue<Object> queue = new ArrayBlockingQueue<>(SLOTS);
    private final Thread loop;
    private final Thread committer;
    private long published;
    private volatile long back;

    QueueHop(Thread loop) {
        this.loop = loop;
        committer = Thread.ofPlatform().daemon().name("hop").start(this::commit);
    }

    private void commit() {
        List<Object> batch = new ArrayList<>(SLOTS);
        long taken = 0;
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch);
                taken += batch.size();
                batch.clear();
                back = taken;
                LockSupport.unpark(loop);
            }
        } catch (InterruptedException e) {
            // The end.
        }
    }

    @Override
    public void publish() {
        queue.add(this);
        published++;
    }

    @Override
    public boolean allBack() {
        return back == published;
    }

    @Override
    public long threadId() {
        return committer.threadId();
    }

    @Override
    public void close() throws InterruptedException {
        committer.interrupt();
        committer.join();
    }
}
