package io.sluice.intake;

import java.time.Duration;

/**
 * What becomes of requests that cost far more than they bring.
 *
 * @param turn how long one may hold its loop before it is given to the bulk worker
 * @param percent of one processor that the bulk worker may take
 */
public record BulkConfig(Duration turn, int percent) {

    /** Of all requests that the bulk worker has and that have not been taken back: copies that no other budget has. */
    public static final int MOST_BYTES = 32 << 20;
}
