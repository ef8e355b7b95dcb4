package io.sluice.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room for files in memory, where the system has any. Stateless. */
final class InMemory {

    /** tmpfs for all, on Linux (shm_overview(7)). */
    private static final Path SHARED = Path.of("/dev/shm");

    /** What two minutes of a load take, and as much again. */
    private static final long ROOM_BYTES = 8L << 30;

    private InMemory() {}

    /** A new directory there, which is the caller's to delete; otherwise the one that is given. */
    static Path or(Path otherwise) throws IOException {
        return Files.isWritable(SHARED) && Files.getFileStore(SHARED).getUsableSpace() >= ROOM_BYTES
                ? Files.createTempDirectory(SHARED, "sluice-objects-")
                : otherwise;
    }

    static boolean has(Path path) {
        return path.startsWith(SHARED);
    }
}
