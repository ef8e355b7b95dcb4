package io.sluice.journal;

import io.sluice.metrics.Cells;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
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
    private final AutoCloseable lock;
    private final List<AdoptedLog> logs = new ArrayList<>();
    private final List<Path> logDirectories = new ArrayList<>();
    private long bytes;

    private AdoptedIncarnation(Storage storage, Path directory, AutoCloseable lock) {
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
            int windowBytes,
            int batchBytes,
            RandomGenerator random,
            Cells cells)
            throws IOException {
        AutoCloseable lock = storage.tryLock(directory.resolve(Layout.LOCK));
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
                            storage, path, incarnation, log, groups, windowBytes, batchBytes, random, cells));
                    adopted.bytes += bytes(storage, path);
                }
            }
            opened = true;
            return adopted;
        } finally {
            if (!opened) {
                adopted.unlock();
            }
        }
    }

    private static long bytes(Storage storage, Path log) throws IOException {
        long bytes = 0;
        for (Path path : Layout.segments(storage, log)) {
            try (StorageFile file = storage.open(path, Storage.Access.READ)) {
                bytes += file.size();
            }
        }
        return bytes;
    }

    Path directory() {
        return directory;
    }

    List<AdoptedLog> logs() {
        return logs;
    }

    /** Bytes of its segments when it was adopted. */
    long bytes() {
        return bytes;
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
        storage.delete(directory.resolve(Layout.GROUPS));
        storage.delete(directory.resolve(Layout.LOCK));
        unlock();
        if (storage.list(directory).isEmpty()) {
            storage.delete(directory);
        } else {
            LOG.warn("{} holds files that are none of the journal's and is left alone", directory);
        }
    }

    void close() throws IOException {
        for (AdoptedLog log : logs) {
            log.close();
        }
        unlock();
    }

    private void unlock() throws IOException {
        try {
            lock.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
