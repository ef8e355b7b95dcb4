package io.sluice.journal;

import io.sluice.common.Clock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Metrics;
import io.sluice.record.StreamGroup;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/**
 * The journals of processes that are gone, adopted by one that keeps none of its own: for a volume whose machine is
 * dead. What a {@link Journal} does with the incarnations that it finds, this does and nothing else; those whose
 * processes live are left alone.
 *
 * <p>Opened and closed by one thread, the latter when delivery has ended; {@link #blocks} is for one delivery thread.
 */
public final class Adoption implements AutoCloseable {

    private final BlockFeed feed;

    private Adoption(BlockFeed feed) {
        this.feed = feed;
    }

    /**
     * Adopts every incarnation under the root whose process is gone.
     *
     * @param groups names for groups of incarnations whose own list is lost
     * @throws IOException if the root cannot be listed
     */
    public static Adoption open(
            JournalConfig config, Storage storage, Clock clock, Metrics metrics, List<StreamGroup> groups)
            throws IOException {
        Cells cells = metrics.newCells();
        Budget budget = new Budget(config.maxBytes(), 0);
        Kept kept = new Kept(storage, budget);
        SegmentReaders readers = SegmentReaders.of(storage, config, clock, cells);
        Adopted adopted = new Adopted(
                config, storage, null, Groups.of(groups), budget, kept, new SecureRandom(), cells, readers, null);
        BlockFeed feed = new BlockFeed(config, adopted, kept, clock, cells, List.of(), List.of());
        feed.adopt();
        return new Adoption(feed);
    }

    /** Their sealed blocks that are not marked, for one delivery thread. */
    public BlockSource blocks() {
        return feed;
    }

    /** Directories of incarnations that were left alone, since their processes live. As {@link #blocks}, or after. */
    public List<Path> living() throws IOException {
        return feed.notAdopted(false);
    }

    /** Directories of incarnations that could not be adopted, for a reason that was logged. As {@link #living}. */
    public List<Path> unreadable() throws IOException {
        return feed.notAdopted(true);
    }

    /** Why a log cannot be read now, or {@code null} if all can. Any thread. */
    public String problem() {
        return feed.problem();
    }

    /** Makes the marks durable, removes what is delivered, and lets go of the locks. */
    @Override
    public void close() throws IOException {
        feed.close();
    }
}
