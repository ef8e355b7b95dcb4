package io.sluice.common;

/** Tells whether a record has left the node. Implemented by {@code delivery}, asked over HTTP. Any thread. */
public interface DeliveredQuery {

    /** What is known about the block that a position lies in. */
    enum State {
        /** Journalled here, not yet accepted by every required destination. */
        PENDING,
        /** Accepted by every required destination. */
        DELIVERED,
        /** Not of this node's journal, or so old that its block is no longer kept. */
        UNKNOWN
    }

    State state(Position position);
}
