package io.sluice.privacy;

import io.sluice.json.Swar;
import io.sluice.json.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * Tells from a string's bytes, a word at a time, which detectors need to look at it: none, for almost all strings.
 *
 * <p>Stateless, allocates nothing; about four instructions a byte. May name detectors that find nothing, never leaves
 * out one that would find something. Blocks of 64 bytes, each byte a bit, overlap by {@value #OVERLAP}, so that a run
 * as long as that is seen whole.
 */
final class Sieve {

    /** An {@code @} stands in it. */
    static final int AT = 1;
    /** A run of digits and of what may separate them that is long enough for a number. */
    static final int NUMBER = 2;
    /** Colons, as in an address of IPv6 or of a device. */
    static final int COLONS = 4;
    /** A long token that begins as a secret does, or is as long as an identity code. */
    static final int TOKEN = 8;
    /** Something is encoded that one of the others may start from. */
    static final int ENCODED = 16;

    /** An equals sign, as between the name and the value of a parameter. */
    static final int PARAMETER = 64;
    /** An escape of something stands in it. */
    private static final int ESCAPE = 32;

    /** Digits of the shortest number that is one without a word that says so. */
    private static final int SHORTEST_NUMBER = 7;

    /** Digits of the shortest number that has letters too. */
    private static final int SHORTEST_WITH_LETTERS = 6;
    /** Letters and digits that a secret has somewhere in a row. */
    private static final int SHORTEST_TOKEN = 12;

    private static final int NUMERIC = Ascii.DIGIT | Ascii.SEPARATOR;

    /** Bytes of the longest string that is one block. */
    static final int LONGEST_PLAIN = Long.SIZE;

    private static final int OVERLAP = 16;
    private static final int STEP = Long.SIZE - OVERLAP;

    private static final long HIGH = Swar.HIGH_BITS;
    private static final long LOW_SEVEN = ~HIGH;
    private static final long SPACES = Swar.all(' ');
    private static final long ATS = Swar.all('@');
    private static final long COLONS_8 = Swar.all(':');
    private static final long PERCENTS = Swar.all('%');
    private static final long EQUALS = Swar.all('=');
    private static final long HASHES = Swar.all('#');
    private static final long DOLLARS = Swar.all('$');
    private static final long ALL_BUT_TWO_BITS = Swar.all(0x7c);
    private static final long COMMAT = word("&commat;");
    private static final long PERIOD = word("&period;");
    private static final long BACKSLASHES = Swar.all('\\');
    private static final long CASES = Swar.all(0x20);
    /** Added to seven bits sets the high bit of what is not below the character. */
    private static final long FROM_PARENTHESIS = Swar.all(0x80 - '(');

    private static final long FROM_ZERO = Swar.all(0x80 - '0');
    private static final long FROM_COLON = Swar.all(0x80 - ':');
    private static final long FROM_A = Swar.all(0x80 - 'a');
    private static final long BEHIND_Z = Swar.all(0x80 - 'z' - 1);
    /** Gathers the lowest bits of eight bytes in the highest byte. */
    private static final long GATHER = 0x0102_0408_1020_4080L;

    private Sieve() {}

    /**
     * As {@link #classes}, for at most {@value #LONGEST_PLAIN} bytes of ASCII without <code>@ \\ $ % &amp; '</code>: a
     * single block, and nothing is encoded.
     */
    static int plain(byte[] b, int from, int to) {
        int length = to - from;
        // Digits are what is in both.
        long numbers = 0;
        long words = 0;
        long equals = 0;
        int colons = 0;
        for (int i = 0; i < length; i += 8) {
            long word = Swar.word(b, from + i);
            if (length - i < 8) {
                word &= ~(-1L << 8 * (length - i));
            }
            // Below 128 each, so that no sum reaches into the next.
            long upToNine = ~(word + FROM_COLON);
            long letter = word | CASES;
            numbers |= bits((word + FROM_PARENTHESIS) & upToNine | ~((word ^ SPACES) + LOW_SEVEN)) << i;
            words |= bits((word + FROM_ZERO) & upToNine | (letter + FROM_A) & ~(letter + BEHIND_Z)) << i;
            colons += Long.bitCount(~((word ^ COLONS_8) + LOW_SEVEN) & HIGH);
            equals |= ~((word ^ EQUALS) + LOW_SEVEN);
        }
        int found = (equals & HIGH) != 0 ? PARAMETER : 0;
        if (colons >= 2) {
            found |= COLONS;
        }
        return found | numbersAndTokens(b, from, from, to, numbers & words, words & ~numbers, numbers & ~words, 0, 0);
    }

    /** Which of the classes above the string in {@code [from, to)} is in; 16 bytes behind it must be readable. */
    static int classes(byte[] b, int from, int to) {
        int found = 0;
        int colons = 0;
        int count = 0;
        boolean wordBefore = false;

        for (int block = from; ; block += STEP) {
            int limit = Math.min(Long.SIZE, to - block);
            long digits = 0;
            long letters = 0;
            long separators = 0;

            for (int i = 0; i < limit; i += 8) {
                long word = Swar.word(b, block + i);
                long seven = word & LOW_SEVEN;
                long ascii = ~word & HIGH;
                long fromZero = seven + FROM_ZERO;
                long fromColon = seven + FROM_COLON;
                long letter = seven | CASES;
                long percent = seven ^ PERCENTS;

                long colon = ~Swar.differs(word, COLONS_8) & ascii;
                digits |= bits(fromZero & ~fromColon & ascii) << i;
                letters |= bits((letter + FROM_A) & ~(letter + BEHIND_Z) & ascii) << i;
                separators |= bits(((seven + FROM_PARENTHESIS) & ~fromZero
                                        | ~((seven ^ SPACES) + LOW_SEVEN & percent + LOW_SEVEN))
                                & ascii)
                        << i;
                colons += Long.bitCount(colon);
                // @ and \, then # % & together with what stands between them in the table of ASCII.
                long special = (~(Swar.differs(word, ATS)
                                        & Swar.differs(word, BACKSLASHES)
                                        & ((seven & ALL_BUT_TWO_BITS ^ DOLLARS) + LOW_SEVEN)
                                        & Swar.differs(word, HASHES)
                                        & Swar.differs(word, EQUALS))
                                | word)
                        & HIGH;
                if (special != 0) {
                    found |= special(b, block + i, to, special);
                }
            }
            if (limit < Long.SIZE) {
                long within = (1L << limit) - 1;
                digits &= within;
                letters &= within;
                separators &= within;
            }
            count += Long.bitCount(digits);
            found |= numbersAndTokens(b, from, block, to, digits, letters, separators, wordBefore ? 1 : 0, found);
            if (to - block <= Long.SIZE) {
                if (colons >= 2) {
                    found |= COLONS;
                }
                // An escape may hide any part of an address, and stand right before a number.
                return (found & ESCAPE) != 0 && (found != ESCAPE || count >= SHORTEST_WITH_LETTERS)
                        ? found & ~ESCAPE | ENCODED
                        : found & ~ESCAPE;
            }
            int last = b[block + STEP - 1];
            wordBefore = Ascii.isAlphanumeric(last);
        }
    }

    /**
     * Which of NUMBER and TOKEN a block is in.
     *
     * @param before 1 if a letter or digit stands before the block, else 0
     * @param found NUMBER is not looked for if it stands in here
     */
    private static int numbersAndTokens(
            byte[] b, int from, int block, int to, long digits, long letters, long separators, long before, int found) {
        int classes = 0;
        // Every third: the address of a device with dashes.
        if ((separators & separators >>> 3 & separators >>> 6 & separators >>> 9 & separators >>> 12) != 0) {
            classes = TOKEN;
        }
        long words = digits | letters;
        long bounds = ~(words << 1 | before);
        if (digits != 0
                && (found & NUMBER) == 0
                && isNumber(b, block, to, digits, letters, digits | separators, bounds)) {
            classes |= NUMBER;
        }
        for (long starts = words & bounds & run(words, SHORTEST_TOKEN); starts != 0; starts &= starts - 1) {
            if (Secrets.mayBegin(b, from, block + Long.numberOfTrailingZeros(starts), to)) {
                return classes | TOKEN;
            }
        }
        return classes;
    }

    /** The places where a run of {@code length} bits begins, at least 2 and at most 16. */
    private static long run(long bits, int length) {
        int covered = 1;
        while (covered < length) {
            int step = Math.min(covered, length - covered);
            bits &= bits >>> step;
            covered += step;
        }
        return bits;
    }

    /**
     * Whether a number of any kind may begin in the block.
     *
     * @param numbers digits and what may separate them
     * @param bounds the places that no letter or digit stands before
     */
    private static boolean isNumber(byte[] b, int block, int to, long digits, long letters, long numbers, long bounds) {
        for (long starts = bounds & digits & run(numbers, SHORTEST_NUMBER); starts != 0; starts &= starts - 1) {
            int start = Long.numberOfTrailingZeros(starts);
            if (isLong(b, block, start, digits, letters, numbers)) {
                return true;
            }
        }
        long two = digits & digits >>> 1;
        // Two letters and two digits: an account, a person of the United Kingdom.
        for (long starts = bounds & letters & letters >>> 1 & two >>> 2; starts != 0; starts &= starts - 1) {
            int start = Long.numberOfTrailingZeros(starts);
            if (Iban.mayBegin(b, block + start, to) || mayBePerson(start + 2, digits, numbers)) {
                return true;
            }
        }
        long six = run(digits, 6);
        if (six == 0) {
            return six(letters, two, bounds);
        }
        long seven = six & digits >>> 6;
        // Digits within a word: none, or those of a card; letters of a person's number around six or more.
        return (run(digits, 12) & letters << 1) != 0
                || (six & (numbers & ~digits) >>> 6 & two >>> 7 & digits >>> 9 & letters >>> 10) != 0
                || (bounds & six & letters >>> 6 & ~(digits | letters) >>> 7) != 0
                || isDate(b, block, six & ~(digits << 1) & letters >>> 6 & two >>> 7 & digits >>> 9)
                || (bounds & seven & letters >>> 7) != 0
                || (bounds & seven & digits >>> 7 & letters >>> 8) != 0
                || (bounds & letters & seven >>> 1) != 0
                || (bounds & letters & letters >>> 1 & letters >>> 2 & letters >>> 3 & six >>> 4) != 0
                || six(letters, two, bounds);
    }

    /** Whether six digits, but not seven in a row, begin at {@code start}, as behind the letters of a NINO. */
    private static boolean mayBePerson(int start, long digits, long numbers) {
        int row = Long.numberOfTrailingZeros(~(digits >>> start));
        int length = Long.numberOfTrailingZeros(~(numbers >>> start));
        // Where the block ends it is not known how it goes on.
        return start + length >= Long.SIZE
                || row < SHORTEST_NUMBER
                        && Long.bitCount(digits >>> start & (1L << length) - 1) >= SHORTEST_WITH_LETTERS;
    }

    /** Whether a day and a month may begin at one of the starts: a person of Finland, {@code 131052A308T}. */
    private static boolean isDate(byte[] b, int block, long starts) {
        for (; starts != 0; starts &= starts - 1) {
            int at = block + Long.numberOfTrailingZeros(starts);
            if (b[at] <= '3' && b[at + 2] <= '1') {
                return true;
            }
        }
        return false;
    }

    /** Six letters, two digits and a letter: a tax code of Italy. */
    private static boolean six(long letters, long two, long bounds) {
        return (bounds & run(letters, 6) & two >>> 6 & letters >>> 8) != 0;
    }

    /** Whether the run at {@code start} has as many digits as a number, but for those that a letter follows. */
    private static boolean isLong(byte[] b, int block, int start, long digits, long letters, long numbers) {
        int length = Long.numberOfTrailingZeros(~(numbers >>> start));
        long run = digits >>> start & (length < Long.SIZE ? (1L << length) - 1 : -1L);
        if (start + length < Long.SIZE && (letters >>> start + length & 1) != 0) {
            // Its last digits begin a word. If they touch the letter, that is.
            int tail = Long.numberOfLeadingZeros(~(run << Long.SIZE - length));
            run &= length > tail ? (1L << length - tail) - 1 : 0;
        }
        int count = Long.bitCount(run);
        if (count >= SHORTEST_NUMBER && isNumbered(b, block + start, length)) {
            return CardNumber.mayBegin(b, block + start, length);
        }
        return count >= SHORTEST_WITH_LETTERS || count >= 4 && isDotted(b, block + start, length);
    }

    /** Whether it is digits only, behind one letter and a dash: the number of a thing, or of a card. */
    private static boolean isNumbered(byte[] b, int at, int length) {
        if (at < 4 || b[at - 1] != '-' || !Ascii.isLetter(b[at - 2]) || b[at - 3] != '"') {
            return false;
        }
        for (int i = at; i < at + length; i++) {
            if (!Ascii.isDigit(b[i])) {
                return false;
            }
        }
        return b[at + length] == '"';
    }

    /** Whether three dots stand in it, as in an address of IPv4. */
    private static boolean isDotted(byte[] b, int from, int length) {
        int dots = 0;
        for (int i = from; i < from + length; i++) {
            dots += b[i] == '.' ? 1 : 0;
        }
        return dots >= 3;
    }

    private static long word(String ascii) {
        return Swar.word(ascii.getBytes(StandardCharsets.US_ASCII), 0);
    }

    private static long bits(long highBits) {
        return ((highBits & HIGH) >>> 7) * GATHER >>> 56;
    }

    private static int special(byte[] b, int at, int to, long hits) {
        int found = 0;
        for (; hits != 0; hits &= hits - 1) {
            int i = at + (Long.numberOfTrailingZeros(hits) >>> 3);
            if (i >= to) {
                break;
            }
            int c = b[i];
            if (c == '@') {
                found |= AT;
            } else if (c == '=') {
                found |= PARAMETER;
            } else if (c < 0) {
                if (!Utf8.continues((byte) c) && Folding.mayFold(b, i)) {
                    found |= ENCODED;
                }
            } else {
                if (c == '%' || c == '\\' && (b[i + 1] != '/' || isWithinNumber(b, i, to))) {
                    found |= ESCAPE;
                }
                if (mayEncode(b, i, to)) {
                    found |= ENCODED;
                }
            }
        }
        return found;
    }

    /** Whether an escaped slash stands within a number, as in {@code 030\/123456}. */
    private static boolean isWithinNumber(byte[] b, int at, int to) {
        return at > 0 && Ascii.is(b[at - 1], NUMERIC) && at + 2 < to && Ascii.is(b[at + 2], NUMERIC);
    }

    /** Whether an escape at {@code at} may stand for something, or a part of an escape, that a detector starts from. */
    private static boolean mayEncode(byte[] b, int at, int to) {
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
                    || second == '\\';
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
                        || isNumeric(b, at, to, third | 0x20);
            case '3' -> third <= '9' || (third | 0x20) == 'a' && isHexNear(b, at, to);
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
                || c == 'c' && b[at + 1] == 'o' && b[at + 2] == 'm'
                || c == 'p' && b[at + 1] == 'e' && b[at + 2] == 'r';
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
        return Ascii.isHex(behind) || behind == '%' && at + 5 < to && b[at + 4] == '3' && (b[at + 5] | 0x20) == 'a';
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
