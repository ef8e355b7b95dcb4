package io.sluice.intake;

import io.sluice.beacon.Decoder;
import io.sluice.common.Clock;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.privacy.Turn;
import io.sluice.privacy.consent.Consent;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;
import io.sluice.protocol.Protocol;
import io.sluice.record.LineBuffer;
import io.sluice.shop.Shop;
import java.util.function.Function;

/**
 * From a framed request to lines: what a loop and the bulk worker do alike, each with its own.
 *
 * <p>Confined to its thread. Owns nothing but its turn. Allocates nothing.
 */
final class Decoding {

    private final Function<Protocol, Decoder> decoders;
    private final ScrubbedSink sink;
    private final Turn turn;

    Decoding(Function<Protocol, Decoder> decoders, ScrubbedSink sink, Clock clock) {
        this.decoders = decoders;
        this.sink = sink;
        turn = new Turn(clock);
        sink.within(turn);
    }

    /** Forgets what the sink keeps from one request to the next. */
    void forget() {
        sink.forget();
    }

    /**
     * Decodes the request into {@code lines} and the sink's rejected lines, whole or not at all.
     *
     * @param nanos how long that may take; 0 for as long as it does
     * @return false if that was not enough: all is as it was
     */
    boolean decode(FramedRequest request, Shop shop, LineBuffer lines, Outcome outcome, long nanos) {
        outcome.clear();
        if (nanos > 0) {
            turn.begin(nanos);
        } else {
            turn.beginEndless();
        }
        try {
            sink.begin(
                    shop,
                    request.protocol().id(),
                    request.receivedMillis(),
                    request.address(),
                    request.addressLength(),
                    request.userAgent().array(),
                    request.userAgent().length(),
                    lines);
            Consent consent = sink.requestConsent();
            consent.headers(request.globalPrivacyControl(), request.doNotTrack());
            consent.country(request.country().array(), request.country().length());
            consent.cookies(
                    request.consentCookies().array(), request.consentCookies().length());
            decoders.apply(request.protocol()).decode(request, sink, outcome);
            return true;
        } catch (Turn.Over over) {
            sink.rollback();
            outcome.clear();
            return false;
        }
    }
}
