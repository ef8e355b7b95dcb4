package io.sluice.privacy;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Names of members and parameters whose values are personal, by a hash of their letters and digits: case, dashes, dots
 * and underscores are not looked at. Immutable; a look-up allocates nothing.
 */
final class PersonalNames {

    private static final int LONGEST = 32;

    private final long[] keys;
    private final Action[] actions;
    private final byte[][] names;
    private final int mask;

    PersonalNames(Map<String, Action> fields) {
        int slots = Integer.highestOneBit(Math.max(4, 4 * fields.size()));
        keys = new long[slots];
        actions = new Action[slots];
        names = new byte[slots][];
        mask = slots - 1;
        fields.forEach((name, action) -> {
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            long hash = hash(bytes, 0, bytes.length);
            int slot = (int) hash & mask;
            while (names[slot] != null) {
                slot = slot + 1 & mask;
            }
            keys[slot] = hash;
            names[slot] = bytes;
            actions[slot] = action;
        });
    }

    /** What is done with the values of the name in {@code [from, to)}, or {@code null} if nothing is. */
    Action action(byte[] bytes, int from, int to) {
        if (to <= from || to - from > LONGEST || bytes[from] == '[') {
            return null;
        }
        // The last part of user.email or user[email].
        int behind = bytes[to - 1] == ']' ? to - 1 : to;
        int begin = behind;
        while (begin > from && bytes[begin - 1] != '.' && bytes[begin - 1] != '[') {
            begin--;
        }
        // Not what stands in the place of something personal, behind any other text.
        if (begin - 1 > from && bytes[begin - 1] == '[' && bytes[begin - 2] == '.') {
            return null;
        }
        for (int i = begin - 1; i >= from && bytes[begin - 1] == '['; i--) {
            if (!Ascii.isToken(bytes[i]) && bytes[i] != '.' && bytes[i] != '[' && bytes[i] != ']') {
                return null;
            }
        }
        return lookUp(bytes, begin, behind);
    }

    private Action lookUp(byte[] bytes, int from, int to) {
        long hash = hash(bytes, from, to);
        for (int slot = (int) hash & mask; names[slot] != null; slot = slot + 1 & mask) {
            if (keys[slot] == hash && isSame(names[slot], bytes, from, to)) {
                return actions[slot];
            }
        }
        return null;
    }

    private static boolean isSame(byte[] name, byte[] bytes, int from, int to) {
        int i = 0;
        for (int at = from; at < to; at++) {
            if (Ascii.isAlphanumeric(bytes[at]) && (i == name.length || name[i++] != Ascii.lower(bytes[at]))) {
                return false;
            }
        }
        return i == name.length;
    }

    private static long hash(byte[] bytes, int from, int to) {
        long hash = 0;
        for (int at = from; at < to; at++) {
            int c = bytes[at];
            if (Ascii.isAlphanumeric(c)) {
                hash = (hash ^ Ascii.lower(c)) * 0x100000001b3L;
            }
        }
        return hash ^ hash >>> 29;
    }
}
