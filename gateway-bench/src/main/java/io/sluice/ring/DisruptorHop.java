package io.sluice.ring;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.WaitStrategy;
import java.util.concurrent.locks.LockSupport;

/** Through the Disruptor as it comes: its event processor, and one of its strategies to wait. */
final class DisruptorHop implements Hop {

    private static final int SLOTS = 64;

    /** What a slot holds. */
    private static final class Slot {
        Object ticket;
    }

    private final RingBuffer<Slot> ring;
    private final BatchEventProcessor<Slot> processor;
    private final Thread loop;
    private final Thread committer;
    private long published;
    private volatile long back;

    DisruptorHop(Thread loop, WaitStrategy strategy) {
        this.loop = loop;
        ring = RingBuffer.createMultiProducer(Slot::new, SLOTS, strategy);
        processor = new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), this::commit);
        ring.addGatingSequences(processor.getSequence());
        committer = Thread.ofPlatform().daemon().name("hop").start(processor);
    }

    private void commit(Slot slot, long sequence, boolean last) {
        slot.ticket = null;
        if (last) {
            back = sequence + 1;
            LockSupport.unpark(loop);
        }
    }

    @Override
    public void publish() {
        long sequence = ring.next();
        ring.get(sequence).ticket = this;
        ring.publish(sequence);
        published = sequence + 1;
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
        processor.halt();
        committer.join();
    }
}
