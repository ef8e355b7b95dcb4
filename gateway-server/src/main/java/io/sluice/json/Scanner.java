package io.sluice.json;

import io.sluice.common.Hex;
import java.util.Arrays;

/**
 * A strict validating scanner of JSON (RFC 8259) that looks at each byte once, a word at a time within strings.
 *
 * <p>Confined to one thread. The caller owns the bytes, of which {@value #PADDING} behind the end must be readable;
 * what stands there is never taken for content. Allocates nothing once its marks have grown to the largest event.
 *
 * <p>While it validates it notes <em>marks</em>: the places that a copier must not copy as they stand. A mark is a
 * span in ascending order, either a run of insignificant white space, or a whole string, quotes included, that holds a
 * candidate byte: one that some detector of personal data may start from. All else is copied byte for byte.
 *
 * <p>Methods take the offset where something begins and answer the offset behind it, or {@link #FAILED} with
 * {@link #fault} and {@link #faultOffset} set.
 */
public final class Scanner {

    public static final int MAX_DEPTH = 64;
    public static final int PADDING = 16;
    public static final int FAILED = -1;
    public static final int UNTAGGED = -2;

    private static final long QUOTES = Swar.all('"');
    private static final long BACKSLASHES = Swar.all('\\');
    private static final long ATS = Swar.all('@');
    /** Added to an ASCII character sets its high bit if it is not below the digits, or above them. */
    private static final long FROM_ZERO = Swar.all(0x80 - '0');

    private static final long BEHIND_NINE = Swar.all(0x80 - '9' - 1);
    private static final long FROM_PARENTHESIS = Swar.all(0x80 - '(');
    private static final long COLONS = Swar.all(':');
    /** The highest bits of the lowest byte of each half. */
    private static final long HALVES = 0x0000_0080_0000_0080L;

    /** {@code $ % & '}, of which two may begin an escape. */
    private static final long ESCAPES = Swar.all('$');

    private static final long ALL_BUT_TWO_BITS = Swar.all(0xfc);
    /** Letters of the upper case, and six more. */
    private static final long UPPER = Swar.all(0x40);

    private static final long UPPER_BITS = Swar.all(0xe0);
    private static final long SPACES = Swar.all(' ');
    private static final long ZEROS = Swar.all('0');
    private static final long ONES = Swar.all(1);
    /** Added to the value of a digit leaves the high bit clear, to anything above 9 sets it. */
    private static final long ABOVE_NINE = Swar.all(0x80 - 10);

    private static final int TRUE = 't' | 'r' << 8 | 'u' << 16 | 'e' << 24;
    private static final int NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;
    private static final int ALSE = 'a' | 'l' << 8 | 's' << 16 | 'e' << 24;

    private static final int LONGEST_PLAIN_NUMBER = 12;

    private byte[] bytes = {};
    private int end;
    /** Begin and end of each mark in turn. */
    private int[] marks = new int[512];

    private int marksLength;
    private final Shape shape = new Shape();
    /** Names scanned since the marks were cleared. */
    private int names;
    /** The place in the shape of the name scanned last, or {@code Shape.NONE}. */
    private int place;

    private int nameLength;
    private NameFilter filter = NameFilter.NONE;
    private Fault fault;
    private int faultOffset;

    /** Scans {@code bytes} from now on, up to {@code end}, and forgets all marks. */
    public void reset(byte[] bytes, int end) {
        assert end + PADDING <= bytes.length;
        this.bytes = bytes;
        this.end = end;
        marksLength = 0;
        names = 0;
    }

    /** Marks names of this filter from now on. Forgets the names that were not marked until now. */
    public void mark(NameFilter filter) {
        if (filter != this.filter) {
            this.filter = filter;
            shape.clear();
        }
    }

    public byte[] bytes() {
        return bytes;
    }

    public int end() {
        return end;
    }

    public Fault fault() {
        return fault;
    }

    public int faultOffset() {
        return faultOffset;
    }

    public void clearMarks() {
        marksLength = 0;
        names = 0;
    }

    public int marks() {
        return marksLength >> 1;
    }

    public int markFrom(int i) {
        return marks[2 * i];
    }

    public int markTo(int i) {
        return marks[2 * i + 1];
    }

    /** Behind the white space at {@code at}, of which there may be none. Never fails. */
    public int space(int at) {
        return at < end && bytes[at] <= ' ' ? spaces(at) : at;
    }

    private int spaces(int from) {
        int at = from;
        while (at < end && isSpace(bytes[at])) {
            at++;
        }
        if (at > from) {
            mark(from, at);
        }
        return at;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** A whole text: white space, one value, white space, and nothing behind. */
    public int document(int at) {
        int behind = value(space(at), 0);
        if (behind == FAILED) {
            return FAILED;
        }
        behind = space(behind);
        return behind == end ? behind : fail(Fault.MALFORMED, behind);
    }

    /** The name of a member at {@code at}, its colon, and the white space around that. */
    public int name(int at) {
        int i = names++;
        int behind = shape.match(i, bytes, at);
        if (behind != Shape.NONE && behind <= end) {
            nameLength = behind - at - 3;
            place = i;
            return space(behind);
        }
        return newName(at, i);
    }

    private int newName(int at, int i) {
        if (at >= end || bytes[at] != '"') {
            return fail(Fault.MALFORMED, at);
        }
        place = Shape.NONE;
        int marksBefore = marksLength;
        int behind = string(at);
        if (behind == FAILED) {
            return FAILED;
        }
        nameLength = behind - at - 2;
        if (marksLength == marksBefore && filter.matches(bytes, at + 1, behind - 1)) {
            mark(at, behind);
        }
        boolean plain = marksLength == marksBefore;
        behind = space(behind);
        if (behind >= end || bytes[behind] != ':') {
            return fail(Fault.MALFORMED, behind);
        }
        behind++;
        if (plain && behind - at == nameLength + 3 && shape.learn(i, bytes, at, behind)) {
            place = i;
        }
        return space(behind);
    }

    /**
     * What the caller has found out about the name that {@link #name} scanned last when it stood in this place before,
     * or {@link #UNTAGGED}.
     */
    public int tag() {
        return place == Shape.NONE ? UNTAGGED : shape.tag(place);
    }

    /** Says what the name that {@link #name} scanned last is to the caller. */
    public void tag(int tag) {
        if (place != Shape.NONE) {
            shape.tag(place, tag);
        }
    }

    /** Bytes of the name that {@link #name} scanned last, without its quotes. */
    public int nameLength() {
        return nameLength;
    }

    /** Says that what stands at {@code at} cannot follow what the caller has scanned. Answers {@link #FAILED}. */
    public int malformed(int at) {
        return fail(Fault.MALFORMED, at);
    }

    /** The value that begins at {@code at}, which lies within {@code outer} arrays and objects. */
    public int value(int at, int outer) {
        byte[] b = bytes;
        int end = this.end;
        int depth = outer;
        // One bit for each array or object that is open, the innermost lowest: 1 for an object.
        long objects = 0;
        for (; ; ) {
            if (at >= end) {
                return fail(Fault.MALFORMED, end);
            }
            int c = b[at];
            if (c == '"') {
                at = string(at);
            } else if (c == '{' || c == '[') {
                if (depth == MAX_DEPTH) {
                    return fail(Fault.TOO_DEEP, at);
                }
                at = space(at + 1);
                if (at < end && b[at] == c + 2) {
                    at++;
                } else {
                    depth++;
                    if (c == '{') {
                        objects = objects << 1 | 1;
                        at = name(at);
                        if (at == FAILED) {
                            return FAILED;
                        }
                    } else {
                        objects <<= 1;
                    }
                    continue;
                }
            } else if (c <= '9') {
                at = number(at);
            } else {
                at = literal(at, c);
            }
            if (at == FAILED) {
                return FAILED;
            }
            // Behind a value: close what ends here, then on to the next value.
            for (; ; ) {
                if (depth == outer) {
                    return at;
                }
                at = space(at);
                if (at >= end) {
                    return fail(Fault.MALFORMED, end);
                }
                c = b[at];
                boolean object = (objects & 1) != 0;
                if (c == ',') {
                    at = space(at + 1);
                    if (object) {
                        at = name(at);
                        if (at == FAILED) {
                            return FAILED;
                        }
                    }
                    break;
                }
                if (c != (object ? '}' : ']')) {
                    return fail(Fault.MALFORMED, at);
                }
                at++;
                depth--;
                objects >>>= 1;
            }
        }
    }

    /** The string whose opening quote stands at {@code from}. */
    public int string(int from) {
        byte[] b = bytes;
        int end = this.end;
        int at = from + 1;
        long candidates = 0;
        long upper = 0;
        long halves = 0;
        int digits = 0;
        int colons = 0;
        while (at < end) {
            long word = Swar.word(b, at);
            // A byte below 0x20, a quote or a backslash borrows into its high bit; others from 0x80 on have it set
            // themselves. A borrow may set bits above the first stop, but none below.
            long stops = stops(word);
            // Only what stands before the first stop belongs to the string for sure.
            long within = (stops & -stops) - 1 & Swar.HIGH_BITS;
            candidates |= candidates(word) & within;
            upper |= upper(word) & within;
            long numbers = numbers(word) & within;
            digits += Long.bitCount(word + FROM_ZERO & numbers);
            colons += Long.bitCount((word ^ COLONS) - ONES & within);
            numbers &= numbers >>> 8;
            halves |= numbers & numbers >>> 16;
            if (stops == 0) {
                at += 8;
                continue;
            }
            at += Long.numberOfTrailingZeros(stops) >>> 3;
            if (at >= end) {
                break;
            }
            if (b[at] == '"') {
                if (candidates != 0 || isDense(halves, upper, digits, colons, at - from)) {
                    mark(from, at + 1);
                }
                return at + 1;
            }
            int behind = special(at);
            if (behind == FAILED) {
                return FAILED;
            }
            if (isCandidate(at)) {
                candidates = 1;
            }
            at = behind;
        }
        return fail(Fault.MALFORMED, end);
    }

    // Apart, so that what is above stays small enough to be inlined. Exact below the first stop.

    private static long stops(long word) {
        return (word - SPACES | (word ^ QUOTES) - ONES | (word ^ BACKSLASHES) - ONES | word) & Swar.HIGH_BITS;
    }

    private static long candidates(long word) {
        return (word ^ ATS) - ONES | (word & ALL_BUT_TWO_BITS ^ ESCAPES) - ONES;
    }

    private static long upper(long word) {
        return (word & UPPER_BITS ^ UPPER) - ONES;
    }

    private static long numbers(long word) {
        return word + FROM_PARENTHESIS & ~(word + BEHIND_NINE) | (word ^ SPACES) - ONES;
    }

    /**
     * Whether a string may hold a long number or an address; or letters of the upper case among digits, as secrets do.
     *
     * @param halves has a bit of {@link #HALVES} for a half of a word that is digits and what separates them: of any
     *     seven of these in a row, four share a half
     * @param length of the string with one of its quotes
     */
    private static boolean isDense(long halves, long upper, int digits, int colons, int length) {
        return digits > 3 && (halves & HALVES) != 0
                || colons > 1
                || upper != 0 && digits > 0 && (digits > 5 || length > 20);
    }

    /**
     * Behind the escape or the characters beyond ASCII at {@code at}: kept apart so that {@link #string} is inlined.
     */
    private int special(int at) {
        int c = bytes[at];
        if (c == '\\') {
            int length = escape(at);
            return length == 0 ? FAILED : at + length;
        }
        if (c >= 0) {
            return fail(Fault.MALFORMED, at);
        }
        do {
            int length = Utf8.length(bytes, at, end);
            if (length == 0) {
                return fail(Fault.INVALID_UTF8, at);
            }
            at += length;
        } while (at < end && bytes[at] < 0);
        return at;
    }

    /**
     * Whether the valid escape or character beyond ASCII at {@code at} stands for an ASCII character, so maybe a
     * candidate, or looks like one; or is the backslash that begins such an escape in JSON within JSON.
     */
    private boolean isCandidate(int at) {
        byte[] b = bytes;
        if (b[at] != '\\') {
            return b[at] != (byte) 0xc3;
        }
        int next = b[at + 1];
        return next == 'u' || next == '\\' && (b[at + 2] == 'u' || b[at + 2] == 'x');
    }

    /** Bytes of the escape at {@code at}, or 0 with the fault set. */
    private int escape(int at) {
        if (at + 1 >= end) {
            fail(Fault.MALFORMED, end);
            return 0;
        }
        switch (bytes[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return 2;
            }
            case 'u' -> {
                for (int i = at + 2; i < at + 6; i++) {
                    if (i >= end || Hex.value(bytes[i]) < 0) {
                        fail(Fault.MALFORMED, i);
                        return 0;
                    }
                }
                return 6;
            }
            default -> {
                fail(Fault.MALFORMED, at + 1);
                return 0;
            }
        }
    }

    private int number(int from) {
        byte[] b = bytes;
        int at = from;
        if (b[at] == '-') {
            at++;
        }
        if (at < end && b[at] == '0') {
            at++;
        } else {
            at = digits(at);
            if (at == FAILED) {
                return FAILED;
            }
        }
        if (at < end && b[at] == '.') {
            at = digits(at + 1);
            if (at == FAILED) {
                return FAILED;
            }
        }
        if (at < end && (b[at] | 0x20) == 'e') {
            at++;
            if (at < end && (b[at] == '+' || b[at] == '-')) {
                at++;
            }
            at = digits(at);
        }
        // As many digits as a card has; a time of these years begins with a one, no card does.
        if (at - from >= LONGEST_PLAIN_NUMBER && b[from] > '1') {
            mark(from, at);
        }
        return at;
    }

    private int digits(int from) {
        byte[] b = bytes;
        int end = this.end;
        int at = from;
        while (at < end) {
            long values = Swar.word(b, at) ^ ZEROS;
            long others = (values + ABOVE_NINE | values) & Swar.HIGH_BITS;
            if (others != 0) {
                at += Long.numberOfTrailingZeros(others) >>> 3;
                break;
            }
            at += 8;
        }
        // Digits behind the end are not ours.
        at = Math.min(at, end);
        return at > from ? at : fail(Fault.MALFORMED, at);
    }

    private int literal(int at, int first) {
        if (first == 't' && at + 4 <= end && Swar.half(bytes, at) == TRUE
                || first == 'n' && at + 4 <= end && Swar.half(bytes, at) == NULL) {
            return at + 4;
        }
        if (first == 'f' && at + 5 <= end && Swar.half(bytes, at + 1) == ALSE) {
            return at + 5;
        }
        return fail(Fault.MALFORMED, at);
    }

    /**
     * Behind the array or object that begins at {@code at}, found by its brackets and strings alone: the way on from
     * one that nests too deep or holds bytes that are not UTF-8. Leaves no marks.
     */
    public int skipLoosely(int at) {
        int depth = 0;
        while (at < end) {
            switch (bytes[at++]) {
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth == 0) {
                        return at;
                    }
                }
                case '"' -> {
                    while (at < end && bytes[at] != '"') {
                        at += bytes[at] == '\\' ? 2 : 1;
                    }
                    at++;
                }
                default -> {}
            }
        }
        return fail(Fault.MALFORMED, end);
    }

    private void mark(int from, int to) {
        int at = marksLength;
        if (at == marks.length) {
            marks = Arrays.copyOf(marks, 2 * at);
        }
        marks[at] = from;
        marks[at + 1] = to;
        marksLength = at + 2;
    }

    private int fail(Fault fault, int offset) {
        this.fault = fault;
        faultOffset = offset;
        return FAILED;
    }
}
