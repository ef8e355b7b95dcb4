package io.sluice.http;

/**
 * What one client of HTTP/2 may do without bringing anything forward: resets of streams, his own and those that he has
 * us send, frames beside requests, and heads that are too large. Answers earn him more of the first two. Who uses one
 * of them up is to be sent away.
 *
 * <p>Confined to its loop. Allocates nothing.
 */
final class Http2Allowances {

    /** Such frames that each answer makes good: two updates of windows, an order of priority and a PING. */
    private static final int CONTROLS_PER_ANSWER = 4;

    /** Heads that are too large, at once and a second: a client with too many cookies tries a few times. */
    private static final int LARGE_HEADS = 8;

    private static final int LARGE_HEADS_PER_SECOND = 1;

    private final Allowance resets;
    private final Allowance controls;
    private final Allowance largeHeads;

    Http2Allowances(FloodConfig floods, int maxStreams, long now) {
        resets = new Allowance(floods.resetBurst() + maxStreams, floods.resetsPerSecond(), now);
        controls = new Allowance(floods.controlBurst(), floods.controlsPerSecond(), now);
        largeHeads = new Allowance(LARGE_HEADS, LARGE_HEADS_PER_SECOND, now);
    }

    /** Takes one for a stream that is reset. Returns false if there is none. */
    boolean spendReset(long now) {
        return resets.spend(now);
    }

    /** Takes one for a frame beside requests. Returns false if there is none. */
    boolean spendControl(long now) {
        return controls.spend(now);
    }

    /**
     * Takes one for a head that is larger than may be when it is decoded. It was decoded to its end all the same, since
     * the table of the connection depends on it. Returns false if there is none.
     */
    boolean spendLargeHead(long now) {
        return largeHeads.spend(now);
    }

    /** A request was answered. */
    void earn() {
        resets.earn(1);
        controls.earn(CONTROLS_PER_ANSWER);
    }
}
