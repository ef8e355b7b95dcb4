package io.sluice.intake;

import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Protocol;
import java.nio.charset.StandardCharsets;

/** What a decoder may meet: each protocol, and bodies at the edges of what is usual. */
public enum Arrived {
    EVENTS_1(Protocol.EVENTS, 1),
    EVENTS_50(Protocol.EVENTS, 50),
    EVENTS_500(Protocol.EVENTS, 500),
    /** Almost nothing but what each line has: its cost without content. */
    EVENTS_TINY(Protocol.EVENTS, 50, "[" + "{\"event\":\"a\"},".repeat(49) + "{\"event\":\"a\"}]"),
    /** Each is rejected for itself, and the body is taken. */
    EVENTS_BAD(Protocol.EVENTS, 50, "[" + "{\"evnt\":\"a\",\"n\":1},".repeat(49) + "{\"evnt\":\"a\",\"n\":1}]"),
    PIXEL(
            Protocol.PIXEL,
            1,
            "k=shop-0042&e=page_view&url=https%3A%2F%2Fshop-0042.example%2Fproducts%2Fblue-shirt-117%3Fcolor%3Dblue"
                    + "&aid=6f2c1d9e8b7a4c3d&sid=s-77120934&ts=1795305600123&list=search&pos=7&cur=EUR&ms=1830");

    private final Protocol protocol;
    private final int events;
    private final byte[] bytes;
    private Received received;

    /** The traffic's. */
    Arrived(Protocol protocol, int events) {
        this.protocol = protocol;
        this.events = events;
        bytes = null;
    }

    Arrived(Protocol protocol, int events, String text) {
        this.protocol = protocol;
        this.events = events;
        bytes = text.getBytes(StandardCharsets.US_ASCII);
    }

    public Protocol protocol() {
        return protocol;
    }

    public int events() {
        return events;
    }

    /** Whether the events become lines. */
    public boolean isGood() {
        return this != EVENTS_BAD;
    }

    /** Makes it the request; of the traffic, the next one. One thread. */
    public void next(FramedRequest request) {
        if (bytes == null) {
            if (received == null) {
                received = new Received(events);
            }
            received.next(request);
            return;
        }
        Received.envelope(request, protocol);
        switch (protocol) {
            case PIXEL -> request.query().set(bytes, 0, bytes.length);
            case EVENTS -> request.body().set(bytes, 0, bytes.length);
        }
    }
}
