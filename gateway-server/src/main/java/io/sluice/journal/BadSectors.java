package io.sluice.journal;

import io.sluice.common.Clock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.storage.Storage;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disk blocks of segments that answered with an error when they were read, and which of them are given up.
 *
 * <p>An error may pass: a volume that is attached again, a path that comes back. So a disk block is given up only when
 * it has failed {@value #TRIES} times in a row over at least {@value #SECONDS} seconds, and each time while the disk
 * did answer for another part of the same segment. From then on it reads as zeros, which are no frame, and what it held
 * counts as damaged. Confined to one thread. Memory: one small object for each disk block that cannot be read.
 */
final class BadSectors {

    static final int TRIES = 10;
    static final int SECONDS = 60;

    private static final Logger LOG = LoggerFactory.getLogger(BadSectors.class);

    private static final class Failures {
        final long sinceNanos;
        int tries;
        boolean givenUp;

        Failures(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    /** By segment and offset. */
    private final Map<Path, Map<Integer, Failures>> failures = new HashMap<>();

    private final Clock clock;
    private final Cells cells;
    private final int tries;
    private final long nanos;

    private BadSectors(Clock clock, Cells cells, int tries, long nanos) {
        this.clock = clock;
        this.cells = cells;
        this.tries = tries;
        this.nanos = nanos;
    }

    /** For delivery. */
    static BadSectors patient(Clock clock, Cells cells) {
        return new BadSectors(clock, cells, TRIES, TimeUnit.SECONDS.toNanos(SECONDS));
    }

    /** For a person who looks: what cannot be read now is passed over at once. */
    static BadSectors hasty() {
        return new BadSectors(Clock.system(), null, 1, 0);
    }

    /** Whether anything of the segment failed and has not been read since. */
    boolean has(Path file) {
        return failures.containsKey(file);
    }

    boolean isGivenUp(Path file, int offset) {
        Map<Integer, Failures> ofFile = failures.get(file);
        Failures failed = ofFile == null ? null : ofFile.get(offset);
        return failed != null && failed.givenUp;
    }

    /** Takes note of one more failure while the disk answered elsewhere. @return whether the block is given up now */
    boolean failed(Path file, int offset, Exception e) {
        Failures failed = failures.computeIfAbsent(file, path -> new HashMap<>())
                .computeIfAbsent(offset, at -> new Failures(clock.nanoTime()));
        failed.tries++;
        if (!failed.givenUp && failed.tries >= tries && clock.nanoTime() - failed.sinceNanos >= nanos) {
            failed.givenUp = true;
            if (cells != null) {
                cells.add(Counter.UNREADABLE_BYTES, Storage.BLOCK_BYTES);
            }
            LOG.error(
                    "{} bytes at offset {} of segment {} are given up after {} tries, what they held is lost: {}",
                    Storage.BLOCK_BYTES,
                    offset,
                    file,
                    failed.tries,
                    e.toString());
        }
        return failed.givenUp;
    }

    /** What was read counts as never failed. */
    void good(Path file, int offset) {
        Map<Integer, Failures> ofFile = failures.get(file);
        if (ofFile != null && ofFile.remove(offset) != null && ofFile.isEmpty()) {
            failures.remove(file);
        }
    }
}
