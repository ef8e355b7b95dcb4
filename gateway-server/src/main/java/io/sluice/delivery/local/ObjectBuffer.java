package io.sluice.delivery.local;

import io.sluice.journal.SealedBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The blocks of one object in the making, in the order in which they came. Delivery thread only. */
final class ObjectBuffer {

    private final List<SealedBlock> blocks = new ArrayList<>();
    private final long openedNanos;
    private final Path key;
    private long bytes;

    /**
     * @param openedNanos when the first block came
     * @param key where the object will lie; the same for every attempt, so that a repeated one replaces the object
     */
    ObjectBuffer(long openedNanos, Path key) {
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
}
