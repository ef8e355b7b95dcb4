package io.sluice.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file-system seam: everything that the journal and the local destination ask of a disk. The real one is
 * {@link DiskStorage}; tests put a simulated disk that loses, tears and fails in its place.
 *
 * <p>Any thread; each {@link StorageFile} says for itself.
 */
public interface Storage {

    /** Unit of direct writes and of a commit, in bytes: the sector that no later write may share with acked bytes. */
    int BLOCK_BYTES = 4096;

    enum Access {
        /** Reading through the page cache. */
        READ,
        /**
         * Reading and writing through the page cache; the file is made if it is missing, for the user of the process
         * alone.
         */
        WRITE,
        /** As WRITE, past the page cache (O_DIRECT). {@link IOException} where the file system cannot. */
        WRITE_DIRECT
    }

    StorageFile open(Path file, Access access) throws IOException;

    /**
     * Makes the directory and those above it, for the user of the process alone; no error if it is there. Not durable
     * before {@link #syncDirectory}.
     */
    void createDirectories(Path directory) throws IOException;

    /** The paths in the directory, sorted by name; empty if there is no such directory. */
    List<Path> list(Path directory) throws IOException;

    boolean exists(Path path);

    /**
     * Renames within one file system, atomically, replacing. Not durable before {@link #syncDirectory} of the parent.
     */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file or an empty directory; no error if it is missing. */
    void delete(Path path) throws IOException;

    /** Makes the directory's entries durable. */
    void syncDirectory(Path directory) throws IOException;

    /**
     * Locks the file against other processes and other openers in this one, without waiting.
     *
     * @return the lock, held until closed or until the process ends, or {@code null} if somebody else holds it
     */
    Closeable tryLock(Path file) throws IOException;

    /** What kind of file system the path lies on, as the system names it; empty if nobody knows. */
    default String fileSystem(Path path) throws IOException {
        return "";
    }

    /** Bytes that this process may still write on the file system of the path. */
    long usableBytes(Path path) throws IOException;
}
