package io.sluice.privacy.consent;

/**
 * The US Privacy string of the IAB ("US Privacy String", version 1): {@code 1YYN}, which is version, notice given, sale
 * opted out of, limited service provider agreement. Stateless.
 */
final class UsPrivacy {

    private UsPrivacy() {}

    /** Whether {@code [from, to)} is such a string. */
    static boolean is(byte[] bytes, int from, int to) {
        return to - from == 4
                && bytes[from] == '1'
                && isFlag(bytes[from + 1])
                && isFlag(bytes[from + 2])
                && isFlag(bytes[from + 3]);
    }

    /** Refused if the sale was opted out of. That it was not is no consent. */
    static Said said(byte[] bytes, int from, int to) {
        return is(bytes, from, to) && (bytes[from + 2] | 0x20) == 'y' ? Said.REFUSED : Said.NOTHING;
    }

    private static boolean isFlag(byte b) {
        return b == '-' || (b | 0x20) == 'y' || (b | 0x20) == 'n';
    }
}
