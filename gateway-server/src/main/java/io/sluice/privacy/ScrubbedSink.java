package io.sluice.privacy;

/** The only way to a block. */
public final class ScrubbedSink {}
