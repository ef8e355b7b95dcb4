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
 * The directory of a start that has ended, ours by its lock until all of it is delivered and it can be removed.
 *
 * <p>Confined to delivery.
 */
final class AdoptedIncarnation {

    private static final Logger LOG = LoggerFactory.getLogger(AdoptedIncarnation.class);

    private final Storage storage;
    private final Path directory;
    private final Closeable lock;
    private final List<AdoptedLog> logs = new ArrayList<>();
    private final List<Path> logDirectories = new ArrayList<>();

    private AdoptedIncarnation(Storage storage, Path directory, Closeable lock) {
        this.storage = storage;
        this.directory = directory;
        this.lock = lock;
    }

    /** @return {@code null} if its process lives */
    static AdoptedIncarnation tryAdopt(
            Storage storage,
            Path directory,
            UUID incarnation,
            Groups present,
            SegmentReaders readers,
            int batchBytes,
            RandomGenerator random,
            Cells cells)
            throws IOException {
        Closeable lock = storage.tryLock(directory.resolve(Layout.LOCK));
        if (lock == null) {
            return null;
        }
        AdoptedIncarnation adopted = new AdoptedIncarnation(storage, directory, lock);
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
                    adopted.logDirectories.add(path);
                    adopted.logs.add(new AdoptedLog(
                            storage, path, incarnation, log, groups, readers, batchBytes, random, cells));
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

    /** Bytes of its segments that are not deleted. */
    long bytes() {
        long bytes = 0;
        for (AdoptedLog log : logs) {
            bytes += log.bytes();
        }
        return bytes;
    }

    /** Deletes segments of which everything is delivered and marked. The call may be repeated. */
    void deleteDelivered() throws IOException {
        for (AdoptedLog log : logs) {
            log.deleteDelivered();
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

    /**
     * Removes the directory: first the segments, durably, and only then the marks that say that they were delivered.
     *
     * @throws IOException if that failed; the call may be repeated
     */
    void remove() throws IOException {
        for (AdoptedLog log : logs) {
            log.close();
        }
        for (Path log : logDirectories) {
            // Unless an earlier call came further.
            if (storage.exists(log)) {
                remove(log);
            }
        }
        storage.delete(directory.resolve(Layout.GROUPS));
        if (storage.list(directory).equals(List.of(directory.resolve(Layout.LOCK)))) {
            storage.delete(directory.resolve(Layout.LOCK));
            try {
                storage.delete(directory);
            } catch (IOException e) {
                // Another start may have come for it: then it is that one's to remove.
                LOG.warn("{} is empty and could not be removed: {}", directory, e.toString());
            }
        } else {
            LOG.warn("{} holds files that are none of the journal's and is left alone", directory);
            storage.delete(directory.resolve(Layout.LOCK));
        }
        lock.close();
    }

    private void remove(Path log) throws IOException {
        for (Path segment : Layout.segments(storage, log)) {
            storage.delete(segment);
        }
        storage.syncDirectory(log);
        for (Path path : storage.list(log)) {
            if (Layout.marksNumber(path) >= 0 || path.endsWith(Layout.PREPARED)) {
                storage.delete(path);
            } else {
                LOG.warn("{} is none of the journal's files and is left alone", path);
            }
        }
        if (storage.list(log).isEmpty()) {
            storage.delete(log);
        }
    }

    void close() throws IOException {
        for (AdoptedLog log : logs) {
            log.close();
        }
        lock.close();
    }
}
