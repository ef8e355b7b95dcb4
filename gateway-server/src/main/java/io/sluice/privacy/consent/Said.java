package io.sluice.privacy.consent;

/** What a signal says about measuring visits with ids. */
enum Said {
    /** Nothing, or nothing that could be read. */
    NOTHING,
    GRANTED,
    REFUSED
}
