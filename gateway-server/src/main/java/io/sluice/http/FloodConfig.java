package io.sluice.http;

import java.time.Duration;

/**
 * What a client may do that brings nothing forward, or costs far more than it brings.
 *
 * @param resetsPerSecond streams of a connection of HTTP/2 that may end by reset, for good
 * @param controlsPerSecond frames beside requests that a connection of HTTP/2 may bring, for good
 * @param dear time on its loop beyond which a request is dear
 * @param dearPercent of a loop's time that all dear requests may take together
 */
public record FloodConfig(int resetsPerSecond, int controlsPerSecond, Duration dear, int dearPercent) {

    /** As {@code config/sluice.yaml} derives them. */
    public static final FloodConfig DEFAULT = new FloodConfig(10, 50, Duration.ofMillis(2), 25);

    /** What may come at once is what may come in so many seconds. */
    private static final int RESET_BURST_SECONDS = 10;

    /** Likewise: a client sends some at the start, and some for each of the requests that it sends in one go. */
    private static final int CONTROL_BURST_SECONDS = 20;

    /** Streams that may end by reset at once, beside as many as may be open. */
    int resetBurst() {
        return RESET_BURST_SECONDS * resetsPerSecond;
    }

    /** Frames beside requests that may come at once. */
    int controlBurst() {
        return CONTROL_BURST_SECONDS * controlsPerSecond;
    }

    /** For how long a dear request keeps others of its kind from the loop. */
    long restNanos(long costNanos) {
        return costNanos * 100 / dearPercent;
    }
}
