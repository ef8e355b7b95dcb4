package io.sluice.delivery.local;

import io.sluice.journal.SealedBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The blocks of one object in the making, in the order in which they came. Delivery thread only. */
final class ObjectBuffer {

    private final List<SealedBlock> blocks = new ArrayList<>();
    private final String group;
    private final long openedNanos;
    private final Path key;
    private long bytes;

    private int failures;
    private String problem;
    /** When the next attempt is due; of no meaning before the first has failed. */
    private long retryAtNanos;

    /**
     * @param openedNanos when the first block came
     * @param key where the object will lie; the same for every attempt, so that a repeated one replaces the object
     */
    ObjectBuffer(String group, long openedNanos, Path key) {
        this.group = group;
        this.openedNanos = openedNanos;
        this.key = key;
    }

    void add(SealedBlock block) {
        blocks.add(block);
        bytes += block.bytes().remaining();
    }

    List<SealedBlock> blocks() {
        return blocks;
    }

    long bytes() {
        return bytes;
    }

    long openedNanos() {
        return openedNanos;
    }

    Path key() {
        return key;
    }

    String group() {
        return group;
    }

    /** An attempt to write it has failed. */
    void failed(String why) {
        failures++;
        problem = why;
    }

    int failures() {
        return failures;
    }

    /** Why the last attempt failed, or {@code null}. */
    String problem() {
        return problem;
    }

    void retryAt(long nanos) {
        retryAtNanos = nanos;
    }

    long nanosUntilRetry(long nowNanos) {
        return failures == 0 ? 0 : Math.max(0, retryAtNanos - nowNanos);
    }
}
