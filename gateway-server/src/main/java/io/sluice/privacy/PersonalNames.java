package io.sluice.privacy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Names of members or parameters whose values are personal, by a hash of their letters and digits: case, dashes, dots
 * and underscores are not looked at. Immutable; a look-up allocates nothing.
 */
final class PersonalNames {

    /** Of a longer name this many bytes at its end are looked at, which hold the last part if it is one of these. */
    private static final int LONGEST = 32;

    private final long[] keys;
    private final NameRule[] rules;
    private final byte[][] names;
    private final int mask;
    /** For names that only begin or end so. Mostly empty. */
    private final NamePattern[] patterns;

    private final NameRule[] ofPatterns;

    /** @param fields by lower-case letters and digits, with an asterisk before or behind where a name goes on */
    PersonalNames(Map<String, NameRule> fields) {
        int slots = Integer.highestOneBit(Math.max(4, 4 * fields.size()));
        keys = new long[slots];
        rules = new NameRule[slots];
        names = new byte[slots][];
        mask = slots - 1;
        List<NamePattern> open = new ArrayList<>();
        List<NameRule> ofOpen = new ArrayList<>();
        fields.forEach((name, rule) -> {
            if (name.contains("*")) {
                open.add(new NamePattern(name));
                ofOpen.add(rule);
            } else {
                add(name.getBytes(StandardCharsets.US_ASCII), rule);
            }
        });
        patterns = open.toArray(new NamePattern[0]);
        ofPatterns = ofOpen.toArray(new NameRule[0]);
        for (int i = 0; i < names.length; i++) {
            NameRule wider = names[i] == null ? null : ofPatterns(names[i], 0, names[i].length);
            if (wider != null) {
                rules[i].actionUnlessThereIsOne(wider.action());
            }
        }
    }

    private void add(byte[] name, NameRule rule) {
        long hash = hash(name, 0, name.length);
        int slot = (int) hash & mask;
        while (names[slot] != null) {
            slot = slot + 1 & mask;
        }
        keys[slot] = hash;
        names[slot] = name;
        rules[slot] = rule;
    }

    /** What is done with the values of the name in {@code [from, to)} wherever it stands, or {@code null}. */
    Action action(byte[] bytes, int from, int to) {
        NameRule rule = rule(bytes, from, to);
        return rule == null ? null : rule.action();
    }

    /** The rule of the name in {@code [from, to)}, or {@code null} if there is none. */
    NameRule rule(byte[] bytes, int from, int to) {
        if (to <= from || bytes[from] == '[') {
            return null;
        }
        // The last part of user.email or user[email], which a form may have within any number of others.
        int first = Math.max(from, to - LONGEST);
        int behind = bytes[to - 1] == ']' ? to - 1 : to;
        int begin = behind;
        while (begin > first && bytes[begin - 1] != '.' && bytes[begin - 1] != '[') {
            begin--;
        }
        if (begin == first && first > from) {
            return null;
        }
        // Not what stands in the place of something personal, behind any other text.
        if (begin - 1 > from && bytes[begin - 1] == '[' && bytes[begin - 2] == '.') {
            return null;
        }
        for (int i = begin - 1; i >= first && bytes[begin - 1] == '['; i--) {
            if (!Ascii.isToken(bytes[i]) && bytes[i] != '.' && bytes[i] != '[' && bytes[i] != ']') {
                return null;
            }
        }
        return lookUp(bytes, begin, behind);
    }

    private NameRule lookUp(byte[] bytes, int from, int to) {
        long hash = hash(bytes, from, to);
        for (int slot = (int) hash & mask; names[slot] != null; slot = slot + 1 & mask) {
            if (keys[slot] == hash && isSame(names[slot], bytes, from, to)) {
                return rules[slot];
            }
        }
        return patterns.length == 0 ? null : ofPatterns(bytes, from, to);
    }

    private NameRule ofPatterns(byte[] bytes, int from, int to) {
        for (int i = 0; i < patterns.length; i++) {
            if (patterns[i].matches(bytes, from, to)) {
                return ofPatterns[i];
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
