package io.sluice.privacy;

import io.sluice.json.Swar;
import java.util.Arrays;

/**
 * Remembers texts in which the detectors have found nothing, so that they need not look again: agents, pages and
 * pictures come again with each event, and have digits and dots enough for any detector.
 *
 * <p>Confined to its scrubber. A text is known with the name of its member, byte for byte, and under the rules that it
 * was looked at by; of two that fall into one place, the later stays. Holds nothing in which something was found, and of
 * visitors who refused consent no more than their agent, which is looked at before that is known. At most
 * {@value #PLACES} texts of {@value #LONGEST} bytes, 144 KiB, for an hour; allocates as the places fill up for the first
 * time.
 */
final class KnownTexts {

    /** Shorter ones are looked at as fast; most of them are ids or numbers, which do not come again. */
    static final int SHORTEST = 40;

    static final int LONGEST = 288;
    private static final int PLACE_BITS = 9;
    private static final int PLACES = 1 << PLACE_BITS;

    private final byte[][] texts = new byte[PLACES][];
    private final int[] lengths = new int[PLACES];
    /** What each was looked at by. */
    private final Rules[] rules = new Rules[PLACES];

    /** Whether {@code [from, to)} is known to be clean. */
    boolean contains(Rules rules, byte[] b, int from, int to) {
        int place = place(b, from, to);
        return this.rules[place] == rules
                && lengths[place] == to - from
                && Arrays.equals(texts[place], 0, to - from, b, from, to);
    }

    /** Takes up that nothing was found in {@code [from, to)}, which {@link #fits}. */
    void add(Rules rules, byte[] b, int from, int to) {
        int place = place(b, from, to);
        if (texts[place] == null) {
            texts[place] = new byte[LONGEST];
        }
        System.arraycopy(b, from, texts[place], 0, to - from);
        lengths[place] = to - from;
        this.rules[place] = rules;
    }

    /** Forgets all, and overwrites it. */
    void clear() {
        Arrays.fill(rules, null);
        for (byte[] text : texts) {
            if (text != null) {
                Arrays.fill(text, (byte) 0);
            }
        }
    }

    static boolean fits(int from, int to) {
        return to - from >= SHORTEST && to - from <= LONGEST;
    }

    /** By all words of it: texts of one kind differ in a digit, wherever that is. */
    private static int place(byte[] b, int from, int to) {
        long hash = to - from;
        for (int at = from; at < to - 8; at += 8) {
            hash = (hash ^ Swar.word(b, at)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        hash = (hash ^ Swar.word(b, to - 8)) * 0x9E3779B97F4A7C15L;
        return (int) (hash >>> Long.SIZE - PLACE_BITS);
    }
}
