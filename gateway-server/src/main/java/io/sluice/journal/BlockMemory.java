package io.sluice.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory in which the blocks of a log that this process writes are assembled, and those that are read back, of the
 * same log or, in that of the first, of adopted ones: chunks of the largest block, given out in powers of two by the
 * buddy system (Knowlton 1965), so that a small block holds little of it.
 *
 * <p>Threads: the committer, for blocks that it writes, and delivery, for those that it reads back from the log
 * ({@link Room}). Both take pieces and give them back under one lock, some ten times a block, which is held for a few
 * steps a size and neither for the disk nor for the system's memory; a piece itself belongs to who took it, and what a
 * published block holds is read by delivery until it comes back. A chunk is allocated when it is first needed and kept:
 * all of them at once take a tenth of a start, and be resident where blocks never pile up. Where the system has no more
 * of it, the memory stays as large as it has become.
 */
final class BlockMemory {

    static final int NONE = -1;

    private static final Logger LOG = LoggerFactory.getLogger(BlockMemory.class);

    /** A larger block is read from the log. */
    private static final int LARGEST = 1 << 20;

    private static final int SMALLEST = 1 << 14;
    private static final int MOST = 1 << 30;
    private static final int LEAST = 1 << 12;

    /** One of so many parts is what delivery leaves to the committer. */
    private static final int SPARED = 4;

    private final int totalBytes;
    /** Each holds the pieces that begin in its part of the whole; {@code null} until one of them is taken. */
    private final ByteBuffer[] chunks;

    private final IntFunction<ByteBuffer> system;

    private final int chunkBytes;
    private final int unit;
    /** Of the largest piece. */
    private final int maxOrder;
    /** One more than the order of the free piece that begins with a unit, else 0. */
    private final byte[] free;
    /** The free pieces of an order, linked by their first units. */
    private final int[] heads;

    private final int[] next;
    private final int[] previous;
    private int usedBytes;
    /** Of the pieces that can be had at all. */
    private int usableBytes;
    /** The system had no memory for a chunk: it is not asked again, which takes half a second each time. */
    private boolean exhausted;

    BlockMemory(long memoryBytes) {
        this(memoryBytes, SegmentFiles::aligned);
    }

    /** @param system allocates a chunk, or throws OutOfMemoryError */
    BlockMemory(long memoryBytes, IntFunction<ByteBuffer> system) {
        this.system = system;
        int quarter = (int) Math.max(LEAST, Math.min(memoryBytes, MOST) / 4);
        int largest = Math.min(LARGEST, Integer.highestOneBit(quarter));
        unit = Math.min(SMALLEST, largest);
        maxOrder = Integer.numberOfTrailingZeros(largest / unit);
        int units = (int) Math.max(1, Math.min(memoryBytes, MOST) / unit);
        chunkBytes = largest;
        totalBytes = units * unit;
        usableBytes = totalBytes;
        chunks = new ByteBuffer[(totalBytes + chunkBytes - 1) / chunkBytes];
        free = new byte[units];
        next = new int[units];
        previous = new int[units];
        heads = new int[maxOrder + 1];
        Arrays.fill(heads, NONE);
        for (int at = 0; at < units; ) {
            int order = Math.min(maxOrder, 31 - Integer.numberOfLeadingZeros(units - at));
            link(at, order);
            at += 1 << order;
        }
    }

    /** Copies into a piece that was taken. Nothing may go behind its end, where another chunk begins. */
    void put(int at, ByteBuffer src, int from, int length) {
        if (length > 0) {
            chunk(at).put(within(at), src, from, length);
        }
    }

    void put(int at, byte[] src) {
        if (src.length > 0) {
            chunk(at).put(within(at), src);
        }
    }

    /** Copies from one piece to another. */
    void copy(int from, int to, int length) {
        chunk(to).put(within(to), chunk(from), within(from), length);
    }

    /** A part of a piece. Delivery's as well, for what was published. */
    ByteBuffer slice(int at, int length) {
        return chunk(at).slice(within(at), length);
    }

    private ByteBuffer chunk(int at) {
        return chunks[at / chunkBytes];
    }

    private int within(int at) {
        return at % chunkBytes;
    }

    /** Of the pieces that are out. For tests. */
    synchronized int usedBytes() {
        return usedBytes;
    }

    /** Most pieces that can be out at one time. */
    int pieces() {
        return free.length;
    }

    /** The size of the piece that holds so many bytes. */
    int sizeFor(int length) {
        return Math.max(unit, Integer.highestOneBit(length) << (Integer.bitCount(length) > 1 ? 1 : 0));
    }

    /** Takes a piece of a size of {@link #sizeFor}. @return where it begins, or {@link #NONE} */
    int take(int size) {
        return take(size, false);
    }

    /**
     * As {@link #take}, if a quarter stays free: else what is read back would take what the next blocks are written to,
     * which then had to be read back as well, and so on for ever.
     */
    int takeSparing(int size) {
        return take(size, true);
    }

    private int take(int size, boolean sparing) {
        while (true) {
            int offset = reserve(size, sparing);
            if (offset == NONE || hasChunk(offset / chunkBytes)) {
                return offset;
            }
            retire(size);
        }
    }

    private synchronized int reserve(int size, boolean sparing) {
        if (sparing && usedBytes + size > usableBytes - usableBytes / SPARED) {
            return NONE;
        }
        int order = Integer.numberOfTrailingZeros(size / unit);
        int from = order;
        while (from <= maxOrder && heads[from] == NONE) {
            from++;
        }
        if (from > maxOrder) {
            return NONE;
        }
        int at = heads[from];
        unlink(at, from);
        while (from > order) {
            from--;
            link(at + (1 << from), from);
        }
        usedBytes += size;
        return at * unit;
    }

    /** A piece that was reserved and has no memory never comes back, lest it be found again before one that has. */
    private synchronized void retire(int size) {
        usedBytes -= size;
        usableBytes -= size;
    }

    private boolean hasChunk(int chunk) {
        synchronized (this) {
            if (chunks[chunk] != null || exhausted) {
                return chunks[chunk] != null;
            }
        }
        ByteBuffer made;
        try {
            made = system.apply(Math.min(chunkBytes, totalBytes - chunk * chunkBytes));
        } catch (OutOfMemoryError e) {
            // Of memory outside the heap, which the plan has room for: blocks are read from the log instead.
            if (exhaust()) {
                LOG.warn("no more memory for blocks, some are read from the log", e);
            }
            return false;
        }
        synchronized (this) {
            // The other thread may have made it meanwhile, for another piece of it.
            if (chunks[chunk] == null) {
                chunks[chunk] = made;
            }
        }
        return true;
    }

    /** @return whether it was not known yet */
    private synchronized boolean exhaust() {
        boolean first = !exhausted;
        exhausted = true;
        return first;
    }

    /** Takes a piece back, and joins it with its other half if that is free, too. */
    synchronized void giveBack(int offset, int size) {
        int at = offset / unit;
        int order = Integer.numberOfTrailingZeros(size / unit);
        assert free[at] == 0 : "given back twice";
        usedBytes -= size;
        while (order < maxOrder) {
            int half = at ^ 1 << order;
            if (half >= free.length || free[half] != order + 1) {
                break;
            }
            unlink(half, order);
            at &= half;
            order++;
        }
        link(at, order);
    }

    private void link(int at, int order) {
        free[at] = (byte) (order + 1);
        int head = heads[order];
        next[at] = head;
        previous[at] = NONE;
        if (head != NONE) {
            previous[head] = at;
        }
        heads[order] = at;
    }

    private void unlink(int at, int order) {
        free[at] = 0;
        if (previous[at] == NONE) {
            heads[order] = next[at];
        } else {
            next[previous[at]] = next[at];
        }
        if (next[at] != NONE) {
            previous[next[at]] = previous[at];
        }
    }
}
