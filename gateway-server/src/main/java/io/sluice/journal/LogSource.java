package io.sluice.journal;

import java.io.IOException;

/** The sealed blocks of one log, in the order of their SEALs. Confined to delivery. */
sealed interface LogSource permits OwnLog, AdoptedLog {

    /**
     * The next block that has not been handed out.
     *
     * @return {@code null} if there is none now
     * @throws IOException if the log cannot be read; the call may be repeated
     */
    Handed next() throws IOException;

    Marks marks();

    /** Takes note that the block was delivered: its bytes are not needed any more. */
    void delivered(Handed handed, SealedBlock block);

    /** Takes note that all marks of the block are on disk: its segments are not needed any more. */
    void settled(Handed handed);

    /**
     * Makes the manifest of a delivered block again, from its SEAL and the receipt that was kept.
     *
     * @return {@code null} if its SEAL does not verify any more
     */
    BlockManifest manifest(Handed handed) throws IOException;

    void close() throws IOException;
}
