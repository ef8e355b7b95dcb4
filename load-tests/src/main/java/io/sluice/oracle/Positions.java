package io.sluice.oracle;

import java.util.Arrays;

/**
 * Different pairs of a number and the hash of a position, to tell records that were delivered twice from events that
 * were sent twice.
 *
 * <p>An open hash table of at most so many bytes; when it would need more it gives up its upper half of slots, which
 * another reading takes. Positions are hashed to 64 bits: two of one event are taken for the same by mistake once in
 * 1.8e19. One thread.
 */
final class Positions {

    private static final int FIRST_CAPACITY = 1 << 10;
    private static final int ENTRY_BYTES = 2 * Long.BYTES;

    private final long budgetBytes;
    private final int low;
    private int high;
    private long[] keys = new long[FIRST_CAPACITY];
    private long[] hashes = new long[FIRST_CAPACITY];
    private int size;
    private final long[] linesOf;

    Positions(int low, int high, long budgetBytes) {
        this.low = low;
        this.high = high;
        this.budgetBytes = budgetBytes;
        linesOf = new long[high - low];
    }

    int low() {
        return low;
    }

    int high() {
        return high;
    }

    /** A record of an event that has several. */
    void add(int slot, int inBlock, long positionHash) {
        if (slot < low || slot >= high) {
            return;
        }
        linesOf[slot - low]++;
        // Never 0, which marks an empty entry.
        long key = ((long) slot << 16 | inBlock) + 1;
        if (!put(key, positionHash)) {
            return;
        }
        size++;
        if (2 * size > keys.length) {
            grow();
        }
    }

    /** Records seen of events in the slots that are left. */
    long lines() {
        long lines = 0;
        for (int i = 0; i < high - low; i++) {
            lines += linesOf[i];
        }
        return lines;
    }

    /** Different positions among them. */
    long different() {
        return size;
    }

    private boolean put(long key, long hash) {
        int mask = keys.length - 1;
        int at = (int) ((key * 0x9E3779B97F4A7C15L ^ hash) >>> 20) & mask;
        while (keys[at] != 0) {
            if (keys[at] == key && hashes[at] == hash) {
                return false;
            }
            at = at + 1 & mask;
        }
        keys[at] = key;
        hashes[at] = hash;
        return true;
    }

    private void grow() {
        if ((long) keys.length * 2 * ENTRY_BYTES > budgetBytes && high - low > 1) {
            high = low + (high - low) / 2;
            rehash(keys.length);
            if (2 * size > keys.length) {
                grow();
            }
        } else {
            rehash(keys.length * 2);
        }
    }

    private void rehash(int capacity) {
        long[] oldKeys = keys;
        long[] oldHashes = hashes;
        keys = new long[capacity];
        hashes = new long[capacity];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0 && (oldKeys[i] - 1 >>> 16) < high) {
                put(oldKeys[i], oldHashes[i]);
                size++;
            }
        }
        Arrays.fill(linesOf, high - low, linesOf.length, 0);
    }

    /** 64 bits of the bytes; those of different positions are different but for chance. */
    static long hash(byte[] bytes, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) {
            hash = (hash ^ bytes[i]) * 0x100000001b3L;
            hash ^= hash >>> 29;
        }
        hash *= 0xbf58476d1ce4e5b9L;
        return hash ^ hash >>> 32;
    }
}
