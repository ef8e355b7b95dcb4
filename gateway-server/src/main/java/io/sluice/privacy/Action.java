package io.sluice.privacy;

/** What is done with a piece of personal data. */
enum Action {
    /** Its kind stands in its place: {@code [email]}. */
    REMOVE("remove"),
    /** Every letter and digit becomes an asterisk; its shape stays: {@code ****@*.*******}. */
    MASK("mask"),
    /** A pseudonym stands in its place, the same for the same value: {@code [email:cdpmabkf…]}. */
    HASH("hash"),
    /** Its end is cut off: addresses to their network, coordinates to two decimals; else as {@link #MASK}. */
    TRUNCATE("truncate"),
    /** What many share stands in its place: the first digits of a card, the country of an account or a telephone. */
    BUCKET("bucket"),
    /** It stays. */
    KEEP("keep");

    private final String key;

    Action(String key) {
        this.key = key;
    }

    /** As policies name it. */
    String key() {
        return key;
    }
}
