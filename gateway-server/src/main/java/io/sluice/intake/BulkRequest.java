package io.sluice.intake;

import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;
import io.sluice.record.LineBuffer;
import io.sluice.ring.Reply;
import io.sluice.shop.Shop;

/**
 * A request on its way from its loop to the bulk worker, and itself the task that brings it back to its loop.
 *
 * <p>Belongs to one thread at a time: the loop that made it, the worker, the loop again. Each hand-over is by a queue.
 */
final class BulkRequest implements Runnable {

    private final LoopIntake home;
    /** A copy of its own. */
    final FramedRequest request;

    final Reply reply;
    final Shop shop;

    // Of the worker.
    final Outcome outcome = new Outcome();
    /** What was thrown instead of an outcome, or {@code null}. */
    Throwable failure;
    /** The worker's, lent until the request is {@link BulkWorker#taken}. */
    LineBuffer lines;

    /** Lent with them. */
    LineBuffer rejected;

    BulkRequest(LoopIntake home, FramedRequest request, Reply reply, Shop shop) {
        this.home = home;
        this.request = request.copy();
        this.reply = reply;
        this.shop = shop;
    }

    /** On the loop, when the worker is done with it. */
    @Override
    public void run() {
        home.returned(this);
    }

    /** On the worker. */
    void handBack() {
        home.handBack(this);
    }
}
