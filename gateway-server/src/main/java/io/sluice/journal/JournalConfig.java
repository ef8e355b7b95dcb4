package io.sluice.journal;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Settings of the journal.
 *
 * @param root directory that holds the incarnations
 * @param segmentBytes size of a segment, a multiple of 4,096
 * @param maxBytes most bytes that all segments under the root may take up; only a start that finds more behind it adds
 *     a few segments of its own
 * @param direct whether to write past the page cache; AUTO tries if {@code ack} is SYNCED, and falls back
 * @param ack what must have happened before a ticket is answered
 * @param syncInterval longest time between syncs if {@code ack} is WRITTEN
 * @param batchBytes most bytes of frames written by one commit, so that replies flow
 * @param memoryBytes most bytes outside the heap for undelivered blocks, all logs together: what is written and does
 *     not fit is read from the log, and what is read back lies on the heap where less than a quarter would stay free
 * @param keyFile where the keys were read from, or {@code null}
 * @param keys what to encrypt with and to decrypt with; none by default
 * @param keep how long delivered segments stay if their space is not needed, so that they can be delivered again
 * @param manifests whether the manifest of each block is to be delivered before its segments may go
 */
public record JournalConfig(
        Path root,
        int segmentBytes,
        long maxBytes,
        Direct direct,
        Ack ack,
        Duration syncInterval,
        int batchBytes,
        long memoryBytes,
        Path keyFile,
        JournalKeys keys,
        Duration keep,
        boolean manifests) {

    /**
     * Whether the page cache is to be passed by if the file system lets us. AUTO wants it only where replies wait for
     * the disk: elsewhere the page cache takes a commit at half of the processor's time.
     */
    public boolean mayBeDirect() {
        return switch (direct) {
            case ON -> true;
            case AUTO -> ack == Ack.SYNCED;
            case OFF -> false;
        };
    }

    public enum Direct {
        AUTO,
        ON,
        OFF
    }

    public enum Ack {
        /** On disk: fdatasync has returned. */
        SYNCED("on disk, which outlives kill -9, a kernel panic and a power cut"),
        /** In the kernel: survives the process, not the machine. */
        WRITTEN(
                "with the kernel, which outlives kill -9; a kernel panic or power cut takes the last commit.sync-interval");

        private final String meaning;

        Ack(String meaning) {
            this.meaning = meaning;
        }

        /** What a 2xx says of the events in it, in one line: they are … */
        public String meaning() {
            return meaning;
        }
    }
}
