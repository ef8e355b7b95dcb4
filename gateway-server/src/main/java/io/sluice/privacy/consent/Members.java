package io.sluice.privacy.consent;

/**
 * A cursor over the members of one object of JSON, and not over those within them.
 *
 * <p>Confined to its reader; allocates nothing; one pass. As {@link Pairs} it knows no errors: what is no object has no
 * members, and what is cut off ends with the text.
 */
final class Members {

    private byte[] bytes = {};
    private int at;
    private int end;
    private int nameFrom;
    private int nameTo;
    private int valueFrom;
    private int valueTo;

    /** Begins with the object whose brace stands at {@code from}. */
    void begin(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        at = from < to && bytes[from] == '{' ? from + 1 : to;
        end = to;
    }

    /** Goes to the next member with a value, and answers whether there is one. */
    boolean next() {
        while (at < end && bytes[at] != '"' && bytes[at] != '}') {
            at++;
        }
        if (at >= end || bytes[at] == '}') {
            return false;
        }
        nameFrom = at + 1;
        at = string(at);
        nameTo = Math.max(nameFrom, at - 1);
        while (at < end && (isBlank(bytes[at]) || bytes[at] == ':')) {
            at++;
        }
        if (at < end && bytes[at] == '"') {
            valueFrom = at + 1;
            at = string(at);
            valueTo = Math.max(valueFrom, at - 1);
        } else {
            valueFrom = at;
            skipValue();
            valueTo = at;
            while (valueTo > valueFrom && isBlank(bytes[valueTo - 1])) {
                valueTo--;
            }
        }
        return at < end;
    }

    int nameFrom() {
        return nameFrom;
    }

    int nameTo() {
        return nameTo;
    }

    /** Of a string what is within its quotes. */
    int valueFrom() {
        return valueFrom;
    }

    int valueTo() {
        return valueTo;
    }

    /** Goes behind the value, to the comma or the brace that ends it, or to the end. */
    private void skipValue() {
        int depth = 0;
        while (at < end) {
            switch (bytes[at]) {
                case '"' -> at = string(at) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (depth-- == 0) {
                        return;
                    }
                }
                case ',' -> {
                    if (depth == 0) {
                        return;
                    }
                }
                default -> {}
            }
            at++;
        }
    }

    /** Behind the string whose quote stands at {@code quote}, or the end. */
    private int string(int quote) {
        int i = quote + 1;
        while (i < end && bytes[i] != '"') {
            i += bytes[i] == '\\' ? 2 : 1;
        }
        return Math.min(end, i + 1);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
