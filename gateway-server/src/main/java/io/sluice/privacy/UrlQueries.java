package io.sluice.privacy;

import io.sluice.common.Hex;

/**
 * Cuts queries and fragments off the URLs in a text of JSON: clicks, searches, sessions and tokens stand there, under
 * names that nobody can know all of. Stateless.
 *
 * <p>A URL is what follows {@code ://}, or begins a string with a slash; it ends at a blank, or with the string. Slash,
 * question mark and number sign may be escaped. What is percent-encoded, any number of times, is a URL too; behind its
 * beginning an encoded question mark or number sign cuts as well.
 */
final class UrlQueries {

    private UrlQueries() {}

    /** Cuts within valid JSON in {@code [from, to)}, in place, and answers where it ends then. */
    static int cut(byte[] b, int from, int to) {
        return cut(b, from, to, false);
    }

    /** The same of a value whose strings are each a URL as a whole, with or without a scheme. */
    static int cutWhole(byte[] b, int from, int to) {
        return cut(b, from, to, true);
    }

    private static int cut(byte[] b, int from, int to, boolean whole) {
        int out = from;
        boolean string = false;
        boolean url = false;
        boolean encoded = false;
        boolean cutting = false;
        for (int at = from; at < to; ) {
            int length = string && b[at] == '\\' ? b[at + 1] == 'u' ? 6 : 2 : 1;
            int c = length == 1 ? b[at] : escaped(b, at);
            if (length == 1 && c == '"') {
                string = !string;
                cutting = false;
                url = string && (whole || isSlash(b, at + 1));
                encoded = string && percent(b, at + 1, to) == '/';
            } else if (string && c == ':' && isSlash(b, at + 1)) {
                url |= isSlash(b, at + (b[at + 1] == '\\' ? 3 : 2));
            } else if (string && !whole && c >= 0 && (c <= ' ' || c == '<' || c == '>')) {
                url = false;
                encoded = false;
                cutting = false;
            } else if (string && c == '%') {
                int decoded = percent(b, at, to);
                encoded |= decoded == ':' && isEncodedSlashes(b, at, to);
                cutting |= encoded && (decoded == '?' || decoded == '#');
            }
            cutting |= (url || encoded) && (c == '?' || c == '#');
            for (int end = at + length; at < end; at++) {
                if (!cutting) {
                    b[out++] = b[at];
                }
            }
        }
        return out;
    }

    /** Whether two encoded slashes follow the encoded character that begins here. */
    private static boolean isEncodedSlashes(byte[] b, int at, int to) {
        int first = behind(b, at, to);
        return percent(b, first, to) == '/' && percent(b, behind(b, first, to), to) == '/';
    }

    /** The character that is encoded here, {@code %2F} or {@code %25252F}; or -1. Reads nothing from {@code to} on. */
    private static int percent(byte[] b, int at, int to) {
        int digits = behind(b, at, to) - 2;
        return digits <= at ? -1 : Hex.value(b[digits]) << 4 | Hex.value(b[digits + 1]);
    }

    /** Behind the encoded character that begins here, or here if none does. */
    private static int behind(byte[] b, int at, int to) {
        if (at >= to || b[at] != '%') {
            return at;
        }
        int digits = at + 1;
        while (digits + 3 < to && b[digits] == '2' && b[digits + 1] == '5' && isHex(b, digits + 2, to)) {
            digits += 2;
        }
        return isHex(b, digits, to) ? digits + 2 : at;
    }

    private static boolean isHex(byte[] b, int at, int to) {
        return at + 1 < to && Hex.value(b[at]) >= 0 && Hex.value(b[at + 1]) >= 0;
    }

    private static boolean isSlash(byte[] b, int at) {
        return b[at] == '/' || b[at] == '\\' && b[at + 1] == '/';
    }

    /** The character below 128 that an escape stands for, or -1. */
    private static int escaped(byte[] b, int at) {
        return switch (b[at + 1]) {
            case 'u' -> b[at + 2] == '0' && b[at + 3] == '0' ? Hex.value(b[at + 4]) << 4 | Hex.value(b[at + 5]) : -1;
            case 'b', 'f', 'n', 'r', 't' -> ' ';
            default -> b[at + 1];
        };
    }
}
