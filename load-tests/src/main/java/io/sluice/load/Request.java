package io.sluice.load;

import io.sluice.load.acks.Ledger;

/**
 * A request that is to be answered.
 *
 * @param range the numbers of its events
 * @param intendedNanos when the schedule wanted it sent; flat out, when it was
 * @param measured whether its latency counts, since the warm-up was over
 * @param wasUnanswered whether it was sent before and the connection was lost
 */
record Request(Ledger.Range range, long intendedNanos, boolean measured, boolean wasUnanswered) {

    Request unanswered() {
        return new Request(range, intendedNanos, measured, true);
    }
}
