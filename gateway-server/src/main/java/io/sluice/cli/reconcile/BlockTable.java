package io.sluice.cli.reconcile;

import java.util.Arrays;

/**
 * Blocks of one log of which one side is known: the manifest, or the block itself. One thread.
 *
 * <p>An open-addressing table, {@value #ENTRY_BYTES} bytes an entry, at most two thirds full.
 */
final class BlockTable {

    static final int ENTRY_BYTES = 4 * Long.BYTES;

    private static final int FIRST_CAPACITY = 16;
    private static final int WORDS = 3;

    private static final int RAW_BITS = 31;
    private static final int RECORD_BITS = 24;
    private static final int GROUP_BITS = 8;
    static final int MAX_GROUPS = 1 << GROUP_BITS;
    static final int MAX_RECORDS = (1 << RECORD_BITS) - 1;
    static final long MAX_RAW = (1L << RAW_BITS) - 1;

    /** The block's number plus 1; 0 is an empty entry. */
    private long[] keys = new long[FIRST_CAPACITY];
    /**
     * Of each entry: side (1 bit), group, records and raw length; then CRC-32 and minute; then the digest of the shops.
     */
    private long[] words = new long[FIRST_CAPACITY * WORDS];

    private int size;

    int size() {
        return size;
    }

    /** Where the block is, or -1. Valid until the table is changed. */
    int find(long block) {
        int at = slot(block + 1);
        return keys[at] == 0 ? -1 : at;
    }

    /** Adds a block that is not there. */
    void put(long block, boolean manifest, Facts facts, int minute) {
        if (3 * (size + 1) > 2 * keys.length) {
            grow();
        }
        int at = slot(block + 1);
        keys[at] = block + 1;
        words[WORDS * at] = ((manifest ? 1L : 0) << GROUP_BITS | facts.group()) << RECORD_BITS + RAW_BITS
                | (long) facts.records() << RAW_BITS
                | facts.rawLength();
        words[WORDS * at + 1] = (long) facts.crc32() << 32 | minute & 0xffffffffL;
        words[WORDS * at + 2] = facts.shops();
        size++;
    }

    boolean isManifest(int at) {
        return words[WORDS * at] < 0;
    }

    Facts facts(int at) {
        long first = words[WORDS * at];
        return new Facts(
                (int) (first >>> RECORD_BITS + RAW_BITS) & MAX_GROUPS - 1,
                (int) (first >>> RAW_BITS) & MAX_RECORDS,
                first & MAX_RAW,
                (int) (words[WORDS * at + 1] >>> 32),
                words[WORDS * at + 2]);
    }

    /** When a manifest's block was delivered, or a block's object begun, in minutes since the epoch. */
    int minute(int at) {
        return (int) words[WORDS * at + 1];
    }

    /** Takes the entry out, and moves those behind it that it kept from their places. */
    void remove(int at) {
        int mask = keys.length - 1;
        int hole = at;
        for (int i = at + 1 & mask; keys[i] != 0; i = i + 1 & mask) {
            int home = home(keys[i], mask);
            if ((i - home & mask) >= (i - hole & mask)) {
                move(i, hole);
                hole = i;
            }
        }
        keys[hole] = 0;
        size--;
    }

    /** All blocks, ascending. */
    long[] blocks() {
        long[] blocks = new long[size];
        int n = 0;
        for (long key : keys) {
            if (key != 0) {
                blocks[n++] = key - 1;
            }
        }
        Arrays.sort(blocks);
        return blocks;
    }

    long bytes() {
        return (long) ENTRY_BYTES * keys.length;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int at = home(key, mask);
        while (keys[at] != 0 && keys[at] != key) {
            at = at + 1 & mask;
        }
        return at;
    }

    private static int home(long key, int mask) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
    }

    private void move(int from, int to) {
        keys[to] = keys[from];
        System.arraycopy(words, WORDS * from, words, WORDS * to, WORDS);
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldWords = words;
        keys = new long[2 * oldKeys.length];
        words = new long[2 * oldWords.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                System.arraycopy(oldWords, WORDS * i, words, WORDS * at, WORDS);
            }
        }
    }
}
