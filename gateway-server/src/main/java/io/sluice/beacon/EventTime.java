package io.sluice.beacon;

import io.sluice.json.Swar;
import java.util.concurrent.TimeUnit;

/**
 * Reads the time that a client gives an event. Stateless, allocates nothing.
 *
 * <p>Taken are seconds or milliseconds since the epoch, with or without a fraction, and the date and time of RFC 3339,
 * section 5.6, of which the seconds may be missing, the {@code T} a space and the offset without its colon. A time
 * without an offset is not taken, since nobody knows what it means.
 *
 * <p>Of numbers only those are taken that lie before 2033, in milliseconds also behind 2001, or within ten years of now:
 * digits beyond are more likely a card's or a person's, which detectors look for in properties and not in times.
 */
final class EventTime {

    /** What is not a time. */
    static final long NONE = -1;

    /** Below it a number counts seconds (until the year 5138), from it on milliseconds (from March 1973). */
    private static final long FIRST_MILLIS = 100_000_000_000L;

    /** What of milliseconds begins with a one in 13 digits: from September 2001 to before May 2033. */
    private static final long FROM_MILLIS = 1_000_000_000_000L;

    private static final long TO_MILLIS = 2 * FROM_MILLIS;

    private static final long TEN_YEARS = TimeUnit.DAYS.toMillis(3653);

    private EventTime() {}

    /** Whether a value is the milliseconds of a time from 2001 to 2033 in just 13 digits. */
    static boolean isMillis(byte[] b, int from, int to) {
        return to - from == 13 && b[from] == '1' && Swar.areDigits(b, from) && Swar.areDigits(b, from + 5);
    }

    /** The milliseconds of what {@link #isMillis}. */
    static long millis(byte[] b, int from) {
        return Swar.decimal(b, from) * 100_000 + Swar.decimal(b, from + 5) % 100_000;
    }

    /**
     * Milliseconds since the epoch of a number such as {@code 1700000000.25}, or {@link #NONE}.
     *
     * @param now in milliseconds since the epoch
     */
    static long number(byte[] b, int from, int to, long now) {
        long whole = 0;
        int at = from;
        if (to - from >= 8 && Swar.areDigits(b, from)) {
            whole = Swar.decimal(b, from);
            at += 8;
        }
        while (at < to && isDigit(b[at])) {
            if (at - from == 15) {
                return NONE;
            }
            whole = 10 * whole + b[at++] - '0';
        }
        if (at == from) {
            return NONE;
        }
        long fraction = 0;
        if (at < to && b[at] == '.') {
            int first = ++at;
            for (int unit = 100; at < to && isDigit(b[at]); unit /= 10) {
                fraction += (long) unit * (b[at++] - '0');
            }
            if (at == first) {
                return NONE;
            }
        }
        if (at != to) {
            return NONE;
        }
        boolean seconds = whole < FIRST_MILLIS;
        long millis = seconds ? 1000 * whole + fraction : whole;
        return (seconds || millis >= FROM_MILLIS) && millis < TO_MILLIS || Math.abs(millis - now) <= TEN_YEARS
                ? millis
                : NONE;
    }

    /** Milliseconds since the epoch of a text, which may be a number, or {@link #NONE}. */
    static long text(byte[] b, int from, int to, long now) {
        if (to - from < 17 || b[from + 4] != '-') {
            return number(b, from, to, now);
        }
        int year = digits(b, from, 4);
        int month = digits(b, from + 5, 2);
        int day = digits(b, from + 8, 2);
        int hour = digits(b, from + 11, 2);
        int minute = digits(b, from + 14, 2);
        if (b[from + 7] != '-'
                || b[from + 10] != 'T' && b[from + 10] != 't' && b[from + 10] != ' '
                || b[from + 13] != ':'
                || (year | month | day | hour | minute) < 0
                || month < 1
                || month > 12
                || day < 1
                || day > daysOf(year, month)
                || hour > 23
                || minute > 59) {
            return NONE;
        }
        long millis = ((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60_000;
        int at = from + 16;
        if (b[at] == ':') {
            int second = at + 3 <= to ? digits(b, at + 1, 2) : -1;
            if (second < 0 || second > 60) {
                return NONE;
            }
            millis += 1000L * second;
            at += 3;
            if (at < to && (b[at] == '.' || b[at] == ',')) {
                int first = ++at;
                for (int unit = 100; at < to && isDigit(b[at]); unit /= 10) {
                    millis += (long) unit * (b[at++] - '0');
                }
                if (at == first) {
                    return NONE;
                }
            }
        }
        long offset = offsetMillis(b, at, to);
        millis -= offset;
        return offset == Long.MIN_VALUE || millis < 0 ? NONE : millis;
    }

    /** The offset from UTC that {@code [at, to)} is, or {@code Long.MIN_VALUE}. */
    private static long offsetMillis(byte[] b, int at, int to) {
        int length = to - at;
        if (length == 1 && (b[at] == 'Z' || b[at] == 'z')) {
            return 0;
        }
        if (length < 5 || length > 6 || b[at] != '+' && b[at] != '-' || length == 6 && b[at + 3] != ':') {
            return Long.MIN_VALUE;
        }
        int hours = digits(b, at + 1, 2);
        int minutes = digits(b, to - 2, 2);
        if ((hours | minutes) < 0 || hours > 23 || minutes > 59) {
            return Long.MIN_VALUE;
        }
        return (b[at] == '-' ? -60_000L : 60_000L) * (60 * hours + minutes);
    }

    private static int daysOf(int year, int month) {
        if (month == 2) {
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** Days from 1970-01-01, by counting years from March so that the leap day comes last. */
    private static long daysSinceEpoch(int year, int month, int day) {
        int y = month > 2 ? year : year - 1;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return 365L * y + Math.floorDiv(y, 4) - Math.floorDiv(y, 100) + Math.floorDiv(y, 400) + dayOfYear - 719_468;
    }

    /** The number that {@code count} digits are, or negative if they are not all digits. */
    private static int digits(byte[] b, int at, int count) {
        int value = 0;
        for (int i = at; i < at + count; i++) {
            if (!isDigit(b[i])) {
                return -1;
            }
            value = 10 * value + b[i] - '0';
        }
        return value;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
