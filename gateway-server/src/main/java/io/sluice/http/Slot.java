package io.sluice.http;

import io.sluice.metrics.Reason;
import io.sluice.protocol.Protocol;
import io.sluice.ring.Reply;

/**
 * The place of one request's answer: what its head said about the answer, and the answer.
 *
 * <p>Confined to its loop. Owned by the connection, or its stream, which uses it again once the answer is written. The
 * intake holds the reply from an offer that staged it until {@link #replied}; by then connection or stream may be gone,
 * which the owner knows.
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

    /** Who is told when the answer is final. */
    interface Owner {
        void settle(Slot slot);
    }

    private static final byte[] NO_BYTES = {};

    private final Owner owner;
    final Reply reply = new Reply(this);

    /** {@code null} until the path is known to be served. */
    Protocol protocol;

    Kind kind;
    /** HEAD: the answer goes without its body. */
    boolean headOnly;
    /** HTTP/1.0, where a connection that stays must say so. */
    boolean http10;
    /** Behind this answer the connection closes, or in HTTP/2 the stream is reset. */
    boolean close;
    /** The request's origin, if the index allows it; of no length otherwise. In an array, to be used again. */
    byte[] origin = NO_BYTES;

    int originLength;
    /** Why the front refuses the request, else {@code null}; what the intake refuses it counts itself. */
    Reason refusal;
    /** When its last byte had come. */
    long completeNanos;
    /** Nothing in the reply will change any more. */
    boolean done;

    Slot(Owner owner) {
        this.owner = owner;
    }

    void begin(long nanoTime) {
        protocol = null;
        kind = Kind.ORDINARY;
        headOnly = false;
        http10 = false;
        close = false;
        originLength = 0;
        refusal = null;
        completeNanos = nanoTime;
        done = false;
    }

    /** The answer may go to the page of this origin, which is {@link RequestHead#originPresentable}. */
    void allowOrigin(CharSequence allowed) {
        originLength = allowed.length();
        if (originLength > origin.length) {
            origin = new byte[originLength];
        }
        for (int i = 0; i < originLength; i++) {
            origin[i] = (byte) allowed.charAt(i);
        }
    }

    @Override
    public void replied(Reply reply) {
        assert reply == this.reply;
        owner.settle(this);
    }
}
