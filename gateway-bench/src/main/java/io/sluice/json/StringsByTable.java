package io.sluice.json;

/** What everybody writes first: the class of each byte from a table of 256. */
final class StringsByTable extends StringScan {

    private static final int NUMERIC = 1;
    private static final int UPPER = 2;
    private static final int PART = 4;
    private static final int CANDIDATE = 8;
    /** A quote, a backslash, or what is no character of ASCII that a string may hold. */
    private static final int STOP = 16;

    private static final byte[] CLASSES = new byte[256];

    static {
        for (int c = 0; c < CLASSES.length; c++) {
            CLASSES[c] = (byte) classes(c);
        }
    }

    private static int classes(int c) {
        if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
            return STOP;
        }
        return (c < '@' ? NUMERIC : c <= '_' ? UPPER : 0)
                | (c == ':' || c == '=' ? PART : 0)
                | (c == '@' || c >= '$' && c <= '\'' ? CANDIDATE : 0);
    }

    @Override
    int string(int from) {
        byte[] b = bytes;
        int end = this.end;
        int first = first(b, from);
        int seen = 0;
        long numeric = 0;
        int at = first;
        for (; at < end; at++) {
            int c = CLASSES[b[at] & 0xff];
            if (c == STOP) {
                break;
            }
            seen |= c;
            numeric |= (long) (c & NUMERIC) << at - first;
        }
        if (at >= end || b[at] != '"') {
            return scanner.slowString(from, first);
        }
        ask(from, first, at, (seen & CANDIDATE) != 0, (seen & PART) != 0, (seen & UPPER) != 0, numeric);
        return at + 1;
    }
}
