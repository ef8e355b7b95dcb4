package io.sluice.journal;

import java.util.function.Predicate;

/**
 * What delivery sees of the journal: sealed blocks that are durable and not yet delivered, those of adopted
 * incarnations included, each handed out once. One delivery thread enters.
 */
public interface BlockSource {

    /**
     * The next block of a wanted group, waiting for one up to {@code timeoutNanos}. What cannot be read is counted and
     * tried again, and holds up no other log.
     *
     * @param wanted asked for the group of each block that could be next. Those of which it says no are set aside, in
     *     bounded memory, and handed out by a later call once it says yes
     * @return a block, which stays in the journal until it is {@link #delivered}, or {@code null} if none came
     */
    SealedBlock poll(long timeoutNanos, Predicate<String> wanted) throws InterruptedException;

    /** The next block of any group. */
    default SealedBlock poll(long timeoutNanos) throws InterruptedException {
        return poll(timeoutNanos, group -> true);
    }

    /**
     * Does what is due and hands nothing out: makes marks durable, adopts, removes what is delivered. Each poll does
     * the same; who does not poll for a while, for a destination that is paused say, calls this ten times a second.
     */
    void maintain();

    /**
     * Marks the block as delivered, with what became of it; its segments may be recycled and it will not be handed out
     * again, by this process or a later one. A poll makes the mark durable, within a second: a power failure before
     * that brings the block again. Takes effect whatever the disk does: a mark that cannot be written is kept and
     * written later.
     */
    void delivered(SealedBlock block, Receipt receipt);

    /**
     * The manifest of a block that is marked and whose manifest is not yet known to be delivered, those of adopted
     * incarnations included; each is handed out once by a process.
     *
     * @return {@code null} if there is none now, or if the journal keeps none
     */
    BlockManifest pollManifest();

    /** Marks the block's manifest as delivered, as {@link #delivered} does the block. */
    void manifested(BlockManifest manifest);

    /** Gives a block back that could not be delivered; it is handed out again, later. */
    void giveBack(SealedBlock block);

    /** Sealed, durable, and not yet marked: what a drain waits for. Manifests are not counted. */
    long pendingBlocks();

    /** Manifests that are not yet delivered, of the blocks that are; 0 if the journal keeps none. */
    default long pendingManifests() {
        return 0;
    }
}
