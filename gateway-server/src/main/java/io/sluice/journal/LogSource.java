package io.sluice.journal;

import java.io.IOException;
import java.util.function.Predicate;

/** The sealed blocks of one log, in the order of their SEALs. Confined to delivery. */
sealed interface LogSource permits OwnLog, AdoptedLog {

    /**
     * The next block that has not been handed out, of a wanted group; those of others are set aside.
     *
     * @return {@code null} if there is none now; {@link #hasMore} says if that is because enough was read for once
     * @throws IOException if the log cannot be read; the call may be repeated
     */
    Handed next(Predicate<String> wanted) throws IOException;

    /** Whether {@link #next} has more to look at, although it found nothing. */
    boolean hasMore();

    /** Whether it hands out nothing and reads nothing before a block that has no place aside is wanted. */
    boolean isWaiting();

    /** What was not wanted when its turn came. */
    SetAside aside();

    /**
     * Opens a segment to be read again, at its first frame: the first that is not before {@code atLeast}.
     *
     * @return its number, or -1 if there is none
     */
    long open(SegmentReader reader, long atLeast) throws IOException;

    /** Gives a block that was set aside what has been read of it again. */
    void foundAgain(Handed handed, FoundBlock found);

    Marks marks();

    /** Takes note that the block was delivered: its bytes are not needed any more. */
    void delivered(Handed handed, SealedBlock block);

    /** Takes note that all marks of the block are on disk, or that nothing is left of it: its segments may go. */
    void settled(Handed handed);

    /**
     * Whether the oldest segment that is needed is this one, and so many manifests are all that it is needed for.
     *
     * @param manifests of blocks that begin there
     */
    boolean isHeldBy(long firstSequence, int manifests);

    /**
     * Makes the manifest of a delivered block again, from its SEAL and the receipt that was kept.
     *
     * @return {@code null} if its SEAL does not verify any more
     */
    BlockManifest manifest(Handed handed) throws IOException;

    void close() throws IOException;
}
