package io.sluice.journal;

import io.sluice.common.Clock;
import io.sluice.metrics.Cells;
import io.sluice.storage.Storage;

/**
 * Makes the readers of a journal's segments, and holds what they share: the keys, and which disk blocks cannot be read.
 * Confined to one thread, as its readers are.
 */
final class SegmentReaders {

    /** One turn of a reader that goes through a whole log, in bytes. */
    private static final int WINDOW = 1 << 20;
    /** Of one that looks only at the beginning of a segment. */
    private static final int SMALL_WINDOW = 1 << 16;

    private final Storage storage;
    private final int windowBytes;
    private final JournalKeys keys;
    private final BadSectors bad;

    private SegmentReaders(Storage storage, int windowBytes, JournalKeys keys, BadSectors bad) {
        this.storage = storage;
        this.windowBytes = windowBytes;
        this.keys = keys;
        this.bad = bad;
    }

    /** For delivery. */
    static SegmentReaders of(Storage storage, JournalConfig config, Clock clock, Cells cells) {
        return new SegmentReaders(
                storage, Math.min(WINDOW, config.segmentBytes()), config.keys(), BadSectors.patient(clock, cells));
    }

    /** For a person who looks. */
    static SegmentReaders forTools(Storage storage, JournalKeys keys) {
        return new SegmentReaders(storage, WINDOW, keys, BadSectors.hasty());
    }

    JournalKeys keys() {
        return keys;
    }

    /** Reads a log. */
    SegmentReader reader() {
        return new SegmentReader(storage, windowBytes, keys, bad);
    }

    /** Looks at the beginning of a segment. */
    SegmentReader ahead() {
        return new SegmentReader(storage, Math.min(windowBytes, SMALL_WINDOW), keys, bad);
    }
}
