package io.sluice.json;

/** UTF-8 as RFC 3629, section 4 has it: nothing overlong, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {

    private Utf8() {}

    /** Bytes of the character that begins at {@code at}, 1 to 4, or 0 if those before {@code end} are not one. */
    public static int length(byte[] bytes, int at, int end) {
        int lead = bytes[at];
        if (lead >= 0) {
            return 1;
        }
        lead &= 0xff;
        if (lead < 0xe0) {
            return lead >= 0xc2 && at + 2 <= end && continues(bytes[at + 1]) ? 2 : 0;
        }
        if (lead < 0xf0) {
            if (at + 3 > end || !continues(bytes[at + 1]) || !continues(bytes[at + 2])) {
                return 0;
            }
            int first = bytes[at + 1] & 0xff;
            return lead == 0xe0 && first < 0xa0 || lead == 0xed && first > 0x9f ? 0 : 3;
        }
        if (lead > 0xf4 || at + 4 > end) {
            return 0;
        }
        if (!continues(bytes[at + 1]) || !continues(bytes[at + 2]) || !continues(bytes[at + 3])) {
            return 0;
        }
        int first = bytes[at + 1] & 0xff;
        return lead == 0xf0 && first < 0x90 || lead == 0xf4 && first > 0x8f ? 0 : 4;
    }

    /** Whether the byte is the second, third or fourth of a character. */
    public static boolean continues(byte b) {
        return b < (byte) 0xc0;
    }
}
