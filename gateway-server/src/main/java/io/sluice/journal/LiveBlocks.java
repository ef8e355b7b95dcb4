package io.sluice.journal;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.SpscArrayQueue;

/**
 * What the committer of one log hands to delivery: sealed and synced blocks, whole in memory while there is room, and
 * otherwise the stretch of the log to read them from.
 *
 * <p>Threads: the committer publishes, delivery takes. They share one lock, taken once a sync and once a poll, never
 * across a disk access; {@link BlockMemory} has one of its own. Bounded by the bytes of that, open and undelivered
 * blocks included, and those that were read back, which leave a quarter of it free: once a block does not fit, every
 * later one is left to the reader until the reader has caught up with the committer. Of those some 50 bytes each stay,
 * in the order of their SEALs, so that the reader knows what it should have found.
 */
final class LiveBlocks {

    /**
     * A block that is to be read from the log.
     *
     * @param first where it begins; pinned for it
     * @param sealSequence segment of its SEAL
     * @param records lines in it
     * @param bytes encoded, trailer included
     */
    record Left(long id, Segment first, long sealSequence, int records, int bytes) {}

    private final BlockMemory memory;

    /** Blocks that delivery is done with, their memory attached. */
    private final SpscArrayQueue<BlockState> returned;

    // The committer's.
    private final ArrayDeque<BlockState> free = new ArrayDeque<>();

    // Guarded by this.
    private final ArrayDeque<BlockState> ready = new ArrayDeque<>();
    /** Whether blocks are to be read from the log. */
    private boolean backlog;
    /** Those, in the order of their SEALs. */
    private final ArrayDeque<Left> left = new ArrayDeque<>();
    /** Where reading begins: at or before the first frame of every block that is to be read. */
    private long startSequence;

    private int startOffset;
    /** The first SEAL that was not handed over in memory. */
    private long sealSequence;

    private int sealOffset;
    /** Behind the last synced frame. */
    private long headSequence;

    private int headOffset;

    private final AtomicLong pendingBlocks = new AtomicLong();
    private final AtomicLong pendingRecords = new AtomicLong();
    private final AtomicLong pendingBytes = new AtomicLong();
    private volatile long oldestOpenMillis = Long.MAX_VALUE;
    private volatile long openRecords;
    private volatile long oldestReadyMillis = Long.MAX_VALUE;
    private volatile Thread waiter;

    /** Runs before each look of delivery at what the committer changes: there a test lets the committer go on. */
    private Runnable beforeLook = () -> {};

    LiveBlocks(long memoryBytes) {
        memory = new BlockMemory(memoryBytes);
        returned = new SpscArrayQueue<>(Math.max(4, memory.pieces()));
    }

    /** In which blocks that are read back are put together as well, while enough of it stays free. */
    BlockMemory memory() {
        return memory;
    }

    /** A block to begin. The committer's. */
    BlockState acquire() {
        takeBack();
        BlockState block = free.poll();
        return block == null ? new BlockState(this, memory) : block;
    }

    /** Takes back a block that was not published, or that need not stay in memory. The committer's. */
    void release(BlockState block) {
        block.freeMemory();
        block.first = null;
        block.last = null;
        free.push(block);
    }

    /** Takes back what delivery is done with. The committer's. */
    void takeBack() {
        for (BlockState block = returned.poll(); block != null; block = returned.poll()) {
            release(block);
        }
    }

    /**
     * Hands over a block whose SEAL is synced. The committer's, which holds the lock over all blocks of one sync and
     * hands them over in the order of their SEALs: what is to be read is told from the rest by where its SEAL lies.
     *
     * @return false if it is to be read from the log, so that the caller releases it
     */
    boolean publish(BlockState block) {
        assert Thread.holdsLock(this);
        pendingBlocks.incrementAndGet();
        pendingRecords.addAndGet(block.now.records);
        pendingBytes.addAndGet(block.now.bytes);
        if (backlog) {
            left.add(new Left(block.id, block.first, block.last.sequence, block.now.records, block.now.bytes));
            return false;
        }
        assert block.assembled;
        ready.add(block);
        oldestReadyMillis = ready.peek().firstReceivedMillis;
        return true;
    }

    /** Whether reading must begin with this block. The committer's, as {@link #publish}. */
    boolean cannotTake(BlockState block) {
        assert Thread.holdsLock(this);
        return !backlog && !block.assembled;
    }

    /**
     * Leaves this block and all later ones to the reader. The committer's, as {@link #publish}.
     *
     * @param sequence segment at or before the first frames of all blocks that are open or not published
     * @param offset place in it
     * @param block the first that is to be read
     */
    void readFrom(long sequence, int offset, BlockState block) {
        assert Thread.holdsLock(this);
        backlog = true;
        startSequence = sequence;
        startOffset = offset;
        sealSequence = block.last.sequence;
        sealOffset = block.lastOffset;
    }

    /** Whether later blocks are left to the reader. The committer's, as {@link #publish}. */
    boolean isToBeRead() {
        assert Thread.holdsLock(this);
        return backlog;
    }

    /** Says how far the log is synced. The committer's, as {@link #publish}. */
    void head(long sequence, int offset) {
        assert Thread.holdsLock(this);
        headSequence = sequence;
        headOffset = offset;
    }

    void beforeLook(Runnable action) {
        beforeLook = action;
    }

    /** Says what is synced and not sealed. The committer's. */
    void open(long oldestMillis, long records) {
        oldestOpenMillis = oldestMillis;
        openRecords = records;
    }

    /** Lines that are synced in blocks that are not sealed. Any thread. */
    long openRecords() {
        return openRecords;
    }

    /** Wakes delivery if it waits. The committer's. */
    void signal() {
        Thread sleeper = waiter;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }

    void waiter(Thread thread) {
        waiter = thread;
    }

    /** The next block in memory, or {@code null}. Delivery's. */
    BlockState poll() {
        beforeLook.run();
        synchronized (this) {
            BlockState block = ready.poll();
            BlockState next = ready.peek();
            oldestReadyMillis = next == null ? Long.MAX_VALUE : next.firstReceivedMillis;
            return block;
        }
    }

    /** Whether delivery would find a block, or something to read. */
    synchronized boolean hasAny() {
        return backlog || !ready.isEmpty();
    }

    boolean isBacklog() {
        beforeLook.run();
        synchronized (this) {
            return backlog;
        }
    }

    synchronized long startSequence() {
        return startSequence;
    }

    synchronized int startOffset() {
        return startOffset;
    }

    /** Whether the SEAL at this place belongs to a block that is to be read, rather than one that was in memory. */
    synchronized boolean isToBeRead(long sequence, int offset) {
        return sequence > sealSequence || sequence == sealSequence && offset >= sealOffset;
    }

    /** The segment that was synced last. Delivery's. */
    long headSequence() {
        beforeLook.run();
        synchronized (this) {
            return headSequence;
        }
    }

    /**
     * Takes from the list of what is to be read the block whose SEAL the reader has met. Delivery's.
     *
     * @param lost to which those before it are added: their SEALs should have been met
     */
    synchronized Left met(long id, Collection<Left> lost) {
        Left met = left.poll();
        for (; met != null && met.id != id; met = left.poll()) {
            lost.add(met);
        }
        if (met == null) {
            throw new IllegalStateException("block " + id + " has a synced SEAL and was not left to be read");
        }
        return met;
    }

    /**
     * Ends the reading if nothing was synced behind the place that the reader has come to. Delivery's.
     *
     * @param lost to which, if it ends, those are added whose SEALs were not met
     */
    boolean caughtUp(long sequence, int offset, Collection<Left> lost) {
        beforeLook.run();
        synchronized (this) {
            if (backlog && sequence == headSequence && offset == headOffset) {
                backlog = false;
                lost.addAll(left);
                left.clear();
            }
            return !backlog;
        }
    }

    /** Takes the memory of a delivered block back. Delivery's. */
    void giveBack(BlockState block) {
        boolean taken = returned.offer(block);
        assert taken : "more blocks than pieces of memory";
    }

    /** Counts a block as delivered, or as lost. Delivery's. */
    void settled(int records, int bytes) {
        pendingBlocks.decrementAndGet();
        pendingRecords.addAndGet(-records);
        pendingBytes.addAndGet(-bytes);
    }

    /** Counts what of a damaged block will never be delivered. Delivery's. */
    void lost(int records, int bytes) {
        pendingRecords.addAndGet(-records);
        pendingBytes.addAndGet(-bytes);
    }

    long pendingBlocks() {
        return pendingBlocks.get();
    }

    long pendingRecords() {
        return pendingRecords.get();
    }

    /** Encoded, trailers included. */
    long pendingBytes() {
        return pendingBytes.get();
    }

    /**
     * When the oldest line was received that is still in memory or in an open block; MAX_VALUE if there is none. Any
     * thread; takes no lock, so that who looks at figures never holds up a commit.
     */
    long oldestMillis() {
        return Math.min(oldestOpenMillis, oldestReadyMillis);
    }
}
