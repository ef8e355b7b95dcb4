package io.sluice.privacy;

/**
 * Lists of coordinates in JSON that is known to be valid, as in GeoJSON (RFC 7946, section 3.1.1): a latitude and a
 * longitude in either order, or lists of such in any number of layers. Stateless; what they are called says that they
 * are coordinates.
 */
final class Points {

    /** Decimals of a coordinate that is told to a kilometre. */
    private static final int COARSE = 2;

    private Points() {}

    /** Behind the list that begins at {@code from}, or -1 if it holds anything but numbers, or none that is exact. */
    static int end(byte[] src, int from) {
        int depth = 0;
        int commas = 0;
        int decimals = -1;
        boolean exact = false;
        for (int at = from; ; at++) {
            int c = src[at];
            if (Ascii.isDigit(c)) {
                exact |= decimals >= 0 && ++decimals > COARSE;
                continue;
            }
            decimals = c == '.' ? 0 : -1;
            switch (c) {
                case '[' -> depth++;
                case ']' -> {
                    if (--depth == 0) {
                        return exact && commas > 0 ? at + 1 : -1;
                    }
                }
                case ',' -> commas++;
                case '.', '-', '+', ' ', '\n', '\r', '\t' -> {}
                case 'e', 'E' -> exact = true;
                default -> {
                    return -1;
                }
            }
        }
    }

    /** Whether an exponent stands among the numbers, so that decimals alone do not tell how exact they are. */
    static boolean hasExponent(byte[] src, int from, int to) {
        for (int i = from; i < to; i++) {
            if (src[i] == 'e' || src[i] == 'E') {
                return true;
            }
        }
        return false;
    }

    /** Whether the number has more decimals than that, and is written as coordinates are. */
    static boolean isExact(byte[] src, int from, int to) {
        int at = from;
        while (at < to && src[at] != '.') {
            at++;
        }
        return to - at > COARSE + 1 && Replacement.isDecimal(src, from, to);
    }

    /** Copies such numbers without white space, and of each number no more than the first decimals. */
    static int cut(byte[] src, int from, int to, byte[] dst, int at) {
        int decimals = -1;
        for (int i = from; i < to; i++) {
            byte c = src[i];
            if (Ascii.isDigit(c)) {
                if (decimals >= 0 && ++decimals > COARSE) {
                    continue;
                }
            } else {
                decimals = c == '.' ? 0 : -1;
                if (c <= ' ') {
                    continue;
                }
            }
            dst[at++] = c;
        }
        return at;
    }
}
