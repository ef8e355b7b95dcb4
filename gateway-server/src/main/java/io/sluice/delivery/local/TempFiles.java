package io.sluice.delivery.local;

import io.sluice.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hidden directory for objects that are being written. Each process names its files by an id whose lock file it
 * holds; what belongs to an id that nobody holds was left by a process that died, and is deleted. Delivery thread only.
 *
 * <pre>
 *   .tmp/019a….lock        held as long as the process lives
 *   .tmp/019a…-7           its seventh attempt to write an object
 * </pre>
 */
final class TempFiles implements AutoCloseable {

    static final String DIRECTORY = ".tmp";
    private static final String LOCK = ".lock";

    private static final Logger LOG = LoggerFactory.getLogger(TempFiles.class);

    private final Storage storage;
    private final Path directory;
    private final String id = UUID.randomUUID().toString();
    private final Closeable lock;
    private long attempts;

    /** @param root a directory that exists */
    TempFiles(Storage storage, Path root) throws IOException {
        this.storage = storage;
        this.directory = root.resolve(DIRECTORY);
        storage.createDirectories(directory);
        this.lock = lock(directory.resolve(id + LOCK));
        if (lock == null) {
            throw new IOException("somebody else holds the lock of a new id in " + directory);
        }
        cleanUp();
    }

    Path next() {
        attempts++;
        return directory.resolve(id + "-" + attempts);
    }

    private Closeable lock(Path file) throws IOException {
        storage.open(file, Storage.Access.WRITE).close();
        return storage.tryLock(file);
    }

    private void cleanUp() throws IOException {
        List<Path> files = storage.list(directory);
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.endsWith(LOCK) && !name.startsWith(id)) {
                cleanUp(file, name.substring(0, name.length() - LOCK.length()), files);
            }
        }
    }

    /** The lock file goes last: whoever dies in between leaves something by which the rest is found. */
    private void cleanUp(Path lockFile, String owner, List<Path> files) throws IOException {
        Closeable stale = storage.tryLock(lockFile);
        if (stale == null) {
            return;
        }
        try {
            for (Path file : files) {
                if (file.getFileName().toString().startsWith(owner + "-")) {
                    storage.delete(file);
                    LOG.info("deleted {}, left unfinished by an earlier process", file);
                }
            }
            storage.delete(lockFile);
        } finally {
            stale.close();
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
        storage.delete(directory.resolve(id + LOCK));
    }
}
