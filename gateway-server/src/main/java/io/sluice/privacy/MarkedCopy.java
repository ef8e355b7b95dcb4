package io.sluice.privacy;

import io.sluice.json.JsonWriter;
import io.sluice.json.Scanner;

/**
 * Copies scanned JSON, but for its marks: white space is dropped, what may be personal goes through the scrubber.
 *
 * <p>Confined to its sink. The bytes between the marks are copied a word or a block at a time.
 */
final class MarkedCopy {

    private final Scrubber scrubber;

    MarkedCopy(Scrubber scrubber) {
        this.scrubber = scrubber;
    }

    /** Makes the scanner mark what the rules of now ask for. Before it scans. */
    void prepare(Scanner scanner) {
        scanner.mark(scrubber.rules());
    }

    /**
     * Copies {@code [from, to)}, in which the marks from {@code mark} to before {@code lastMark} lie, and answers the
     * offset behind the copy.
     */
    int copy(Scanner scanner, int from, int to, int mark, int lastMark, byte[] dst, int at) {
        byte[] src = scanner.bytes();
        int limit = from;
        int next = mark;
        while (next < lastMark) {
            int begin = scanner.markFrom(next);
            int end = scanner.markTo(next);
            int classes = scanner.markClasses(next++);
            at = JsonWriter.copy(src, from, begin, dst, at);
            scrubber.passed(begin - from);
            from = end;
            if (src[begin] == '"') {
                dst[at] = '"';
                at = scrubber.copy(src, limit, begin + 1, end - 1, classes, dst, at + 1);
                dst[at++] = '"';
                scrubber.passed(end - begin);
                int value = MemberValue.begin(src, end, to);
                Action action = value < 0 ? null : scrubber.rules().names().action(src, begin + 1, end - 1);
                if (action != null && action != Action.KEEP) {
                    dst[at++] = ':';
                    from = MemberValue.end(src, value);
                    at = scrubber.field(action, src, value, from, dst, at);
                    while (next < lastMark && scanner.markFrom(next) < from) {
                        next++;
                    }
                }
            } else if (src[begin] > ' ') {
                at = number(src, limit, begin, end, dst, at);
            }
        }
        return JsonWriter.copy(src, from, to, dst, at);
    }

    /** What stands in the place of a number has to be a string. */
    private int number(byte[] src, int limit, int begin, int end, byte[] dst, int at) {
        int behind = scrubber.copy(src, limit, begin, end, dst, at + 1);
        if (Ascii.isDigit(dst[at + 1])) {
            return JsonWriter.copy(src, begin, end, dst, at);
        }
        dst[at] = '"';
        dst[behind] = '"';
        return behind + 1;
    }
}
