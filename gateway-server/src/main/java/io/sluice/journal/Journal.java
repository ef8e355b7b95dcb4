package io.sluice.journal;

import io.sluice.common.Clock;
import io.sluice.common.Uuid7;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.record.StreamGroup;
import io.sluice.ring.CommitRing;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of one process: an incarnation of its own, and those that it adopted.
 *
 * <p>Opened, started, and closed by one thread, after the producers have stopped; {@link #readiness} may be asked by
 * any. Each log has a committer and a preallocator thread; {@link #blocks} is for one delivery thread.
 */
public final class Journal implements AutoCloseable {

    /** Whether new beacons can be taken. */
    public enum Readiness {
        READY("the journal takes beacons"),
        NO_SPACE("the journal is full, or its disk is: fewer than two segments are free"),
        FAILING("writes to the journal fail");

        private final String text;

        Readiness(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /**
     * What is synced and not delivered.
     *
     * @param blocks sealed by this start
     * @param records in them
     * @param bytes of them, encoded
     * @param openRecords in blocks of this start that could not be sealed
     * @param earlierBlocks of earlier starts, as far as they are known: a log that is not yet read to its end counts as
     *     one
     */
    public record Left(long blocks, long records, long bytes, long openRecords, long earlierBlocks) {
        public boolean isNothing() {
            return blocks == 0 && openRecords == 0 && earlierBlocks == 0;
        }
    }

    static final int SEGMENTS_TO_READY = 2;
    /** Segments that a log can have although adopted ones fill the journal. */
    private static final int RESERVED_SEGMENTS = 4;

    private static final long STOP_MILLIS = TimeUnit.SECONDS.toMillis(10);
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final JournalConfig config;
    private final Clock clock;
    private final Metrics metrics;
    private final UUID incarnation;
    private final Closeable lock;
    private final boolean direct;
    private final Budget budget;
    private final Kept kept;
    private final List<SegmentPool> pools = new ArrayList<>();
    private final List<LiveBlocks> live = new ArrayList<>();
    private final Committer[] committers;
    private final CommitRing[] rings;
    private final List<Thread> committerThreads = new ArrayList<>();
    private final List<Thread> poolThreads = new ArrayList<>();
    private final BlockFeed feed;
    private Consumer<Throwable> fatal = e -> {};

    private Journal(
            JournalConfig config,
            Storage storage,
            Clock clock,
            Metrics metrics,
            List<StreamGroup> groups,
            int logs,
            Supplier<UUID> ids,
            RandomGenerator random)
            throws IOException {
        this.config = config;
        this.clock = clock;
        this.metrics = metrics;
        Layout.makeDirectories(storage, config.root());
        UUID id = null;
        Closeable held = null;
        while (held == null) {
            // Another start may take a directory for abandoned before its lock is held: then it is, and ours is the
            // next.
            id = ids.get();
            Path directory = config.root().resolve(id.toString());
            storage.createDirectories(directory);
            held = storage.tryLock(directory.resolve(Layout.LOCK));
        }
        incarnation = id;
        lock = held;
        committers = new Committer[logs];
        rings = new CommitRing[logs];
        budget = new Budget(config.maxBytes(), (long) RESERVED_SEGMENTS * logs * config.segmentBytes());
        kept = new Kept(storage, budget);
        boolean opened = false;
        try {
            Path directory = config.root().resolve(id.toString());
            for (int log = 0; log < logs; log++) {
                storage.createDirectories(Layout.log(directory, log));
            }
            Groups.write(storage, directory.resolve(Layout.GROUPS), groups);
            storage.syncDirectory(directory);
            storage.syncDirectory(config.root());
            direct = probeDirect(storage, directory.resolve(Layout.PROBE));
            Groups names = Groups.of(groups);
            Cells delivery = metrics.newCells();
            for (int log = 0; log < logs; log++) {
                live.add(new LiveBlocks(config.memoryBytes() / logs));
            }
            SegmentReaders readers = SegmentReaders.of(storage, config, clock, delivery);
            List<OwnLog> own = new ArrayList<>();
            for (int log = 0; log < logs; log++) {
                Path path = Layout.log(directory, log);
                SegmentFiles files = new SegmentFiles(
                        storage,
                        path,
                        id,
                        log,
                        config.segmentBytes(),
                        CommitBatch.roundUp(config.batchBytes()),
                        config.keys().writingId(),
                        budget,
                        direct ? Storage.Access.WRITE_DIRECT : Storage.Access.WRITE,
                        random);
                SegmentPool pool =
                        new SegmentPool(storage, path, log, config, files, budget, kept, clock, metrics.newCells());
                pools.add(pool);
                Marks marks = new Marks(storage, path, id, log);
                own.add(new OwnLog(id, log, names, live.get(log), pool, readers, marks, config.manifests(), delivery));
            }
            Adopted adopted = new Adopted(
                    config,
                    storage,
                    id,
                    names,
                    budget,
                    kept,
                    random,
                    delivery,
                    readers,
                    live.getFirst().memory());
            feed = new BlockFeed(config, adopted, kept, clock, delivery, live, own);
            feed.adopt();
            opened = true;
        } finally {
            if (!opened) {
                lock.close();
            }
        }
        metrics.gauge(Gauge.JOURNAL_BYTES, budget::used);
        metrics.gauge(Gauge.JOURNAL_KEPT_BYTES, this::keptBytes);
        metrics.gauge(Gauge.JOURNAL_KEPT_SECONDS, this::keptSeconds);
        metrics.gauge(Gauge.JOURNAL_PENDING_MANIFESTS, feed::pendingManifests);
        metrics.gauge(Gauge.JOURNAL_FREE_SEGMENTS, this::freeSegments);
        metrics.gauge(Gauge.JOURNAL_PENDING_RECORDS, this::pendingRecords);
        metrics.gauge(Gauge.JOURNAL_UNSYNCED_SECONDS, this::unsyncedSeconds);
        metrics.gauge(Gauge.OLDEST_UNDELIVERED_SECONDS, this::oldestSeconds);
    }

    /**
     * Makes a new incarnation under the root and adopts those whose processes are gone.
     *
     * @param groups the present stream groups, whose numbers the frames will carry
     * @param logs how many logs to keep, each with a ring and a committer
     * @throws IOException if the root cannot be written
     */
    public static Journal open(
            JournalConfig config, Storage storage, Clock clock, Metrics metrics, List<StreamGroup> groups, int logs)
            throws IOException {
        Uuid7 uuids = new Uuid7();
        return open(
                config,
                storage,
                clock,
                metrics,
                groups,
                logs,
                () -> uuids.next(clock.epochMillis()),
                new SecureRandom());
    }

    static Journal open(
            JournalConfig config,
            Storage storage,
            Clock clock,
            Metrics metrics,
            List<StreamGroup> groups,
            int logs,
            Supplier<UUID> ids,
            RandomGenerator random)
            throws IOException {
        if (config.segmentBytes() % Storage.BLOCK_BYTES != 0 || config.segmentBytes() < 4 * Storage.BLOCK_BYTES) {
            throw new IllegalArgumentException("a segment of " + config.segmentBytes()
                    + " bytes, expected a multiple of " + Storage.BLOCK_BYTES + ", at least four times that");
        }
        return new Journal(config, storage, clock, metrics, groups, logs, ids, random);
    }

    private boolean probeDirect(Storage storage, Path file) throws IOException {
        if (!config.mayBeDirect()) {
            return false;
        }
        try {
            try (StorageFile probe = storage.open(file, Storage.Access.WRITE_DIRECT)) {
                SegmentFiles.writeFully(probe, SegmentFiles.aligned(Storage.BLOCK_BYTES), 0);
            }
            return true;
        } catch (IOException e) {
            if (config.direct() == JournalConfig.Direct.ON) {
                throw e;
            }
            LOG.info(
                    "the journal is written through the page cache, for it cannot be written directly: {}",
                    e.toString());
            return false;
        } finally {
            storage.delete(file);
        }
    }

    public UUID incarnation() {
        return incarnation;
    }

    /** Whether the page cache is passed by. */
    public boolean isDirect() {
        return direct;
    }

    /** Names what to do when a thread of the journal dies of something unexpected. Before {@link #start}. */
    public void onFatal(Consumer<Throwable> fatal) {
        this.fatal = fatal;
    }

    /** Starts the threads of a log: from now on tickets that are published on the ring are committed and answered. */
    public void start(int log, CommitRing ring) {
        Committer committer = committer(log, ring);
        committer.onFatal(fatal);
        // The first segment here, so that the first ticket finds it. If it cannot be had, readiness says so.
        pools.get(log).prepare();
        poolThreads.add(Thread.ofPlatform()
                .name("sluice-segments-" + log)
                .daemon()
                .uncaughtExceptionHandler((thread, e) -> {
                    LOG.error("{} ends, no segment will be prepared any more", thread.getName(), e);
                    fatal.accept(e);
                })
                .start(pools.get(log)));
        committerThreads.add(
                Thread.ofPlatform().name("sluice-committer-" + log).daemon().start(committer));
    }

    /** The committer of a log, not started. */
    Committer committer(int log, CommitRing ring) {
        rings[log] = ring;
        committers[log] = new Committer(log, ring, pools.get(log), live.get(log), config, clock, metrics.newCells());
        return committers[log];
    }

    SegmentPool pool(int log) {
        return pools.get(log);
    }

    LiveBlocks live(int log) {
        return live.get(log);
    }

    /** Sealed blocks, for one delivery thread. */
    public BlockSource blocks() {
        return feed;
    }

    public Readiness readiness() {
        for (Committer committer : committers) {
            if (committer != null && committer.isFailing()) {
                return Readiness.FAILING;
            }
        }
        return freeSegments() < SEGMENTS_TO_READY ? Readiness.NO_SPACE : Readiness.READY;
    }

    /** How long the slowest committer has been at one commit or sync; 0 while all wait for tickets. Any thread. */
    public long stalledNanos() {
        long longest = 0;
        for (Committer committer : committers) {
            if (committer != null) {
                longest = Math.max(longest, committer.stalledNanos());
            }
        }
        return longest;
    }

    private double unsyncedSeconds() {
        long longest = 0;
        for (Committer committer : committers) {
            if (committer != null) {
                longest = Math.max(longest, committer.unsyncedNanos());
            }
        }
        return longest / 1e9;
    }

    private int freeSegments() {
        int fewest = Integer.MAX_VALUE;
        for (SegmentPool pool : pools) {
            fewest = Math.min(fewest, pool.freeSegments());
        }
        return fewest;
    }

    /** Any thread; of moving parts, so exact only when delivery has ended. */
    public Left left() {
        long blocks = 0;
        long bytes = 0;
        long openRecords = 0;
        for (LiveBlocks log : live) {
            blocks += log.pendingBlocks();
            bytes += log.pendingBytes();
            openRecords += log.openRecords();
        }
        return new Left(blocks, pendingRecords(), bytes, openRecords, feed.pendingBlocks() - blocks);
    }

    private long pendingRecords() {
        long records = 0;
        for (LiveBlocks log : live) {
            records += log.pendingRecords();
        }
        return records;
    }

    private double keptBytes() {
        long bytes = budget.kept();
        for (SegmentPool pool : pools) {
            bytes += pool.keptBytes();
        }
        return bytes;
    }

    private double keptSeconds() {
        long oldest = kept.oldestMillis();
        for (SegmentPool pool : pools) {
            oldest = Math.min(oldest, pool.oldestKeptMillis());
        }
        return oldest == Long.MAX_VALUE ? 0 : Math.max(0, clock.epochMillis() - oldest) / 1000.0;
    }

    private double oldestSeconds() {
        long oldest = feed.oldestMillis();
        return oldest == Long.MAX_VALUE ? 0 : Math.max(0, clock.epochMillis() - oldest) / 1000.0;
    }

    /**
     * Commits what is still in the rings, syncs, and lets go of everything. Delivery must have ended before. What is
     * not delivered is adopted by the next start.
     */
    @Override
    public void close() throws IOException {
        close(STOP_MILLIS);
    }

    /** @param stopMillis how long to wait for each thread to end */
    void close(long stopMillis) throws IOException {
        for (CommitRing ring : rings) {
            if (ring != null) {
                ring.close();
            }
        }
        boolean ended = join(committerThreads, stopMillis);
        for (SegmentPool pool : pools) {
            pool.stop();
        }
        ended &= join(poolThreads, stopMillis);
        if (ended) {
            for (SegmentPool pool : pools) {
                // So that the feed can mark that they need not be read.
                pool.takeBack();
            }
        }
        try {
            feed.close();
        } finally {
            if (ended) {
                for (SegmentPool pool : pools) {
                    pool.close();
                }
                lock.close();
            } else {
                // What such a thread still writes must not be adopted: the lock goes with the process.
                LOG.error("the journal keeps its lock and its files open, for its threads have not ended");
            }
        }
    }

    private static boolean join(List<Thread> threads, long millis) {
        boolean ended = true;
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofMillis(millis))) {
                    LOG.warn("{} has not ended within {} ms", thread.getName(), millis);
                    ended = false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                ended = false;
            }
        }
        return ended;
    }
}
