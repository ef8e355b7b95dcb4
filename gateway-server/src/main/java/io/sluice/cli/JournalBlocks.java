package io.sluice.cli;

import io.sluice.record.Encoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.UUID;

/** What {@code cat} asks of a journal directory, which a running server may be writing. */
interface JournalBlocks {

    @FunctionalInterface
    interface Visitor {

        /** @param packed the block up to its last flush, closed so that it can be decoded */
        void block(UUID incarnation, int log, long block, String group, Encoding encoding, InputStream packed)
                throws IOException;
    }

    /** Whether the directory is the root of a journal. */
    boolean isJournal(Path directory) throws IOException;

    /**
     * Shows every block of the journal, delivered and open ones included, in the order of their last frames.
     *
     * @throws IOException if the journal cannot be read, or the visitor failed
     */
    void visit(Path journal, Visitor visitor) throws IOException;
}
