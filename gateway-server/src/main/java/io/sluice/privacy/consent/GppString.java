package io.sluice.privacy.consent;

/**
 * A string of the IAB's Global Privacy Platform: which sections it has, and what those say.
 *
 * <p>Confined to its loop; allocates nothing. Source: IAB Tech Lab, "Global Privacy Platform String", version 1, and
 * the technical specification of each section.
 *
 * <pre>
 *   header ~ section ~ section.subsection
 *
 *   header   6 bits type 3, 6 bits version 1, 12 bits count of ranges, and of each:
 *            1 bit group, Fibonacci offset from the last id, and of a group Fibonacci length
 *   section  2 TC string   5 Canadian TC string   6 US Privacy string, as text   7 US national   8 to 27 US states
 * </pre>
 *
 * <p>A US section has a version in 6 bits, then fields of 2 bits: notices, opt-outs (0 not applicable, 1 opted out, 2
 * not opted out), and more that is not looked at. Those of Maryland, Indiana, Kentucky and Rhode Island have 10 bits of
 * agreement first and no version, as the IAB's library writes them (iabgpp-es, {@code UsMdCoreSegment}); their
 * specifications of October 2025, for comment, put 6 bits of section id and 6 of version before that. No version of the
 * agreement is as large as those ids, so that the first 6 bits tell. A subsection with type 1 in 2 bits holds whether
 * Global Privacy Control is on.
 */
final class GppString {

    static final int TC_STRING = 2;
    static final int CANADIAN = 5;
    static final int US_PRIVACY = 6;
    static final int US_NATIONAL = 7;
    static final int LAST = 27;

    /** Ids of sections there may be one day. */
    private static final int MOST = 63;

    private static final int LONGEST_HEADER = 64;
    /** Characters that hold the opt-outs of any US section. */
    private static final int OPT_OUTS = 6;

    private static final int OPTED_OUT = 1;
    /** From here on sections begin with the agreement. */
    private static final int MARYLAND = 24;
    /** Bits of id and version before it. */
    private static final int SECTION_HEAD = 12;

    /** Where opt-outs stand in a section: of sale, of sharing, of targeted advertising; or 0. */
    private static final byte[][] PLACES = new byte[LAST + 1][];

    static {
        for (int id = 9; id <= 23; id++) {
            PLACES[id] = new byte[] {12, 0, 14};
        }
        PLACES[US_NATIONAL] = new byte[] {18, 20, 22};
        // California knows no targeted advertising.
        PLACES[8] = new byte[] {12, 14, 0};
        // Utah and Iowa have one notice more.
        PLACES[11] = new byte[] {14, 0, 16};
        PLACES[18] = new byte[] {14, 0, 16};
        for (int id = MARYLAND; id <= LAST; id++) {
            PLACES[id] = new byte[] {16, 0, 18};
        }
    }

    private final BitText bits = new BitText();
    private final TcString tcString;
    private byte[] bytes;
    private int to;
    private int sectionsFrom;
    private long sections;
    private int at;

    GppString(TcString tcString) {
        this.tcString = tcString;
    }

    /** Reads the header of the string in {@code [from, to)}. Answers whether it is one. */
    boolean read(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.to = to;
        sections = 0;
        int end = from;
        while (end < to && bytes[end] != '~') {
            end++;
        }
        sectionsFrom = end + 1;
        if (end - from < 5 || end - from > LONGEST_HEADER || !bits.reset(bytes, from, end)) {
            return false;
        }
        if (bits.number(0, 6) != 3 || bits.number(6, 6) != 1) {
            return false;
        }
        int ranges = (int) bits.number(12, 12);
        at = 24;
        int last = 0;
        for (int i = 0; i < ranges; i++) {
            boolean group = bits.bit(at++);
            int first = last + fibonacci();
            int length = group ? fibonacci() : 0;
            if (first <= last || first > MOST || group && length == 0 || length > MOST - first) {
                sections = 0;
                return false;
            }
            last = first + length;
            sections |= (-1L >>> 63 - length) << first;
        }
        return true;
    }

    /** Bit n for the section n that it has. */
    long sections() {
        return sections;
    }

    /**
     * What its sections say together: a refusal in one that applies is one.
     *
     * @param applicable bit n for the section n that applies
     * @param purposes those that a TC string must have, bit n for purpose n
     */
    Said said(long applicable, int purposes) {
        Said all = Said.NOTHING;
        int from = sectionsFrom;
        for (long rest = sections; rest != 0 && from < to; rest &= rest - 1) {
            int id = Long.numberOfTrailingZeros(rest);
            int end = from;
            while (end < to && bytes[end] != '~') {
                end++;
            }
            if ((applicable >>> id & 1) != 0) {
                Said said = section(id, from, end, purposes);
                if (said == Said.REFUSED) {
                    return said;
                }
                all = said == Said.GRANTED ? said : all;
            }
            from = end + 1;
        }
        return all;
    }

    private Said section(int id, int from, int end, int purposes) {
        if (id == TC_STRING) {
            return tcString.read(bytes, from, end) ? tcString.said(purposes) : Said.NOTHING;
        }
        if (id == CANADIAN) {
            return tcString.readCanadian(bytes, from, end) ? tcString.said(purposes) : Said.NOTHING;
        }
        if (id == US_PRIVACY) {
            return UsPrivacy.said(bytes, from, end);
        }
        return id >= US_NATIONAL && id <= LAST && isOptOut(id, from, end) ? Said.REFUSED : Said.NOTHING;
    }

    /** Whether a US section opts out of anything. That it does not is no consent. */
    private boolean isOptOut(int id, int from, int end) {
        int dot = from;
        while (dot < end && bytes[dot] != '.') {
            dot++;
        }
        // Short ones end before the last of these characters; what is not there is zero, not applicable.
        if (bits.reset(bytes, from, Math.min(dot, from + OPT_OUTS))) {
            int head = id >= MARYLAND && bits.number(0, 6) == id ? SECTION_HEAD : 0;
            for (byte place : PLACES[id]) {
                if (place != 0 && bits.number(head + place, 2) == OPTED_OUT) {
                    return true;
                }
            }
        }
        // Subsections of two bits of type; 1 is Global Privacy Control.
        for (int sub = dot + 1; sub < end; sub++) {
            if (bytes[sub - 1] == '.' && bits.reset(bytes, sub, sub + 1) && bits.number(0, 2) == 1 && bits.bit(2)) {
                return true;
            }
        }
        return false;
    }

    /** The next number in Fibonacci coding: sums of 1, 2, 3, 5, 8, …, ended by two ones. 0 if there is none. */
    private int fibonacci() {
        int sum = 0;
        int number = 1;
        int next = 2;
        boolean before = false;
        while (at < bits.length() && number <= MOST) {
            boolean bit = bits.bit(at++);
            if (bit && before) {
                return sum;
            }
            if (bit) {
                sum += number;
            }
            before = bit;
            int following = number + next;
            number = next;
            next = following;
        }
        // The last one of a number that is as large as can be.
        return before && bits.bit(at++) ? sum : 0;
    }
}
