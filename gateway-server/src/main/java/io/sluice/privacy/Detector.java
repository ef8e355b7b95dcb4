package io.sluice.privacy;

import io.sluice.metrics.Counter;

/**
 * Finds one kind of personal data. Sees only strings that hold a candidate byte, beneath their encodings.
 *
 * <p>Confined to its scrubber. Allocates nothing, takes time linear in the text, and never throws.
 */
interface Detector {

    /**
     * Looks for the first piece at or behind {@code from}, and answers whether there is one, which {@link #begin} and
     * {@link #end} then tell.
     */
    boolean find(byte[] text, int from, int length);

    int begin();

    int end();

    /** What stands in the line instead: valid within JSON strings and within URLs. */
    byte[] replacement();

    /** What counts the pieces. */
    Counter counter();
}
