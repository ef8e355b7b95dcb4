package io.sluice.privacy;

/**
 * Where pseudonyms come from: one is the same for the same value, and tells nobody the value who lacks the secret.
 *
 * <p>Confined to a sink. Secrets of periods and of shops come to stand behind this.
 */
interface Pseudonyms {

    /** Letters of a pseudonym. */
    int LENGTH = 16;

    /** Writes {@value #LENGTH} letters from a to p, in which no detector finds anything. */
    void write(Kind kind, byte[] value, int from, int to, byte[] dst, int at);
}
