package io.sluice.http;

/**
 * A decoder that stops between two messages when it is told to: while it is paused, bytes that were read already stay
 * undecoded, so that one packet full of requests does not bring more of them than may be in flight.
 *
 * <p>Confined to its loop.
 */
interface Gate {

    /** Decodes nothing more until {@link #resume}. */
    void pause();

    /** Goes on with what was read meanwhile. Never to be called from within a decoded message. */
    void resume() throws Exception;

    /** Throws away whatever is still to come. */
    void ignoreRest();

    /** Whether the client sends nothing more, though something it sent may be still to decode. */
    boolean inputEnded();
}
