package io.sluice.record;

/**
 * The alphabets of deflate (RFC 1951, section 3.2.5): which symbol stands for a length or a distance, and how many
 * extra bits follow it. Lengths are counted from 3 and distances from 1, as the format has them, so that both begin
 * at 0 here.
 */
final class DeflateSymbols {

    /** Literals, the end of a block, lengths. */
    static final int LITERALS = 286;
    /** The symbol that ends a block. */
    static final int END = 256;
    /** Symbol of the least length. */
    static final int LENGTHS = 257;

    static final int DISTANCES = 30;

    static final int MIN_LENGTH = 3;
    static final int MAX_LENGTH = 258;
    static final int MAX_DISTANCE = 32 * 1024;

    /** By length - 3: the symbol - 257. */
    static final byte[] LENGTH_SYMBOL = new byte[MAX_LENGTH - MIN_LENGTH + 1];
    /** By symbol - 257: the least length - 3. */
    static final int[] LENGTH_BASE = new int[LITERALS - LENGTHS];
    /** By symbol - 257. */
    static final int[] LENGTH_EXTRA = new int[LITERALS - LENGTHS];

    static final int[] DISTANCE_EXTRA = new int[DISTANCES];

    /**
     * By distance - 1 below 256; behind that by distance - 1 in steps of 128, which no symbol above is finer than.
     */
    private static final byte[] DISTANCE_SYMBOL = new byte[512];

    static {
        int base = 0;
        for (int symbol = 0; symbol < LENGTH_BASE.length - 1; symbol++) {
            int extra = Math.max(0, (symbol >> 2) - 1);
            LENGTH_BASE[symbol] = base;
            LENGTH_EXTRA[symbol] = extra;
            for (int i = 0; i < 1 << extra && base < LENGTH_SYMBOL.length; i++) {
                LENGTH_SYMBOL[base++] = (byte) symbol;
            }
        }
        // The greatest length has a symbol of its own, without extra bits.
        LENGTH_SYMBOL[LENGTH_SYMBOL.length - 1] = (byte) (LENGTH_BASE.length - 1);
        LENGTH_BASE[LENGTH_BASE.length - 1] = LENGTH_SYMBOL.length - 1;

        int distance = 0;
        for (int symbol = 0; symbol < DISTANCES; symbol++) {
            int extra = Math.max(0, (symbol >> 1) - 1);
            DISTANCE_EXTRA[symbol] = extra;
            for (int i = 0; i < 1 << extra; i++, distance++) {
                DISTANCE_SYMBOL[distance < 256 ? distance : 256 + (distance >> 7)] = (byte) symbol;
            }
        }
    }

    private DeflateSymbols() {}

    /** @param distance counted from 0, up to 32,767 */
    static int distanceSymbol(int distance) {
        return DISTANCE_SYMBOL[distance < 256 ? distance : 256 + (distance >> 7)];
    }
}
