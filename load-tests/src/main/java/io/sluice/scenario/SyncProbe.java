package io.sluice.scenario;

import io.sluice.ladder.Figures;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * What the disk alone keeps anybody waiting: 4 KiB written past the page cache and fdatasync, so many times a second,
 * each counted from when it was due, as the requests of an open loop are.
 *
 * <p>The gateway's own summary of its syncs has each of them once. A request that comes while one takes 20 ms waits for
 * it, and so do all others of these 20 ms: by time, slow syncs are far more of what there is than by number. Threads:
 * one of its own; {@link #end} ends it.
 */
final class SyncProbe {

    private static final int BLOCK = Storage.BLOCK_BYTES;
    private static final int BLOCKS = 256;
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Path path;
    private final long intervalNanos;
    private final Histogram latencies = new Histogram(DIGITS);
    private final Thread thread;
    private volatile long count;
    private volatile boolean ended;
    private IOException failure;

    private SyncProbe(Path path, int perSecond) {
        this.path = path;
        intervalNanos = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
        thread = Thread.ofPlatform().daemon().name("sync-probe").unstarted(this::run);
    }

    /**
     * Starts.
     *
     * @param path of a file that is made, and deleted at the end
     * @param perSecond 0 for a probe that does nothing
     */
    static SyncProbe start(Path path, int perSecond) {
        SyncProbe probe = new SyncProbe(path, perSecond);
        if (perSecond > 0) {
            probe.thread.start();
        }
        return probe;
    }

    private void run() {
        try {
            // Every block is written before, so that a sync has nothing to say of where the blocks are.
            Files.write(path, new byte[BLOCKS * BLOCK], StandardOpenOption.CREATE, StandardOpenOption.SYNC);
            try (StorageFile file = new DiskStorage().open(path, Storage.Access.WRITE_DIRECT)) {
                probe(file);
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private void probe(StorageFile file) throws IOException {
        ByteBuffer block =
                ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK).limit(BLOCK);
        long due = System.nanoTime();
        for (int i = 0; !ended; i = (i + 1) % BLOCKS) {
            due += intervalNanos;
            for (long wait; (wait = due - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(wait);
            }
            file.pwrite(block.clear().limit(BLOCK), (long) i * BLOCK);
            file.sync();
            latencies.recordValue(System.nanoTime() - due);
            count++;
        }
    }

    /** Syncs up to now. */
    long count() {
        return count;
    }

    /** Adds {@code probe_p50_ms}, {@code probe_p99_ms} and {@code probe_p999_ms}, unless it did nothing. */
    void end(Figures figures) throws IOException, InterruptedException {
        if (intervalNanos == 0) {
            return;
        }
        ended = true;
        thread.join();
        if (failure != null) {
            throw failure;
        }
        Files.delete(path);
        figures.add("probe_p50_ms", latencies.getValueAtPercentile(50) / NANOS_PER_MILLI);
        figures.add("probe_p99_ms", latencies.getValueAtPercentile(99) / NANOS_PER_MILLI);
        figures.add("probe_p999_ms", latencies.getValueAtPercentile(99.9) / NANOS_PER_MILLI);
    }
}
