package io.sluice.privacy.consent;

import java.util.Map;

/** {@link ConsentRules} as the hot path asks them. Immutable; a question costs a look-up. */
public final class ConsentTable {

    /** Number of a place that is not known. */
    static final int NOWHERE = 26 * 26;

    private static final String EU = "EU";
    /** The members, those of the European Economic Area, and what has codes of its own but is part of members. */
    private static final String EU_MEMBERS =
            "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO "
                    // Article 355(1) and (4) of the Treaty on the Functioning of the European Union.
                    + "GF GP MF MQ RE YT AX";

    private static final Decision[] DECISIONS = Decision.values();

    /** For each place, what is done if nothing was said, and in the upper half, if something was refused. */
    private final byte[] decisions = new byte[NOWHERE + 1];

    private final int purposes;
    private final Words categories;
    private final int heeded;

    public ConsentTable(ConsentRules rules) {
        for (int place = 0; place <= NOWHERE; place++) {
            set(place, rules.unsaid(), rules.refused());
        }
        ConsentRules.Regional eu = rules.regions().get(EU);
        if (eu != null) {
            set(place(EU), eu);
            for (String country : EU_MEMBERS.split(" ")) {
                set(place(country), eu);
            }
        }
        for (Map.Entry<String, ConsentRules.Regional> each : rules.regions().entrySet()) {
            if (!each.getKey().equals(EU)) {
                set(place(each.getKey()), each.getValue());
            }
        }
        int needed = 0;
        for (int purpose : rules.purposes()) {
            needed |= 1 << purpose;
        }
        purposes = needed;
        categories = Choices.names(rules.categories());
        int ignored = 0;
        for (Signal signal : rules.ignored()) {
            ignored |= signal.bit();
        }
        heeded = ~ignored;
    }

    private void set(int place, ConsentRules.Regional regional) {
        // What a country leaves out is as in the EU if it is part of it, else as elsewhere: as it stands so far.
        byte before = decisions[place];
        set(
                place,
                regional.unsaid() != null ? regional.unsaid() : DECISIONS[before & 15],
                regional.refused() != null ? regional.refused() : DECISIONS[before >> 4]);
    }

    private void set(int place, Decision unsaid, Decision refused) {
        decisions[place] = (byte) (unsaid.ordinal() | refused.ordinal() << 4);
    }

    private static int place(String country) {
        return 26 * (country.charAt(0) - 'A') + country.charAt(1) - 'A';
    }

    /**
     * The number of the place that {@code [from, to)} names by the two letters of its country, with or without a part
     * of it behind a dash, or {@link #NOWHERE}.
     */
    static int place(byte[] bytes, int from, int to) {
        if (to - from < 2 || to - from > 2 && bytes[from + 2] != '-') {
            return NOWHERE;
        }
        int first = (bytes[from] | 0x20) - 'a';
        int second = (bytes[from + 1] | 0x20) - 'a';
        return first < 0 || first > 25 || second < 0 || second > 25 ? NOWHERE : 26 * first + second;
    }

    Decision decide(int place, Said said) {
        return switch (said) {
            case GRANTED -> Decision.KEEP;
            case NOTHING -> DECISIONS[decisions[place] & 15];
            case REFUSED -> DECISIONS[decisions[place] >> 4];
        };
    }

    /** Bit n for the purpose n of a TC string that is needed. */
    int purposes() {
        return purposes;
    }

    Words categories() {
        return categories;
    }

    /** The bits of the signals that are listened to. */
    int heeded() {
        return heeded;
    }
}
