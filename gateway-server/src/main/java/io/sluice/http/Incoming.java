package io.sluice.http;

import io.sluice.intake.Intake.Admission;
import io.sluice.metrics.Reason;
import io.sluice.protocol.FramedRequest;

/**
 * One request on its way to the intake: its head, its body while that comes in, and its place among those that wait
 * for credit.
 *
 * <p>Confined to its loop. Owns the body until the intake has copied it. Used again for one request after the other,
 * by a connection of HTTP/1 or a stream of HTTP/2. Allocates nothing but for what waits or comes in pieces.
 */
final class Incoming {

    /** Who receives the request. */
    interface Owner extends Slot.Owner {

        /** The request no longer stands in the loop's queue: taken, refused, or abandoned a while ago. */
        void unqueued();

        /** The request was dear, and is decoded beside the loop. */
        void givenAway();
    }

    private final Loop loop;
    private final Owner owner;
    final RequestHead head = new RequestHead();
    final RequestBody body;

    private Slot slot;
    private byte[] address;
    private long receivedMillis;
    private boolean queued;
    private boolean waits;
    private long waitingSinceNanos;

    Incoming(Loop loop, Owner owner, BodyBudget budget) {
        this.loop = loop;
        this.owner = owner;
        this.body = new RequestBody(loop.config.maxBodyBytes(), budget);
    }

    /** The request is whole: offers it, lets it wait for credit, or refuses it. */
    void complete(Slot slot, byte[] address, long now) {
        this.slot = slot;
        this.address = address;
        if (loop.closed()) {
            refuse(Reason.DRAINING);
            return;
        }
        receivedMillis = loop.receivedMillis();
        if (loop.othersWait() || !offer()) {
            if (!body.hold()) {
                loop.cells.increment(body.limit());
                refuse(Reason.OVERLOADED);
                return;
            }
            head.keep();
            queued = true;
            waits = true;
            waitingSinceNanos = now;
            loop.enqueue(this);
        }
    }

    /** Offers the request that is whole. Returns whether it has been taken or answered. */
    private boolean offer() {
        FramedRequest framed = loop.request;
        framed.begin(slot.protocol, receivedMillis);
        head.copyTo(framed, loop.consent);
        head.copyClientTo(framed, address);
        body.copyTo(framed.body());
        Admission admission;
        try {
            admission = loop.intake().offer(framed, slot.reply);
        } catch (Throwable failure) {
            if (failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError)) {
                // Of the machine, not of the request: no answer mends it.
                loop.die(failure);
            }
            loop.failures.report("Request answered 500", failure);
            refuse(Reason.INTERNAL);
            return true;
        }
        return switch (admission) {
            case NO_CREDIT -> false;
            case STAGED -> {
                forget();
                yield true;
            }
            case GIVEN_AWAY -> {
                forget();
                owner.givenAway();
                yield true;
            }
            case ANSWERED -> {
                forget();
                owner.settle(slot);
                yield true;
            }
        };
    }

    private void refuse(Reason reason) {
        loop.router.refuse(slot, reason);
        forget();
        owner.settle(slot);
    }

    /** Whether it waits for credit. */
    boolean waits() {
        return waits;
    }

    /** Whether the loop's queue holds it, be it that it waits or that it was abandoned there. */
    boolean queued() {
        return queued;
    }

    long waitingSinceNanos() {
        return waitingSinceNanos;
    }

    /** Offers again what waits for credit. Returns false if it still does; else it has left the queue. */
    boolean offerWaiting() {
        if (waits && !offer()) {
            return false;
        }
        waits = false;
        queued = false;
        owner.unqueued();
        return true;
    }

    /** Refuses what waits for credit, which has left the queue. */
    void refuseWaiting(Reason reason) {
        queued = false;
        if (waits) {
            waits = false;
            refuse(reason);
        }
        owner.unqueued();
    }

    /** Nobody waits for the answer any more. */
    void abandon() {
        waits = false;
        forget();
    }

    /** Lets go of head and body. */
    void forget() {
        head.clear();
        body.release();
    }
}
