package io.sluice.beacon;

import io.sluice.protocol.Protocol;

/** The decoders of one loop. A new protocol is one line here. */
public final class Decoders {

    private static final int STAGED_FIXED = 256 * 1024;
    private static final int STAGED_PER_BYTE = 8;

    private final Decoder events;
    private final Decoder pixel;

    /**
     * @param maxEvents most events of one request
     * @param maxEventBytes most bytes of one event as it arrives
     */
    public Decoders(int maxEvents, int maxEventBytes) {
        events = new EventsDecoder(maxEvents, maxEventBytes);
        pixel = new PixelDecoder(maxEventBytes);
    }

    public Decoder of(Protocol protocol) {
        return switch (protocol) {
            case EVENTS -> events;
            case PIXEL -> pixel;
        };
    }

    /**
     * Most bytes of lines that a request of {@code bytes} bytes, body or query string, leaves staged. One that would
     * leave more, thousands of empty events say, is refused: a sender must not have us write many times what he sent.
     */
    public static int stagedBound(int bytes) {
        return (int) Math.min(Integer.MAX_VALUE, STAGED_FIXED + (long) STAGED_PER_BYTE * bytes);
    }
}
