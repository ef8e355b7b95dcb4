package io.sluice.privacy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Names of members or parameters whose values are personal, by a hash of their letters and digits: case, dashes, dots
 * and underscores are not looked at. Immutable; a look-up allocates nothing.
 */
final class PersonalNames {

    /** Of a longer name this many bytes at its end are looked at, which hold the last part if it is one of these. */
    private static final int LONGEST = 32;

    private static final int LETTERS = 32;

    private final long[] keys;
    private final NameRule[] rules;
    private final byte[][] names;
    private final int mask;
    /** Of names that only end or begin so, by five bits of the last letter, then of the first. */
    private final Open[] open = new Open[2 * LETTERS];

    /** A part of names, and the next one with this letter at its edge. */
    private record Open(NamePattern pattern, NameRule rule, Open next) {}

    /** @param fields by lower-case letters and digits, with an asterisk before or behind where a name goes on */
    PersonalNames(Map<String, NameRule> fields) {
        int slots = Integer.highestOneBit(Math.max(4, 4 * fields.size()));
        keys = new long[slots];
        rules = new NameRule[slots];
        names = new byte[slots][];
        mask = slots - 1;
        List<String> parts = new ArrayList<>();
        fields.forEach((name, rule) -> {
            if (name.contains("*")) {
                parts.add(name);
            } else {
                add(name.getBytes(StandardCharsets.US_ASCII), rule);
            }
        });
        // Of several that match the longest decides: it comes last here, and so first in its chain.
        parts.sort(Comparator.comparing(String::length).thenComparing(Comparator.reverseOrder()));
        for (String part : parts) {
            NamePattern pattern = new NamePattern(part);
            int chain = chain(pattern.edge(), pattern.isEnd());
            open[chain] = new Open(pattern, fields.get(part), open[chain]);
        }
        for (int i = 0; i < names.length; i++) {
            NameRule wider = names[i] == null ? null : ofParts(names[i], 0, names[i].length);
            if (wider != null) {
                rules[i].inherit(wider);
            }
        }
    }

    private static int chain(int letter, boolean end) {
        return (letter & LETTERS - 1) + (end ? 0 : LETTERS);
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
        return ofParts(bytes, from, to);
    }

    /** The rule of the part of a name that this one ends or begins with. */
    private NameRule ofParts(byte[] bytes, int from, int to) {
        int last = to - 1;
        while (last > from && !Ascii.isAlphanumeric(bytes[last])) {
            last--;
        }
        int first = from;
        while (first < last && !Ascii.isAlphanumeric(bytes[first])) {
            first++;
        }
        if (last < from) {
            return null;
        }
        NameRule ofEnd = of(open[chain(bytes[last], true)], bytes, from, to);
        if (ofEnd != null && ofEnd.decides()) {
            return ofEnd;
        }
        NameRule ofBegin = of(open[chain(bytes[first], false)], bytes, from, to);
        return ofBegin != null && (ofEnd == null || ofBegin.decides()) ? ofBegin : ofEnd;
    }

    /** The first rule of the chain that matches and decides something, else the first that matches. */
    private static NameRule of(Open chain, byte[] bytes, int from, int to) {
        NameRule found = null;
        for (Open part = chain; part != null; part = part.next) {
            if (part.pattern.matches(bytes, from, to)) {
                if (part.rule.decides()) {
                    return part.rule;
                }
                found = found == null ? part.rule : found;
            }
        }
        return found;
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
