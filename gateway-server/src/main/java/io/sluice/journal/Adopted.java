package io.sluice.journal;

import io.sluice.metrics.Cells;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The incarnations whose processes are gone and whose logs this one delivers: found, held by their locks, and given to
 * be kept once nothing is owed for them.
 *
 * <p>Confined to delivery, but for {@link #pending}. Each log of theirs is handed out once, to be read.
 */
final class Adopted {

    private static final Logger LOG = LoggerFactory.getLogger(Adopted.class);

    private final JournalConfig config;
    private final Storage storage;
    private final UUID own;
    private final Groups groups;
    private final Budget budget;
    private final Kept kept;
    private final RandomGenerator random;
    private final Cells cells;
    private final SegmentReaders readers;
    private final BlockMemory memory;

    private final List<AdoptedIncarnation> incarnations = new ArrayList<>();
    private final Set<Path> foreign = new HashSet<>();
    /** Incarnations whose adoption failed. */
    private final Set<Path> unreadable = new HashSet<>();

    private volatile long pending;

    /**
     * @param own {@code null} if this process keeps no journal of its own
     * @param memory in which blocks are put together, or {@code null} for arrays
     */
    Adopted(
            JournalConfig config,
            Storage storage,
            UUID own,
            Groups groups,
            Budget budget,
            Kept kept,
            RandomGenerator random,
            Cells cells,
            SegmentReaders readers,
            BlockMemory memory) {
        this.config = config;
        this.storage = storage;
        this.own = own;
        this.groups = groups;
        this.budget = budget;
        this.kept = kept;
        this.random = random;
        this.cells = cells;
        this.readers = readers;
        this.memory = memory;
    }

    /**
     * Adopts every incarnation whose process is gone.
     *
     * @param manifests {@code null} if the journal has none
     * @return their logs, but for those of earlier calls
     */
    List<AdoptedLog> adopt(Manifests manifests) throws IOException {
        List<AdoptedLog> logs = new ArrayList<>();
        List<Path> paths = storage.list(config.root());
        kept.retain(paths);
        for (Path path : paths) {
            UUID incarnation = Layout.incarnation(path);
            if (incarnation == null) {
                if (foreign.add(path)) {
                    LOG.warn("{} is none of the journal's directories and is left alone", path);
                }
                continue;
            }
            if (incarnation.equals(own) || isAdopted(path) || kept.holds(path)) {
                continue;
            }
            AdoptedIncarnation found = tryAdopt(path, incarnation, manifests);
            if (found != null) {
                LOG.info("adopting {} with {} bytes of segments", path, found.bytes());
                budget.charge(found.bytes());
                incarnations.add(found);
                logs.addAll(found.logs());
            }
        }
        return logs;
    }

    /** @return {@code null} if its process lives, or if it cannot be adopted now */
    private AdoptedIncarnation tryAdopt(Path path, UUID incarnation, Manifests manifests) {
        try {
            AdoptedIncarnation found = AdoptedIncarnation.tryAdopt(
                    storage, path, incarnation, groups, readers, memory, config.batchBytes(), random, manifests, cells);
            unreadable.remove(path);
            return found;
        } catch (IOException e) {
            unreadable.add(path);
            // One that nobody can read keeps no other from being delivered, and no beacon from being taken.
            LOG.error("{} could not be adopted, trying on: {}", path, e.toString());
            return null;
        }
    }

    /**
     * Incarnations that are not adopted.
     *
     * @param failed those that could not be, rather than those whose processes live
     */
    List<Path> notAdopted(boolean failed) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (Path path : storage.list(config.root())) {
            UUID incarnation = Layout.incarnation(path);
            if (incarnation != null
                    && !incarnation.equals(own)
                    && !isAdopted(path)
                    && unreadable.contains(path) == failed) {
                paths.add(path);
            }
        }
        return paths;
    }

    private boolean isAdopted(Path path) {
        for (AdoptedIncarnation incarnation : incarnations) {
            if (incarnation.directory().equals(path)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Gives segments to be kept for which nothing is owed, and incarnations of which that is all.
     *
     * @return the logs of those, which are closed
     */
    List<AdoptedLog> keepSettled(long millis) {
        List<AdoptedLog> gone = new ArrayList<>();
        for (Iterator<AdoptedIncarnation> i = incarnations.iterator(); i.hasNext(); ) {
            AdoptedIncarnation incarnation = i.next();
            incarnation.keepSettled(kept, millis, config.keep().isPositive());
            if (!incarnation.isDone()) {
                continue;
            }
            i.remove();
            gone.addAll(incarnation.logs());
            try {
                incarnation.close();
            } catch (IOException e) {
                LOG.warn("closing {} failed: {}", incarnation.directory(), e.toString());
            }
            kept.done(incarnation.directory());
            LOG.info("{} is delivered", incarnation.directory());
        }
        return gone;
    }

    /** Counts anew what {@link #pending} says. */
    void count() {
        long blocks = 0;
        for (AdoptedIncarnation incarnation : incarnations) {
            for (AdoptedLog log : incarnation.logs()) {
                blocks += log.pending();
            }
        }
        pending = blocks;
    }

    /** Blocks that are not delivered, as of the last {@link #count}: what is still to be read counts as one a log. */
    long pending() {
        return pending;
    }

    /** Closes their files and gives their locks back. */
    void close() throws IOException {
        for (AdoptedIncarnation incarnation : incarnations) {
            incarnation.close();
        }
    }
}
