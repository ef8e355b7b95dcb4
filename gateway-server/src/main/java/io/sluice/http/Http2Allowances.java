package io.sluice.http;

/**
 * What one client of HTTP/2 may do without bringing anything forward: resets of streams, his own and those that he has
 * us send, and frames beside requests. Answers earn him more. Who uses one of them up is to be sent away.
 *
 * <p>Confined to its loop. Allocates nothing.
 */
final class Http2Allowances {

    /** Such frames that each answer makes good: two updates of windows, an order of priority and a PING. */
    private static final int CONTROLS_PER_ANSWER = 4;

    private final Allowance resets;
    private final Allowance controls;

    Http2Allowances(FloodConfig floods, int maxStreams, long now) {
        resets = new Allowance(floods.resetBurst() + maxStreams, floods.resetsPerSecond(), now);
        controls = new Allowance(floods.controlBurst(), floods.controlsPerSecond(), now);
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
