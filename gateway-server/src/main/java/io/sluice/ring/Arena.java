package io.sluice.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The circular memory of one producer, in which the frames of its tickets lie until they are committed.
 *
 * <p>Role: gives out contiguous regions and takes them back in the same order. Threads: the producer's only; the
 * committer reads a region through {@link #buffer()} between the publishing and the return of its ticket, both of which
 * order its accesses. Cost: no allocation, no lock.
 */
public final class Arena {

    private final ByteBuffer memory;
    private final int capacity;

    /** Bytes ever given out and taken back, skipped ends included; their difference is in use. */
    private long head;

    private long tail;
    private long reservedFrom = -1;
    private int reservedLength;

    Arena(int capacity) {
        this.capacity = capacity;
        this.memory = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All of the memory, little-endian. The producer writes and the committer reads by absolute index only. */
    public ByteBuffer buffer() {
        return memory;
    }

    public int capacity() {
        return capacity;
    }

    public long used() {
        return head - tail;
    }

    /** Whether {@link #reserve} of as many bytes would find room now. */
    public boolean fits(int bytes) {
        return bytes <= capacity && start(bytes) + bytes - tail <= capacity;
    }

    /**
     * Holds a contiguous region of {@code bytes} for the caller to fill. Exactly one {@link #commit} follows.
     *
     * @return its offset in {@link #buffer}, or -1 if there is no room until a ticket returns
     */
    int reserve(int bytes) {
        assert reservedFrom < 0 : "a reservation is open";
        if (!fits(bytes)) {
            return -1;
        }
        reservedFrom = start(bytes);
        reservedLength = bytes;
        return (int) (reservedFrom % capacity);
    }

    /** Keeps the first {@code bytes} of the reservation. @return the mark to {@linkplain #release release} them by */
    long commit(int bytes) {
        assert reservedFrom >= 0 && bytes <= reservedLength;
        if (bytes > 0) {
            head = reservedFrom + bytes;
        }
        reservedFrom = -1;
        return head;
    }

    /** Takes back everything up to the mark that {@link #commit} returned. */
    void release(long mark) {
        assert mark >= tail && mark <= head;
        tail = mark;
    }

    /** Where a region of as many bytes would begin: at the head, or at the next turn if it would not fit before it. */
    private long start(int bytes) {
        int at = (int) (head % capacity);
        return at + bytes <= capacity ? head : head - at + capacity;
    }
}
