package io.sluice.http;

import io.sluice.metrics.Reason;
import io.sluice.protocol.Protocol;
import io.sluice.ring.Reply;

/**
 * The place of one request in its connection's queue of answers: what its head said about the answer, and the answer.
 *
 * <p>Confined to its loop. Owned by the connection, which reuses it once the answer is written. The intake holds the
 * reply from an offer that staged it until {@link #replied}; by then the connection may be gone, which the connection
 * knows.
 */
final class Slot implements Reply.Target {

    /** What the answer is beside its status and body. */
    enum Kind {
        /** The protocol's own answer, or a refusal. */
        ORDINARY,
        /** To a preflight of CORS: no body, but what the browser may send. */
        PREFLIGHT,
        /** To another OPTIONS: no body, but the methods. */
        OPTIONS
    }

    private final Connection connection;
    final Reply reply = new Reply(this);

    /** {@code null} until the path is known to be served. */
    Protocol protocol;

    Kind kind;
    /** HEAD: the answer goes without its body. */
    boolean headOnly;
    /** HTTP/1.0, where a connection that stays must say so. */
    boolean http10;
    /** The connection closes behind this answer. */
    boolean close;
    /** The request's origin, if the index allows it, else {@code null}. */
    String corsOrigin;
    /** Why the front refuses the request, else {@code null}; what the intake refuses it counts itself. */
    Reason refusal;
    /** When its last byte had come. */
    long completeNanos;
    /** Nothing in the reply will change any more. */
    boolean done;

    Slot(Connection connection) {
        this.connection = connection;
    }

    void begin(long nanoTime) {
        protocol = null;
        kind = Kind.ORDINARY;
        headOnly = false;
        http10 = false;
        close = false;
        corsOrigin = null;
        refusal = null;
        completeNanos = nanoTime;
        done = false;
    }

    @Override
    public void replied(Reply reply) {
        assert reply == this.reply;
        connection.settle(this);
    }
}
