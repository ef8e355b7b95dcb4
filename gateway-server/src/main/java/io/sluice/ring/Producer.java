package io.sluice.ring;

import io.sluice.common.LoopHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jctools.queues.SpscArrayQueue;

/**
 * One loop's end of the ring: its pool of tickets, which are its credits, its arena and its inbox.
 *
 * <p>Role: opens, publishes and takes back tickets. Threads: the owner's loop, but for {@link #handBack} and
 * {@link #wake}, which are the committer's. Cost: no allocation, no lock, one claim a ticket.
 */
public final class Producer {

    private static final VarHandle WANTS;
    private static final VarHandle WAKING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WANTS = lookup.findVarHandle(Producer.class, "wants", boolean.class);
            WAKING = lookup.findVarHandle(Producer.class, "waking", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Tickets that only a seal may use, so that a busy loop can always complete its blocks. */
    private static final int SEAL_SHARE = 1;

    private final CommitRing ring;
    private final int number;
    private final Arena arena;
    private final SpscArrayQueue<Ticket> inbox;
    private final Ticket[] free;
    private final Runnable onWake = this::woken;

    // The owner's.
    private int freeCount;
    /** Times of publishing of the tickets in flight, a ring in their order, which is that of their return. */
    private final long[] published;

    private int firstPublished;
    private Ticket open;
    private Runnable returned;

    // Shared.
    private volatile LoopHandle loop;
    /** Set by the owner while work is staged; cleared by whoever acts on it. */
    private volatile boolean wants;
    /** Whether a wake-up is under way that has not run yet. */
    private volatile boolean waking;

    Producer(CommitRing ring, int number, int tickets, int arenaBytes) {
        this.ring = ring;
        this.number = number;
        this.arena = new Arena(arenaBytes);
        this.inbox = new SpscArrayQueue<>(Math.max(4, tickets));
        this.free = new Ticket[tickets];
        this.published = new long[tickets];
        for (int i = 0; i < tickets; i++) {
            free[i] = new Ticket(this);
        }
        freeCount = tickets;
    }

    /** Names the loop that owns this producer, and what it runs when tickets have come back. Once, at start. */
    public void attach(LoopHandle loop, Runnable returned) {
        this.returned = returned;
        this.loop = loop;
    }

    public int number() {
        return number;
    }

    public Arena arena() {
        return arena;
    }

    /** Number of the ring's present log epoch; a ticket of an older one will be refused. */
    public int epoch() {
        return ring.epoch();
    }

    /** Tickets that are published and have not come back. */
    public int inFlight() {
        return free.length - freeCount - (open == null ? 0 : 1);
    }

    /**
     * When the oldest ticket in flight was published, by the clock of {@link #publish}. Only while one is in flight.
     */
    public long oldestPublishedNanos() {
        assert inFlight() > 0;
        return published[firstPublished];
    }

    /** Whether {@link #open} of as many bytes would give a ticket now. */
    public boolean hasCredit(int frameBytes) {
        return freeCount > SEAL_SHARE && arena.fits(frameBytes);
    }

    /**
     * A ticket with room for {@code frameBytes} in the arena, or {@code null} if there is no credit until one returns.
     * {@link #publish} or {@link #abandon} follows.
     *
     * @param forSeals whether the share that is kept for seals may be used
     */
    public Ticket open(int frameBytes, boolean forSeals) {
        assert open == null : "a ticket is open";
        if (freeCount <= (forSeals ? 0 : SEAL_SHARE)) {
            return null;
        }
        int offset = arena.reserve(frameBytes);
        if (offset < 0) {
            return null;
        }
        Ticket ticket = free[--freeCount];
        free[freeCount] = null;
        ticket.begin(offset);
        open = ticket;
        return ticket;
    }

    /** Hands the open ticket with its frames to the committer. Nothing between the filling and this may throw. */
    public void publish(Ticket ticket, int length, int frames, int records, int epoch, long nanoTime) {
        assert ticket == open && frames > 0;
        open = null;
        published[(firstPublished + inFlight() - 1) % published.length] = nanoTime;
        ticket.publish(length, frames, records, arena.commit(length), epoch, nanoTime);
        ring.publish(ticket);
    }

    /** Gives the open ticket back unused. */
    public void abandon(Ticket ticket) {
        assert ticket == open;
        open = null;
        arena.commit(0);
        ticket.clear();
        free[freeCount++] = ticket;
    }

    /** The next ticket that came back, or {@code null}. {@link #recycle} follows. */
    public Ticket pollReturned() {
        return inbox.poll();
    }

    /** Takes a returned ticket, its arena bytes and its credit back. In the order in which they returned. */
    public void recycle(Ticket ticket) {
        firstPublished = (firstPublished + 1) % published.length;
        arena.release(ticket.arenaMark());
        ticket.clear();
        free[freeCount++] = ticket;
    }

    /**
     * Says that work is staged which should go out as soon as the committer has nothing to do.
     *
     * @return true if it is idle by now, so that the caller must flush at once
     */
    public boolean wantIdle() {
        wants = true;
        // Orders the store of wants before the load of idle; pairs with CommitWaitStrategy.waitFor.
        VarHandle.fullFence();
        if (ring.committerIdle()) {
            wants = false;
            return true;
        }
        return false;
    }

    /** The committer's: answers a ticket. Exactly once each. */
    void handBack(Ticket ticket, Ticket.Outcome outcome) {
        ticket.outcome(outcome);
        if (!inbox.offer(ticket)) {
            throw new IllegalStateException("inbox of producer " + number + " is full: a ticket was answered twice");
        }
    }

    /** The committer's: takes note that the producer wants an idle committer, and forgets it. */
    boolean takeWant() {
        return wants && WANTS.compareAndSet(this, true, false);
    }

    /** The committer's: has the loop look at its inbox. One wake-up under way serves for all. */
    void wake() {
        if (!waking && WAKING.compareAndSet(this, false, true)) {
            loop.execute(onWake);
        }
    }

    private void woken() {
        // Before the inbox is read: what is put there afterwards brings a wake-up of its own. A full fence, since the
        // committer stores the ticket and then loads waking.
        waking = false;
        VarHandle.fullFence();
        returned.run();
    }
}
