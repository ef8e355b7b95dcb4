package io.sluice.delivery;

import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.journal.SealedBlock;
import java.io.IOException;
import java.util.List;

/**
 * Where blocks go. Only the delivery thread enters.
 *
 * <p>A destination keeps every block that it has taken until it has reported it. Nothing is lost by a failure: the same
 * call is made again, later.
 *
 * <p>What a destination does elsewhere, on threads of others, it takes back by its own bounded queue in the next
 * {@link #flush}, and unparks the delivery thread, which may be waiting for room.
 */
public interface Destination extends AutoCloseable {

    /** Whether another block of the group may be given. While it may not, those of other groups are. */
    default boolean hasRoom(String group) {
        return true;
    }

    /** Takes a block, to be delivered by a later {@link #flush}. Does nothing that can fail. */
    void accept(SealedBlock block, long nowNanos);

    /**
     * Delivers what is due, and reports each block once it is durable. What fails for one group alone, a destination
     * repeats by itself: an exception pauses all of them.
     *
     * @param all whether everything that was taken is due, pauses after failures included
     * @throws IOException if some of it failed; the rest was delivered, and the call is to be repeated
     */
    void flush(long nowNanos, boolean all, Outcomes outcomes) throws IOException;

    /** Nanoseconds until {@link #flush} has something to do: 0 if it has now, {@link Long#MAX_VALUE} if it is empty. */
    long nanosUntilDue(long nowNanos);

    /** What keeps it from delivering something now, in words, or {@code null} if nothing that it knows. Any thread. */
    default String problem() {
        return null;
    }

    /** Has it use other delivery streams, if it has such, from the next {@link #flush} on. Any thread. */
    default void streams(List<FirehoseConfig.Group> groups) {}

    /** Gives up what was taken and is not delivered; it stays in the journal. */
    @Override
    void close() throws IOException;
}
