package io.sluice.json;

import java.util.Arrays;

/**
 * The names of the event before, nested ones included, in the order in which they stood, and behind those, a table of
 * the names of all events: {@code "name":} in up to two words each.
 *
 * <p>Confined to its scanner. The events of a client are alike. To compare a name with the one that stood in its place
 * costs less than to scan it, and where it ends is then known beforehand, so that the processor need not wait for that
 * before it begins with the value. One that stands in another place is looked up. A name that is in here has been
 * scanned and is not marked.
 */
final class Shape {

    static final int NONE = -1;

    /** Longest {@code "name":} that is kept. */
    private static final int MAX_LENGTH = 16;

    private static final int PLACES = 64;
    private static final int SLOT_BITS = 8;

    private static final long QUOTES = Swar.all('"');
    private static final long ONES = Swar.all(1);
    private static final long[] HEAD_MASKS = new long[MAX_LENGTH + 1];
    private static final long[] TAIL_MASKS = new long[MAX_LENGTH + 1];

    static {
        for (int length = 0; length <= MAX_LENGTH; length++) {
            HEAD_MASKS[length] = length >= 8 ? -1 : ~(-1L << 8 * length);
            TAIL_MASKS[length] = length == MAX_LENGTH ? -1 : length <= 8 ? 0 : ~(-1L << 8 * length);
        }
    }

    // Places first, then the slots of the table; of the masks, those of places only.
    private final int[] lengths = new int[PLACES + (1 << SLOT_BITS)];
    private final long[] heads = new long[lengths.length];
    private final long[] tails = new long[lengths.length];
    private final int[] tags = new int[lengths.length];
    private final long[] headMasks = new long[PLACES];
    private final long[] tailMasks = new long[PLACES];

    Shape() {
        clear();
    }

    /** Forgets all names. */
    void clear() {
        // What has not been learnt yet lies beyond every end.
        Arrays.fill(lengths, 1 << 30);
        Arrays.fill(heads, 0);
    }

    /** Behind the colon of the name at {@code at} if it is the one of place {@code i}; the end is not looked at. */
    int match(int i, byte[] bytes, int at) {
        if (i >= PLACES) {
            return NONE;
        }
        long differs =
                (Swar.word(bytes, at) ^ heads[i]) & headMasks[i] | (Swar.word(bytes, at + 8) ^ tails[i]) & tailMasks[i];
        return differs == 0 ? at + lengths[i] : NONE;
    }

    /** The slot of the name at {@code at}, which is kept for place {@code i} too, or {@link #NONE}. */
    int find(int i, byte[] bytes, int at) {
        long head = Swar.word(bytes, at);
        long tail = Swar.word(bytes, at + 8);
        // The quote at its end: not the first byte, and followed by the colon.
        long differs = head ^ QUOTES;
        long quotes = differs - ONES & ~differs & Swar.HIGH_BITS & -1L << 8;
        int length = 2;
        if (quotes == 0) {
            differs = tail ^ QUOTES;
            quotes = differs - ONES & ~differs & Swar.HIGH_BITS & -1L >>> 8;
            length = 10;
            if (quotes == 0) {
                return NONE;
            }
        }
        length += Long.numberOfTrailingZeros(quotes) >>> 3;
        head &= HEAD_MASKS[length];
        tail &= TAIL_MASKS[length];
        int slot = slot(head, tail);
        if (heads[slot] != head || tails[slot] != tail) {
            slot ^= 1;
            if (heads[slot] != head || tails[slot] != tail) {
                return NONE;
            }
        }
        if (i < PLACES) {
            keep(i, length, head, tail, tags[slot]);
        }
        return slot;
    }

    int length(int i) {
        return lengths[i];
    }

    /**
     * Keeps {@code [from, to)}, a name and its colon without white space, if it is short, and answers where: in place
     * {@code i} if that is one, in the table anyway.
     */
    int learn(int i, byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > MAX_LENGTH) {
            return NONE;
        }
        long head = Swar.word(bytes, from) & HEAD_MASKS[length];
        long tail = Swar.word(bytes, from + 8) & TAIL_MASKS[length];
        int slot = slot(head, tail);
        // Of two that go together, the second is for what comes second.
        slot = heads[slot] == 0 ? slot : slot ^ 1;
        lengths[slot] = length;
        heads[slot] = head;
        tails[slot] = tail;
        tags[slot] = Scanner.UNTAGGED;
        if (i < PLACES) {
            keep(i, length, head, tail, Scanner.UNTAGGED);
        }
        return slot;
    }

    private void keep(int i, int length, long head, long tail, int tag) {
        lengths[i] = length;
        heads[i] = head;
        tails[i] = tail;
        headMasks[i] = HEAD_MASKS[length];
        tailMasks[i] = TAIL_MASKS[length];
        tags[i] = tag;
    }

    private static int slot(long head, long tail) {
        return PLACES + (int) ((head ^ tail * 31) * 0x9E3779B97F4A7C15L >>> Long.SIZE - SLOT_BITS);
    }

    int tag(int i) {
        return tags[i];
    }

    void tag(int i, int tag) {
        tags[i] = tag;
    }
}
