package io.sluice.lab;

import java.util.ArrayDeque;

/**
 * Arrays that request bodies are gathered in, reused by all connections of one event loop, as an array of 5 MB for each
 * would be cleared and collected dozens of times a second. Confined to its loop.
 */
final class BodyPool {

    private static final int LEAST = 64 * 1024;
    private static final int KEPT = 32;

    private final ArrayDeque<byte[]> free = new ArrayDeque<>();

    /** An array of at least this length. The caller's until {@link #give}. */
    byte[] take(int length) {
        for (byte[] array : free) {
            if (array.length >= length) {
                free.removeFirstOccurrence(array);
                return array;
            }
        }
        return new byte[Math.max(LEAST, Integer.highestOneBit(Math.max(1, length - 1)) << 1)];
    }

    void give(byte[] array) {
        if (free.size() < KEPT) {
            free.addFirst(array);
        }
    }
}
