package io.sluice.privacy;

/**
 * Whether digits are but a part of an id, as in {@code d1d9ed5a-5606-4384-4189-2eccdf05dbdb}: a dash or an underscore
 * joins them to letters among digits. A word joined to them says nothing, nor does a word that a number ends:
 * {@code card1-4111…}. Stateless; looks at so many bytes at most, whatever the text.
 */
final class Joined {

    private static final int BYTES = 48;

    private Joined() {}

    /** Whether what is in {@code [begin, end)} is joined to a part of an id before it or behind it. */
    static boolean isPart(Text text, int begin, int end) {
        return isDash(text.at(begin - 1)) && isIdBefore(text, begin - 1)
                || isDash(text.at(end)) && isIdBehind(text, end);
    }

    private static boolean isDash(int c) {
        return c == '-' || c == '_';
    }

    private static boolean isIdBefore(Text text, int dash) {
        int lowest = Math.max(text.from, dash - BYTES);
        int at = dash;
        while (at > lowest && isDash(text.bytes[at])) {
            int end = at;
            while (at > lowest && Ascii.isAlphanumeric(text.bytes[at - 1])) {
                at--;
            }
            if (at == end || isWord(text.bytes, at, end)) {
                return false;
            }
            if (isMixed(text.bytes, at, end)) {
                return true;
            }
            at--;
        }
        return false;
    }

    private static boolean isIdBehind(Text text, int dash) {
        int highest = Math.min(text.to, dash + BYTES);
        int at = dash;
        while (at < highest && isDash(text.bytes[at])) {
            int begin = ++at;
            while (at < highest && Ascii.isAlphanumeric(text.bytes[at])) {
                at++;
            }
            if (at == begin || isWord(text.bytes, begin, at)) {
                return false;
            }
            if (isMixed(text.bytes, begin, at)) {
                return true;
            }
        }
        return false;
    }

    /** Letters only, some of which no hexadecimal number has. */
    private static boolean isWord(byte[] b, int from, int to) {
        boolean hex = true;
        for (int i = from; i < to; i++) {
            if (!Ascii.isLetter(b[i])) {
                return false;
            }
            hex &= Ascii.isHex(b[i]);
        }
        return !hex;
    }

    /** A letter behind a digit, or letters that are all hexadecimal digits. */
    private static boolean isMixed(byte[] b, int from, int to) {
        boolean digit = false;
        boolean letter = false;
        for (int i = from; i < to; i++) {
            boolean isDigit = Ascii.isDigit(b[i]);
            if (digit && !isDigit) {
                return true;
            }
            digit |= isDigit;
            letter |= !isDigit;
        }
        return letter && !digit;
    }
}
