package io.sluice.json;

/** What is wrong with bytes that should be JSON. */
public enum Fault {
    /** They break the grammar of RFC 8259, or end too early. */
    MALFORMED,
    /** A string holds bytes that are not UTF-8 as RFC 3629 has it. */
    INVALID_UTF8,
    /** Arrays and objects nest deeper than {@link Scanner#MAX_DEPTH}. */
    TOO_DEEP
}
