package io.sluice.privacy;

import static io.sluice.privacy.DigitChecks.isDate;
import static io.sluice.privacy.DigitIds.is;
import static io.sluice.privacy.NationalId.*;

/**
 * Finds numbers of persons with letters in them, each by its own rule. Stateless, but for what {@link #find} is given.
 *
 * <p>Each rule answers where the number ends; numbers that begin with letters begin before their first digit.
 */
final class LetterIds {

    private static final String DNI = "TRWAGMYFPDXBNJZSQVHLCKE";
    private static final String HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    private static final String PPS = "WABCDEFGHIJKLMNOPQRSTUV";
    private static final int[] ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    /** Bits of how a NINO is written: that it is one, that it has a dash, and that its pairs of digits stand apart. */
    private static final int COMPACT = 128;

    private static final int DASHED = 256;
    private static final int PAIRS = 1 << 2 | 1 << 4;

    private LetterIds() {}

    /** What {@link #find} has found. */
    static final class Found {
        int begin;
        int end;
        /** Where separators stand in a NINO: a bit for each number of digits before one, and {@code DASHED}. */
        int written;
    }

    /** Looks for a number with letters, the first digit of which stands at {@code at}. */
    static boolean find(Text text, int at, long wanted, Found found) {
        byte[] b = text.bytes;
        int begin = at;
        while (at - begin < 7 && begin > text.from && Ascii.isLetter(b[begin - 1])) {
            begin--;
        }
        int letters = at - begin;
        int digits = at;
        while (digits < text.to && Ascii.isDigit(b[digits])) {
            digits++;
        }
        int n = digits - at;
        int behind = Ascii.upper(text.at(digits));
        boolean open = !Ascii.isAlphanumeric(text.at(begin - 1));
        found.begin = begin;
        found.end = 0;
        found.written = 0;
        switch (letters) {
            case 0 -> {
                if (open && is(wanted, ES_ID) && (n == 8 || n == 7)) {
                    found.end = dniLetter(text, digits, number(b, at, digits), at);
                }

                if (found.end == 0 && open && n == 7 && is(wanted, IE_PPS)) {
                    found.end = pps(text, at);
                }
                if (found.end == 0 && open && n == 8 && is(wanted, DE_SOCIAL)) {
                    found.end = social(text, at);
                }
                if (found.end == 0 && open && is(wanted, CL_RUT) && n <= 8) {
                    found.end = rut(text, at);
                }
                if (found.end == 0 && open && is(wanted, ES_ID) && n <= 2) {
                    found.end = dotted(text, at);
                }
                if (found.end == 0 && open && is(wanted, FR_NIR) && (n == 1 || n == 6)) {
                    found.end = corsican(text, at);
                }
                if (found.end == 0 && open && is(wanted, CN_NUMBER) && n == 17 && behind == 'X') {
                    found.end = DigitChecks.weigh(b, at, DigitChecks.CHINESE) % 11 == 2 ? digits + 1 : 0;
                }
                // Letters and a separator before: AB 12 34 56 C.
                if (found.end == 0 && is(wanted, UK_NINO) && isNinoSeparator(text.at(at - 1))) {
                    found.begin = at - 3;
                    found.end = nino(text, at - 3, found);
                }
            }
            case 1 -> {
                int first = Ascii.upper(b[begin]);
                if (n == 7 && is(wanted, ES_ID) && first >= 'X' && first <= 'Z') {
                    int letter = text.at(digits) == '-' ? digits + 1 : digits;
                    if (Ascii.upper(text.at(letter))
                            == DNI.charAt((int) (((first - 'X') * 10_000_000L + number(b, at, digits)) % 23))) {
                        found.end = letter + 1;
                    }
                }
                if (n == 7 && is(wanted, SG_NRIC) && isNric(b, at, first, behind)) {
                    found.end = digits + 1;
                }
                if (n == 9 && is(wanted, DE_HEALTH) && isHealth(b, at, first)) {
                    found.end = digits;
                }
            }
            case 2 -> {
                if (is(wanted, UK_NINO)) {
                    found.end = nino(text, begin, found);
                }
            }
            case 4 -> {
                if (n == 6 && is(wanted, MX_CURP) && isCurp(text, digits)) {
                    found.end = digits + 8;
                }
            }
            case 6 -> {
                if (n == 2 && is(wanted, IT_CODE) && isCodice(text, begin)) {
                    found.end = begin + 16;
                }
            }
            default -> {}
        }
        if (found.end == 0 && n == 6 && is(wanted, FI_CODE)) {
            found.begin = at;
            found.end = hetu(text, at);
        }
        if (found.end == 0 || Ascii.isAlphanumeric(text.at(found.end)) || Joined.isPart(text, found.begin, found.end)) {
            return false;
        }
        int before = text.at(found.begin - 1);
        if (Ascii.isAlphanumeric(before) && !(n == 6 && Ascii.isLetter(before) && !Ascii.isHex(before))) {
            return false;
        }
        long context = Context.before(text, found.begin);
        if (found.written != 0 && (context >>> Context.ID & UK_NINO.bit()) == 0) {
            return (context & Context.THING) == 0 && isNino(text, found, context);
        }
        return (context >>> Context.ID & wanted) != 0
                || (context & Context.THING) == 0 && !mayBeHex(text, found, letters, n);
    }

    /**
     * Whether it is rather a short hexadecimal number or an id in the lower case, in which people do not write their
     * own: but for those of Spain and Singapore, and longer ones.
     */
    private static boolean mayBeHex(Text text, Found found, int letters, int digits) {
        if (letters == 0 && (digits == 8 && found.end - found.begin < 12 || digits > 8)
                || letters == 1 && digits == 7
                || letters > 2) {
            return false;
        }
        for (int i = found.begin; i < found.end; i++) {
            int c = text.bytes[i];
            if (c >= 'a' && c <= 'z') {
                return true;
            }
            if (c == ' ' || c == '+' || c == '-') {
                return false;
            }
        }
        return false;
    }

    /** Behind the check letter of a DNI, which stands at {@code at}, or behind a dash there; or 0. */
    private static int dniLetter(Text text, int at, long number, int begin) {
        int letter = text.at(at) == '-' ? at + 1 : at;
        if (text.at(at) == ' ' && is(Context.before(text, begin) >>> Context.ID, ES_ID)) {
            letter++;
        }
        return Ascii.upper(text.at(letter)) == DNI.charAt((int) (number % 23)) ? letter + 1 : 0;
    }

    /** A DNI with dots: {@code 12.345.678-Z}. */
    private static int dotted(Text text, int at) {
        long number = 0;
        int i = at;
        for (int dots = 0; Ascii.isDigit(text.at(i)) || text.at(i) == '.'; i++) {
            if (text.at(i) != '.') {
                number = number * 10 + text.at(i) - '0';
            } else if (++dots > 2) {
                return 0;
            } else if (!areThree(text, i + 1)) {
                return 0;
            }
        }
        int length = i - at;
        return length == 9 || length == 10 ? dniLetter(text, i, number, at) : 0;
    }

    private static boolean areThree(Text text, int at) {
        return Ascii.isDigit(text.at(at))
                && Ascii.isDigit(text.at(at + 1))
                && Ascii.isDigit(text.at(at + 2))
                && !Ascii.isDigit(text.at(at + 3));
    }

    /** A NIR of somebody born in Corsica, whose department has a letter: {@code 1 86 02 2A 004 012 70}. */
    private static int corsican(Text text, int at) {
        long number = 0;
        int key = 0;
        int i = at;
        for (int seen = 0; seen < 15; i++) {
            int c = Ascii.upper(text.at(i));
            if (seen == 6 && (c == 'A' || c == 'B')) {
                number = number * 10 + (c == 'A' ? 9 : 8) - 10;
                seen++;
            } else if (Ascii.isDigit(c) && seen != 6) {
                if (seen < 13) {
                    number = number * 10 + c - '0';
                } else {
                    key = key * 10 + c - '0';
                }
                seen++;
            } else if (c != ' ' && c != '+' || !Ascii.isAlphanumeric(text.at(i - 1))) {
                return 0;
            }
        }
        int first = text.at(at) - '0';
        return first >= 1 && first <= 8 && 97 - number % 97 == key ? i : 0;
    }

    private static boolean isNinoSeparator(int c) {
        return c == ' ' || c == '-' || c == '+';
    }

    /**
     * Whether a NINO that nothing announces is one by the way in which it is written, for many a product has two
     * letters, six digits and a letter: in pairs, with blanks around its digits, or else in capitals on its own.
     */
    private static boolean isNino(Text text, Found found, long context) {
        if ((found.written & PAIRS) == PAIRS) {
            return true;
        }
        for (int i = found.begin; i < found.end; i++) {
            if (text.bytes[i] >= 'a') {
                return false;
            }
        }
        boolean code =
                (context & (Context.CODE | Context.VERSION | Context.REFERENCE)) != 0 && (context & Context.CARD) == 0;
        return !code
                && (found.written & DASHED) == 0
                && !isJoint(text.at(found.begin - 1))
                && !isJoint(text.at(found.end))
                && !(text.at(found.end) == '.' && Ascii.isAlphanumeric(text.at(found.end + 1)));
    }

    /** What joins a code to the rest of a URL or of a longer code. */
    private static boolean isJoint(int c) {
        return c == '-' || c == '_' || c == '/' || c == '=' || c == '#' || c == '&' || c == '?' || c == '*';
    }

    /** Six digits of a date, the sign of the century, three digits and a check character. */
    private static int hetu(Text text, int at) {
        int sign = Ascii.upper(text.at(at + 6));
        if ("+-ABCDEFUVWXY".indexOf(sign) < 0 || at + 11 > text.to) {
            return 0;
        }
        byte[] b = text.bytes;
        for (int i = at + 7; i < at + 10; i++) {
            if (!Ascii.isDigit(b[i])) {
                return 0;
            }
        }
        long digits = number(b, at, at + 6) * 1000 + number(b, at + 7, at + 10);
        int day = (int) number(b, at, at + 2);
        int month = (int) number(b, at + 2, at + 4);
        return isDate(month, day) && Ascii.upper(b[at + 10]) == HETU.charAt((int) (digits % 31)) ? at + 11 : 0;
    }

    private static int pps(Text text, int at) {
        int sum = 0;
        for (int i = 0; i < 7; i++) {
            sum += (text.bytes[at + i] - '0') * (8 - i);
        }
        int second = Ascii.upper(text.at(at + 8));
        boolean two = Ascii.isLetter(second);
        if (two && "ABHTWX".indexOf(second) < 0) {
            return 0;
        }
        if (two && second != 'W') {
            sum += (second - 'A' + 1) * 9;
        }
        return Ascii.upper(text.at(at + 7)) == PPS.charAt(sum % 23) ? at + (two ? 9 : 8) : 0;
    }

    /** Area, date of birth, letter, serial and check digit. */
    private static int social(Text text, int at) {
        byte[] b = text.bytes;
        if (at + 12 > text.to || !Ascii.isLetter(b[at + 8])) {
            return 0;
        }
        int letter = Ascii.upper(b[at + 8]) - 'A' + 1;
        long first = number(b, at, at + 8);
        long all = (first * 100 + letter) * 100 + number(b, at + 9, at + 11);
        int day = (int) number(b, at + 2, at + 4);
        int month = (int) number(b, at + 4, at + 6);
        for (int i = at + 9; i < at + 12; i++) {
            if (!Ascii.isDigit(b[i])) {
                return 0;
            }
        }
        int sum = 0;
        // Weights 2 1 2 5 7 1 2 1 2 1 2 1 and the digits of each product.
        long weights = 212_571_212_121L;
        for (long rest = all; rest > 0; rest /= 10, weights /= 10) {
            int product = (int) (rest % 10 * (weights % 10));
            sum += product / 10 + product % 10;
        }
        return sum % 10 == b[at + 11] - '0' && isDate(month, day > 31 ? Math.max(1, day - 50) : day) ? at + 12 : 0;
    }

    /** With dots, or announced, since there are many codes that end in a dash and a digit. */
    private static int rut(Text text, int at) {
        byte[] b = text.bytes;
        int i = at;
        int digits = 0;
        int dots = 0;
        long number = 0;
        while (digits < 9 && i < text.to && (Ascii.isDigit(b[i]) || b[i] == '.' && digits > 0)) {
            if (b[i] == '.') {
                dots++;
            } else {
                number = number * 10 + b[i] - '0';
                digits++;
            }
            i++;
        }
        if (digits < 7 || digits > 8 || text.at(i) != '-' || dots != 2 && dots != 0) {
            return 0;
        }
        int sum = 0;
        int weight = 2;
        for (long rest = number; rest > 0; rest /= 10) {
            sum += (int) (rest % 10) * weight;
            weight = weight == 7 ? 2 : weight + 1;
        }
        int check = 11 - sum % 11;
        int expected = check == 11 ? '0' : check == 10 ? 'K' : '0' + check;
        if (Ascii.upper(text.at(i + 1)) != expected) {
            return 0;
        }
        return dots == 2 || is(Context.before(text, at) >>> Context.ID, CL_RUT) ? i + 2 : 0;
    }

    /** Behind the two letters, six digits and one letter, between which blanks or dashes may stand, or 0. */
    private static int nino(Text text, int at, Found found) {
        int first = Ascii.upper(text.at(at));
        int second = Ascii.upper(text.at(at + 1));
        if (!Ascii.isLetter(first)
                || !Ascii.isLetter(second)
                || "DFIQUV".indexOf(first) >= 0
                || "DFIQUVO".indexOf(second) >= 0) {
            return 0;
        }
        int prefix = first << 8 | second;
        if (prefix == ('B' << 8 | 'G')
                || prefix == ('G' << 8 | 'B')
                || prefix == ('N' << 8 | 'K')
                || prefix == ('K' << 8 | 'N')
                || prefix == ('T' << 8 | 'N')
                || prefix == ('N' << 8 | 'T')
                || prefix == ('Z' << 8 | 'Z')) {
            return 0;
        }
        int i = at + 2;
        int digits = 0;
        int written = COMPACT;
        while (digits < 6) {
            int c = text.at(i);
            if (isNinoSeparator(c) && (digits & 1) == 0) {
                written |= 1 << digits | (c == '-' ? DASHED : 0);
                c = text.at(++i);
            }
            if (!Ascii.isDigit(c)) {
                return 0;
            }
            digits++;
            i++;
        }
        if (isNinoSeparator(text.at(i))) {
            written |= text.at(i) == '-' ? DASHED : 0;
            i++;
        }
        found.written = written;
        int suffix = Ascii.upper(text.at(i));
        return suffix >= 'A' && suffix <= 'D' && !Ascii.isAlphanumeric(text.at(i + 1)) ? i + 1 : 0;
    }

    private static boolean isNric(byte[] b, int at, int first, int last) {
        int sum = (b[at] - '0') * 2;
        for (int i = 1; i < 7; i++) {
            sum += (b[at + i] - '0') * (8 - i);
        }
        return switch (first) {
            case 'S' -> "JZIHGFEDCBA".charAt(sum % 11) == last;
            case 'T' -> "JZIHGFEDCBA".charAt((sum + 4) % 11) == last;
            case 'F' -> "XWUTRQPNMLK".charAt(sum % 11) == last;
            case 'G' -> "XWUTRQPNMLK".charAt((sum + 4) % 11) == last;
            case 'M' -> "KLJNPQRTUWX".charAt(10 - (sum + 3) % 11) == last;
            default -> false;
        };
    }

    private static boolean isHealth(byte[] b, int at, int first) {
        int letter = first - 'A' + 1;
        int sum = 0;
        long all = letter * 100_000_000L + number(b, at, at + 8);
        // From the right: 2 1 2 1 … , and the digits of each product.
        boolean twice = true;
        for (int i = 0; i < 10; i++, all /= 10) {
            int product = (int) (all % 10) * (twice ? 2 : 1);
            sum += product / 10 + product % 10;
            twice = !twice;
        }
        return sum % 10 == b[at + 8] - '0';
    }

    private static boolean isCurp(Text text, int at) {
        int sex = Ascii.upper(text.at(at));
        if (sex != 'H' && sex != 'M' && sex != 'X') {
            return false;
        }
        for (int i = at + 1; i < at + 6; i++) {
            if (!Ascii.isLetter(text.at(i))) {
                return false;
            }
        }
        return Ascii.isAlphanumeric(text.at(at + 6)) && Ascii.isDigit(text.at(at + 7));
    }

    private static boolean isCodice(Text text, int at) {
        if (at + 16 > text.to) {
            return false;
        }
        byte[] b = text.bytes;
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            int c = Ascii.upper(b[at + i]);
            boolean letter = i < 6 || i == 8 || i == 11;
            // A digit may be replaced by one of these letters where two persons would have the same code.
            if (letter ? !Ascii.isLetter(c) : !Ascii.isDigit(c) && "LMNPQRSTUV".indexOf(c) < 0) {
                return false;
            }
            int value = Ascii.isDigit(c) ? c - '0' : c - 'A';
            sum += (i & 1) == 0 ? ODD[value] : value;
        }
        return Ascii.upper(b[at + 15]) == 'A' + sum % 26;
    }

    private static long number(byte[] b, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + b[i] - '0';
        }
        return value;
    }
}
