package io.sluice.privacy;

/**
 * Tells a date, or a date and a time of day (RFC 3339, section 5.6), which no detector takes for anything: most senders
 * write several into each event. Stateless, allocates nothing.
 *
 * <p>The year begins with 19 or 20, the {@code T} is one, a fraction has at most three digits and an offset a colon:
 * what is written otherwise, detectors are asked about.
 */
final class DateTimes {

    /** Bytes of {@code 2026-11-23}. */
    private static final int DATE = 10;

    private DateTimes() {}

    /** Whether {@code [from, to)} is nothing else; 16 bytes behind it must be readable. */
    static boolean is(byte[] b, int from, int to) {
        int century = two(b, from);
        if (to - from < DATE
                || b[from + 4] != '-'
                || b[from + 7] != '-'
                || century != 19 && century != 20
                || two(b, from + 2) < 0
                || !isWithin(two(b, from + 5), 1, 12)
                || !isWithin(two(b, from + 8), 1, 31)) {
            return false;
        }
        int at = from + DATE;
        return at == to || b[at] == 'T' && isTime(b, at + 1, to);
    }

    private static boolean isTime(byte[] b, int from, int to) {
        if (!isWithin(two(b, from), 0, 23) || !isColonAndTwo(b, from + 2)) {
            return false;
        }
        int at = from + 5;
        if (isColonAndTwo(b, at)) {
            at += 3;
            if (b[at] == '.') {
                int first = ++at;
                while (at < first + 3 && Ascii.isDigit(b[at])) {
                    at++;
                }
            }
        }
        if (at < to && b[at] == 'Z') {
            at++;
        } else if (at < to && (b[at] == '+' || b[at] == '-') && two(b, at + 1) >= 0 && isColonAndTwo(b, at + 3)) {
            at += 6;
        }
        return at == to;
    }

    private static boolean isColonAndTwo(byte[] b, int at) {
        return b[at] == ':' && isWithin(two(b, at + 1), 0, 60);
    }

    private static boolean isWithin(int value, int least, int most) {
        return value >= least && value <= most;
    }

    /** The number that two digits are, or negative if they are not. */
    private static int two(byte[] b, int at) {
        return Ascii.isDigit(b[at]) && Ascii.isDigit(b[at + 1]) ? 10 * (b[at] - '0') + b[at + 1] - '0' : -1;
    }
}
