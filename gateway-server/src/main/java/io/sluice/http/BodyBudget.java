package io.sluice.http;

import io.netty.util.internal.OutOfDirectMemoryError;
import io.sluice.metrics.Counter;

/**
 * The bytes of unfinished and waiting bodies that the connections of one loop may hold together: however many there
 * are, and whoever sends, they cannot take the memory of the rest.
 *
 * <p>Confined to its loop. Allocates nothing.
 */
final class BodyBudget {

    private static final String JDK_DIRECT_MEMORY = "java.nio.Bits";

    /** What this is a part of, or {@code null}. */
    private final BodyBudget whole;

    private long left;
    private boolean refusedHere;

    BodyBudget(long bytes) {
        this(bytes, null);
    }

    /** A part that one connection may use, so that the others find some left. */
    BodyBudget(long bytes, BodyBudget whole) {
        this.left = bytes;
        this.whole = whole;
    }

    /** Takes so many bytes out of the budget; {@link #give} follows. Returns false if they are not left. */
    boolean tryTake(int bytes) {
        refusedHere = bytes > left;
        if (refusedHere || whole != null && !whole.tryTake(bytes)) {
            return false;
        }
        left -= bytes;
        return true;
    }

    /** What to count when it has refused. */
    Counter limit() {
        return whole != null && refusedHere ? Counter.LIMIT_CONNECTION_IN_FLIGHT : Counter.LIMIT_IN_FLIGHT;
    }

    void give(int bytes) {
        left += bytes;
        if (whole != null) {
            whole.give(bytes);
        }
    }

    /**
     * Whether direct memory has run out, Netty's or the JDK's share of it: a matter of who asked for it, which leaves
     * the heap whole.
     */
    static boolean exhausted(Throwable failure) {
        if (failure instanceof OutOfDirectMemoryError) {
            return true;
        }
        StackTraceElement[] trace = failure.getStackTrace();
        return failure instanceof OutOfMemoryError
                && trace.length > 0
                && trace[0].getClassName().equals(JDK_DIRECT_MEMORY);
    }
}
