package io.sluice.privacy;

/** Numbers of payment cards: prefix and length as the networks issue them, check digit of ISO/IEC 7812-1. */
final class CardNumber {

    /** Lowest and highest six digits that a number begins with, and a bit for each length. */
    private static final int[][] RANGES = {
        {400000, 499999, lengths(13, 16, 19)}, // Visa
        {510000, 559999, lengths(16)}, // Mastercard
        {222100, 272099, lengths(16)},
        {340000, 349999, lengths(15)}, // American Express
        {370000, 379999, lengths(15)},
        {300000, 305999, lengths(14, 16)}, // Diners Club
        {309500, 309599, lengths(14, 16)},
        {360000, 369999, lengths(14, 16, 19)},
        {380000, 399999, lengths(14, 16, 19)},
        {601100, 601199, lengths(16, 17, 18, 19)}, // Discover
        {622126, 622925, lengths(16, 17, 18, 19)},
        {644000, 659999, lengths(16, 17, 18, 19)},
        {350000, 359999, lengths(16, 17, 18, 19)}, // JCB, LankaPay
        {213100, 213199, lengths(15)},
        {180000, 180099, lengths(15)},
        {620000, 629999, lengths(16, 17, 18, 19)}, // UnionPay
        {810000, 817199, lengths(16, 17, 18, 19)},
        {500000, 509999, lengths(12, 13, 14, 15, 16, 17, 18, 19)}, // Maestro, Verve, Elo, RuPay
        {560000, 589999, lengths(12, 13, 14, 15, 16, 17, 18, 19)},
        {600000, 609999, lengths(16)}, // RuPay, Hipercard and others
        {603000, 609999, lengths(18, 19)},
        {60400, 60499, lengths(12)},
        {630400, 630499, lengths(12, 13, 14, 15, 16, 17, 18, 19)},
        {636000, 639999, lengths(13, 16, 17, 18, 19)}, // InterPayment, InstaPayment
        {639000, 639099, lengths(12, 14, 15)},
        {670000, 679999, lengths(12, 13, 14, 15, 16, 17, 18, 19)}, // Maestro
        {220000, 220599, lengths(16, 17, 18, 19)}, // Mir, Borica
        {820000, 829999, lengths(16)}, // RuPay
        {860000, 860099, lengths(16)}, // Uzcard
        {968201, 968211, lengths(16)}, // Mada
        {970400, 970499, lengths(16, 19)}, // Napas
        {979200, 979299, lengths(16)}, // Troy
        {986000, 986099, lengths(16)}, // Humo
    };

    /** Characters of the longest name on a stripe, and one more. */
    private static final int LONGEST_NAME = 28;
    /** Digits that follow at least: year, month, service code. */
    private static final int EXPIRY_AND_SERVICE = 7;

    /** Digits behind the escape that the first two of the shortest card seem to be. */
    private static final int LEAST_BEHIND_ESCAPE = 11;
    /** Bytes that so many digits take up, with all that may separate them. */
    private static final int LONGEST_BEHIND_ESCAPE = 4 * LEAST_BEHIND_ESCAPE;

    /** For each first two digits, the lengths of cards that begin with them. */
    private static final int[] FIRST = new int[100];

    static {
        for (int[] range : RANGES) {
            for (int i = range[0] / 10_000; i <= range[1] / 10_000; i++) {
                FIRST[i] |= range[2];
            }
        }
    }

    private CardNumber() {}

    /** Whether so many digits may be a card's, by the first of them; not of anything else. */
    static boolean mayBegin(byte[] b, int at, int digits) {
        if (digits < 12 || digits > 19 || !Ascii.isDigit(b[at]) || !Ascii.isDigit(b[at + 1])) {
            return false;
        }
        return (FIRST[(b[at] - '0') * 10 + b[at + 1] - '0'] >>> digits & 1) != 0;
    }

    /** How many of the run's groups are the number of a card, or 0. */
    static int groups(Text text, NumberRun run) {
        if (run.count(run.groups) < 12 || FIRST[run.two(0)] == 0) {
            return 0;
        }
        int before = text.at(run.begin[0] - 1);
        // Within a hexadecimal number, or a decimal fraction.
        if (Ascii.isHex(before) || before == '.' && Ascii.isDigit(text.at(run.begin[0] - 2))) {
            return 0;
        }
        for (int groups = run.groups; groups > 0; groups--) {
            int n = run.count(groups);
            if (n >= 12 && n <= 19 && isCard(run, n) && isWritten(text, run, groups, n)) {
                return isThing(text, run, groups, n) || Joined.isPart(text, run.begin[0], run.end[groups - 1])
                        ? 0
                        : groups;
            }
        }
        return 0;
    }

    /** Behind the number that ends with this group, and behind what else a magnetic stripe has (ISO/IEC 7813). */
    static int end(Text text, NumberRun run, int groups) {
        int end = run.end[groups - 1];
        int at = end + 1;
        if (text.at(end) == '^') {
            while (at < end + LONGEST_NAME && text.at(at) != '^') {
                at++;
            }
            at++;
        } else if (text.at(end) != '=') {
            return end;
        }
        int digits = at;
        while (Ascii.isDigit(text.at(at))) {
            at++;
        }
        return at - digits >= EXPIRY_AND_SERVICE ? at : end;
    }

    /**
     * As {@link #groups}, where a percent sign stands before the number, or that and a letter, as on a magnetic stripe:
     * {@code %4111…}, {@code %B4111…}. With its first digits that was taken for the escape of a character.
     */
    static int groupsBehindPercent(Text text, NumberRun run) {
        int escape = percent(text, run);
        if (escape < 0) {
            return 0;
        }
        // 3 and the first digit, two digits, or B and a digit.
        int value = text.bytes[escape] & 0xff;
        int before = escape == run.begin[0] ? 3 : value >> 4 == 0xb ? value & 15 : (value >> 4) * 10 + (value & 15);
        int digits = before < 10 ? 1 : 2;
        for (int groups = isDecimal(value) ? run.groups : 0; groups > 0; groups--) {
            int count = run.count(groups);
            int n = count + digits;
            if (n >= 13
                    && n <= 19
                    && isKnown((int) (before * (digits == 1 ? 100_000L : 10_000L) + run.value(0, 6 - digits)), n)
                    && isLuhn(before, run, count)
                    && !Ascii.isAlphanumeric(text.at(run.end[groups - 1]))
                    && !(groups == run.groups && run.more)) {
                return groups;
            }
        }
        return 0;
    }

    /** Where the byte stands that was taken for an escape right before the run, or as its first digit; or -1. */
    static int percent(Text text, NumberRun run) {
        int at = run.begin[0];
        return run.length(0) > 1 && text.isEscape(at) ? at : text.isEscape(at - 1) ? at - 1 : -1;
    }

    /** Whether anything stands in it that {@link #groupsBehindPercent} may take for a card. */
    static boolean mayBeBehindPercent(Text text) {
        byte[] b = text.bytes;
        for (int at = text.from; at + LEAST_BEHIND_ESCAPE < text.to; at++) {
            if (Ascii.isDigit(b[at + 1]) && isDecimal(b[at] & 0xff) && text.isEscape(at)) {
                int last = Math.min(text.to, at + 1 + LONGEST_BEHIND_ESCAPE);
                int digits = 0;
                for (int i = at + 1; i < last && Ascii.is(b[i], Ascii.DIGIT | Ascii.SEPARATOR); i++) {
                    digits += Ascii.isDigit(b[i]) ? 1 : 0;
                }
                if (digits >= LEAST_BEHIND_ESCAPE) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the escape of this byte is two digits, or a B and a digit; not of quotes and blanks, as most are. */
    private static boolean isDecimal(int value) {
        return value >= '0' && (value & 15) < 10 && (value >> 4 < 10 || value >> 4 == 0xb);
    }

    /** As {@link NumberRun#isLuhn}, of the digits that {@code before} has and then those of the run. */
    private static boolean isLuhn(int before, NumberRun run, int count) {
        int sum = 0;
        int rest = before;
        for (int i = count - 1; i >= 0 || rest > 0; i--) {
            int d = i >= 0 ? run.digits[i] : rest % 10;
            rest = i >= 0 ? rest : rest / 10;
            if ((count - 1 - i & 1) != 0) {
                d *= 2;
                d -= d > 9 ? 9 : 0;
            }
            sum += d;
        }
        return sum % 10 == 0;
    }

    private static boolean isKnown(int prefix, int n) {
        boolean known = false;
        for (int[] range : RANGES) {
            known |= prefix >= range[0] && prefix <= range[1] && (range[2] & 1 << n) != 0;
        }
        return known;
    }

    private static boolean isCard(NumberRun run, int n) {
        boolean known = isKnown((int) run.value(0, 6), n);
        // The old 13 digits of Visa look like the number of an article, which there are more of.
        return known && run.isLuhn(0, n) && !(n == 13 && run.isGtin(0, n)) && !run.isOneDigit(0, n);
    }

    /**
     * Whether a word announces the number of a thing: then it is no card if it has a length that cards seldom have, or
     * is not grouped and of a network that few cards are of. Those of most people go wherever they are typed.
     */
    private static boolean isThing(Text text, NumberRun run, int groups, int n) {
        boolean usual = n == 15 || n == 16;
        if (usual && (groups > 1 || isMajor(run.two(0), (int) run.value(0, 4)))) {
            return false;
        }
        long context = Context.before(text, run.begin[0]);
        return (context & Context.CARD) == 0
                && (context & (usual ? Context.THING : Context.THING | Context.NAMED)) != 0;
    }

    /** Visa, Mastercard, American Express, Discover. */
    private static boolean isMajor(int two, int four) {
        return two >= 40 && two <= 49
                || two >= 51 && two <= 55
                || four >= 2221 && four <= 2720
                || two == 34
                || two == 37
                || four == 6011
                || two == 65;
    }

    /** Whether nothing goes on behind it, and its groups are such as people write. */
    private static boolean isWritten(Text text, NumberRun run, int groups, int n) {
        int end = run.end[groups - 1];
        int behind = text.at(end);
        if (Ascii.isAlphanumeric(behind) || groups == run.groups && run.more) {
            return false;
        }
        if (groups == 1) {
            return behind != '.' || !Ascii.isDigit(text.at(end + 1));
        }
        // Groups that begin within a word are the parts of somebody's id.
        return !Ascii.isAlphanumeric(text.at(run.begin[0] - 1))
                && (run.separators(groups) & (NumberRun.OPEN | NumberRun.CLOSE)) == 0
                && (run.separators(groups) != NumberRun.SLASH || groups == 4)
                && isGrouped(run, groups, n);
    }

    /** Fours, the last of them shorter or not; else, for 14 to 16 digits, any that begin with four or more. */
    private static boolean isGrouped(NumberRun run, int groups, int n) {
        boolean fours = run.length(groups - 1) <= 4;
        for (int g = 0; g < groups - 1; g++) {
            fours &= run.length(g) == 4;
        }
        if (fours) {
            return true;
        }
        int first = run.length(0);
        if (first == 6 && groups == 2 && n >= 17 && run.separators(2) == NumberRun.SPACE) {
            return true;
        }
        boolean dots = (run.separators(groups) & (NumberRun.DOT | NumberRun.SLASH)) != 0;
        return n >= 14
                && n <= 16
                && groups <= (dots ? 3 : 6)
                && (dots ? first == 4 && groups == 3 : first >= 4 && (first & 1) == 0);
    }

    private static int lengths(int... lengths) {
        int bits = 0;
        for (int length : lengths) {
            bits |= 1 << length;
        }
        return bits;
    }
}
