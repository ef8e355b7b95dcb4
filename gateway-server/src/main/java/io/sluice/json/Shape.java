package io.sluice.json;

import java.util.Arrays;

/**
 * The short names that have been scanned, as {@code "name":} in up to two words each, and for each, which one came next
 * when it was scanned last.
 *
 * <p>Confined to its scanner. The events of a client are alike: to compare a name with the one that is expected costs
 * less than to scan it, and where it ends is then known beforehand, so that the processor need not wait for that before
 * it begins with the value. One that is not expected is looked up. A name that is in here has been scanned, and
 * holds nothing that a filter is asked about.
 */
final class Shape {

    /** The place of what is not in here. Something is expected behind it as well. */
    static final int NONE = 0;

    /** Longest {@code "name":} that is kept. */
    private static final int MAX_LENGTH = 16;

    // What is known of a place.
    private static final int HEAD = 0;
    private static final int HEAD_MASK = 1;
    private static final int TAIL = 2;
    private static final int TAIL_MASK = 3;
    private static final int LENGTH = 4;
    private static final int NEXT = 5;
    private static final int TAG = 6;
    /** Numbers that a place takes up: a line of the cache. */
    private static final int PLACE = 8;

    private static final int SLOT_BITS = 8;
    /** Behind the place of {@link #NONE}. Two slots whose numbers differ in the lowest bit go together. */
    private static final int FIRST_SLOT = 2;

    private static final int PLACES = (FIRST_SLOT + (1 << SLOT_BITS)) * PLACE;

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

    /**
     * What is known of each place, side by side. Of one that is empty, the head is one that its mask leaves of no
     * bytes.
     */
    private final long[] places = new long[PLACES];

    Shape() {
        clear();
    }

    /** Forgets all names. */
    void clear() {
        Arrays.fill(places, 0);
        for (int place = 0; place < PLACES; place += PLACE) {
            places[place + HEAD] = -1;
        }
    }

    /** The place of the name that is expected behind the one at {@code place}. */
    int next(int place) {
        return (int) places[place + NEXT];
    }

    /** Whether the name at {@code at} is the one of this place; the end is not looked at. */
    boolean matches(int place, byte[] bytes, int at) {
        return (Swar.word(bytes, at) & places[place + HEAD_MASK]) == places[place + HEAD]
                && (places[place + LENGTH] <= 8
                        || (Swar.word(bytes, at + 8) & places[place + TAIL_MASK]) == places[place + TAIL]);
    }

    /** The place of the name at {@code at}, expected behind {@code last} from now on, or {@link #NONE}. */
    int find(int last, byte[] bytes, int at) {
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
        if (places[slot + HEAD] != head || places[slot + TAIL] != tail) {
            slot ^= PLACE;
            if (places[slot + HEAD] != head || places[slot + TAIL] != tail) {
                return NONE;
            }
        }
        places[last + NEXT] = slot;
        return slot;
    }

    int length(int place) {
        return (int) places[place + LENGTH];
    }

    /**
     * Keeps {@code [from, to)}, a name and its colon without white space, if it is short, and answers in which place:
     * the one expected behind {@code last} from now on.
     */
    int learn(int last, byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > MAX_LENGTH) {
            return NONE;
        }
        long head = Swar.word(bytes, from) & HEAD_MASKS[length];
        long tail = Swar.word(bytes, from + 8) & TAIL_MASKS[length];
        int slot = slot(head, tail);
        // Of two that go together, the second is for what comes second.
        slot = places[slot + LENGTH] == 0 ? slot : slot ^ PLACE;
        places[slot + HEAD] = head;
        places[slot + HEAD_MASK] = HEAD_MASKS[length];
        places[slot + TAIL] = tail;
        places[slot + TAIL_MASK] = TAIL_MASKS[length];
        places[slot + LENGTH] = length;
        places[slot + TAG] = Scanner.UNTAGGED;
        places[last + NEXT] = slot;
        return slot;
    }

    private static int slot(long head, long tail) {
        int hash = (int) ((head ^ tail * 31) * 0x9E3779B97F4A7C15L >>> Long.SIZE - SLOT_BITS);
        return (FIRST_SLOT + hash) * PLACE;
    }

    int tag(int place) {
        return (int) places[place + TAG];
    }

    void tag(int place, int tag) {
        places[place + TAG] = tag;
    }
}
