package io.sluice.ring;

import io.sluice.common.LoopHandle;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Through {@link CommitRing}. */
final class OwnHop implements Hop, LoopHandle {

    private static final int TICKETS = 64;
    private static final int FRAME_BYTES = 128;

    private final CommitRing ring = new CommitRing(1, TICKETS, 1 << 20);
    private final Producer producer = ring.producer(0);
    private final Thread loop;
    private final Thread committer;
    private final AtomicReference<Runnable> wakeUp = new AtomicReference<>();

    OwnHop(Thread loop) {
        this.loop = loop;
        producer.attach(this, this::takeBack);
        committer = Thread.ofPlatform().daemon().name("hop").start(this::commit);
    }

    private void commit() {
        Ticket[] batch = new Ticket[TICKETS];
        while (!ring.isClosed()) {
            ring.await(Long.MAX_VALUE);
            int tickets = ring.poll(batch, TICKETS);
            for (int i = 0; i < tickets; i++) {
                ring.handBack(batch[i], Ticket.Outcome.COMMITTED);
            }
            ring.wakeProducers();
        }
    }

    @Override
    public void publish() {
        Ticket ticket = producer.open(FRAME_BYTES, false);
        producer.publish(ticket, FRAME_BYTES, 1, 1, producer.epoch(), System.nanoTime());
    }

    @Override
    public boolean allBack() {
        Runnable task = wakeUp.getAndSet(null);
        if (task != null) {
            task.run();
        }
        return producer.inFlight() == 0;
    }

    private void takeBack() {
        for (Ticket ticket; (ticket = producer.pollReturned()) != null; ) {
            producer.recycle(ticket);
        }
    }

    @Override
    public void execute(Runnable task) {
        wakeUp.set(task);
        LockSupport.unpark(loop);
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
        return Thread.currentThread() == loop;
    }

    @Override
    public long threadId() {
        return committer.threadId();
    }

    @Override
    public void close() throws InterruptedException {
        ring.close();
        committer.join();
    }
}
