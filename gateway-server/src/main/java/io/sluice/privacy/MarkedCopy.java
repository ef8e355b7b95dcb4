package io.sluice.privacy;

import io.sluice.json.JsonWriter;
import io.sluice.json.Scanner;

/**
 * Copies scanned JSON, but for its marks: white space is dropped, what may be personal goes through the scrubber, and
 * what stands under a name that the rules know is done with as they say.
 *
 * <p>Confined to its sink. The bytes between the marks are copied a word or a block at a time.
 */
final class MarkedCopy {

    private static final byte[] NO_ROOT = {};

    private final Scrubber scrubber;
    private final MemberPath path = new MemberPath();

    // What is being copied.
    private Scanner scanner;
    private byte[] src;
    private int begin;
    private int next;
    private int lastMark;
    private byte[] root;
    private boolean onPath;
    private byte[] dst;

    MarkedCopy(Scrubber scrubber) {
        this.scrubber = scrubber;
    }

    /** Makes the scanner mark what the rules of now ask for. Before it scans. */
    void prepare(Scanner scanner) {
        scanner.mark(scrubber.rules());
    }

    /** As below, of a whole record. */
    int copy(Scanner scanner, int from, int to, int mark, int lastMark, byte[] dst, int at) {
        return copy(scanner, from, to, mark, lastMark, NO_ROOT, dst, at);
    }

    /**
     * Copies {@code [from, to)}, in which the marks from {@code mark} to before {@code lastMark} lie, and answers the
     * offset behind the copy.
     *
     * @param root what it is called in a record, for rules that ask where a name stands; empty if it is a record
     */
    int copy(Scanner scanner, int from, int to, int mark, int lastMark, byte[] root, byte[] dst, int at) {
        if (mark == lastMark) {
            return JsonWriter.copy(scanner.bytes(), from, to, dst, at);
        }
        this.scanner = scanner;
        this.src = scanner.bytes();
        this.begin = from;
        this.next = mark;
        this.lastMark = lastMark;
        this.root = root;
        this.onPath = false;
        this.dst = dst;
        return span(from, to, at);
    }

    /** As {@link #copy}, of the value of a field for which there is a rule. */
    int field(
            NameRule rule, Scanner scanner, int from, int to, int mark, int lastMark, byte[] root, byte[] dst, int at) {
        byte[] bytes = scanner.bytes();
        Action action = rule.action();
        boolean empty = bytes[from] == '"' && to - from == 2;
        if (action != null && action != Action.KEEP && !empty) {
            return scrubber.field(action, bytes, from, to, dst, at);
        }
        if (rule.parameters() != null && bytes[from] == '"') {
            return scrubber.parameters(rule.parameters(), bytes, from, to, dst, at);
        }
        return copy(scanner, from, to, mark, lastMark, root, dst, at);
    }

    private int span(int spanFrom, int to, int at) {
        int from = spanFrom;
        while (next < lastMark && scanner.markFrom(next) < to) {
            int markFrom = scanner.markFrom(next);
            int markTo = scanner.markTo(next);
            int classes = scanner.markClasses(next++);
            at = JsonWriter.copy(src, from, markFrom, dst, at);
            scrubber.passed(markFrom - from);
            from = markTo;
            if (src[markFrom] == '"') {
                dst[at] = '"';
                at = scrubber.copy(src, begin, markFrom + 1, markTo - 1, classes, dst, at + 1);
                dst[at++] = '"';
                scrubber.passed(markTo - markFrom);
                int value = MemberValue.begin(src, markTo, to);
                NameRule rule = value < 0 ? null : scrubber.rule(src, markFrom + 1, markTo - 1, classes);
                if (rule != null) {
                    int written = value(rule, markFrom, value, at);
                    if (written >= 0) {
                        at = written;
                        from = MemberValue.end(src, value);
                        skipMarks(from);
                    }
                }
            } else if (src[markFrom] > ' ') {
                at = number(markFrom, markTo, at);
            }
        }
        return JsonWriter.copy(src, from, to, dst, at);
    }

    /** Writes the colon and what becomes of the value of a name with this rule; or answers -1 if it is copied. */
    private int value(NameRule rule, int name, int value, int at) {
        Action action = rule.means(src[value]) ? rule.action() : null;
        if (rule.hasPaths()) {
            NameRule.Path decides = rule.path(placeOf(name));
            if (decides != null && decides.members && src[value] == '{') {
                // What is not said of the members is what counts for the whole.
                return decides.action == Action.KEEP ? -1 : members(decides.action, value, colon(at));
            }
            action = decides == null ? action : decides.action;
        }
        if (action != null && action != Action.KEEP) {
            return scrubber.field(action, src, value, MemberValue.end(src, value), dst, colon(at));
        }
        if (rule.looks() != 0 && src[value] != '"') {
            return looked(rule.looks(), value, at);
        }
        if (rule.parameters() != null && src[value] == '"') {
            return scrubber.parameters(rule.parameters(), src, value, MemberValue.end(src, value), dst, colon(at));
        }
        return -1;
    }

    /** As {@link #value}, of one that is no string, under a name that says what its numbers may be. */
    private int looked(int looks, int value, int at) {
        int first = src[value];
        if (first == '[') {
            int end = (looks & NameRule.POINT) != 0 ? Points.end(src, value) : -1;
            return end < 0 ? -1 : scrubber.place(src, value, end, dst, colon(at));
        }
        if (first == '{') {
            return -1;
        }
        int end = MemberValue.end(src, value);
        if ((looks & NameRule.HALF) != 0 && Points.isExact(src, value, end)) {
            return scrubber.place(src, value, end, dst, colon(at));
        }
        return (looks & NameRule.TELEPHONE) != 0 && first != '-' ? number(value, end, colon(at)) : -1;
    }

    private int colon(int at) {
        dst[at] = ':';
        return at + 1;
    }

    private MemberPath placeOf(int name) {
        if (!onPath) {
            onPath = true;
            path.begin(src, begin, root);
        }
        path.moveTo(name);
        return path;
    }

    /** Writes the object at {@code object}, with each member's value done with alike. It has members. */
    private int members(Action action, int object, int at) {
        dst[at++] = '{';
        int i = MemberValue.space(src, object + 1);
        while (src[i] != '}') {
            int nameEnd = MemberValue.string(src, i);
            skipMarks(i);
            at = span(i, nameEnd, at);
            dst[at++] = ':';
            int value = MemberValue.space(src, MemberValue.space(src, nameEnd) + 1);
            i = MemberValue.end(src, value);
            at = MemberValue.begin(src, nameEnd, i) < 0
                    ? JsonWriter.copy(src, value, i, dst, at)
                    : scrubber.field(action, src, value, i, dst, at);
            skipMarks(i);
            i = MemberValue.space(src, i);
            if (src[i] == ',') {
                dst[at++] = ',';
                i = MemberValue.space(src, i + 1);
            }
        }
        dst[at] = '}';
        return at + 1;
    }

    private void skipMarks(int to) {
        while (next < lastMark && scanner.markFrom(next) < to) {
            next++;
        }
    }

    /** What stands in the place of a number has to be a string. */
    private int number(int from, int to, int at) {
        int behind = scrubber.copy(src, begin, from, to, dst, at + 1);
        if (Ascii.isDigit(dst[at + 1])) {
            return JsonWriter.copy(src, from, to, dst, at);
        }
        dst[at] = '"';
        dst[behind] = '"';
        return behind + 1;
    }
}
