package io.sluice.journal;

import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The files for marks beside the segments of a log, with room made ahead: a full disk must not keep delivery from
 * letting go of segments.
 *
 * <p>Confined to the preallocator.
 */
final class MarkRoom {

    private final Storage storage;
    private final Path directory;
    private final ByteBuffer zeros;

    /** @param zeros whose position and limit may be moved */
    MarkRoom(Storage storage, Path directory, ByteBuffer zeros) {
        this.storage = storage;
        this.directory = directory;
        this.zeros = zeros;
    }

    /**
     * Makes room for the marks of a segment, durable but for the name.
     *
     * @throws IOException if that failed; then this file must not be written again
     */
    void prepare(long sequence, int segmentBytes) throws IOException {
        try (StorageFile file = storage.open(Layout.marks(directory, sequence, 0), Storage.Access.WRITE)) {
            long bytes = Math.max(file.size(), Marks.preparedBytes(segmentBytes));
            for (long at = 0; at < bytes; at += zeros.capacity()) {
                SegmentPool.writeFully(file, zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at)), at);
            }
            file.sync();
        }
    }

    /**
     * Gives the file of marks to another segment, so that a full disk needs no space for a new one. Should the power
     * fail before it is zeroed: what it says of its old blocks stays true. One that failed is not used again.
     */
    void handOn(Segment from, long sequence) throws IOException {
        boolean failed = from.marksFailed;
        Path first = null;
        for (Path path : storage.list(directory)) {
            if (Layout.besideNumber(path) != from.sequence) {
                continue;
            }
            int attempt = Layout.marksAttempt(path);
            if (attempt == 0) {
                first = path;
            } else {
                failed |= attempt > 0;
                storage.delete(path);
            }
        }
        if (first != null && failed) {
            storage.delete(first);
        } else if (first != null) {
            storage.rename(first, Layout.marks(directory, sequence, 0));
        }
    }
}
