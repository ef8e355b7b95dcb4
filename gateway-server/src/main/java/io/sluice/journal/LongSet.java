package io.sluice.journal;

/** A set of numbers that only grows: 8 to 32 bytes each. Confined. */
final class LongSet {

    private long[] slots = new long[64];
    private int size;
    /** 0 marks a free slot, so it is kept apart. */
    private boolean zero;

    void add(long value) {
        if (value == 0) {
            zero = true;
            return;
        }
        if (contains(value)) {
            return;
        }
        if (++size * 2 > slots.length) {
            long[] old = slots;
            slots = new long[old.length * 2];
            for (long other : old) {
                if (other != 0) {
                    slots[find(other)] = other;
                }
            }
        }
        slots[find(value)] = value;
    }

    boolean contains(long value) {
        return value == 0 ? zero : slots[find(value)] == value;
    }

    /** The slot of the value, or the free one where it would go. */
    private int find(long value) {
        int mask = slots.length - 1;
        int slot = (int) (value * 0x9E3779B97F4A7C15L >>> 40) & mask;
        while (slots[slot] != 0 && slots[slot] != value) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
