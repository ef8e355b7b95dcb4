package io.sluice.record;

import java.util.Arrays;

/**
 * Codes that are made for the lines at hand and kept for as long as they suit: making them takes as long as packing
 * some ten lines, and the next chunk is much like the last. Confined to its encoder's thread; no allocation once it
 * is made.
 *
 * <p>They are made from what occurred lately, earlier chunks counting half as much each time, so that a chunk of one
 * line finds codes for most of what the next lines bring. Every block has them in its head all the same: there is no
 * other way to say so (RFC 1951, section 3.2.7).
 */
final class FittedCode {

    /** A block with the fixed codes and no more bits than this is not worth new codes, nor the try. */
    private static final int LEAST_BITS = 1_000;

    /** After so many bits with the fixed codes, some 16 KiB of lines, it is asked whether the codes still suit. */
    private static final int SETTLED_BITS = 16 * 1024;

    /** By how much the codes may do worse than when they were made: one part in 64. */
    private static final double DRIFT = 1 + 1.0 / 64;

    private final HuffmanCode literals = new HuffmanCode(DeflateSymbols.LITERALS, BlockCode.MAX_LITERAL_BITS);
    private final HuffmanCode distances = new HuffmanCode(DeflateSymbols.DISTANCES, BlockCode.MAX_DISTANCE_BITS);
    private final DynamicHeader header = new DynamicHeader();
    private final BlockCode code = new BlockCode();
    private final int[] recentLiterals = new int[DeflateSymbols.LITERALS];
    private final int[] recentDistances = new int[DeflateSymbols.DISTANCES];
    private int headerBits;
    /** What the fixed codes took since these were made. */
    private long sinceMade;
    /** What these took of it for the chunk that they were made for. */
    private double share;

    /** Begins a new stream: the same lines are to become the same bytes. */
    void reset() {
        Arrays.fill(recentLiterals, 0);
        Arrays.fill(recentDistances, 0);
        code.clear();
        sinceMade = 0;
        share = 0;
    }

    /**
     * Fits the codes to the next block.
     *
     * @param fixedBits what it takes with the fixed codes
     * @return what it takes with these, its head included, or {@code Integer.MAX_VALUE} if they do not cover it
     */
    int fit(Sequences sequences, int fixedBits) {
        age(recentLiterals, sequences.literalCounts);
        age(recentDistances, sequences.distanceCounts);
        sinceMade += fixedBits;
        int bits = code.bits(sequences);
        if (bits < 0 || sinceMade > SETTLED_BITS && bits > fixedBits * share * DRIFT) {
            if (fixedBits <= LEAST_BITS) {
                return Integer.MAX_VALUE;
            }
            literals.build(recentLiterals);
            distances.build(recentDistances);
            code.set(literals, distances);
            headerBits = header.set(literals, distances);
            bits = code.bits(sequences);
            share = (double) bits / fixedBits;
            sinceMade = 0;
        }
        return headerBits + bits;
    }

    void write(byte[] window, int at, Sequences sequences, BitSink sink) {
        header.write(sink);
        code.write(window, at, sequences, sink);
    }

    /** What has occurred keeps a count of one at least, and so a code. */
    private static void age(int[] recent, int[] counts) {
        for (int symbol = 0; symbol < recent.length; symbol++) {
            recent[symbol] = counts[symbol] + (recent[symbol] + 1 >> 1);
        }
    }
}
