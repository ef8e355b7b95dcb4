package io.sluice.record;

/** The fields of an event line, in the order in which they stand. docs/SCHEMA.md says what is in each. */
public enum Field {
    ID("id"),
    EVENT("event"),
    SHOP("shop"),
    RECEIVED("rt"),
    SENT("st"),
    ADDRESS("ip"),
    AGENT("ua"),
    URL("url"),
    REFERRER("ref"),
    USER("uid"),
    ANONYMOUS("aid"),
    SESSION("sid"),
    CONSENT("consent"),
    VIA("via"),
    POLICY("pv"),
    PROPS("props"),
    SCRUBBED("scrub"),
    POSITION("pos");

    private final String key;

    Field(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }
}
