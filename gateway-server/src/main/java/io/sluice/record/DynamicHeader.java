package io.sluice.record;

import java.util.Arrays;

/**
 * The head of a block with codes of its own: their lengths, run by run, in a code of their own (RFC 1951, section
 * 3.2.7). Confined to its encoder's thread; no allocation.
 */
final class DynamicHeader {

    /** In which order the lengths of the lengths' code are written: those that are most likely 0 come last. */
    private static final byte[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private static final int SYMBOLS = ORDER.length;
    /** Three to six of the length before. */
    private static final int REPEAT = 16;
    /** Three to ten zeros. */
    private static final int ZEROS = 17;
    /** Eleven to 138 zeros. */
    private static final int MANY_ZEROS = 18;

    private static final int MAX_CODE_BITS = 7;

    private final HuffmanCode code = new HuffmanCode(SYMBOLS, MAX_CODE_BITS);
    private final int[] counts = new int[SYMBOLS];
    private final byte[] lengths = new byte[DeflateSymbols.LITERALS + DeflateSymbols.DISTANCES];
    /** Symbols of the lengths' code, each below the value of its extra bits. */
    private final short[] runs = new short[lengths.length];

    /** The whole head, from the first bit on. */
    private final BitSink head = new BitSink(runs.length * 2 + 16);

    private int runCount;
    private int literals;
    private int distances;
    private int ordered;

    /** Takes up two codes. @return bits that {@link #write} writes */
    int set(HuffmanCode literalCode, HuffmanCode distanceCode) {
        literals = used(literalCode.lengths, DeflateSymbols.LENGTHS);
        distances = used(distanceCode.lengths, 1);
        System.arraycopy(literalCode.lengths, 0, lengths, 0, literals);
        System.arraycopy(distanceCode.lengths, 0, lengths, literals, distances);
        Arrays.fill(counts, 0);
        runCount = 0;
        int total = literals + distances;
        for (int from = 0, end; from < total; from = end) {
            byte length = lengths[from];
            end = from + 1;
            while (end < total && lengths[end] == length) {
                end++;
            }
            if (length == 0) {
                addZeros(end - from);
            } else {
                addRun(length, end - from);
            }
        }
        code.build(counts);
        ordered = SYMBOLS;
        while (ordered > 4 && code.lengths[ORDER[ordered - 1]] == 0) {
            ordered--;
        }
        return encode();
    }

    /** Symbols of an alphabet up to the last that has a code, at least {@code least}. */
    private static int used(byte[] lengths, int least) {
        int used = lengths.length;
        while (used > least && lengths[used - 1] == 0) {
            used--;
        }
        return used;
    }

    private void addZeros(int zeros) {
        int left = zeros;
        while (left >= 11) {
            int run = Math.min(left, 138);
            add(MANY_ZEROS, run - 11);
            left -= run;
        }
        if (left >= 3) {
            add(ZEROS, left - 3);
            left = 0;
        }
        for (; left > 0; left--) {
            add(0, 0);
        }
    }

    private void addRun(int length, int symbols) {
        add(length, 0);
        int left = symbols - 1;
        while (left >= 3) {
            int run = Math.min(left, 6);
            add(REPEAT, run - 3);
            left -= run;
        }
        for (; left > 0; left--) {
            add(length, 0);
        }
    }

    private void add(int symbol, int extra) {
        counts[symbol]++;
        runs[runCount++] = (short) (extra << 8 | symbol);
    }

    private static int extraBits(int symbol) {
        return symbol < REPEAT ? 0 : symbol == REPEAT ? 2 : symbol == ZEROS ? 3 : 7;
    }

    private int encode() {
        head.clear();
        head.put(0b100, 3);
        head.put(literals - DeflateSymbols.LENGTHS | distances - 1 << 5 | ordered - 4 << 10, 14);
        for (int i = 0; i < ordered; i++) {
            head.put(code.lengths[ORDER[i]], 3);
        }
        for (int i = 0; i < runCount; i++) {
            int symbol = runs[i] & 0xff;
            int length = code.lengths[symbol];
            head.put(code.codes[symbol] | runs[i] >> 8 << length, length + extraBits(symbol));
        }
        return head.size * Byte.SIZE + head.bitCount;
    }

    /** Writes the head of a block that is not the last. */
    void write(BitSink sink) {
        sink.putAll(head);
    }
}
