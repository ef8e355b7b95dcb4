package io.sluice.http;

import java.util.Arrays;

/**
 * The slots of one connection in the order of its requests: a ring that grows to as many as were ever in flight at
 * once, and whose slots are used again and again.
 *
 * <p>Confined to its loop. Allocates only while it grows.
 */
final class SlotQueue {

    private final Slot.Owner owner;

    /** As long as a power of two; {@code null} where no slot has been needed yet. */
    private Slot[] ring = new Slot[2];

    private int first;
    private int count;

    SlotQueue(Slot.Owner owner) {
        this.owner = owner;
    }

    int count() {
        return count;
    }

    /** The slot for one more request, begun. */
    Slot add(long nanoTime) {
        if (count == ring.length) {
            Slot[] larger = Arrays.copyOf(ring, count * 2);
            for (int i = 0; i < count; i++) {
                larger[i] = ring[(first + i) & (count - 1)];
            }
            ring = larger;
            first = 0;
        }
        int index = (first + count) & (ring.length - 1);
        if (ring[index] == null) {
            ring[index] = new Slot(owner);
        }
        count++;
        ring[index].begin(nanoTime);
        return ring[index];
    }

    /** The slot that is answered next, or {@code null}. */
    Slot oldest() {
        return count == 0 ? null : ring[first];
    }

    /** The slot of the request that came last. There must be one. */
    Slot newest() {
        assert count > 0;
        return ring[(first + count - 1) & (ring.length - 1)];
    }

    void removeOldest() {
        assert count > 0;
        first = (first + 1) & (ring.length - 1);
        count--;
    }

    void clear() {
        count = 0;
    }
}
