package io.sluice.privacy;

import io.sluice.json.Swar;
import java.nio.charset.StandardCharsets;

/** Tells from the bytes of an escape, and from what stands beside it, whether it may hide anything. Stateless. */
final class Escape {

    private static final long COMMAT = word("&commat;");
    private static final long PERIOD = word("&period;");
    private static final long SIX_BYTES = -1L >>> 16;
    private static final long SEVEN_BYTES = -1L >>> 8;
    private static final long QUOT = word("&quot;  ") & SIX_BYTES;
    private static final long COLON = word("&colon; ") & SEVEN_BYTES;
    private static final int NUMERIC = Ascii.DIGIT | Ascii.SEPARATOR;

    private Escape() {}

    private static long word(String ascii) {
        return Swar.word(ascii.getBytes(StandardCharsets.US_ASCII), 0);
    }

    /** Whether an escape at {@code at} may stand for something, or a part of an escape, that a detector starts from. */
    static boolean mayMatter(byte[] b, int at, int to) {
        int first = b[at];
        if (at + 2 >= to) {
            return false;
        }
        int second = b[at + 1];
        int third = b[at + 2];
        if (first == '#') {
            return at > 0 && (b[at - 1] == '&' || b[at - 1] == ';');
        }
        if (first == '&') {
            return at + 7 < to && (Swar.word(b, at) == COMMAT || Swar.word(b, at) == PERIOD)
                    || second == 'a' && third == 'm'
                    || second == '%'
                    || second == '\\'
                    || Folding.isEntity(b, at + 1, to);
        }
        if (first == '%') {
            return percent(b, at, to, second, third);
        }
        // \u0000 to \u007f and what looks alike, with any of it but the backslash encoded in turn.
        if (second == 'u') {
            return at + 5 < to && (unicode(b, at + 2) || isBeforeNumber(b, at + 6, to));
        }
        if (Ascii.isLetter(second) && isBeforeNumber(b, at + 2, to)) {
            return true;
        }
        return second == '%' || second == 'x';
    }

    /** Whether a quote is encoded at {@code at}, in one layer. {@link #mayMatter} finds what is encoded in others. */
    static boolean isQuote(byte[] b, int at) {
        return switch (b[at]) {
            case '\\' -> b[at + 1] == '"';
            case '%' -> b[at + 1] == '2' && b[at + 2] == '2';
            case '&' -> (Swar.word(b, at) & SIX_BYTES) == QUOT;
            default -> false;
        };
    }

    /** The same of a colon. */
    static boolean isColon(byte[] b, int at) {
        return b[at] == '%' && b[at + 1] == '3' && (b[at + 2] | 0x20) == 'a'
                || b[at] == '&' && (Swar.word(b, at) & SEVEN_BYTES) == COLON;
    }

    private static boolean percent(byte[] b, int at, int to, int second, int third) {
        if (isEncoded(second)
                || isEncoded(third)
                || second == 'u'
                || Ascii.isLetter(third) && isBeforeNumber(b, at + 3, to)) {
            return true;
        }
        return switch (second) {
            // A percent sign, a # as in entities; what separates the digits of a number only next to one.
            case '2' ->
                third == '5'
                        || third == '3'
                        || third == '6' && isAmpersandOfEntity(b, at + 3, to)
                        || third == '0' && Secrets.isScheme(b, at)
                        || isNumeric(b, at, to, third | 0x20);
            // An equals sign behind a name, as of a parameter.
            case '3' ->
                third <= '9'
                        || (third | 0x20) == 'd' && at > 0 && Ascii.is(b[at - 1], Ascii.LETTER | Ascii.DIGIT)
                        || (third | 0x20) == 'a' && isHexNear(b, at, to);
            case '4' -> third == '0';
            case '5' -> (third | 0x20) == 'c';
            // Letters are not encoded but to hide something, or within a secret.
            case '6', '7' -> true;
            // The first byte of a character that may only look different.
            case 'c', 'C' -> third == '2';
            case 'd', 'D' -> third == '9' || (third | 0x20) == 'b' || (third | 0x20) == 'f';
            case 'e', 'E' ->
                third <= '2'
                        || third == '3' && at + 5 < to && b[at + 4] == '8' && b[at + 5] == '0'
                        || (third | 0x20) == 'f'
                        || (third | 0x20) == 'a';
            case 'f', 'F' -> third == '0';
            default -> false;
        };
    }

    /** Whether digits follow an escape, which ends in a letter that they seem to belong to. */
    private static boolean isBeforeNumber(byte[] b, int at, int to) {
        return to - at > 5
                && Ascii.isDigit(b[at])
                && Ascii.is(b[at + 1], NUMERIC)
                && Ascii.is(b[at + 2], NUMERIC)
                && Ascii.is(b[at + 3], NUMERIC);
    }

    private static boolean isAmpersandOfEntity(byte[] b, int at, int to) {
        if (at + 2 >= to) {
            return false;
        }
        int c = b[at];
        return c == '#'
                || c == '%' && b[at + 1] == '2' && (b[at + 2] == '3' || b[at + 2] == '5')
                || c == 'a' && b[at + 1] == 'm'
                || c == 'c' && b[at + 1] == 'o' && (b[at + 2] == 'm' || b[at + 2] == 'l')
                || c == 'q' && b[at + 1] == 'u' && b[at + 2] == 'o'
                || c == 'p' && b[at + 1] == 'e' && b[at + 2] == 'r'
                || Folding.isEntity(b, at, to);
    }

    /** Whether the encoded character at {@code at}, whose code ends in {@code low}, stands next to digits. */
    private static boolean isNumeric(byte[] b, int at, int to, int low) {
        if (at + 3 >= to) {
            return false;
        }
        int behind = b[at + 3];
        if (behind != '%' && !Ascii.is(behind, Ascii.DIGIT | Ascii.SEPARATOR)) {
            return false;
        }
        return low == 'b' || low == '8' || at >= 3 && (Ascii.isDigit(b[at - 1]) || b[at - 3] == '%');
    }

    /** Whether an encoded colon stands between groups of an address. */
    private static boolean isHexNear(byte[] b, int at, int to) {
        int behind = at + 3 < to ? b[at + 3] : 0;
        // Another colon, or a letter of the upper case; all other digits are looked at anyway.
        return Ascii.isHex(behind)
                || behind == ':'
                || at > 0 && b[at - 1] == ':'
                || behind == '%' && at + 5 < to && (b[at + 4] == '4' || b[at + 4] == '3' && (b[at + 5] | 0x20) == 'a');
    }

    private static boolean unicode(byte[] b, int at) {
        int first = b[at];
        if (isEncoded(first) || isEncoded(b[at + 1])) {
            return true;
        }
        if (first == '0' && b[at + 1] == '0') {
            return b[at + 2] < '8' || isEncoded(b[at + 2]) || (b[at + 2] | 0x20) == 'a' || (b[at + 2] | 0x20) == 'b';
        }
        return switch (first) {
            case '0' -> b[at + 1] == '6' || b[at + 1] == '7' || b[at + 1] == '9' || Ascii.isLetter(b[at + 1]);
            case '2' ->
                b[at + 1] == '0' || b[at + 1] == '2' || b[at + 1] == '4' || b[at + 1] == '7' || b[at + 1] == '1';
            case '3' -> b[at + 1] == '0' && b[at + 2] == '0';
            case 'f', 'F' -> (b[at + 1] | 0x20) == 'e' || (b[at + 1] | 0x20) == 'f';
            case 'd', 'D' -> b[at + 1] == '8';
            default -> true;
        };
    }

    private static boolean isEncoded(int b) {
        return b == '%' || b == '\\';
    }
}
