package io.sluice.privacy.consent;

/**
 * The core segment of a TC string of version 2 of the IAB's Transparency and Consent Framework: which purposes are
 * consented to. Vendors and the other segments are not looked at.
 *
 * <p>Confined to its loop; allocates nothing. Source: IAB Tech Lab, "Consent string and vendor list formats v2",
 * section "TC String Format". Bits from the first on:
 *
 * <pre>
 *     0  6 version       6 36 created    42 36 last updated  78 12 CMP         90 12 its version  102  6 screen
 *   108 12 language    120 12 list      132  6 policy       138  1 service    139  1 stacks       140 12 features
 *   152 24 purposes consented to        176 24 purposes of legitimate interest                    200  1 purpose one
 * </pre>
 *
 * <p>The Canadian string (GPP section 5) is alike up to bit 139, where its features begin; its purposes are those with
 * express consent and those with implied consent.
 */
final class TcString {

    /** As many characters as hold all of the above. */
    static final int SHORTEST = 36;

    private static final int EUROPEAN_PURPOSES = 152;
    private static final int CANADIAN_PURPOSES = 151;
    private static final int PURPOSES = 24;
    private static final int PURPOSE_ONE = 1 << 1;

    // In tenths of a second since 1970: 2018, the year of the framework's first version, and 2100.
    private static final long EARLIEST = 15_147_648_000L;
    private static final long LATEST = 41_024_448_000L;

    private static final int LETTERS = 26;

    private final BitText bits = new BitText();
    private int purposesAt;

    /** Reads the string in {@code [from, to)}. Answers whether it is one. */
    boolean read(byte[] bytes, int from, int to) {
        purposesAt = EUROPEAN_PURPOSES;
        return readCore(bytes, from, to) && version() == 2;
    }

    /** Reads a Canadian one, of version 1. */
    boolean readCanadian(byte[] bytes, int from, int to) {
        purposesAt = CANADIAN_PURPOSES;
        return readCore(bytes, from, to) && version() == 1;
    }

    private boolean readCore(byte[] bytes, int from, int to) {
        return to - from >= SHORTEST && bits.reset(bytes, from, from + SHORTEST);
    }

    /** Any long word may begin with the right letter; hardly one has two dates and a language besides. */
    private boolean isPlausible() {
        return isDate(bits.number(6, 36))
                && isDate(bits.number(42, 36))
                && bits.number(108, 6) < LETTERS
                && bits.number(114, 6) < LETTERS;
    }

    private static boolean isDate(long tenths) {
        return tenths >= EARLIEST && tenths < LATEST;
    }

    int version() {
        return (int) bits.number(0, 6);
    }

    /** Milliseconds since the epoch, to a tenth of a second. */
    long createdMillis() {
        return 100 * bits.number(6, 36);
    }

    /** Bit n for the purpose n that is consented to. */
    int consented() {
        return purposes(purposesAt);
    }

    /** Bit n for the purpose n that a legitimate interest was established for (in Canada: consent implied). */
    int legitimate() {
        return purposes(purposesAt + PURPOSES);
    }

    /** Whether purpose 1 was not shown to the visitor at all, since the publisher's country does not ask for it. */
    boolean purposeOneNotShown() {
        return isEuropean() && bits.bit(200);
    }

    /**
     * What it says if these purposes, bit n for purpose n, are needed. In Europe purpose 1 needs consent (the
     * framework's policy knows no legitimate interest for it), the others either. What looks like no string of the
     * framework beyond its first letter consents to nothing; it may refuse.
     */
    Said said(int needed) {
        int given = consented() | (isEuropean() ? legitimate() & ~PURPOSE_ONE : legitimate());
        int missing = needed & ~given;
        if (purposeOneNotShown()) {
            missing &= ~PURPOSE_ONE;
        }
        if (missing != 0) {
            return Said.REFUSED;
        }
        return isPlausible() ? Said.GRANTED : Said.NOTHING;
    }

    private boolean isEuropean() {
        return purposesAt == EUROPEAN_PURPOSES;
    }

    private int purposes(int at) {
        // The first bit is purpose 1.
        return Integer.reverse((int) bits.number(at, PURPOSES)) >>> Integer.SIZE - PURPOSES - 1;
    }
}
