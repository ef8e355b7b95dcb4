package io.sluice.record;

import java.util.Arrays;

/**
 * What a piece of input is made of: sequences of some literals and a match, then literals; and how often each symbol
 * occurs in it. Filled by {@link Matcher}, read by {@link BlockCode}; the literals themselves stay in the window.
 *
 * <p>A sequence is one int:
 *
 * <pre>
 *   31..23  literals before the match, or 511: as many literals and no match
 *   22..15  length - 3
 *   14..0   distance - 1
 * </pre>
 */
final class Sequences {

    /** Literals of a sequence without a match. */
    static final int LITERALS_ONLY = 511;

    private static final int RUN_SHIFT = 23;
    private static final int LENGTH_SHIFT = 15;

    final int[] packed;
    int count;
    /** Literals behind the last sequence. */
    int tail;

    final int[] literalCounts = new int[DeflateSymbols.LITERALS];
    /** By length - 3; {@link #end} adds them to the counts of their symbols. */
    final int[] lengthCounts = new int[DeflateSymbols.LENGTH_SYMBOL.length];

    final int[] distanceCounts = new int[DeflateSymbols.DISTANCES];

    /**
     * @param maxBytes of a piece
     * @param minMatch length of the shortest match
     */
    Sequences(int maxBytes, int minMatch) {
        packed = new int[maxBytes / minMatch + maxBytes / LITERALS_ONLY + 1];
    }

    void begin() {
        count = 0;
        tail = 0;
        Arrays.fill(literalCounts, 0);
        Arrays.fill(lengthCounts, 0);
        Arrays.fill(distanceCounts, 0);
    }

    /** Completes the counts. */
    void end() {
        for (int length = 0; length < lengthCounts.length; length++) {
            literalCounts[DeflateSymbols.LENGTHS + DeflateSymbols.LENGTH_SYMBOL[length]] += lengthCounts[length];
        }
        literalCounts[DeflateSymbols.END] = 1;
    }

    static int pack(int run, int length, int distance) {
        return run << RUN_SHIFT | length - DeflateSymbols.MIN_LENGTH << LENGTH_SHIFT | distance - 1;
    }

    static int literalsOnly() {
        return LITERALS_ONLY << RUN_SHIFT;
    }

    static int run(int sequence) {
        return sequence >>> RUN_SHIFT;
    }

    /** @return length - 3 */
    static int length(int sequence) {
        return sequence >>> LENGTH_SHIFT & 0xff;
    }

    /** @return distance - 1 */
    static int distance(int sequence) {
        return sequence & DeflateSymbols.MAX_DISTANCE - 1;
    }
}
