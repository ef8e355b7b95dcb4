package io.sluice.journal;

import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Manifests of delivered blocks that are not delivered themselves.
 *
 * <p>Confined to delivery but for {@link #pending}. Memory: {@value #MEMORY_BYTES} bytes of summaries and receipts that
 * wait, and what delivery holds. Of what is beyond that only the place of the SEAL is kept, about 100 bytes a block,
 * and the manifest is made again from there; but for the few blocks whose SEAL has no summary.
 */
final class Manifests {

    static final int MEMORY_BYTES = 4 << 20;
    /** Of a manifest beside its summary and text. */
    private static final int OVERHEAD_BYTES = 256;

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);

    private final Cells cells;
    private final int memoryBytes;
    private final ArrayDeque<Handed> owed = new ArrayDeque<>();
    private final Map<BlockManifest, Handed> out = new IdentityHashMap<>();
    private long waitingBytes;
    /** How often some were given up. */
    private long givenUp;

    private boolean paused;
    private long pausedUntilNanos;
    private volatile long pending;

    /** @param memoryBytes most bytes of manifests that wait in memory */
    Manifests(Cells cells, int memoryBytes) {
        this.cells = cells;
        this.memoryBytes = memoryBytes;
    }

    /** Takes a manifest to be handed out. */
    void owe(Handed handed, BlockManifest manifest) {
        int bytes = bytes(manifest);
        if (handed.sealOffset < 0 || waitingBytes + bytes <= memoryBytes) {
            handed.manifest = manifest;
            waitingBytes += bytes;
        } else {
            handed.textOnDisk = !manifest.receipt().text().isEmpty();
            handed.receipt = new Receipt(
                    manifest.receipt().kind(), "", manifest.receipt().millis());
        }
        owed.add(handed);
        count();
    }

    private static int bytes(BlockManifest manifest) {
        return OVERHEAD_BYTES
                + manifest.summary().bytes()
                + manifest.receipt().text().length();
    }

    /** The next, or {@code null} if there is none now. */
    BlockManifest poll(long nowNanos) {
        if (paused && nowNanos - pausedUntilNanos < 0) {
            return null;
        }
        while (!owed.isEmpty()) {
            Handed handed = owed.peek();
            BlockManifest manifest = handed.manifest;
            if (manifest == null) {
                try {
                    manifest = handed.source.manifest(handed);
                    paused = false;
                } catch (IOException e) {
                    cells.increment(Counter.JOURNAL_READ_FAILURES);
                    if (!paused) {
                        LOG.warn("a manifest cannot be read, trying on: {}", e.toString());
                    }
                    paused = true;
                    pausedUntilNanos = nowNanos + PAUSE_NANOS;
                    return null;
                }
            } else {
                handed.manifest = null;
                waitingBytes -= bytes(manifest);
            }
            owed.remove();
            if (manifest != null) {
                out.put(manifest, handed);
                return manifest;
            }
            // Its block is delivered, and nothing can be said of it but what its own lines say.
            LOG.error("block {} has no manifest, for its SEAL is damaged", handed.id);
            cells.increment(Counter.DAMAGED_BLOCKS);
            handed.source.marks().manifested(handed, handed.receipt.millis());
            count();
        }
        return null;
    }

    /**
     * Gives up the manifests that alone hold the oldest segment of a log: beacons need its space more. Those that are
     * out may still be delivered; should the segment outlive this process, the next hands the others out again.
     */
    void giveUp() {
        Map<LogSource, Integer> counts = new IdentityHashMap<>();
        Map<LogSource, Long> oldest = new IdentityHashMap<>();
        forEachHolding(handed -> oldest.merge(handed.source, handed.firstSequence, Math::min));
        forEachHolding(handed -> {
            if (handed.firstSequence == oldest.get(handed.source)) {
                counts.merge(handed.source, 1, Integer::sum);
            }
        });
        counts.keySet().removeIf(source -> !source.isHeldBy(oldest.get(source), counts.get(source)));
        if (counts.isEmpty()) {
            return;
        }
        forEachHolding(handed -> {
            if (counts.containsKey(handed.source) && handed.firstSequence == oldest.get(handed.source)) {
                handed.givenUp = true;
                waitingBytes -= handed.manifest == null ? 0 : bytes(handed.manifest);
                handed.manifest = null;
                handed.marked();
            }
        });
        owed.removeIf(handed -> handed.givenUp);
        int given = 0;
        for (int count : counts.values()) {
            given += count;
        }
        cells.add(Counter.MANIFESTS_GIVEN_UP, given);
        givenUp++;
        // Once, then ever more rarely: the counter has them all.
        if (Long.bitCount(givenUp) == 1) {
            LOG.warn(
                    "{} manifests are given up, since the journal needs their space; their records are delivered",
                    given);
        }
        count();
    }

    private void forEachHolding(Consumer<Handed> action) {
        for (Handed handed : out.values()) {
            if (!handed.givenUp) {
                action.accept(handed);
            }
        }
        owed.forEach(action);
    }

    /** Takes note that it is delivered. @return the block's, or {@code null} if it had been given up */
    Handed delivered(BlockManifest manifest) {
        Handed handed = out.remove(manifest);
        if (handed == null) {
            throw new IllegalArgumentException(
                    "the manifest of block " + manifest.block() + " of log " + manifest.log() + " is not out");
        }
        count();
        return handed.givenUp ? null : handed;
    }

    long waitingBytes() {
        return waitingBytes;
    }

    private void count() {
        pending = owed.size() + out.size();
    }

    /** Not delivered yet, as far as they are known. Any thread. */
    long pending() {
        return pending;
    }
}
