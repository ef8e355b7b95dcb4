package io.sluice.http;

/**
 * What one client of HTTP/2 may do without bringing anything forward: resets of streams, his own and those that he has
 * us send, and frames beside requests. Answers earn him more. Who uses one of them up is to be sent away.
 *
 * <p>Confined to its loop. Allocates nothing.
 */
final class Http2Allowances {

    /**
     * Streams that may end by reset at once, beside as many as may be open: those that are refused to a client that has
     * not read our limit, and takes it for the least that RFC 9113 recommends.
     */
    private static final int RESET_BURST = 100;

    /** Streams reset a second and connection, for good: a browser that leaves a page cancels what it has open. */
    private static final int RESETS_PER_SECOND = 10;

    /** Frames beside requests: what a client sends at the start and for its windows stays far below. */
    private static final int CONTROL_BURST = 1_000;

    private static final int CONTROLS_PER_SECOND = 50;

    /** Such frames that each answer makes good: two updates of windows, an order of priority and a PING. */
    private static final int CONTROLS_PER_ANSWER = 4;

    private final Allowance resets;
    private final Allowance controls;

    Http2Allowances(int maxStreams, long now) {
        resets = new Allowance(RESET_BURST + maxStreams, RESETS_PER_SECOND, now);
        controls = new Allowance(CONTROL_BURST, CONTROLS_PER_SECOND, now);
    }

    /** Takes one for a stream that is reset. Returns false if there is none. */
    boolean spendReset(long now) {
        return resets.spend(now);
    }

    /** Takes one for a frame beside requests. Returns false if there is none. */
    boolean spendControl(long now) {
        return controls.spend(now);
    }

    /** A request was answered. */
    void earn() {
        resets.earn(1);
        controls.earn(CONTROLS_PER_ANSWER);
    }
}
