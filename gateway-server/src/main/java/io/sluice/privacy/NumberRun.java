package io.sluice.privacy;

/**
 * Digits that may be one number: groups of them with separators between, from one group on. Scratch of its finder.
 */
final class NumberRun {

    static final int SPACE = 1;
    static final int DASH = 2;
    static final int DOT = 4;
    static final int SLASH = 8;
    static final int OPEN = 16;
    static final int CLOSE = 32;
    /** Three characters, or a pause within a sentence. */
    static final int WIDE = 64;

    static final int MAX_GROUPS = 12;
    static final int MAX_DIGITS = 40;

    /** The values of all digits. */
    final byte[] digits = new byte[MAX_DIGITS];

    final int[] begin = new int[MAX_GROUPS];
    final int[] end = new int[MAX_GROUPS];
    /** How many digits stand before the group. */
    final int[] first = new int[MAX_GROUPS + 1];
    /** What stands before the group, which for the first is nothing. */
    final int[] separator = new int[MAX_GROUPS];

    int groups;
    /** Whether digits follow that did not fit. */
    boolean more;

    /** Reads the groups from the digit at {@code at} on. */
    void read(Text text, int at) {
        byte[] b = text.bytes;
        int to = text.to;
        int g = 0;
        int n = 0;
        int pending = 0;
        more = false;
        for (; ; ) {
            separator[g] = pending;
            begin[g] = at;
            first[g] = n;
            while (at < to && Ascii.isDigit(b[at])) {
                if (n == MAX_DIGITS) {
                    more = true;
                    break;
                }
                digits[n++] = (byte) (b[at++] - '0');
            }
            if (more) {
                break;
            }
            end[g++] = at;
            int behind = at;
            int kinds = 0;
            while (behind < to && behind - at < 4 && Ascii.is(b[behind], Ascii.SEPARATOR)) {
                kinds |= kind(b[behind++]);
            }
            if (behind == at || behind >= to || !Ascii.isDigit(b[behind])) {
                break;
            }
            if (g == MAX_GROUPS) {
                more = true;
                break;
            }
            pending = behind - at > 2 || behind - at == 2 && (kinds & (OPEN | CLOSE)) == 0 && b[at] != b[at + 1]
                    ? kinds | WIDE
                    : kinds;
            at = behind;
        }
        groups = g;
        // Of a first group that did not fit nothing counts: what the arrays hold is of another text.
        first[g] = g == 0 ? 0 : n;
    }

    private static int kind(int c) {
        return switch (c) {
            case '-' -> DASH;
            case '.' -> DOT;
            case '/' -> SLASH;
            case '(' -> OPEN;
            case ')' -> CLOSE;
            default -> SPACE;
        };
    }

    int length(int group) {
        return end[group] - begin[group];
    }

    /** Digits in the first {@code groups} groups. */
    int count(int groups) {
        return first[groups];
    }

    /** The lengths of the first groups, a hexadecimal digit each; 0 if one is too long or there are too many. */
    long shape(int groups) {
        long shape = 0;
        if (groups > 8) {
            return 0;
        }
        for (int g = 0; g < groups; g++) {
            if (length(g) > 15) {
                return 0;
            }
            shape = shape << 4 | length(g);
        }
        return shape;
    }

    /** All kinds of separators among the first groups. */
    int separators(int groups) {
        int kinds = 0;
        for (int g = 1; g < groups; g++) {
            kinds |= separator[g];
        }
        return kinds;
    }

    /** Whether the same kind of separator stands between all of the first groups. */
    boolean isUniform(int groups) {
        for (int g = 2; g < groups; g++) {
            if (separator[g] != separator[1]) {
                return false;
            }
        }
        return true;
    }

    /** The number that the digits in {@code [from, to)} are. */
    long value(int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + digits[i];
        }
        return value;
    }

    int two(int at) {
        return digits[at] * 10 + digits[at + 1];
    }

    /** Whether the check digit at the end of {@code [from, to)} is that of ISO/IEC 7812-1, annex B. */
    boolean isLuhn(int from, int to) {
        int sum = 0;
        boolean twice = false;
        for (int i = to - 1; i >= from; i--) {
            int d = digits[i];
            if (twice) {
                d *= 2;
                d -= d > 9 ? 9 : 0;
            }
            sum += d;
            twice = !twice;
        }
        return sum % 10 == 0;
    }

    /** Whether the last of {@code [from, to)} is the check digit of a GTIN, which an ISBN-13 is too. */
    boolean isGtin(int from, int to) {
        int sum = 0;
        int weight = 1;
        for (int i = to - 1; i >= from; i--) {
            sum += digits[i] * weight;
            weight = 4 - weight;
        }
        return sum % 10 == 0;
    }

    /** Whether all the digits in {@code [from, to)} are the same. */
    boolean isOneDigit(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (digits[i] != digits[from]) {
                return false;
            }
        }
        return true;
    }
}
