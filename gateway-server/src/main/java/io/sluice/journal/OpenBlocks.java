package io.sluice.journal;

import java.util.Arrays;

/** The open blocks of a log by their id: a table with linear probing that allocates only to grow. Confined. */
final class OpenBlocks {

    private BlockState[] slots = new BlockState[64];
    private int size;

    BlockState get(long id) {
        int mask = slots.length - 1;
        for (int slot = slot(id, mask); slots[slot] != null; slot = slot + 1 & mask) {
            if (slots[slot].id == id) {
                return slots[slot];
            }
        }
        return null;
    }

    void add(BlockState block) {
        if (++size * 2 > slots.length) {
            BlockState[] old = slots;
            slots = new BlockState[old.length * 2];
            for (BlockState other : old) {
                if (other != null) {
                    insert(other);
                }
            }
        }
        insert(block);
    }

    void remove(BlockState block) {
        int mask = slots.length - 1;
        int hole = slot(block.id, mask);
        while (slots[hole] != block) {
            hole = hole + 1 & mask;
        }
        // Moves back whatever would not be found any more across the hole.
        for (int slot = hole + 1 & mask; slots[slot] != null; slot = slot + 1 & mask) {
            int home = slot(slots[slot].id, mask);
            if ((slot - home & mask) >= (slot - hole & mask)) {
                slots[hole] = slots[slot];
                hole = slot;
            }
        }
        slots[hole] = null;
        size--;
    }

    void clear() {
        Arrays.fill(slots, null);
        size = 0;
    }

    int size() {
        return size;
    }

    int slots() {
        return slots.length;
    }

    /** The block in a slot, or {@code null}: for walks over all of them. */
    BlockState slot(int slot) {
        return slots[slot];
    }

    private void insert(BlockState block) {
        int mask = slots.length - 1;
        int slot = slot(block.id, mask);
        while (slots[slot] != null) {
            slot = slot + 1 & mask;
        }
        slots[slot] = block;
    }

    private static int slot(long id, int mask) {
        long mixed = id * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 40) & mask;
    }
}
