package io.sluice.beacon;

import io.sluice.privacy.ScrubbedSink;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;

/**
 * Reads the events of one protocol out of a framed request and gives them to the scrubbed sink.
 *
 * <p>One per loop, confined to it. Allocates nothing per event. Never reads past the end of what the request holds,
 * the padding apart, and never throws for what a client may send: bad input ends in the outcome.
 */
public interface Decoder {

    /**
     * Decodes the whole request. Either the outcome is a refusal and the sink has been left as it was found, or every
     * event of the request is counted in the outcome and lies in the sink, as an accepted line or a rejected one.
     */
    void decode(FramedRequest request, ScrubbedSink sink, Outcome outcome);
}
