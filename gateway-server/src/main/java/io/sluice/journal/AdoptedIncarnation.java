package io.sluice.journal;

import io.sluice.metrics.Cells;
import io.sluice.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of a start that has ended, ours by its lock until nothing is owed for it any more; then its segments
 * are {@linkplain Kept kept} without one.
 *
 * <p>Confined to delivery.
 */
final class AdoptedIncarnation {

    private static final Logger LOG = LoggerFactory.getLogger(AdoptedIncarnation.class);

    private final Path directory;
    private final Closeable lock;
    private final List<AdoptedLog> logs = new ArrayList<>();

    private AdoptedIncarnation(Path directory, Closeable lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * @param memory in which blocks are put together, or {@code null} for arrays
     * @return {@code null} if its process lives
     */
    static AdoptedIncarnation tryAdopt(
            Storage storage,
            Path directory,
            UUID incarnation,
            Groups present,
            SegmentReaders readers,
            BlockMemory memory,
            int batchBytes,
            RandomGenerator random,
            Manifests manifests,
            Cells cells)
            throws IOException {
        Closeable lock = storage.tryLock(directory.resolve(Layout.LOCK));
        if (lock == null) {
            return null;
        }
        AdoptedIncarnation adopted = new AdoptedIncarnation(directory, lock);
        boolean opened = false;
        try {
            Groups groups = Groups.read(storage, directory.resolve(Layout.GROUPS));
            if (groups == null) {
                // No frame is written before this file is durable, so a missing one is harmless if there are none.
                LOG.warn("{} has no list of stream groups that verifies, the present one is used", directory);
                groups = present;
            }
            for (Path path : storage.list(directory)) {
                int log = Layout.logNumber(path);
                if (log >= 0) {
                    adopted.logs.add(new AdoptedLog(
                            storage,
                            path,
                            incarnation,
                            log,
                            groups,
                            readers,
                            memory,
                            batchBytes,
                            random,
                            manifests,
                            cells));
                }
            }
            opened = true;
            return adopted;
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    Path directory() {
        return directory;
    }

    List<AdoptedLog> logs() {
        return logs;
    }

    /** Bytes of its segments, but for those that were given to be kept. */
    long bytes() {
        long bytes = 0;
        for (AdoptedLog log : logs) {
            bytes += log.bytes();
        }
        return bytes;
    }

    /** Gives segments to be kept in which nothing is needed any more. */
    void keepSettled(Kept kept, long epochMillis, boolean mark) {
        for (AdoptedLog log : logs) {
            log.keepSettled(kept, epochMillis, mark);
        }
    }

    boolean isDone() {
        for (AdoptedLog log : logs) {
            if (!log.isDone()) {
                return false;
            }
        }
        return true;
    }

    /** Closes its files and gives its lock back. */
    void close() throws IOException {
        for (AdoptedLog log : logs) {
            log.close();
        }
        lock.close();
    }
}
