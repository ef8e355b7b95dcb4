package io.sluice.delivery;

import io.sluice.journal.SealedBlock;

/** What a destination says of the blocks that it had taken. Delivery thread only; each block is named once. */
public interface Outcomes {

    /**
     * The block is durable at the destination.
     *
     * @param id what names it there: Firehose's record id, or the key of the object
     */
    void delivered(SealedBlock block, String id);

    /**
     * The destination will never take the block, which is durable where such blocks are kept.
     *
     * @param reason why, in words joined by hyphens
     */
    default void parked(SealedBlock block, String reason) {
        throw new IllegalStateException("nobody expected that a block is parked: " + reason);
    }
}
