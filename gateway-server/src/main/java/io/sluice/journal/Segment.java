package io.sluice.journal;

import io.sluice.storage.StorageFile;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One segment of this process's own log, from its preparation until it is recycled.
 *
 * <p>Threads: the preallocator makes it; the committer writes it and owns the file while it does; delivery reads
 * {@link #syncedEnd} and holds it by {@link #pins}.
 */
final class Segment {

    final Path path;
    final SegmentHeader header;
    final long sequence;
    final long generation;
    final int bytes;
    final StorageFile file;

    /** Where the next commit begins, a multiple of a disk block. The committer's. */
    int position = SegmentHeader.BYTES;

    /** Nothing at or behind this offset has been acknowledged. Grows while the segment is written, then stays. */
    volatile int syncedEnd = SegmentHeader.BYTES;

    /** A write or sync failed: never written, synced or used again. */
    volatile boolean failed;

    /** Undelivered blocks that begin here, and readers. Recycling goes oldest first, so the later ones need no pin. */
    final AtomicInteger pins = new AtomicInteger();

    /** A write of marks beside it failed, so that their file is not used again. Set by delivery while it is pinned. */
    volatile boolean marksFailed;

    // The pool's.
    /** Whether the committer has left it. */
    boolean retired;
    /** When nothing was owed any more for it and those before it. */
    long settledMillis;

    Segment(Path path, SegmentHeader header, int bytes, StorageFile file) {
        this.path = path;
        this.header = header;
        sequence = header.sequence();
        generation = header.generation();
        this.bytes = bytes;
        this.file = file;
    }

    int room() {
        return bytes - position;
    }
}
