package io.sluice.delivery.parked;

import io.sluice.journal.SealedBlock;
import java.util.function.Consumer;

/** Keeps blocks that a destination will never take. */
public interface Parking extends AutoCloseable {

    /**
     * Keeps a block. The same block again replaces it.
     *
     * @param data its bytes, never changed again
     * @param reason why it was refused, in words joined by hyphens; becomes part of its name
     * @param ended takes {@code null} once the block is durable, else what went wrong; on any thread
     */
    void park(SealedBlock block, byte[] data, String reason, Consumer<String> ended);

    @Override
    void close();
}
