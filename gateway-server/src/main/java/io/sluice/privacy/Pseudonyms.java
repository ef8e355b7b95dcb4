package io.sluice.privacy;

import io.sluice.shop.Shop;

/**
 * Where pseudonyms come from: within a period and a shop one is the same for the same value, and tells nobody the value
 * who lacks the secret.
 *
 * <p>Confined to a sink.
 */
interface Pseudonyms {

    /** Letters of a pseudonym. */
    int LENGTH = 16;

    /** Makes those of this shop, and of the period that the moment lies in, from now on. */
    void begin(Shop shop, long receivedMillis);

    /**
     * Writes {@value #LENGTH} letters from a to p, in which no detector finds anything.
     *
     * @return whether it did; if not, the secret of the period is not at hand, and the value must go
     */
    boolean write(Kind kind, byte[] value, int from, int to, byte[] dst, int at);
}
