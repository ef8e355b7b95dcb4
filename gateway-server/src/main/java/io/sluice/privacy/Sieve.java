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

    /** An escape of something stands in it. */
    private static final int ESCAPE = 32;

    private static final int OVERLAP = 16;
    private static final int STEP = Long.SIZE - OVERLAP;

    private static final long HIGH = Swar.HIGH_BITS;
    private static final long LOW_SEVEN = ~HIGH;
    private static final long SPACES = Swar.all(' ');
    private static final long ATS = Swar.all('@');
    private static final long COLONS_8 = Swar.all(':');
    private static final long PERCENTS = Swar.all('%');
    private static final long HASHES = Swar.all('#');
    private static final long AMPERSANDS = Swar.all('&');
    private static final long COMMAT = word("&commat;");
    private static final long PERIOD = word("&period;");
    private static final long BACKSLASHES = Swar.all('\\');
    private static final long UNDERSCORES = Swar.all('_');
    private static final long DASHES = Swar.all('-');
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

    /** Which of the classes above the string in {@code [from, to)} is in; 16 bytes behind it must be readable. */
    static int classes(byte[] b, int from, int to) {
        int found = 0;
        int colons = 0;
        boolean tokenBefore = false;
        for (int block = from; block < to; block += STEP) {
            int limit = Math.min(Long.SIZE, to - block);
            long numbers = 0;
            long tokens = 0;
            long colonBits = 0;
            for (int i = 0; i < limit; i += 8) {
                long word = Swar.word(b, block + i);
                long seven = word & LOW_SEVEN;
                long fromZero = seven + FROM_ZERO;
                long fromColon = seven + FROM_COLON;
                long letter = seven | CASES;
                long letters = (letter + FROM_A) & ~(letter + BEHIND_Z);
                long digits = fromZero & ~fromColon;
                long percents = Swar.differs(word, PERCENTS);
                long number = (seven + FROM_PARENTHESIS) & ~fromColon | ~(Swar.differs(word, SPACES) & percents);
                long token = letters | digits | ~(Swar.differs(word, UNDERSCORES) & Swar.differs(word, DASHES));
                long colon = ~Swar.differs(word, COLONS_8);
                long special = (~(Swar.differs(word, ATS)
                                        & percents
                                        & Swar.differs(word, BACKSLASHES)
                                        & Swar.differs(word, HASHES)
                                        & Swar.differs(word, AMPERSANDS))
                                | word)
                        & HIGH;
                numbers |= bits(number & ~word) << i;
                tokens |= bits(token & ~word) << i;
                colonBits |= bits(colon & ~word) << i;
                if (special != 0) {
                    found |= special(b, block + i, to, special);
                }
            }
            if (limit < Long.SIZE) {
                long within = (1L << limit) - 1;
                numbers &= within;
                tokens &= within;
                colonBits &= within;
            }
            long runs = numbers & numbers >>> 1;
            runs &= runs >>> 2;
            runs &= runs >>> 2;
            if (runs != 0) {
                found |= NUMBER;
            }
            if (colonBits != 0) {
                colons += Long.bitCount(colonBits);
                if ((colonBits & colonBits >>> 1) != 0 || colons >= 5) {
                    found |= COLONS;
                }
            }
            long starts = tokens & ~(tokens << 1 | (tokenBefore ? 1 : 0));
            tokens &= tokens >>> 1;
            tokens &= tokens >>> 2;
            tokens &= tokens >>> 4;
            tokens &= tokens >>> 8;
            for (starts &= tokens; starts != 0; starts &= starts - 1) {
                if (Secrets.mayBegin(b, from, block + Long.numberOfTrailingZeros(starts), to)) {
                    found |= TOKEN;
                    break;
                }
            }
            if (to - block <= Long.SIZE) {
                break;
            }
            tokenBefore = Ascii.isToken(b[block + STEP - 1]);
        }
        // An escape may hide any part of an address, and stand right before a number.
        return (found & ESCAPE) != 0 && found != ESCAPE ? found & ~ESCAPE | ENCODED : found & ~ESCAPE;
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
            } else if (c < 0) {
                if (!Utf8.continues((byte) c) && Folding.mayFold(b, i)) {
                    found |= ENCODED;
                }
            } else {
                if (c == '%' || c == '\\' && b[i + 1] != '/') {
                    found |= ESCAPE;
                }
                if (mayEncode(b, i, to)) {
                    found |= ENCODED;
                }
            }
        }
        return found;
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
            return at + 5 < to && unicode(b, at + 2);
        }
        return second == '%' || second == 'x';
    }

    private static boolean percent(byte[] b, int at, int to, int second, int third) {
        if (isEncoded(second) || isEncoded(third) || second == 'u') {
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
