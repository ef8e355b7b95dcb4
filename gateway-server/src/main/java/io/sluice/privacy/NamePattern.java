package io.sluice.privacy;

import java.nio.charset.StandardCharsets;

/**
 * A name, or the beginning or the end of names, of which letters and digits count alone, and not their case.
 * Immutable; a comparison allocates nothing.
 */
final class NamePattern {

    private final byte[] letters;
    private final boolean openFront;
    private final boolean openBack;

    /** @param text lower-case letters and digits, with an asterisk before or behind, or an asterisk alone */
    NamePattern(String text) {
        openFront = text.startsWith("*");
        openBack = text.endsWith("*");
        letters = text.replace("*", "").getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether names end, rather than begin, as it does. */
    boolean isEnd() {
        return openFront;
    }

    /** The last letter or digit if names end so, else the first. */
    int edge() {
        return letters[openFront ? letters.length - 1 : 0];
    }

    boolean matches(byte[] bytes, int from, int to) {
        return openFront ? endsIn(bytes, from, to) : begins(bytes, from, to);
    }

    private boolean begins(byte[] bytes, int from, int to) {
        int i = 0;
        for (int at = from; at < to; at++) {
            if (Ascii.isAlphanumeric(bytes[at])) {
                if (i == letters.length) {
                    return openBack;
                }
                if (letters[i++] != Ascii.lower(bytes[at])) {
                    return false;
                }
            }
        }
        return i == letters.length;
    }

    private boolean endsIn(byte[] bytes, int from, int to) {
        int i = letters.length;
        for (int at = to; i > 0 && at > from; at--) {
            if (Ascii.isAlphanumeric(bytes[at - 1]) && letters[--i] != Ascii.lower(bytes[at - 1])) {
                return false;
            }
        }
        return i == 0;
    }
}
