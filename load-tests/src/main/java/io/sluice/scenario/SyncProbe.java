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
 * What a write and fdatasync take beside the gateway: 4 KiB past the page cache, where that can be had, so many times a
 * second. Each is counted twice: by itself, from the call, and from when it was due, as the requests of an open
 * loop are.
 *
 * <p>By itself it has the disk, its queue of the gateway's own writes, and now and then a wait for a processor to
 * return on. From when it was due it has also what the processors, which it shares with all of the run, make anybody
 * wait who wants to begin: that is no figure of the disk.
 *
 * <p>The gateway's own summary of its syncs has each of them once. A request that comes while one takes 20 ms waits for
 * it, and so do all others of these 20 ms: by time, slow syncs are far more of what there is than by number. Threads:
 * one of its own; {@link #end} or {@link #close} ends it, whichever comes first.
 */
final class SyncProbe implements AutoCloseable {

    private static final int BLOCK = Storage.BLOCK_BYTES;
    private static final int BLOCKS = 256;
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Path path;
    private final long intervalNanos;
    private final StorageFile file;
    private final Histogram calls = new Histogram(DIGITS);
    private final Histogram due = new Histogram(DIGITS);
    private final Thread thread;
    private volatile long count;
    private volatile boolean ended;
    private boolean closed;
    private IOException failure;

    /** @param file {@code null} for one that does nothing */
    private SyncProbe(Path path, StorageFile file, long intervalNanos) {
        this.path = path;
        this.file = file;
        this.intervalNanos = intervalNanos;
        thread = Thread.ofPlatform().daemon().name("sync-probe").unstarted(this::run);
    }

    /**
     * Starts.
     *
     * @param path of a file that is made, and deleted at the end
     * @param perSecond 0 for a probe that does nothing
     */
    static SyncProbe start(Path path, int perSecond) throws IOException {
        if (perSecond == 0) {
            return new SyncProbe(path, null, 0);
        }
        // Every block is written before, so that a sync has nothing to say of where the blocks are.
        Files.write(path, new byte[BLOCKS * BLOCK], StandardOpenOption.CREATE, StandardOpenOption.SYNC);
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        SyncProbe probe = new SyncProbe(path, Bounds.open(new DiskStorage(), path), interval);
        probe.thread.start();
        return probe;
    }

    private void run() {
        try {
            probe();
        } catch (IOException e) {
            failure = e;
        }
    }

    private void probe() throws IOException {
        ByteBuffer block =
                ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK).limit(BLOCK);
        long wanted = System.nanoTime();
        for (int i = 0; !ended; i = (i + 1) % BLOCKS) {
            wanted += intervalNanos;
            for (long wait; (wait = wanted - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(wait);
            }
            long called = System.nanoTime();
            file.pwrite(block.clear().limit(BLOCK), (long) i * BLOCK);
            file.sync();
            long returned = System.nanoTime();
            calls.recordValue(returned - called);
            due.recordValue(returned - wanted);
            count++;
        }
    }

    /** Syncs up to now. */
    long count() {
        return count;
    }

    /**
     * Ends it, and adds {@code probe_p50_ms}, {@code probe_p99_ms} and {@code probe_p999_ms} of write and sync by
     * themselves, and the same as {@code probe_due_…} from when they were due; nothing if it did nothing.
     *
     * @throws IOException if a write or a sync failed
     */
    void end(Figures figures) throws IOException {
        close();
        if (failure != null) {
            throw failure;
        }
        if (file != null) {
            add(figures, "probe_", calls);
            add(figures, "probe_due_", due);
        }
    }

    private static void add(Figures figures, String prefix, Histogram latencies) {
        figures.add(prefix + "p50_ms", latencies.getValueAtPercentile(50) / NANOS_PER_MILLI);
        figures.add(prefix + "p99_ms", latencies.getValueAtPercentile(99) / NANOS_PER_MILLI);
        figures.add(prefix + "p999_ms", latencies.getValueAtPercentile(99.9) / NANOS_PER_MILLI);
    }

    /** Ends it, and leaves no file behind. */
    @Override
    public void close() throws IOException {
        if (file == null || closed) {
            return;
        }
        closed = true;
        ended = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try (file) {
            Files.deleteIfExists(path);
        }
    }
}
