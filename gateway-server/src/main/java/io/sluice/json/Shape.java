package io.sluice.json;

import java.util.Arrays;

/**
 * The names of the event before, nested ones included, in the order in which they stood: {@code "name":} in up to two
 * words each.
 *
 * <p>Confined to its scanner. The events of a client are alike. To compare a name with the one that stood in its place
 * costs less than to scan it, and where it ends is then known beforehand, so that the processor need not wait for that
 * before it begins with the value. A name that is in here has been scanned and holds no candidate byte.
 */
final class Shape {

    static final int NONE = -1;

    /** Longest {@code "name":} that is kept. */
    private static final int MAX_LENGTH = 16;

    private static final int PLACES = 64;

    private final int[] lengths = new int[PLACES];
    private final long[] heads = new long[PLACES];
    private final long[] tails = new long[PLACES];
    private final long[] headMasks = new long[PLACES];
    private final long[] tailMasks = new long[PLACES];
    private final int[] tags = new int[PLACES];

    Shape() {
        clear();
    }

    /** Forgets all names. */
    void clear() {
        // What has not been learnt yet lies beyond every end.
        Arrays.fill(lengths, 1 << 30);
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

    /** Keeps {@code [from, to)}, a name and its colon without white space, for place {@code i}, if it is short. */
    boolean learn(int i, byte[] bytes, int from, int to) {
        int length = to - from;
        if (i >= PLACES || length > MAX_LENGTH) {
            return false;
        }
        lengths[i] = length;
        heads[i] = Swar.word(bytes, from);
        tails[i] = Swar.word(bytes, from + 8);
        headMasks[i] = length >= 8 ? -1 : ~(-1L << 8 * length);
        tailMasks[i] = length == MAX_LENGTH ? -1 : length <= 8 ? 0 : ~(-1L << 8 * length);
        tags[i] = Scanner.UNTAGGED;
        return true;
    }

    int tag(int i) {
        return tags[i];
    }

    void tag(int i, int tag) {
        tags[i] = tag;
    }
}
