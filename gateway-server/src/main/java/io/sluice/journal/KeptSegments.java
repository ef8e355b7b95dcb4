package io.sluice.journal;

import io.sluice.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Gives up segments of a start whose process has ended, and that are only kept: for tools, at the wish of a person.
 *
 * <p>Holds the lock of the incarnation, so that nobody adopts it meanwhile. One thread.
 */
public final class KeptSegments implements Closeable {

    /** What the marks of a log say. Any thread; what is marked later it does not know. */
    public static final class Marked {
        private final Marks.Loaded marks;

        private Marked(Marks.Loaded marks) {
            this.marks = marks;
        }

        /**
         * Whether nothing is owed for a block any more.
         *
         * @param firstSegment number of the segment in which it begins
         * @param manifests whether its manifest has to be delivered, too
         */
        public boolean isDone(long block, long firstSegment, boolean manifests) {
            return firstSegment <= marks.settledSequence
                    || marks.delivered.contains(block) && (!manifests || marks.manifested.contains(block));
        }
    }

    private final Storage storage;
    private final Path incarnation;
    private final Closeable lock;

    private KeptSegments(Storage storage, Path incarnation, Closeable lock) {
        this.storage = storage;
        this.incarnation = incarnation;
        this.lock = lock;
    }

    /** @return {@code null} if a process holds the incarnation */
    public static KeptSegments lock(Storage storage, Path incarnation) throws IOException {
        Closeable lock = storage.tryLock(incarnation.resolve(Layout.LOCK));
        return lock == null ? null : new KeptSegments(storage, incarnation, lock);
    }

    /** Reads the marks of a log, whoever holds it. */
    public static Marked marked(Storage storage, Path incarnation, int log) throws IOException {
        Path directory = Layout.log(incarnation, log);
        Marks marks = new Marks(storage, directory, Layout.incarnation(incarnation), log);
        try {
            List<Path> segments = Layout.segments(storage, directory);
            return new Marked(marks.load(segments.isEmpty() ? -1 : Layout.segmentNumber(segments.getLast())));
        } finally {
            marks.close();
        }
    }

    /**
     * Deletes the segments of a log up to one, durably: the oldest first, as they would go by themselves. The caller
     * has made sure that nothing is owed for what begins in them. Marks stay, for what is left may need them.
     *
     * @return how many there were
     */
    public int giveUp(int log, long through) throws IOException {
        Path directory = Layout.log(incarnation, log);
        int given = 0;
        for (Path segment : Layout.segments(storage, directory)) {
            if (Layout.segmentNumber(segment) <= through) {
                storage.delete(segment);
                given++;
            }
        }
        storage.syncDirectory(directory);
        return given;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
