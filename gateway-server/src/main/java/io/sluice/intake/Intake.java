package io.sluice.intake;

import io.sluice.protocol.FramedRequest;
import io.sluice.ring.Reply;

/**
 * What {@code http} sees of the way behind it: one per loop, confined to that loop, never blocking.
 */
public interface Intake {

    /** Of fewer bytes, no request can take long. */
    int LEAST_DEAR_BYTES = 16 << 10;

    /** What became of a request that was offered. */
    enum Admission {
        /** It is staged. Its reply comes back through {@link Reply.Target#replied} once it is on disk, or is not. */
        STAGED,
        /**
         * As {@link #STAGED}, but it would have held up the loop, and is decoded beside it: its connection should bring
         * the next request no sooner than if it had.
         */
        GIVEN_AWAY,
        /** The reply has its final status and body already; {@link Reply.Target#replied} will not be called. */
        ANSWERED,
        /**
         * No credit: nothing was looked at. Offer it again when {@link #onCredit} runs, or answer 503 after a while.
         */
        NO_CREDIT
    }

    /** Takes a whole request through key, shop, decoding and scrubbing into staging. Never throws for bad input. */
    Admission offer(FramedRequest request, Reply reply);

    /** Names what to run, on the loop, when credit has come back after {@link Admission#NO_CREDIT}. */
    void onCredit(Runnable callback);

    /** Seals every open block and flushes; {@code done} runs on the loop when all tickets have come back. */
    void drain(Runnable done);
}
