package io.sluice.ring;

/** A way to another thread and back. All but {@link #threadId} is one thread's. */
interface Hop {

    void publish();

    /** Whether all that was published has come back; who is told no parks until something has. */
    boolean allBack();

    /** Of the other thread. */
    long threadId();

    /** Ends the other thread. */
    void close() throws InterruptedException;
}
