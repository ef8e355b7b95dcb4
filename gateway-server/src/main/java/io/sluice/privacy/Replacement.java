package io.sluice.privacy;

import io.sluice.json.Utf8;

/**
 * Writes what stands in the place of personal data. Confined to its scrubber; allocates nothing. What it writes is
 * valid within JSON strings and within URLs, and is left as it is when it is scrubbed again.
 */
final class Replacement {

    private static final int DECIMALS = 2;

    private final Pseudonyms pseudonyms;
    private Action done = Action.REMOVE;

    Replacement(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    /** Writes the replacement of {@code text[from, to)} at {@code at} and answers the offset behind it. */
    int write(Kind kind, Action action, byte[] text, int from, int to, byte[] dst, int at) {
        done = action;
        if (kind == Kind.FIELD && Kind.FIELD.isWord(text, from, to)) {
            // What has no shape to keep, an object say, was removed before.
            return action == Action.HASH ? hash(kind, text, from, to, dst, at) : remove(kind, dst, at);
        }
        return switch (action) {
            case REMOVE, KEEP -> remove(kind, dst, at);
            case MASK -> mask(text, from, to, dst, at);
            case HASH -> hash(kind, text, from, to, dst, at);
            case TRUNCATE -> truncate(kind, text, from, to, dst, at);
            case BUCKET -> bucket(kind, text, from, to, dst, at);
        };
    }

    /** What was done last: a value that should become a pseudonym is removed where there is no secret. */
    Action done() {
        return done;
    }

    private static int remove(Kind kind, byte[] dst, int at) {
        byte[] word = kind.replacement();
        System.arraycopy(word, 0, dst, at, word.length);
        return at + word.length;
    }

    private static int mask(byte[] text, int from, int to, byte[] dst, int at) {
        for (int i = from; i < to; i++) {
            int c = text[i];
            if (c < 0 ? !Utf8.continues((byte) c) : true) {
                boolean plain = c == '@' || c == '.' || c == '-' || c == '+' || c == ' ' || c == ':' || c == '('
                        || c == ')' || c == '/' || c == ',';
                dst[at++] = (byte) (plain ? c : '*');
            }
        }
        return at;
    }

    private int hash(Kind kind, byte[] text, int from, int to, byte[] dst, int at) {
        if (pseudonyms == null) {
            done = Action.REMOVE;
            return remove(kind, dst, at);
        }
        // So that to scrub twice is to scrub once.
        if (Kind.isPseudonym(text, from, to)) {
            System.arraycopy(text, from, dst, at, to - from);
            return at + to - from;
        }
        int end = remove(kind, dst, at) - 1;
        if (!pseudonyms.write(kind, text, from, to, dst, end + 1)) {
            done = Action.REMOVE;
            return end + 1;
        }
        dst[end++] = ':';
        end += Pseudonyms.LENGTH;
        dst[end] = ']';
        return end + 1;
    }

    private static int truncate(Kind kind, byte[] text, int from, int to, byte[] dst, int at) {
        return switch (kind) {
            case IP -> network(text, from, to, dst, at);
            case COORDINATES ->
                Coordinates.isSexagesimal(text, from, to) ? remove(kind, dst, at) : coarse(text, from, to, dst, at);
            case FIELD -> isDecimal(text, from, to) ? coarse(text, from, to, dst, at) : mask(text, from, to, dst, at);
            case UNREAD, EMAIL, SECRET, IBAN, CARD, MAC, ID, PHONE -> mask(text, from, to, dst, at);
        };
    }

    /** Whether it is a number as a latitude is: digits, at most one dot among them, perhaps a minus sign before. */
    static boolean isDecimal(byte[] text, int from, int to) {
        int dots = 0;
        for (int i = from < to && text[from] == '-' ? from + 1 : from; i < to; i++) {
            dots += text[i] == '.' ? 1 : 0;
            if (dots > 1 || text[i] != '.' && !Ascii.isDigit(text[i])) {
                return false;
            }
        }
        return from < to && Ascii.isDigit(text[to - 1]);
    }

    /** The first 24 bits of IPv4; of IPv6 the first 48, if they are written out. */
    private static int network(byte[] text, int from, int to, byte[] dst, int at) {
        int begin = at;
        int colons = 0;
        int dots = 0;
        for (int i = from; i < to; i++) {
            byte c = text[i];
            if (c == ':') {
                if (++colons == 3 || i + 1 < to && text[i + 1] == ':') {
                    dst[at++] = ':';
                    dst[at++] = ':';
                    return colons == 1 && i == from ? remove(Kind.IP, dst, begin) : at;
                }
            } else if (c == '.' && ++dots == 3) {
                dst[at++] = '.';
                dst[at++] = '0';
                return colons == 0 ? at : remove(Kind.IP, dst, begin);
            }
            dst[at++] = c;
        }
        return remove(Kind.IP, dst, begin);
    }

    private static int coarse(byte[] text, int from, int to, byte[] dst, int at) {
        int decimals = -1;
        for (int i = from; i < to; i++) {
            byte c = text[i];
            if (c == '.') {
                decimals = 0;
            } else if (!Ascii.isDigit(c)) {
                decimals = -1;
            } else if (decimals >= 0 && ++decimals > DECIMALS) {
                continue;
            }
            dst[at++] = c;
        }
        return at;
    }

    private static int bucket(Kind kind, byte[] text, int from, int to, byte[] dst, int at) {
        int shown = switch (kind) {
            case CARD -> 6;
            case IBAN -> 2;
            case PHONE -> text[from] == '+' ? 3 : 0;
            case IP, COORDINATES -> -1;
            case UNREAD, EMAIL, SECRET, MAC, ID, FIELD -> 0;
        };
        if (shown < 0) {
            return truncate(kind, text, from, to, dst, at);
        }
        int end = remove(kind, dst, at);
        if (shown == 0) {
            return end;
        }
        dst[end - 1] = ':';
        for (int i = from; i < to && shown > 0; i++) {
            if (Ascii.isAlphanumeric(text[i])) {
                dst[end++] = text[i];
                shown--;
            }
        }
        dst[end] = ']';
        return end + 1;
    }
}
