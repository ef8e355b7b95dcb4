package io.sluice.json;

/**
 * What a filter is asked about: strings that hold a byte, or bytes side by side, that some detector of personal data
 * may start from. Most strings hold none.
 *
 * <p>Stateless, allocates nothing. Tests of a word have their answer in the highest bit of each byte, and it is right
 * below the first of the word's {@link #stops}; a borrow may set bits above it. Rows are told from a bit for each byte
 * of a string, the first of them the lowest.
 */
final class Suspects {

    /** Letters of the upper case in a shorter string are no secret. */
    static final int SHORTEST_SECRET = 16;

    /** What most URLs begin with: its colon is none of an address. */
    static final long HTTPS =
            'h' | 't' << 8 | 't' << 16 | 'p' << 24 | (long) ('s' | ':' << 8 | '/' << 16 | '/' << 24) << 32;

    private static final long HIGH_BITS = Swar.HIGH_BITS;
    private static final long SIX_HIGH_BITS = HIGH_BITS >>> 16;
    /** Gathers the highest bits of eight bytes in the highest byte. */
    private static final long GATHER = 0x0002_0408_1020_4081L;

    /** Makes a quote of a space and a space of a quote, and leaves below 0x20 what is there. */
    private static final long SECOND_BITS = Swar.all('"' ^ ' ');

    private static final long BEHIND_SPACE = Swar.all(' ' + 1);
    private static final long BACKSLASHES = Swar.all('\\');
    private static final long ATS = Swar.all('@');
    private static final long COLONS = Swar.all(':');
    private static final long EQUALS = Swar.all('=');
    /** {@code $ % & '}, of which two may begin an escape. */
    private static final long ESCAPES = Swar.all('$');

    private static final long ALL_BUT_TWO_BITS = Swar.all(0xfc);
    private static final long ONES = Swar.all(1);
    private static final long ZEROS = Swar.all('0');
    /** Added to an ASCII character sets the high bit of what is not below a colon. */
    private static final long FROM_COLON = Swar.all(0x80 - ':');

    private static final long BEHIND_AT = Swar.all(0x80 - '@' - 1);
    /** Added to the value of a digit leaves the high bit clear, to anything above 9 sets it. */
    private static final long ABOVE_NINE = Swar.all(0x80 - 10);

    private Suspects() {}

    /**
     * Where a string does not simply go on. A backslash borrows into its high bit; so does a byte below 0x20 or a
     * quote, which with one bit changed is the next above these; others from 0x80 on have it set themselves.
     */
    static long stops(long word) {
        return ((word ^ SECOND_BITS) - BEHIND_SPACE | (word ^ BACKSLASHES) - ONES | word) & HIGH_BITS;
    }

    /** The bytes of the word before the first of its stops, and zeros. */
    static long before(long stops, long word) {
        return word & ((stops & -stops) >>> 7) - 1;
    }

    /** All that {@link #candidates} and {@link #parts} tell, and <code>; &lt; &gt; ?</code> besides. */
    static long either(long word) {
        return (word + FROM_COLON) & ~(word + BEHIND_AT) | escapes(word);
    }

    /** What an address, an escape or an entity has. */
    static long candidates(long word) {
        return (word ^ ATS) - ONES | escapes(word);
    }

    /** What stands between the parts of an address or of a parameter. */
    static long parts(long word) {
        return (word ^ COLONS) - ONES | (word ^ EQUALS) - ONES;
    }

    private static long escapes(long word) {
        return (word & ALL_BUT_TWO_BITS ^ ESCAPES) - ONES;
    }

    /** From {@code @} to {@code _}: bits 6 and 5 of the byte are 10. */
    static long upper(long word) {
        return word << 1 & ~(word << 2);
    }

    /** From space to {@code ?}, digits and what separates them: bits 6 and 5 are 01. A bit for each byte. */
    static long numeric(long word) {
        return (word << 2 & ~(word << 1) & HIGH_BITS) * GATHER >>> 56;
    }

    /** Whether one of eight bytes has its high bit set. */
    static boolean any(long bits) {
        return (bits & HIGH_BITS) != 0;
    }

    /** The places where four in a row begin. */
    private static long four(long numeric) {
        long two = numeric & numeric >>> 1;
        return two & two >>> 2;
    }

    /** The places where six in a row begin. */
    static long six(long numeric) {
        long four = four(numeric);
        return four & four >>> 2;
    }

    /** Whether four in a row, every third of thirteen or a tax code are among places that go round. */
    private static boolean hasRowAround(long numeric) {
        long two = numeric & Long.rotateRight(numeric, 1);
        long third = numeric & Long.rotateRight(numeric, 3);
        return (two & Long.rotateRight(two, 2)
                        | third & Long.rotateRight(third, 6) & Long.rotateRight(numeric, 12)
                        | two & Long.rotateRight(two, 3) & Long.rotateRight(two, 6) & Long.rotateRight(numeric, 8))
                != 0;
    }

    /**
     * Whether what is {@code numeric} has the shape of a number in the string, or its rest, of {@code length} bytes at
     * {@code first}: seven in a row or six digits, or six in a row and five apart from them. In a string long enough
     * for a number or a secret among letters, four in a row, unless it is a URL, or every third, as in the address of
     * a device. Of more than 64 bytes, each shares its place with others, and only less can be told.
     */
    static boolean isNumber(byte[] b, long numeric, int first, int length) {
        if (length > Long.SIZE) {
            return hasRowAround(numeric);
        }
        long four = four(numeric);
        if ((four & four >>> 3) != 0
                || length >= SHORTEST_SECRET && isTaxCode(numeric)
                || four != 0 && length > SHORTEST_SECRET && !isBehindHttps(b, first)) {
            return true;
        }
        long six = six(numeric);
        // Both halves of a place, and what letters stand beside them: 5.6037N 0.187W.
        long five = four & four >>> 1;
        if (six != 0 && five >>> Long.numberOfTrailingZeros(five) >>> 6 != 0) {
            return true;
        }
        for (; six != 0; six &= six - 1) {
            long values = Swar.word(b, first + Long.numberOfTrailingZeros(six)) ^ ZEROS;
            if (((values + ABOVE_NINE | values) & SIX_HIGH_BITS) == 0) {
                return true;
            }
        }
        long third = numeric & numeric >>> 3;
        long dashes = length > SHORTEST_SECRET ? third & third >>> 6 & numeric >>> 12 : 0;
        for (; dashes != 0; dashes &= dashes - 1) {
            int at = first + Long.numberOfTrailingZeros(dashes);
            if (b[at] < '0' && b[at + 3] < '0') {
                return true;
            }
        }
        return false;
    }

    /** Two digits, a letter, two, a letter, three: the tax code of a person of Italy, maybe in the lower case. */
    private static boolean isTaxCode(long numeric) {
        long two = numeric & numeric >>> 1;
        return (two & two >>> 3 & two >>> 6 & numeric >>> 8) != 0;
    }

    private static boolean isBehindHttps(byte[] b, int first) {
        return first >= 8 && Swar.word(b, first - 8) == HTTPS;
    }

    /**
     * Whether one of the characters beyond ASCII in {@code [at, behind)}, or the valid escape there, stands for an
     * ASCII character, so maybe a candidate, or looks like one; or is the backslash that begins such an escape in JSON
     * within JSON.
     */
    static boolean isCandidate(byte[] b, int at, int behind) {
        if (b[at] == '\\') {
            int next = b[at + 1];
            return next == 'u'
                    || next == '\\' && (b[at + 2] == 'u' || b[at + 2] == 'x')
                    // A slash that may separate the digits of a number.
                    || next == '/' && b[at + 2] <= '9' && b[at - 1] <= '9' && b[at - 1] != '"';
        }
        for (int i = at; i < behind; i++) {
            // Letters of western Europe.
            if (!Utf8.continues(b[i]) && b[i] != (byte) 0xc3) {
                return true;
            }
        }
        return false;
    }
}
