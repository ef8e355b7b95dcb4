package io.sluice.privacy;

import io.sluice.json.Swar;
import io.sluice.json.Utf8;

/**
 * Tells from a string's bytes, a word at a time, which detectors need to look at it: none, for almost all strings.
 *
 * <p>Stateless, allocates nothing; about four instructions a byte. May name detectors that find nothing, never leaves
 * out one that would find something. Blocks of 64 bytes, each byte a bit, overlap by {@value #OVERLAP}, so that a run
 * as long as that is seen whole. {@link NumberBits} and {@link Escape} are asked about what the bits show.
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

    /** A colon behind a quote, as between the name and the value of a member. Only seen beneath the encodings. */
    static final int MEMBER = 128;

    /** An equals sign, as between the name and the value of a parameter. */
    static final int PARAMETER = 64;
    /** An escape of something stands in it. */
    private static final int ESCAPE = 32;
    /** An encoded quote stands in it. */
    private static final int QUOTE = 256;
    /** An encoded colon stands in it. */
    private static final int COLON = 512;

    /** Letters and digits that a secret has somewhere in a row. */
    private static final int SHORTEST_TOKEN = 12;

    private static final int NUMERIC = Ascii.DIGIT | Ascii.SEPARATOR;

    /** Bytes of the longest string that is one block. */
    static final int LONGEST_PLAIN = Long.SIZE;

    private static final int OVERLAP = 16;
    /** Bytes from one block to the next. */
    static final int STEP = Long.SIZE - OVERLAP;

    private static final long HIGH = Swar.HIGH_BITS;
    private static final long ONES = Swar.all(1);
    private static final long LOW_SEVEN = ~HIGH;
    private static final long SPACES = Swar.all(' ');
    private static final long TABS = Swar.all('\t');
    private static final long ATS = Swar.all('@');
    private static final long COLONS_8 = Swar.all(':');
    private static final long PERCENTS = Swar.all('%');
    private static final long EQUALS = Swar.all('=');
    private static final long HASHES = Swar.all('#');
    private static final long DOLLARS = Swar.all('$');
    private static final long ALL_BUT_TWO_BITS = Swar.all(0x7c);
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
     * As {@link #classes}, for at most {@value #LONGEST_PLAIN} bytes of ASCII without <code>@ $ % &amp; '</code> and
     * escapes by number: a single block, and nothing is encoded but quotes, maybe.
     */
    static int plain(byte[] b, int from, int to) {
        assert to - from <= LONGEST_PLAIN && isAscii(b, from, to) : "of what is beyond ASCII, sums reach into the next";
        if (isNumbered(b, from, to)) {
            return CardNumber.mayBegin(b, from + 2, to - from - 2) ? NUMBER : 0;
        }
        int length = to - from;
        // Digits are what is in both.
        long numbers = 0;
        long words = 0;
        long equals = 0;
        long colons = 0;
        // Two words at a time: most strings are not longer, and how often a loop turns is hard to guess.
        for (int i = 0; i < length; i += 16) {
            long first = Swar.word(b, from + i);
            long second = Swar.word(b, from + i + 8);
            int rest = length - i;
            if (rest < 16) {
                first &= rest < 8 ? ~(-1L << 8 * rest) : -1;
                second &= rest <= 8 ? 0 : ~(-1L << 8 * rest);
            }
            numbers |= (bits(numbers(first)) | bits(numbers(second)) << 8) << i;
            words |= (bits(words(first)) | bits(words(second)) << 8) << i;
            // May take the character above each for it too.
            equals |= (first ^ EQUALS) - ONES | (second ^ EQUALS) - ONES;
            colons |= (first ^ COLONS_8) - ONES | (second ^ COLONS_8) - ONES;
        }
        int found = (equals & HIGH) != 0 ? PARAMETER : 0;
        if ((colons & HIGH) != 0) {
            found |= hasTwoColons(b, from, to) ? COLONS : 0;
            // Only an escaped one can stand within: that of a name, maybe.
            found |= Swar.indexOf(b, from, to, '"') < to ? ENCODED : 0;
        }
        found |= numbersAndTokens(b, from, from, to, numbers & words, words & ~numbers, numbers & ~words, 0);
        return (found & (NUMBER | COLONS)) != 0 && DateTimes.is(b, from, to) ? found & ~(NUMBER | COLONS) : found;
    }

    /** Whether it is what {@link NumberBits} takes for the number of a thing, told by two words: each event has one. */
    private static boolean isNumbered(byte[] b, int from, int to) {
        int digits = to - from - 2;
        return digits >= 8
                && digits <= 16
                && b[from + 1] == '-'
                && from >= 2
                && b[from - 1] == '"'
                && b[to] == '"'
                && Ascii.isLetter(b[from])
                && Swar.areDigits(b, from + 2)
                && Swar.areDigits(b, to - 8);
    }

    // The high bits of ASCII characters, and more bits besides. Below 128 each, so that no sum reaches into the next.

    /** Digits and what may separate them. */
    private static long numbers(long word) {
        return (word + FROM_PARENTHESIS) & ~(word + FROM_COLON) | ~((word ^ SPACES) + LOW_SEVEN);
    }

    /** Letters and digits. */
    private static long words(long word) {
        long letter = word | CASES;
        return (word + FROM_ZERO) & ~(word + FROM_COLON) | (letter + FROM_A) & ~(letter + BEHIND_Z);
    }

    private static boolean isAscii(byte[] b, int from, int to) {
        int all = 0;
        for (int i = from; i < to; i++) {
            all |= b[i];
        }
        return all >= 0;
    }

    private static boolean hasTwoColons(byte[] b, int from, int to) {
        int first = Swar.indexOf(b, from, to, ':');
        return first < to && Swar.indexOf(b, first + 1, to, ':') < to;
    }

    /** Which of the classes above the string in {@code [from, to)} is in; 16 bytes behind it must be readable. */
    static int classes(byte[] b, int from, int to) {
        int found = 0;
        int colons = 0;
        int count = 0;
        long before = 0;

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
                                        | ~((seven ^ SPACES) + LOW_SEVEN
                                                & (seven ^ TABS) + LOW_SEVEN
                                                & percent + LOW_SEVEN))
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
            found |= numbersAndTokens(b, from, block, to, digits, letters, separators, before);
            if (to - block <= Long.SIZE) {
                if (colons >= 2) {
                    found |= COLONS;
                }
                if ((found & QUOTE) != 0 && (colons != 0 || (found & COLON) != 0)) {
                    found |= ENCODED;
                }
                found &= ~(QUOTE | COLON);
                // An escape may hide any part of an address, and stand right before a number.
                return (found & ESCAPE) != 0 && (found != ESCAPE || count >= NumberBits.SHORTEST_WITH_LETTERS)
                        ? found & ~ESCAPE | ENCODED
                        : found & ~ESCAPE;
            }
            before = Ascii.isAlphanumeric(b[block + STEP - 1]) ? 1 : 0;
        }
    }

    /**
     * Which of NUMBER and TOKEN a block is in. The shapes of most numbers are looked for only where a few bits stand
     * that all of them have: what a dozen instructions cost is felt here.
     *
     * @param before 1 if a letter or digit stands before the block, else 0
     */
    private static int numbersAndTokens(
            byte[] b, int from, int block, int to, long digits, long letters, long separators, long before) {
        int classes = 0;
        long words = digits | letters;
        long bounds = ~(words << 1 | before);
        long four = NumberBits.four(words);
        // As many as are SHORTEST_TOKEN.
        long tokens = bounds & four & four >>> 4 & four >>> 8;
        // Every third: the address of a device with dashes.
        if ((separators & separators >>> 3 & separators >>> 6 & separators >>> 9 & separators >>> 12) != 0
                || tokens != 0 && mayBeToken(b, from, block, to, tokens, words, letters)) {
            classes = TOKEN;
        }
        return digits != 0 && NumberBits.mayBegin(b, from, block, to, digits, letters, separators, bounds)
                ? classes | NUMBER
                : classes;
    }

    private static boolean mayBeToken(byte[] b, int from, int block, int to, long tokens, long words, long letters) {
        // 16 letters and digits, of which these are letters: the tax code of a person of Italy.
        long codes = letters & letters >>> 5 & letters >>> 8 & letters >>> 11 & letters >>> 15 & ~(words >>> 16);
        if ((tokens & codes) != 0) {
            return true;
        }
        for (; tokens != 0; tokens &= tokens - 1) {
            if (Secrets.mayBegin(b, from, block + Long.numberOfTrailingZeros(tokens), to)) {
                return true;
            }
        }
        return false;
    }

    /** Gathers the high bit of each byte. */
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
                if (Escape.mayMatter(b, i, to)) {
                    found |= ENCODED;
                }
                found |= Escape.isQuote(b, i) ? QUOTE : 0;
                found |= Escape.isColon(b, i) ? COLON : 0;
            }
        }
        return found;
    }

    /** Whether an escaped slash stands within a number, as in {@code 030\/123456}. */
    private static boolean isWithinNumber(byte[] b, int at, int to) {
        return at > 0 && Ascii.is(b[at - 1], NUMERIC) && at + 2 < to && Ascii.is(b[at + 2], NUMERIC);
    }
}
