package io.sluice.intake;

import io.sluice.metrics.Reason;
import io.sluice.protocol.AnswerRenderer;
import io.sluice.protocol.Outcome;
import io.sluice.protocol.Protocol;
import io.sluice.ring.Reply;

/** Puts what the protocol wants to say into replies. One per loop, confined to it; allocates nothing. */
final class Answers {

    private final AnswerRenderer renderer = new AnswerRenderer();

    /** The answer to a request that is staged; its positions follow at the flush, and {@code http} closes it. */
    void staged(Protocol protocol, Outcome outcome, Reply reply) {
        reply.begin(200);
        switch (protocol.answer()) {
            // The image is always the same: http has it ready.
            case GIF -> {}
            case COUNTS -> {
                renderer.counts(outcome);
                reply.append(renderer.array(), 0, renderer.length());
                reply.expectPositions();
            }
        }
    }

    /** Makes it a refusal, whatever it was before. */
    void refused(Reason reason, int offset, int limit, Reply reply) {
        int status = AnswerRenderer.status(reason);
        reply.begin(status);
        reply.retryAfterSeconds(AnswerRenderer.retryAfterSeconds(status));
        renderer.refusal(reason, offset, limit);
        reply.append(renderer.array(), 0, renderer.length());
    }
}
