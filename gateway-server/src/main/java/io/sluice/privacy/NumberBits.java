package io.sluice.privacy;

/**
 * Tells from the bits of a block, a bit for each byte, whether a number of any kind may begin in it.
 *
 * <p>Stateless. Places are the bits of a word, where something begins; all places are looked at at once. What goes
 * beyond the block is taken for what may be there, so nothing is missed if blocks overlap by 16.
 */
final class NumberBits {

    /** Digits of the shortest number that is one without a word that says so. */
    private static final int SHORTEST = 7;

    /** Digits of the shortest number that has letters too. */
    static final int SHORTEST_WITH_LETTERS = 6;

    /** Digits of the longest one in a row that a single letter ends. */
    private static final int LONGEST_WITH_LETTER = 8;

    /** Bytes of groups behind which {@link Joined} still sees what they are joined to. */
    private static final int LONGEST_JOINED = 40;

    private NumberBits() {}

    /** The places where four bits in a row begin. Longer runs are made of these by hand: a loop costs more. */
    static long four(long bits) {
        long two = bits & bits >>> 1;
        return two & two >>> 2;
    }

    /**
     * Whether a number of any kind may begin in the block.
     *
     * @param from where the string begins
     * @param bounds the places that no letter or digit stands before
     */
    static boolean mayBegin(
            byte[] b, int from, int block, int to, long digits, long letters, long separators, long bounds) {
        long numbers = digits | separators;
        long four = four(numbers);
        // As many as are SHORTEST.
        long begins = digits & four & four >>> 3;
        long rows = bounds & begins;
        // Letters right before may announce it, as in tel0301234567.
        long announced = begins & letters << 1 & letters << 2 & letters << 3;
        long two = digits & digits >>> 1;
        // Two letters and two digits: an account, a person of the United Kingdom.
        // Maybe with a separator behind the first digit.
        long accounts = bounds & letters & letters >>> 1 & (two >>> 2 | digits >>> 2 & separators >>> 3 & digits >>> 4);
        long six = two & two >>> 2 & two >>> 4;
        // Three decimals: half of a place, which may have fewer digits than any number, and a letter before them.
        long points = separators & digits << 1 & two >>> 1 & digits >>> 3;
        if ((rows | announced | accounts | six | points) == 0) {
            return false;
        }
        return isAnnounced(b, from, block, announced)
                || isLong(b, from, block, to, rows, digits, letters, numbers)
                || isAccount(b, block, to, accounts, digits, numbers)
                || isPlace(b, block, to, points)
                || six != 0
                        && ((codes(digits, letters, separators, six) & bounds | letters & (six & six >>> 6) >>> 1) != 0
                                || isDate(b, block, dates(digits, letters, letters | separators, six)));
    }

    /**
     * The places where letters stand among six or more digits as they do in numbers of persons, if a number can begin
     * there.
     */
    private static long codes(long digits, long letters, long separators, long six) {
        long words = digits | letters;
        long seven = six & digits >>> 6;
        long four = letters & letters >>> 1 & letters >>> 2 & letters >>> 3;
        // A letter that ends a word: ~(words >>> n) rather than ~words >>> n, which holds nothing behind the block.
        long letterAt6 = letters >>> 6 & ~(words >>> 7);
        long lettersAt7 = letters >>> 7 & (~(words >>> 8) | letters >>> 8 & ~(words >>> 9));
        long behind8 =
                letters >>> 8 & (~(words >>> 9) | digits >>> 9 & digits >>> 10 & digits >>> 11 & ~(words >>> 12));
        long behindLetter = letters >>> 8 & ~(words >>> 9) | separators >>> 8 | digits >>> 8 & digits >>> 9;
        return six & letterAt6
                | six & letters >>> 6 & six >>> 7 & digits >>> 13 & digits >>> 14
                | seven & lettersAt7
                | seven & digits >>> 7 & behind8
                | letters & seven >>> 1 & behindLetter
                | four & six >>> 4;
    }

    /**
     * The places where a date, the sign of a century, three digits and a check character stand: persons of Finland,
     * {@code 131052A308T}, {@code 131052-3082}. Letters may stand right before.
     */
    private static long dates(long digits, long letters, long signs, long six) {
        long words = digits | letters;
        return six
                & ~(digits << 1)
                & signs >>> 6
                & digits >>> 7
                & digits >>> 8
                & digits >>> 9
                & words >>> 10
                & ~(words >>> 11);
    }

    /** Whether a day and a month may begin at one of these places of {@link #dates}. */
    private static boolean isDate(byte[] b, int block, long dates) {
        for (; dates != 0; dates &= dates - 1) {
            int at = block + Long.numberOfTrailingZeros(dates);
            if (b[at] <= '3' && b[at + 2] <= '1') {
                return true;
            }
        }
        return false;
    }

    /** Whether the decimals behind one of these separators may be those of the first of two coordinates. */
    private static boolean isPlace(byte[] b, int block, int to, long points) {
        for (; points != 0; points &= points - 1) {
            if (Coordinates.mayGoOn(b, block + Long.numberOfTrailingZeros(points), to)) {
                return true;
            }
        }
        return false;
    }

    /** Whether at one of these places an account is long enough for its country, or has the digits of a person. */
    private static boolean isAccount(byte[] b, int block, int to, long accounts, long digits, long numbers) {
        for (; accounts != 0; accounts &= accounts - 1) {
            int start = Long.numberOfTrailingZeros(accounts);
            if (Iban.mayBegin(b, block + start, to) || mayBePerson(start + 2, digits, numbers)) {
                return true;
            }
        }
        return false;
    }

    /** Whether six digits, but not seven in a row, begin at {@code start}, as behind the letters of a NINO. */
    private static boolean mayBePerson(int start, long digits, long numbers) {
        int row = Long.numberOfTrailingZeros(~(digits >>> start));
        int length = Long.numberOfTrailingZeros(~(numbers >>> start));
        // Where the block ends it is not known how it goes on.
        return start + length >= Long.SIZE
                || row < SHORTEST && Long.bitCount(digits >>> start & (1L << length) - 1) >= SHORTEST_WITH_LETTERS;
    }

    /** Whether one of the rows of digits that begin at these places is behind letters that may be a word for it. */
    private static boolean isAnnounced(byte[] b, int from, int block, long announced) {
        for (long rest = announced; rest != 0; rest &= rest - 1) {
            if (Context.mayAnnounce(b, from, block + Long.numberOfTrailingZeros(rest))) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the rows that begin at these places has as many digits as a number. */
    private static boolean isLong(
            byte[] b, int from, int block, int to, long rows, long digits, long letters, long numbers) {
        for (; rows != 0; rows &= rows - 1) {
            if (isLong(b, from, block, to, Long.numberOfTrailingZeros(rows), digits, letters, numbers)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the run at {@code start} has as many digits as a number, but for those that a letter follows. */
    private static boolean isLong(
            byte[] b, int from, int block, int to, int start, long digits, long letters, long numbers) {
        int length = Long.numberOfTrailingZeros(~(numbers >>> start));
        long run = length < Long.SIZE ? digits >>> start & (1L << length) - 1 : digits;
        int at = block + start;
        int count = Long.bitCount(run);
        if (start + length == Long.SIZE && block + Long.SIZE < to) {
            // It may go on behind the block, and the next block sees it then if it has not begun before that.
            return start < Sieve.STEP && isNumber(b, at, length, count);
        }
        boolean beforeLetter = start + length < Long.SIZE && (letters >>> start + length & 1) != 0;
        // One group, maybe with separators behind it; a letter may belong to it, behind a dash too.
        boolean lone = count >= SHORTEST && run == (1L << count) - 1;
        if (lone && (count == length ? !beforeLetter : b[at + count] != '-')) {
            return isNumbered(b, at, count)
                    ? CardNumber.mayBegin(b, at, count)
                    : LoneDigits.mayBeNumber(b, from, at, count);
        }
        if (!beforeLetter || PhoneNumber.mayExtend(b[at + length], b[at + length + 1])) {
            return isNumber(b, at, length, count);
        }
        int behind = at + length + 1;
        if (count >= SHORTEST_WITH_LETTERS
                && !(count == length && count > LONGEST_WITH_LETTER)
                && (behind >= to || !Ascii.isAlphanumeric(b[behind]))) {
            // A letter at the end: AB 12 34 56C.
            return true;
        }
        // Its last digits begin a word. If they touch the letter, that is.
        int tail = Long.numberOfLeadingZeros(~(run << Long.SIZE - length));
        if (tail == length || tail > 0 && length < LONGEST_JOINED && isJoined(b, at, length - tail, run)) {
            return false;
        }
        return isNumber(b, at, length, Long.bitCount(run & (1L << length - tail) - 1));
    }

    /** Whether so many digits, with what separates them, are enough for a number. */
    private static boolean isNumber(byte[] b, int at, int length, int count) {
        return count >= SHORTEST_WITH_LETTERS || count >= 4 && isDotted(b, at, length);
    }

    /**
     * Whether nothing but single dashes stands between the groups in the {@code length} bytes before the last
     * {@code tail} digits, which a letter follows: all of them are part of an id then, as {@link Joined} has it.
     */
    private static boolean isJoined(byte[] b, int at, int length, long run) {
        long separators = ~run & (1L << length) - 1;
        if (separators == 0 || (separators & separators >>> 1) != 0) {
            return false;
        }
        for (; separators != 0; separators &= separators - 1) {
            if (b[at + Long.numberOfTrailingZeros(separators)] != '-') {
                return false;
            }
        }
        return true;
    }

    /** Whether the digits at {@code at} are all behind one letter and a dash: the number of a thing, or a card. */
    private static boolean isNumbered(byte[] b, int at, int digits) {
        return at >= 4 && b[at - 1] == '-' && Ascii.isLetter(b[at - 2]) && b[at - 3] == '"' && b[at + digits] == '"';
    }

    /** Whether three dots stand in it, as in an address of IPv4. */
    private static boolean isDotted(byte[] b, int from, int length) {
        int dots = 0;
        for (int i = from; i < from + length; i++) {
            dots += b[i] == '.' ? 1 : 0;
        }
        return dots >= 3;
    }
}
