package io.sluice.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import java.lang.invoke.VarHandle;

/**
 * The ring of one log: many producers, one consumer, a reference to a ticket in each slot.
 *
 * <p>Role: carries tickets to the committer and their outcome back. Threads: {@link #publish} any producer's; poll,
 * await, hand-back and epoch the committer's. Cost: no allocation, no lock, one claim a ticket. A claim cannot fail:
 * the producers have fewer tickets together than the ring has slots.
 *
 * <p>The Disruptor's own event processor is not used: it publishes its sequence in mid-batch when a handler throws,
 * and a sequence must not mean durability. Here only {@link #handBack} answers.
 */
public final class CommitRing implements AutoCloseable {

    private static final class Slot {
        Ticket ticket;
    }

    private final RingBuffer<Slot> ring;
    private final CommitWaitStrategy strategy;
    private final SequenceBarrier barrier;
    private final Sequence consumed = new Sequence(-1);
    private final Producer[] producers;

    /** Producers that were handed something back since the last wake-up. The committer's. */
    private final boolean[] touched;

    private volatile int epoch;
    private volatile boolean closed;

    /** With a committer that sleeps while it waits. */
    public CommitRing(int producers, int ticketsEach, int arenaBytesEach) {
        this(producers, ticketsEach, arenaBytesEach, RingConfig.CommitWait.PARK);
    }

    /**
     * @param producers how many loops publish here
     * @param ticketsEach tickets in the pool of each, one of which is kept for seals; at least 2
     * @param arenaBytesEach bytes of frames that each may have in flight
     */
    public CommitRing(int producers, int ticketsEach, int arenaBytesEach, RingConfig.CommitWait wait) {
        strategy = new CommitWaitStrategy(this::wakeThoseWhoWant, wait);
        int slots = Integer.highestOneBit(Math.max(2, producers * ticketsEach - 1)) << 1;
        ring = RingBuffer.createMultiProducer(Slot::new, slots, strategy);
        strategy.published(ring::isAvailable);
        ring.addGatingSequences(consumed);
        barrier = ring.newBarrier();
        this.producers = new Producer[producers];
        touched = new boolean[producers];
        for (int i = 0; i < producers; i++) {
            this.producers[i] = new Producer(this, i, ticketsEach, arenaBytesEach);
        }
    }

    public Producer producer(int number) {
        return producers[number];
    }

    public int producers() {
        return producers.length;
    }

    void publish(Ticket ticket) {
        long sequence;
        try {
            sequence = ring.tryNext();
        } catch (InsufficientCapacityException e) {
            // The shares of the producers sum to at most the ring. To go on would be to lose a ticket.
            throw new IllegalStateException("no slot for a ticket although the producers' shares fit the ring", e);
        }
        ring.get(sequence).ticket = ticket;
        ring.publish(sequence);
    }

    boolean committerIdle() {
        return strategy.isIdle();
    }

    /** The present log epoch. Any thread. */
    public int epoch() {
        return epoch;
    }

    /** Begins a new epoch: tickets of older ones are to be refused. The committer's. */
    public void nextEpoch() {
        // One writer, so no increment is lost; tickets handed back afterwards carry the news with them.
        int next = epoch + 1;
        epoch = next;
    }

    /** Takes up to {@code max} tickets, in order, without waiting. The committer's. @return how many */
    public int poll(Ticket[] into, int max) {
        long next = consumed.get() + 1;
        int count = 0;
        while (count < max && ring.isAvailable(next)) {
            Slot slot = ring.get(next++);
            into[count++] = slot.ticket;
            slot.ticket = null;
        }
        if (count > 0) {
            consumed.set(next - 1);
        }
        return count;
    }

    /**
     * Waits until a ticket can be taken, at most {@code timeoutNanos}. While it waits, {@link Producer#committerIdle}
     * is true. The committer's.
     *
     * @return false if there is none: the time is over, or the ring was closed
     */
    public boolean await(long timeoutNanos) {
        strategy.timeoutNanos(timeoutNanos);
        long next = consumed.get() + 1;
        try {
            return barrier.waitFor(next) >= next;
        } catch (TimeoutException | AlertException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Answers a ticket. {@link #wakeProducers} follows when the batch is answered. The committer's. */
    public void handBack(Ticket ticket, Ticket.Outcome outcome) {
        Producer producer = ticket.producer();
        touched[producer.number()] = true;
        producer.handBack(ticket, outcome);
    }

    /** Wakes every loop that got a ticket back or has work staged, once each. The committer's. */
    public void wakeProducers() {
        // Orders the stores into the inboxes before the loads of waking; pairs with Producer.woken.
        VarHandle.fullFence();
        for (int i = 0; i < producers.length; i++) {
            if (producers[i].takeWant() | touched[i]) {
                touched[i] = false;
                producers[i].wake();
            }
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /** Lets {@link #await} return at once from now on. Tickets that are in the ring can still be polled. Any thread. */
    @Override
    public void close() {
        closed = true;
        barrier.alert();
        strategy.signalAllWhenBlocking();
    }

    private void wakeThoseWhoWant() {
        for (Producer producer : producers) {
            if (producer.takeWant()) {
                producer.wake();
            }
        }
    }
}
