package io.sluice.cli.objects;

import io.sluice.json.Scanner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks through the JSON of a line, and shows each name and each value that is neither object nor array. One thread.
 *
 * <p>For the few lines that are looked at closely: it makes a string of everything.
 */
public final class LineWalker {

    /** Told of one after the other; what it is given may change behind the call. */
    public interface Visitor {

        /**
         * A value.
         *
         * @param path names from the top to it; arrays have none
         * @param text decoded, or as it stands if it is no string
         * @param from where in the line it begins, with its quote
         * @param to behind it
         */
        void value(List<String> path, String text, int from, int to);

        /** The name of a member, which is the last of the path; offsets are those of the name. */
        default void name(List<String> path, int from, int to) {}
    }

    private final Scanner scanner = new Scanner();
    private final List<String> path = new ArrayList<>();
    private byte[] bytes;

    /**
     * Walks through the line, whose newline may be there.
     *
     * @param bytes with {@value Scanner#PADDING} more behind {@code to}
     * @return false if it is no JSON; the visitor was not told of anything then
     */
    public boolean walk(byte[] bytes, int from, int to, Visitor visitor) {
        scanner.reset(bytes, to);
        if (scanner.document(from) == Scanner.FAILED) {
            return false;
        }
        this.bytes = bytes;
        path.clear();
        value(space(from), visitor);
        return true;
    }

    /** Shows what the value that begins here holds. @return behind it */
    private int value(int from, Visitor visitor) {
        return switch (bytes[from]) {
            case '{' -> object(from, visitor);
            case '[' -> array(from, visitor);
            case '"' -> {
                int end = stringEnd(from);
                visitor.value(path, decoded(bytes, from + 1, end - 1), from, end);
                yield end;
            }
            default -> {
                int end = from;
                while (isOfLiteral(bytes[end])) {
                    end++;
                }
                visitor.value(path, new String(bytes, from, end - from, StandardCharsets.ISO_8859_1), from, end);
                yield end;
            }
        };
    }

    private int object(int from, Visitor visitor) {
        int at = space(from + 1);
        while (bytes[at] != '}') {
            int end = stringEnd(at);
            path.add(decoded(bytes, at + 1, end - 1));
            visitor.name(path, at, end);
            at = space(value(space(space(end) + 1), visitor));
            path.removeLast();
            at = bytes[at] == ',' ? space(at + 1) : at;
        }
        return at + 1;
    }

    private int array(int from, Visitor visitor) {
        int at = space(from + 1);
        while (bytes[at] != ']') {
            at = space(value(at, visitor));
            at = bytes[at] == ',' ? space(at + 1) : at;
        }
        return at + 1;
    }

    private int space(int at) {
        int end = at;
        while (bytes[end] == ' ' || bytes[end] == '\t' || bytes[end] == '\r' || bytes[end] == '\n') {
            end++;
        }
        return end;
    }

    private int stringEnd(int from) {
        int at = from + 1;
        while (bytes[at] != '"') {
            at += bytes[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static boolean isOfLiteral(byte b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b == '-' || b == '+' || b == '.' || b == 'E';
    }

    /** The content of a string that is known to be valid (RFC 8259, section 7). */
    private static String decoded(byte[] bytes, int from, int to) {
        String raw = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = raw.charAt(++i);
            switch (escaped) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> text.append(escaped);
            }
        }
        return text.toString();
    }
}
