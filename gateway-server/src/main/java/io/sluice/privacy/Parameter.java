package io.sluice.privacy;

import io.sluice.json.Swar;

/** Finds parameters with personal names in a text: {@code email=…} and {@code user[email]=…}. Stateless. */
final class Parameter {

    private static final int LONGEST_NAME = 32;

    private Parameter() {}

    /**
     * Offset of the equals sign behind the first name that is one of {@code names} and has a value, at or behind
     * {@code from} in the text that begins at {@code begin}; or -1.
     */
    static int find(PersonalNames names, byte[] b, int begin, int from, int to) {
        for (int at = Swar.indexOf(b, from, to, '='); at < to; at = Swar.indexOf(b, at + 1, to, '=')) {
            if (at + 1 < to
                    && !isDelimiter(b[at + 1])
                    && !(b[at + 1] == '[' && Kind.isReplacement(b, at + 1, to))
                    && names.action(b, name(b, begin, at), at) != null) {
                return at;
            }
        }
        return -1;
    }

    /** Where the name before the equals sign at {@code at} begins. */
    static int name(byte[] b, int begin, int at) {
        int name = at;
        while (name > begin
                && at - name < LONGEST_NAME
                && (Ascii.isToken(b[name - 1]) || b[name - 1] == '.' || b[name - 1] == '[' || b[name - 1] == ']')) {
            name--;
        }
        return name;
    }

    /** Behind the value that begins at {@code at}. */
    static int end(byte[] b, int at, int to) {
        int end = at;
        while (end < to && !isDelimiter(b[end])) {
            end++;
        }
        return end;
    }

    private static boolean isDelimiter(int c) {
        return c == '&' || c == ';' || c == '#' || c == ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == ','
                || c == '\n' || c == '\\';
    }
}
