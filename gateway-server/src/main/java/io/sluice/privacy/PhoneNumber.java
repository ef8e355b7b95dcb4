package io.sluice.privacy;

import java.util.Arrays;

/**
 * Telephone numbers: international ones (ITU-T E.164) by their country code and length, national ones by the way in
 * which they are written, since digits alone are rather the number of an order, a price or a time.
 *
 * <p>A bare national number is one only behind a word or a name that says so, or if it begins with a trunk zero.
 */
final class PhoneNumber {

    private static final String CODES =
            "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 "
                    + "66 81 82 84 86 90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 "
                    + "232 233 234 235 236 237 238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 "
                    + "258 260 261 262 263 264 265 266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 "
                    + "370 371 372 373 374 375 376 377 378 379 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 "
                    + "505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 681 "
                    + "682 683 685 686 687 688 689 690 691 692 800 808 850 852 853 855 856 870 878 880 881 882 883 886 888 960 "
                    + "961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 979 992 993 994 995 996 998";

    private static final boolean[] CODE = new boolean[1000];

    /**
     * Lengths of the groups of national numbers that begin with neither a zero nor a parenthesis: the usual ones only,
     * since sizes, amounts and numbers of articles stand in all others.
     */
    private static final int[] SHAPES = {
        0x34, 0x44, 0x37, 0x38, 0x233, 0x234, 0x244, 0x333, 0x334, 0x344, 0x1334, 0x2222, 0x2244, 0x2322, 0x2333,
        0x2334, 0x3222, 0x3322, 0x3334
    };

    private static final int LEAST = 7;
    private static final int MOST = 15;
    private static final int MOST_GROUPS = 8;

    static {
        for (String code : CODES.split(" ")) {
            CODE[Integer.parseInt(code)] = true;
        }
        Arrays.sort(SHAPES);
    }

    int begin;
    int end;

    /** Whether a number begins with the first digits of the run, or right before them. */
    boolean find(Text text, NumberRun run) {
        int at = run.begin[0];
        int before = text.at(at - 1);
        if (run.count(run.groups) < LEAST || Ascii.isDigit(before)) {
            return false;
        }
        begin = at;
        if (before == '(' && (run.separators(run.groups) & NumberRun.CLOSE) != 0) {
            begin--;
            before = text.at(begin - 1);
        }
        if (before == '+' || before == ' ' && text.at(begin - 2) == '+') {
            int plus = before == '+' ? begin - 1 : begin - 2;
            if (!Ascii.isDigit(text.at(plus - 1)) && !isCode(text, plus) && international(text, run, 0)) {
                begin = text.at(plus - 1) == '(' ? plus - 1 : plus;
                return true;
            }
            // The plus may be a space of a form.
            if (before != '+') {
                return false;
            }
        }
        if (Ascii.isAlphanumeric(before) && !isAnnounced(text, begin)) {
            return false;
        }
        boolean zeros = run.count(1) >= 2 && run.digits[0] == 0 && run.digits[1] == 0 && !isPartOfNumber(text);
        return (zeros && international(text, run, 2) && !isPadded(text, run) || national(text, run))
                && !Joined.isPart(text, begin, end);
    }

    /** Whether the plus is rather a space of a form, behind a word that announces something else. */
    private static boolean isCode(Text text, int plus) {
        int before = text.at(plus - 1);
        return (Ascii.isLetter(before) || before == '.')
                && (Context.before(text, plus) & (Context.CODE | Context.MONEY)) != 0;
    }

    private boolean isPartOfNumber(Text text) {
        int before = text.at(begin - 1);
        return (before == '.' || before == '-') && Ascii.isDigit(text.at(begin - 2));
    }

    /** Whether the zeros rather fill up the number of an article or an order than dial abroad. */
    private boolean isPadded(Text text, NumberRun run) {
        long context = Context.before(text, begin);
        if (end != run.end[0]) {
            return (context & Context.THING) != 0 && (context & Context.PHONE) == 0;
        }
        return (context & Context.PHONE) == 0
                && (run.length(0) < 11 || (context & (Context.THING | Context.NAMED)) != 0);
    }

    /** Letters right before a number, as in {@code tel0301234567}, of which there are at least three. */
    private static boolean isAnnounced(Text text, int at) {
        return Ascii.isLetter(text.at(at - 1))
                && Ascii.isLetter(text.at(at - 2))
                && Ascii.isLetter(text.at(at - 3))
                && (Context.before(text, at) & Context.PHONE) != 0;
    }

    /** A number whose country code begins behind {@code skip} digits. */
    private boolean international(Text text, NumberRun run, int skip) {
        int code = code(run, skip);
        if (code == 0) {
            return false;
        }
        int most = skip + (code == 1 ? 11 : MOST);
        int total = 0;
        int groups = 0;
        int zeros = 0;
        while (groups < run.groups
                && (groups == 0 || isWithin(run, groups) || total < LEAST && isSlashed(run, groups))) {
            boolean trunk = groups > 0
                    && run.length(groups) == 1
                    && run.digits[run.first[groups]] == 0
                    && (run.separator[groups] & NumberRun.OPEN) != 0;
            int n = total + (trunk ? 0 : run.length(groups));
            if (n > most) {
                break;
            }
            zeros += trunk ? 1 : 0;
            total = n;
            groups++;
        }
        total -= skip;
        if (skip > 0 && goesOn(run, groups)) {
            return false;
        }
        if (groups == 0
                || groups > MOST_GROUPS
                || total < LEAST
                || code == 1 && total != 11
                || groups == run.groups && run.more) {
            return false;
        }
        if (skip > 0 && (total < 8 || groups == 1 && total > 13)) {
            return false;
        }
        if (total < 10 && isThousands(run, groups, 1)) {
            return false;
        }
        end = run.end[groups - 1];
        return ends(text, end);
    }

    /** Whether the same separator as between its last groups stands behind them: they are of a longer number then. */
    private static boolean goesOn(NumberRun run, int groups) {
        return groups > 1 && groups < run.groups && run.separator[groups] == run.separator[groups - 1];
    }

    /** Whether a slash between blanks stands before the group. */
    private static boolean isSlashed(NumberRun run, int group) {
        return (run.separator[group] & ~NumberRun.SPACE) == (NumberRun.WIDE | NumberRun.SLASH);
    }

    private static int code(NumberRun run, int skip) {
        int n = run.count(run.groups) - skip;
        if (n < LEAST) {
            return 0;
        }
        int code = 0;
        for (int i = 0; i < 3; i++) {
            code = code * 10 + run.digits[skip + i];
            if (code == 0) {
                return 0;
            }
            if (CODE[code]) {
                return code;
            }
        }
        return 0;
    }

    /** Whether the group can belong to the same number as the one before. */
    private static boolean isWithin(NumberRun run, int group) {
        int separator = run.separator[group];
        return (separator & NumberRun.WIDE) == 0
                || group == 1 && isArea(run) && isSlashed(run, 1)
                || (separator & (NumberRun.DOT | NumberRun.SLASH)) == 0
                || (separator & (NumberRun.OPEN | NumberRun.CLOSE)) != 0;
    }

    /** Whether the first group is a trunk zero and an area: {@code 030 / 123456}. */
    private static boolean isArea(NumberRun run) {
        return run.digits[0] == 0 && run.digits[1] != 0 && run.length(0) >= 3 && run.length(0) <= 5;
    }

    private boolean national(Text text, NumberRun run) {
        int groups = 1;
        while (groups < run.groups && isWithin(run, groups)) {
            groups++;
        }
        end = run.end[groups - 1];
        int total = run.count(groups);
        boolean whole = !(groups == run.groups && run.more);
        if (!whole
                || total < LEAST
                || total > MOST
                || !ends(text, end)
                || isDate(run, groups)
                || isTime(text, run, groups)) {
            return false;
        }
        boolean code = isPartOfCode(text);
        if (code && !Ascii.isLetter(text.at(begin - 3))) {
            return false;
        }
        long context = Context.before(text, begin);
        if ((context & Context.PHONE) != 0 || isChat(text)) {
            return (context & Context.MONEY) == 0;
        }
        // A member that is named as an id may be anybody's.
        boolean thing = (context & Context.CODE) != 0 && ((context & Context.NAMED) == 0 || groups == 1);
        if (total > 13 || thing || (context & (Context.THING | Context.MONEY | Context.REFERENCE)) != 0 || code) {
            return false;
        }
        if (isBook(text, run, groups) || isMoney(text, run, groups)) {
            return false;
        }
        boolean zero = run.digits[0] == 0 && run.digits[1] != 0;
        if (groups == 1) {
            return zero && (total == 10 || total == 11 || isLongMobile(run)) && (context & Context.TIME) == 0;
        }
        int separators = run.separators(groups);
        // The number of a version, as 27.22.2696 is.
        if (separators == NumberRun.DOT && (groups < 3 || groups == 3 && run.length(0) < 3 && total <= 8)) {
            return false;
        }
        if ((separators & NumberRun.DOT) != 0 && (separators & ~NumberRun.DOT) != 0) {
            return zero && (separators & NumberRun.WIDE) == 0;
        }
        boolean parenthesis = text.at(begin) == '(';
        if (parenthesis || (separators & NumberRun.OPEN) != 0) {
            return total <= 13 && groups <= 6;
        }
        if (zero) {
            return total >= (groups > 2 ? 7 : 8) && total <= 12 && groups <= 6;
        }
        long shape = run.shape(groups);
        if (isList(run, groups)
                || isTyre(run, groups)
                || groups == 2 && isRange(run)
                || shape == 0x44 && isYear(run, 4)) {
            return false;
        }
        if (shape == 0x334) {
            // Area and exchange of the North American plan, for there are many codes of this shape.
            return run.digits[0] >= 2 && (run.digits[3] >= 1 || separators == NumberRun.SPACE);
        }
        if (shape == 0x55) {
            // Mobiles of India.
            return run.digits[0] >= 6 && separators == NumberRun.SPACE;
        }
        if (shape == 0x323) {
            // Mobiles of Norway.
            return (run.digits[0] == 4 || run.digits[0] == 9) && separators == NumberRun.SPACE;
        }
        return shape != 0 && Arrays.binarySearch(SHAPES, (int) shape) >= 0 && run.digits[0] != 0;
    }

    /** A link to a conversation: {@code wa.me/4915123456789}. */
    private boolean isChat(Text text) {
        return text.at(begin - 1) == '/'
                && text.at(begin - 2) == 'e'
                && text.at(begin - 3) == 'm'
                && text.at(begin - 4) == '.'
                && text.at(begin - 5) == 'a'
                && text.at(begin - 6) == 'w';
    }

    /** Mobiles of Germany of twelve digits, but for those that are the UPC of an article. */
    private static boolean isLongMobile(NumberRun run) {
        return run.length(0) == 12
                && run.digits[1] == 1
                && run.digits[2] >= 5
                && run.digits[2] <= 7
                && !run.isGtin(0, 12);
    }

    /**
     * Whether the groups are rather sizes, amounts or years, one after the other: they rise or fall, and do so in equal
     * steps, or by little, or in tens.
     */
    private static boolean isList(NumberRun run, int groups) {
        if (groups < 3 || !run.isUniform(groups) || run.length(groups - 1) > 5) {
            return false;
        }
        long first = run.value(0, run.first[1]);
        long step = run.value(run.first[1], run.first[2]) - first;
        boolean even = true;
        boolean doubled = true;
        boolean tens = first % 10 == 0;
        long before = first;
        for (int g = 1; g < groups; g++) {
            long value = run.value(run.first[g], run.first[g + 1]);
            long difference = value - before;
            if (difference == 0 || difference > 0 != step > 0 || run.length(g) > 5) {
                return false;
            }
            even &= difference == step;
            doubled &= value == 2 * before;
            tens &= value % 10 == 0;
            before = value;
        }
        even &= Math.abs(step) <= Math.min(first, before);
        return even || doubled || tens || 4 * Math.abs(before - first) <= Math.max(before, first);
    }

    /** Whether two groups are rather from one amount to another, or two colours beside each other. */
    private static boolean isRange(NumberRun run) {
        long first = run.value(0, run.first[1]);
        long second = run.value(run.first[1], run.first[2]);
        return second > first
                && (second - first < 100 && run.length(0) == run.length(1) || first % 50 == 0 && second % 50 == 0);
    }

    /** Width, height and rim of a tyre, maybe the load that it bears: {@code 205/55 16 91}. */
    private static boolean isTyre(NumberRun run, int groups) {
        if (groups < 3 || groups > 4 || run.length(0) != 3 || run.length(1) != 2 || run.length(2) != 2) {
            return false;
        }
        long width = run.value(0, 3);
        long height = run.value(3, 5);
        int rim = run.two(5);
        return width % 5 == 0
                && width >= 125
                && width <= 355
                && height % 5 == 0
                && height >= 25
                && rim >= 12
                && rim <= 24;
    }

    /** Whether a number can end here; takes up an extension. */
    private boolean ends(Text text, int at) {
        int behind = text.at(at);
        if (Ascii.isDigit(behind)) {
            return false;
        }
        int i = at;
        while (i < at + 2 && (text.at(i) == ' ' || text.at(i) == ',' || text.at(i) == ';')) {
            i++;
        }
        int digits = extension(text, i);
        if (digits > 0) {
            int last = digits;
            while (last - digits < 6 && Ascii.isDigit(text.at(last))) {
                last++;
            }
            if (last > digits && !Ascii.isAlphanumeric(text.at(last))) {
                end = last;
                return true;
            }
        }
        return !Ascii.isLetter(behind) && behind != '_' && !(behind == '-' && Ascii.isAlphanumeric(text.at(at + 1)));
    }

    /** Whether an extension may begin with these two: {@code x12}, {@code ext. 12}. */
    static boolean mayExtend(int first, int second) {
        return (first | 0x20) == 'x' || (first | 0x20) == 'e' && (second | 0x20) == 'x';
    }

    /** Where the digits of an extension begin, if one is announced at {@code at}; else 0. */
    private static int extension(Text text, int at) {
        int i = at;
        if ((text.at(i) | 0x20) == 'e' && (text.at(i + 1) | 0x20) == 'x' && (text.at(i + 2) | 0x20) == 't') {
            i += 3;
            i += text.at(i) == '.' || text.at(i) == '=' ? 1 : 0;
        } else if ((text.at(i) | 0x20) == 'x') {
            i++;
        } else {
            return 0;
        }
        i += text.at(i) == ' ' ? 1 : 0;
        return Ascii.isDigit(text.at(i)) ? i : 0;
    }

    /** Whether what stands before belongs to the same code: {@code SO-2026-8338}, {@code #1234-5678}, {@code 1.234}. */
    private boolean isPartOfCode(Text text) {
        int before = text.at(begin - 1);
        int earlier = text.at(begin - 2);
        return switch (before) {
            case '_', '*' -> true;
            // Not as in the fragment of a URL.
            case '#' -> earlier == 0 || earlier == ' ' || earlier == '(';
            case '-', '.', ',' -> Ascii.isAlphanumeric(earlier);
            case ':', '/' -> Ascii.isDigit(earlier);
            // Behind other digits, or behind one or two letters that stand alone: AB 123 45678.
            case ' ', '+' ->
                text.at(begin) != '(' && Ascii.isDigit(earlier)
                        || isUpper(earlier)
                                && (!Ascii.isAlphanumeric(text.at(begin - 3))
                                        || isUpper(text.at(begin - 3)) && !Ascii.isAlphanumeric(text.at(begin - 4)));
            default -> false;
        };
    }

    private static boolean isUpper(int c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isDate(NumberRun run, int groups) {
        if (groups < 3) {
            return groups == 2
                            && run.length(0) == 4
                            && isYear(run, 0)
                            && (run.length(1) == 4 && isYear(run, 1) || run.length(1) < 4)
                    || run.length(0) == 8 && isDay(run, 0, 4, 6);
        }
        if (run.length(0) == 4 && run.length(1) <= 2 && run.length(2) <= 2 && isYear(run, 0)) {
            return run.value(run.first[1], run.first[2]) <= 12 && run.value(run.first[2], run.first[3]) <= 31;
        }
        if (run.length(0) > 2 || run.length(1) > 2 || run.length(2) != 2 && run.length(2) != 4) {
            return false;
        }
        if (groups > 3) {
            // 12 34 56 78 goes on.
            return false;
        }
        long one = run.value(0, run.first[1]);
        long two = run.value(run.first[1], run.first[2]);
        return one > 0
                && two > 0
                && one <= 31
                && two <= 31
                && (one <= 12 || two <= 12)
                && (run.length(2) == 2 || isYear(run, run.first[2]));
    }

    private static boolean isYear(NumberRun run, int at) {
        int century = run.two(at);
        return century == 19 || century == 20 || century == 18 || century == 24;
    }

    private static boolean isDay(NumberRun run, int year, int month, int day) {
        return run.two(0) >= 19 && run.two(0) <= 20 && run.two(month) <= 31 && run.two(day) <= 31 && year > 0;
    }

    /** Whether minutes follow, so that the last group is an hour. */
    private static boolean isTime(Text text, NumberRun run, int groups) {
        int at = run.end[groups - 1];
        return text.at(at) == ':' && Ascii.isDigit(text.at(at + 1)) && run.length(groups - 1) <= 2;
    }

    /** An ISBN or ISSN, with its check digit. */
    private static boolean isBook(Text text, NumberRun run, int groups) {
        int n = run.count(groups);
        int end = run.end[groups - 1];
        int x = text.at(end) == '-' || text.at(end) == ' ' || text.at(end) == '+' ? text.at(end + 1) : text.at(end);
        boolean ten = (x | 0x20) == 'x' && (n == 9 || n == 7);
        if (n == 13) {
            return run.two(0) == 97 && run.isGtin(0, n);
        }
        if (n == 10 && !(groups == 4 && run.length(3) == 1)) {
            return false;
        }
        if (n != 10 && n != 8 && !ten
                || n == 8 && !(groups == 2 && run.length(0) == 4 && run.separator[1] == NumberRun.DASH)) {
            return false;
        }
        int length = ten ? n + 1 : n;
        int sum = ten ? 10 : 0;
        for (int i = 0; i < n; i++) {
            sum += run.digits[i] * (length - i);
        }
        return sum % 11 == 0 && (run.separators(groups) & (NumberRun.OPEN | NumberRun.SLASH)) == 0;
    }

    private static boolean isMoney(Text text, NumberRun run, int groups) {
        int end = run.end[groups - 1];
        int behind = text.at(end);
        if (behind == ',' && Ascii.isDigit(text.at(end + 1)) || behind == '%' || behind == '$') {
            return true;
        }
        if (behind == ' ') {
            behind = text.at(end + 1);
        }
        int begin = run.begin[0];
        int before = text.at(begin - 1);
        if (before == ' ' || before == '-') {
            before = text.at(begin - 2);
        }
        // Currency signs beyond ASCII end and begin so: €, £, ¥, ₹.
        if (before == '$'
                || before == (byte) 0xac
                || before == (byte) 0xa3
                || before == (byte) 0xa5
                || before == (byte) 0xb9) {
            return true;
        }
        int next = text.at(text.at(end) == ' ' ? end + 2 : end + 1);
        if (behind == (byte) 0xe2 && next == (byte) 0x82
                || behind == (byte) 0xc2 && next >= (byte) 0xa2 && next <= (byte) 0xa5
                || behind == '$') {
            return true;
        }
        return run.separators(groups) == NumberRun.DOT && isThousands(run, groups, 0);
    }

    /** Whether the groups from {@code from} on are those of a large number: one to three digits, then threes. */
    private static boolean isThousands(NumberRun run, int groups, int from) {
        if (groups < 2 || run.length(0) > 3 || run.separators(groups) != NumberRun.DOT && from == 1) {
            return false;
        }
        for (int g = 1; g < groups; g++) {
            if (run.length(g) != 3) {
                return false;
            }
        }
        return true;
    }
}
