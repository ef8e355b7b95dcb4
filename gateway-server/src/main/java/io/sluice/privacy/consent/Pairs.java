package io.sluice.privacy.consent;

/**
 * A cursor over names and values in a text of almost any kind: JSON, also within a string of JSON, with or without
 * quotes; {@code a:1,b:0}; {@code a=1&b=0}. How deep they lie is not looked at.
 *
 * <p>Confined to its reader; allocates nothing. It knows no errors: what is nothing is passed over.
 */
final class Pairs {

    private byte[] bytes = {};
    private int at;
    private int end;
    /** Of the token that was read last. */
    private int from;

    private int to;
    private int nameFrom;
    private int nameTo;
    private int valueFrom;
    private int valueTo;

    void reset(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        at = from;
        end = to;
    }

    /**
     * Goes to the next name with a value, the next name of an array or object, which has no
     * {@linkplain #hasValue value}, or the next value without a {@linkplain #hasName name}. Answers whether there is
     * one.
     */
    boolean next() {
        while (at < end && isStructure(bytes[at])) {
            at++;
        }
        if (at >= end) {
            return false;
        }
        token(true);
        nameFrom = from;
        nameTo = to;
        skipBlanks();
        if (at < end && (bytes[at] == ':' || bytes[at] == '=')) {
            at++;
            skipBlanks();
            if (at < end && !isStructure(bytes[at])) {
                token(false);
                valueFrom = from;
                valueTo = to;
            } else {
                valueFrom = -1;
            }
        } else {
            valueFrom = from;
            valueTo = to;
            nameFrom = -1;
        }
        return true;
    }

    boolean hasName() {
        return nameFrom >= 0;
    }

    boolean hasValue() {
        return valueFrom >= 0;
    }

    int nameFrom() {
        return nameFrom;
    }

    int nameTo() {
        return nameTo;
    }

    int valueFrom() {
        return valueFrom;
    }

    int valueTo() {
        return valueTo;
    }

    /** Reads what is between quotes, or up to what separates; always at least a byte. */
    private void token(boolean name) {
        boolean escaped = bytes[at] == '\\' && at + 1 < end && isQuote(bytes[at + 1]);
        if (escaped) {
            at++;
        }
        if (isQuote(bytes[at])) {
            quoted(bytes[at], escaped);
            return;
        }
        from = at;
        do {
            at++;
        } while (at < end
                && !isStructure(bytes[at])
                && !isQuote(bytes[at])
                && !(name && (bytes[at] == ':' || bytes[at] == '=')));
        to = at;
    }

    /** Up to the same quote, which is escaped if the first one is; else an escaped one is content. */
    private void quoted(byte quote, boolean escaped) {
        from = ++at;
        while (at < end && !(bytes[at] == quote && isEscaped(at) == escaped)) {
            at++;
        }
        to = Math.max(from, escaped && at < end ? at - 1 : at);
        at = Math.min(end, at + 1);
    }

    private boolean isEscaped(int quote) {
        int backslashes = 0;
        for (int i = quote - 1; i >= from && bytes[i] == '\\'; i--) {
            backslashes++;
        }
        return backslashes % 2 != 0;
    }

    private void skipBlanks() {
        while (at < end && isBlank(bytes[at])) {
            at++;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static boolean isQuote(byte b) {
        return b == '"' || b == '\'';
    }

    private static boolean isStructure(byte b) {
        return switch (b) {
            case ' ', '\t', '\r', '\n', ',', ';', '&', '{', '}', '[', ']' -> true;
            default -> false;
        };
    }
}
