package io.sluice.privacy;

/**
 * Places on the earth that are more precise than about a hundred metres: a latitude and a longitude with decimals, the
 * longitude first in brackets, as GeoJSON and WKT have it; or a coordinate in degrees, minutes and seconds. Stateless.
 */
final class Coordinates {

    /** Decimals that both numbers of a place have. */
    private static final int LEAST_DECIMALS = 3;
    /** Decimals of which one has as many where no word says that it is a place, for prices in thousands have three. */
    private static final int DECIMALS = 4;

    /** The sign of a degree is this byte and the next. */
    private static final byte DEGREE = (byte) 0xc2;

    private static final byte DEGREE_SIGN = (byte) 0xb0;

    /** What the name of a latitude or a longitude between the two has at most: letters, then colons and blanks. */
    private static final int LONGEST_NAME = 9;

    private static final int LONGEST_COLON = 3;
    /** Bytes between two numbers: a degree and a hemisphere with blanks, separators, a name, a sign. */
    private static final int LONGEST_BETWEEN = 5 + 3 + LONGEST_NAME + LONGEST_COLON + 1;

    private Coordinates() {}

    /** Whether a degree sign stands behind a digit, as in a number that no other is written like. */
    static boolean mayBeIn(Text text) {
        for (int at = text.from + 1; at + 1 < text.to; at++) {
            if (text.bytes[at] == DEGREE && text.bytes[at + 1] == DEGREE_SIGN && Ascii.isDigit(text.bytes[at - 1])) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether another number with decimals enough follows that of which the point stands at {@code point}, if one does,
     * so near that both may be a place.
     */
    static boolean mayGoOn(byte[] b, int point, int to) {
        if (b[point] != '.') {
            return false;
        }
        int at = point + 1;
        while (at < to && Ascii.isDigit(b[at])) {
            at++;
        }
        int last = Math.min(to, at + LONGEST_BETWEEN);
        while (at < last && !Ascii.isDigit(b[at])) {
            at++;
        }
        int digits = at;
        while (at < to && Ascii.isDigit(b[at])) {
            at++;
        }
        return at > digits
                && at - digits <= 3
                && at + LEAST_DECIMALS < to
                && b[at] == '.'
                && Ascii.isDigit(b[at + 1])
                && Ascii.isDigit(b[at + 2])
                && Ascii.isDigit(b[at + 3]);
    }

    /** Whether {@code [from, to)} is in degrees, minutes and seconds, which have no decimals to be cut. */
    static boolean isSexagesimal(byte[] b, int from, int to) {
        int at = from;
        while (at < to && Ascii.isDigit(b[at])) {
            at++;
        }
        return at < to && b[at] == DEGREE;
    }

    /** Behind the place that begins with the digit at {@code at}, or 0. */
    static int end(Text text, int at) {
        int before = text.at(at - 1);
        if (before == '.' || Ascii.isAlphanumeric(before) && !isHemisphere(before, text.at(at - 2))) {
            return 0;
        }
        int middle = decimal(text, at);
        if (middle == 0) {
            return minutesAndSeconds(text, at);
        }
        int second = second(text, middle);
        int behind = second == 0 ? 0 : decimal(text, second);
        if (behind == 0) {
            return 0;
        }
        int one = whole(text, at);
        int other = whole(text, second);
        boolean place = (Context.before(text, at) & Context.PLACE) != 0;
        boolean inOrder = one <= 90 && other <= 180;
        boolean turned = one < 180
                && other <= 90
                && (place
                        || before == '['
                        || before == '('
                        || isSigned(text, at)
                        || Math.min(middle - point(text, at), behind - point(text, second)) > DECIMALS + 1);
        return (inOrder || turned) && (place || isPrecise(text, at, middle, second, behind))
                ? hemisphere(text, behind)
                : 0;
    }

    /** Whether a bracket stands before the minus sign of the number. */
    private static boolean isSigned(Text text, int at) {
        return text.at(at - 1) == '-' && (text.at(at - 2) == '[' || text.at(at - 2) == '(');
    }

    /** Whether two numbers are a place by themselves. Both below one, as in a matrix, it would lie in the sea. */
    private static boolean isPrecise(Text text, int first, int firstEnd, int second, int secondEnd) {
        int point = point(text, first);
        int other = point(text, second);
        return Math.max(firstEnd - point, secondEnd - other) > DECIMALS
                && (whole(text, first) != 0 || whole(text, second) != 0);
    }

    private static int point(Text text, int at) {
        int i = at;
        while (text.bytes[i] != '.') {
            i++;
        }
        return i;
    }

    /** The digits at {@code at}, of which there are three at most. */
    private static int whole(Text text, int at) {
        int whole = 0;
        for (int i = at; Ascii.isDigit(text.at(i)); i++) {
            whole = whole * 10 + text.at(i) - '0';
        }
        return whole;
    }

    /** Behind the number at {@code at}, which has at most three digits and then decimals enough; or 0. */
    private static int decimal(Text text, int at) {
        int i = at;
        while (Ascii.isDigit(text.at(i)) && i - at < 4) {
            i++;
        }
        if (i == at || i - at > 3 || text.at(i) != '.') {
            return 0;
        }
        int point = i++;
        while (Ascii.isDigit(text.at(i))) {
            i++;
        }
        boolean ends = !Ascii.isLetter(text.at(i)) || isHemisphere(text, i);
        return i - point > LEAST_DECIMALS && ends ? i : 0;
    }

    private static boolean isHemisphere(Text text, int at) {
        return isHemisphere(text.at(at), text.at(at + 1));
    }

    private static boolean isHemisphere(int letter, int beside) {
        int c = Ascii.upper(letter);
        return (c == 'N' || c == 'S' || c == 'E' || c == 'W' || c == 'O') && !Ascii.isAlphanumeric(beside);
    }

    /** Behind the degree sign and the letter that may follow a number, blanks among them. */
    private static int hemisphere(Text text, int at) {
        int i = at;
        if (isDegree(text, i)) {
            i += 2;
        } else if (isDegree(text, blank(text, i))) {
            i += 3;
        }
        if (isHemisphere(text, i)) {
            return i + 1;
        }
        int letter = blank(text, i);
        return isHemisphere(text, letter) ? letter + 1 : i;
    }

    private static boolean isDegree(Text text, int at) {
        return text.at(at) == DEGREE && text.at(at + 1) == DEGREE_SIGN;
    }

    /** Where the second number begins if the first ends at {@code middle}, or 0. */
    private static int second(Text text, int middle) {
        int next = hemisphere(text, middle);
        int separators = next;
        while (next < separators + 3 && isSeparator(text.at(next))) {
            next++;
        }
        if (next == separators) {
            return 0;
        }
        int name = next;
        while (Ascii.isLetter(text.at(next)) && next - name < LONGEST_NAME) {
            next++;
        }
        if (next == name + 1 && "EWONS".indexOf(Ascii.upper(text.at(name))) >= 0) {
            next = blank(text, next);
        } else if (next > name) {
            int third = Ascii.lower(text.at(name + 2));
            if (Ascii.lower(text.at(name)) != 'l' || third != 't' && third != 'n' && third != 'g') {
                return 0;
            }
            int colon = next;
            while (next - colon < LONGEST_COLON
                    && (text.at(next) == ':' || text.at(next) == ' ' || text.at(next) == '+')) {
                next++;
            }
        }
        return text.at(next) == '-' || text.at(next) == '+' ? next + 1 : next;
    }

    private static boolean isSeparator(int c) {
        return c == ',' || c == ' ' || c == ';' || c == '+' || c == '/';
    }

    /** Behind a coordinate such as {@code 52°31'12.0"N} or {@code 52° 31.200'}, or 0. */
    private static int minutesAndSeconds(Text text, int at) {
        int i = at;
        while (Ascii.isDigit(text.at(i)) && i - at < 3) {
            i++;
        }
        if (i == at || !isDegree(text, i)) {
            return 0;
        }
        int minutes = blank(text, i + 2);
        int mark = number(text, minutes);
        int behind = mark == 0 ? 0 : prime(text, mark);
        if (behind == 0) {
            return 0;
        }
        int seconds = blank(text, behind);
        int end = number(text, seconds);
        if (end != 0) {
            int prime = prime(text, end);
            // Two of the simple kind are as good as one of the double.
            return hemisphere(text, prime == 0 ? end : Math.max(prime, prime(text, prime)));
        }
        return mark - minutes > 3 ? hemisphere(text, behind) : 0;
    }

    private static int blank(Text text, int at) {
        return text.at(at) == ' ' || text.at(at) == '+' ? at + 1 : at;
    }

    /** Behind a number below sixty, maybe with decimals, or 0. */
    private static int number(Text text, int at) {
        int i = at;
        while (Ascii.isDigit(text.at(i)) && i - at < 3) {
            i++;
        }
        if (i == at || i - at > 2 || i - at == 2 && text.at(at) > '5') {
            return 0;
        }
        if (text.at(i) == '.' && Ascii.isDigit(text.at(i + 1))) {
            i++;
            while (Ascii.isDigit(text.at(i))) {
                i++;
            }
        }
        return i;
    }

    /** Behind a prime or a double one, of which there are straight ones, real ones and quotes; or 0. */
    private static int prime(Text text, int at) {
        int c = text.at(at);
        if (c == '\'' || c == '"') {
            return at + 1;
        }
        int last = text.at(at + 2) & 0xff;
        return c == (byte) 0xe2
                        && text.at(at + 1) == (byte) 0x80
                        && (last == 0x99 || last == 0x9d || last == 0xb2 || last == 0xb3)
                ? at + 3
                : 0;
    }
}
