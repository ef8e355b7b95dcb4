package io.sluice.privacy;

/** What a byte is, read from one table. */
final class Ascii {

    static final int DIGIT = 1;
    static final int LETTER = 2;
    static final int HEX = 4;
    /** What may stand between the digits of one number. */
    static final int SEPARATOR = 8;
    /** What a token of a secret is made of. */
    static final int TOKEN = 16;

    private static final byte[] CLASSES = new byte[256];

    static {
        for (int c = 0; c < 128; c++) {
            boolean digit = c >= '0' && c <= '9';
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            boolean hex = digit || (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
            CLASSES[c] = (byte) ((digit ? DIGIT : 0)
                    | (letter ? LETTER : 0)
                    | (hex ? HEX : 0)
                    | (" -./()+\t".indexOf(c) >= 0 ? SEPARATOR : 0)
                    | (digit || letter || c == '-' || c == '_' ? TOKEN : 0));
        }
    }

    private Ascii() {}

    static boolean is(int b, int classes) {
        return (CLASSES[b & 0xff] & classes) != 0;
    }

    static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    static boolean isLetter(int b) {
        return (CLASSES[b & 0xff] & LETTER) != 0;
    }

    static boolean isAlphanumeric(int b) {
        return (CLASSES[b & 0xff] & (LETTER | DIGIT)) != 0;
    }

    static boolean isHex(int b) {
        return (CLASSES[b & 0xff] & HEX) != 0;
    }

    static boolean isToken(int b) {
        return (CLASSES[b & 0xff] & TOKEN) != 0;
    }

    static int upper(int b) {
        return b >= 'a' && b <= 'z' ? b - 0x20 : b;
    }

    static int lower(int b) {
        return b >= 'A' && b <= 'Z' ? b + 0x20 : b;
    }
}
