package io.sluice.json;

import io.sluice.common.Hex;
import java.util.Arrays;

/**
 * A strict validating scanner of JSON (RFC 8259) that looks at most bytes once, a word at a time within
 * strings.
 *
 * <p>Confined to one thread. The caller owns the bytes, of which {@value #PADDING} behind the end must be readable;
 * what stands there is never taken for content. Allocates nothing once its marks have grown to the largest event.
 *
 * <p>While it validates it notes <em>marks</em>: the places that a copier must not copy as they stand. A mark is a
 * span in ascending order: a run of insignificant white space, a long number, or a whole string, quotes included, that
 * the filter asks for. The filter is asked about strings only that hold a byte, or bytes side by side, that some
 * detector of personal data may start from; most do not. All else is copied byte for byte.
 *
 * <p>Methods take the offset where something begins and answer the offset behind it, or {@link #FAILED} with
 * {@link #fault} and {@link #faultOffset} set.
 */
public final class Scanner {

    public static final int MAX_DEPTH = 64;
    public static final int PADDING = 16;
    public static final int FAILED = -1;
    public static final int UNTAGGED = -2;

    private static final int TRUE = 't' | 'r' << 8 | 'u' << 16 | 'e' << 24;
    private static final int NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;
    private static final int ALSE = 'a' | 'l' << 8 | 's' << 16 | 'e' << 24;

    private static final int LONGEST_PLAIN_NUMBER = 12;

    /** Numbers that a mark takes up. */
    private static final int MARK = 3;

    private byte[] bytes = {};
    private int end;
    /** Begin, end and classes of each mark in turn. */
    private int[] marks = new int[MARK * 128];

    private int marksLength;
    private final Shape shape = new Shape();
    /** Where the shape has the name scanned last. */
    private int place;

    private int nameLength;
    /** Whether the filter was asked about the name that is being scanned. */
    private boolean asked;

    private StringFilter filter = StringFilter.NONE;
    private Fault fault;
    private int faultOffset;

    /** Scans {@code bytes} from now on, up to {@code end}, and forgets all marks. */
    public void reset(byte[] bytes, int end) {
        assert end + PADDING <= bytes.length;
        this.bytes = bytes;
        this.end = end;
        marksLength = 0;
    }

    /** Goes by this filter from now on. If it marks other names, forgets those that were not marked until now. */
    public void mark(StringFilter filter) {
        if (filter != this.filter) {
            if (filter.names() != this.filter.names()) {
                shape.clear();
                place = Shape.NONE;
            }
            this.filter = filter;
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
    }

    public int marks() {
        return marksLength / MARK;
    }

    public int markFrom(int i) {
        return marks[MARK * i];
    }

    public int markTo(int i) {
        return marks[MARK * i + 1];
    }

    /** What the filter said of the string that is marked, or 0 if it was not asked. */
    public int markClasses(int i) {
        return marks[MARK * i + 2];
    }

    /** Behind the white space at {@code at}, of which there may be none. Never fails. */
    public int space(int at) {
        return bytes[at] > ' ' ? at : spaces(at);
    }

    private int spaces(int from) {
        int at = from;
        while (at < end && isSpace(bytes[at])) {
            at++;
        }
        if (at > from) {
            mark(from, at, 0);
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
        int last = place;
        place = shape.next(last);
        if (!shape.matches(place, bytes, at)) {
            place = shape.find(last, bytes, at);
            if (place == Shape.NONE) {
                return newName(at, last);
            }
        }
        nameLength = shape.length(place) - 3;
        int behind = at + nameLength + 3;
        return behind <= end ? space(behind) : newName(at, last);
    }

    private int newName(int at, int last) {
        if (at >= end || bytes[at] != '"') {
            return fail(Fault.MALFORMED, at);
        }
        place = Shape.NONE;
        asked = false;
        int marksBefore = marksLength;
        int behind = string(at);
        if (behind == FAILED) {
            return FAILED;
        }
        nameLength = behind - at - 2;
        if (marksLength == marksBefore && filter.isMarkedName(bytes, at + 1, behind - 1)) {
            mark(at, behind, 0);
        }
        // What the filter was asked about, it may mark when it goes by other rules.
        boolean plain = marksLength == marksBefore && !asked;
        behind = space(behind);
        if (behind >= end || bytes[behind] != ':') {
            return fail(Fault.MALFORMED, behind);
        }
        behind++;
        if (plain && behind - at == nameLength + 3) {
            place = shape.learn(last, bytes, at, behind);
        }
        return space(behind);
    }

    /**
     * What the caller has found out about the name that {@link #name} scanned last when it came before, or
     * {@link #UNTAGGED}.
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
        int first = Swar.word(b, from + 1) == Suspects.HTTPS ? from + 1 + 8 : from + 1;
        long either = 0;
        long upper = 0;
        // A bit for each byte, in the place that it has among 64: what is longer goes round.
        long numeric = 0;
        long word = Swar.word(b, first);
        long stops;
        int length = 0;
        while ((stops = Suspects.stops(word)) == 0) {
            either |= Suspects.either(word);
            upper |= Suspects.upper(word);
            numeric |= Suspects.numeric(word) << length;
            length += 8;
            if (first + length >= end) {
                return fail(Fault.MALFORMED, end);
            }
            word = Swar.word(b, first + length);
        }
        word = Suspects.before(stops, word);
        either |= Suspects.either(word);
        upper |= Suspects.upper(word);
        numeric |= Suspects.numeric(word) << length;
        length += Long.numberOfTrailingZeros(stops) >>> 3;
        int quote = first + length;
        if (quote >= end || b[quote] != '"' || Suspects.any(either)) {
            return slowString(from, first);
        }
        if (length < Suspects.SHORTEST_SECRET
                ? Suspects.six(numeric) != 0 && Suspects.isNumber(b, numeric, first, length)
                : Suspects.any(upper) || Suspects.isNumber(b, numeric, first, length)) {
            look(from, quote, true);
        }
        return quote + 1;
    }

    /** A string that holds candidates, parts or escapes, or maybe nothing of the kind: by the exact tests. */
    int slowString(int from, int first) {
        byte[] b = bytes;
        long candidates = 0;
        long parts = 0;
        long upper = 0;
        long numeric = 0;
        boolean beyondAscii = false;
        int at = first;
        while (at < end) {
            long word = Swar.word(b, at);
            long stops = Suspects.stops(word);
            word = Suspects.before(stops, word);
            candidates |= Suspects.candidates(word);
            parts |= Suspects.parts(word);
            upper |= Suspects.upper(word);
            numeric |= Long.rotateLeft(Suspects.numeric(word), at - first);
            if (stops == 0) {
                at += 8;
                continue;
            }
            at += Long.numberOfTrailingZeros(stops) >>> 3;
            if (at >= end) {
                break;
            }
            if (b[at] == '"') {
                int length = at - first;
                boolean plain = !Suspects.any(candidates);
                if (!plain
                        || Suspects.any(parts)
                        || length >= Suspects.SHORTEST_SECRET && Suspects.any(upper)
                        || Suspects.isNumber(b, numeric, first, length)) {
                    look(from, at, plain && !beyondAscii);
                }
                return at + 1;
            }
            beyondAscii |= b[at] < 0;
            int behind = special(at);
            if (behind == FAILED) {
                return FAILED;
            }
            candidates |= Suspects.isCandidate(b, at, behind) ? Swar.HIGH_BITS : 0;
            at = behind;
        }
        return fail(Fault.MALFORMED, end);
    }

    /** Asks the filter about a string between these quotes. */
    void look(int from, int quote, boolean plain) {
        asked = true;
        int classes = filter.classes(bytes, from + 1, quote, plain);
        if (classes != 0) {
            mark(from, quote + 1, classes);
        }
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
            mark(from, at, 0);
        }
        return at;
    }

    private int digits(int from) {
        byte[] b = bytes;
        int end = this.end;
        int at = from;
        while (at < end) {
            long others = Swar.notDigits(b, at);
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

    private void mark(int from, int to, int classes) {
        int at = marksLength;
        if (at == marks.length) {
            marks = Arrays.copyOf(marks, 2 * at);
        }
        marks[at] = from;
        marks[at + 1] = to;
        marks[at + 2] = classes;
        marksLength = at + MARK;
    }

    private int fail(Fault fault, int offset) {
        this.fault = fault;
        faultOffset = offset;
        return FAILED;
    }
}
