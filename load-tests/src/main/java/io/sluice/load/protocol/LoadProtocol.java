package io.sluice.load.protocol;

import java.util.List;

/** One way to bring events to a gateway over HTTP/1.1. Stateless; any thread. */
public interface LoadProtocol {

    /** As {@code --protocol} names it. */
    String name();

    /** What it is, in a few words. */
    String about();

    /** Most events in one request. */
    int maxEvents();

    /** A whole request of these events, as bytes; its numbers and times are written over before it is sent. */
    Rendered render(List<TrafficEvent> events, Sender sender);

    /**
     * Whether an answer with 2xx takes responsibility for every event of the request.
     *
     * @param body the first bytes of the answer's body
     * @param length how many of them there are
     */
    boolean takesAll(byte[] body, int length);
}
