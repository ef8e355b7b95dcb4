package io.sluice.record;

import io.sluice.json.Swar;
import java.util.Arrays;

/**
 * Finds what of the input has occurred before: one look into one hash table at each place, the match made as long as
 * it can be in both directions, no second thoughts.
 *
 * <p>Confined to its encoder's thread; no allocation. Owns a copy of the last 32 KiB of the stream at least: lines
 * are overwritten as soon as they are flushed.
 *
 * <p>What costs time are branches that cannot be foreseen, two or three a match, so there is one where there could be
 * three: the table holds the low 16 bits of a place, and whatever it holds means a place in the last 32 KiB, so that
 * only the bytes there decide. A place that was overwritten, or left behind long ago, is one more that does not
 * match.
 *
 * <p>Seven bytes are hashed. With fewer, more matches are found and the output grows: digits of an id that occurred
 * in another id cut long matches of names and values in two.
 */
final class Matcher {

    /** Most bytes that are appended at a time. */
    static final int MAX_APPENDED = 64 * 1024;

    /** Length of the shortest match: of four bytes' gain nothing is left when length and distance are written. */
    static final int MIN_MATCH = 5;

    private static final int WINDOW = DeflateSymbols.MAX_DISTANCE;

    /** The table takes 16 KiB, a third of a core's first cache. */
    private static final int HASH_BITS = 13;

    private static final int HASHED_BYTES = 7;
    /** An odd number with no pattern: the golden ratio in 64 bits, which xxHash and zstd multiply by too. */
    private static final long PRIME = 0x9E37_79B1_85EB_CA87L;

    /** After 2^6 literals in a row every second place is looked at, after 2^7 every third: noise costs little. */
    private static final int SKIP_SHIFT = 6;

    /**
     * 32 KiB to look back into, as much again to move them seldom, a piece, and words that are read across its end.
     */
    private final byte[] window = new byte[2 * WINDOW + MAX_APPENDED + 2 * Long.BYTES];

    private final char[] table = new char[1 << HASH_BITS];
    /** Where the stream begins in the window, or 0. */
    private int low;
    /** End of what was appended. */
    private int end;

    Matcher() {
        reset();
    }

    byte[] window() {
        return window;
    }

    /** Forgets the stream. The table too: the same lines are to become the same bytes. */
    void reset() {
        Arrays.fill(table, '\0');
        // Never lower: a look back of 32 KiB stays in the array.
        low = WINDOW;
        end = WINDOW;
    }

    /** @return where the bytes lie in the window, until the next call */
    int append(byte[] bytes, int offset, int length) {
        if (end + length > 2 * WINDOW + MAX_APPENDED) {
            // By whole windows: the low 15 bits of a place stay what they are.
            int moved = end - WINDOW & -WINDOW;
            System.arraycopy(window, moved, window, 0, end - moved);
            low = Math.max(0, low - moved);
            end -= moved;
        }
        System.arraycopy(bytes, offset, window, end, length);
        end += length;
        return end - length;
    }

    /** Cuts what lies from {@code from} to the end of the window into sequences, and counts their symbols. */
    void find(int from, Sequences out) {
        byte[] window = this.window;
        char[] table = this.table;
        int mask = table.length - 1;
        int low = this.low;
        int[] packed = out.packed;
        int[] literalCounts = out.literalCounts;
        out.begin();
        int count = 0;
        // The last place from which a word can be read.
        int limit = end - Long.BYTES;
        int anchor = from;
        int at = from;
        while (at <= limit) {
            long word = Swar.word(window, at);
            int slot = hash(word) & mask;
            int candidate = at - 1 - (at - 1 - table[slot] & WINDOW - 1);
            table[slot] = (char) at;
            long difference = Swar.word(window, candidate) ^ word;
            // One branch for two conditions: equal bytes, and none from before the stream.
            if ((difference << Long.SIZE - MIN_MATCH * Byte.SIZE | candidate - low >> 31) != 0) {
                // Mostly it is one literal, whose byte is at hand: a loop around it costs more than it does.
                literalCounts[(int) word & 0xff]++;
                int skipped = at - anchor >> SKIP_SHIFT;
                at++;
                if (skipped > 0) {
                    for (int next = Math.min(at + skipped, end); at < next; at++) {
                        literalCounts[window[at] & 0xff]++;
                    }
                }
                continue;
            }
            int most = Math.min(DeflateSymbols.MAX_LENGTH, end - at);
            int length = difference == 0
                    ? extend(window, at, candidate, most)
                    : Long.numberOfTrailingZeros(difference) >>> 3;
            int distance = at - candidate;
            while (at > anchor
                    && candidate > low
                    && length < DeflateSymbols.MAX_LENGTH
                    && window[at - 1] == window[candidate - 1]) {
                at--;
                candidate--;
                length++;
                literalCounts[window[at] & 0xff]--;
            }
            int run = at - anchor;
            for (; run >= Sequences.LITERALS_ONLY; run -= Sequences.LITERALS_ONLY) {
                packed[count++] = Sequences.literalsOnly();
            }
            packed[count++] = Sequences.pack(run, length, distance);
            out.lengthCounts[length - DeflateSymbols.MIN_LENGTH]++;
            out.distanceCounts[DeflateSymbols.distanceSymbol(distance - 1)]++;
            int second = at + 1;
            at += length;
            anchor = at;
            // Of the places within the match two are remembered.
            table[hash(Swar.word(window, second)) & mask] = (char) second;
            int last = Math.min(at - 2, limit);
            table[hash(Swar.word(window, last)) & mask] = (char) last;
        }
        for (; at < end; at++) {
            literalCounts[window[at] & 0xff]++;
        }
        int tail = end - anchor;
        for (; tail >= Sequences.LITERALS_ONLY; tail -= Sequences.LITERALS_ONLY) {
            packed[count++] = Sequences.literalsOnly();
        }
        out.count = count;
        out.tail = tail;
        out.end();
    }

    /** Bytes that are the same at both places, of which the first eight are known to be. */
    private static int extend(byte[] window, int at, int candidate, int most) {
        for (int length = Long.BYTES; length < most; length += Long.BYTES) {
            long difference = Swar.word(window, at + length) ^ Swar.word(window, candidate + length);
            if (difference != 0) {
                return Math.min(length + (Long.numberOfTrailingZeros(difference) >>> 3), most);
            }
        }
        return most;
    }

    private static int hash(long word) {
        return (int) ((word << Long.SIZE - HASHED_BYTES * Byte.SIZE) * PRIME >>> Long.SIZE - HASH_BITS);
    }
}
