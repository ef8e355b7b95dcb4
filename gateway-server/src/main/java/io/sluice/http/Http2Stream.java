package io.sluice.http;

/**
 * One request of HTTP/2 and its answer, from the first frame to the last byte.
 *
 * <p>Confined to its loop. Owned by its connection, which uses it again when nobody holds it any more: neither the
 * intake its reply, nor the loop's queue its request. Until then it counts as one of the streams that the client may
 * have open, also when it was reset: what a client has taken it gives back only when its ticket has returned.
 */
final class Http2Stream implements Incoming.Owner {

    /** Who has it. */
    enum Place {
        /** The client, who is still sending the request. */
        RECEIVING,
        /** The intake, or the loop's queue of those that wait for credit. */
        INTAKE,
        /** The connection, which writes its answer at the end of the iteration. */
        DUE,
        /** The client, whose windows have no room for the rest of the answer. */
        BLOCKED
    }

    private final Http2Connection connection;
    final Slot slot = new Slot(this);
    final Incoming incoming;

    int id;
    Place place;
    /** Reset, by either side, or left behind by the end of the connection: there is nobody to answer. */
    boolean dead;
    /** The client has sent all of it. */
    boolean complete;
    /** The answer is known; the rest of the request is skipped. */
    boolean skips;
    /** When it last came forward. */
    long sinceNanos;
    /** When its head had come. */
    long begunNanos;

    // The request.
    /** What Content-Length says, or -1. */
    long announced;

    int received;
    /** Bytes of padding that the window has not been given back. */
    int padding;

    // The answer.
    /** Bytes that may still be sent; below zero after the client has made its window smaller. */
    int sendWindow;

    byte[] answer;
    int answerLength;
    int sent;

    Http2Stream(Http2Connection connection, BodyBudget bodies) {
        this.connection = connection;
        this.incoming = new Incoming(connection.loop, this, bodies);
    }

    void begin(int id, int sendWindow, long now) {
        this.id = id;
        this.sendWindow = sendWindow;
        place = Place.RECEIVING;
        dead = false;
        complete = false;
        skips = false;
        sinceNanos = now;
        begunNanos = now;
        announced = -1;
        received = 0;
        padding = 0;
        answer = null;
        answerLength = 0;
        sent = 0;
        slot.begin(now);
    }

    @Override
    public void settle(Slot slot) {
        connection.settle(this);
    }

    @Override
    public void unqueued() {
        connection.unqueued(this);
    }

    @Override
    public void givenAway() {
        connection.givenAway();
    }
}
