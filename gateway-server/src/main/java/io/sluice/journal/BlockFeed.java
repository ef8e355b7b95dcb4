package io.sluice.journal;

import io.sluice.common.Clock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sealed blocks of a journal in turn: those of its own logs and those of adopted incarnations.
 *
 * <p>Confined to the delivery thread but for {@link #pendingBlocks}. Holds the blocks that delivery holds, and at most
 * {@value #RETURNED_FIRST} more that it gave back.
 */
final class BlockFeed implements BlockSource {

    /** So many blocks given back come before any new one. */
    private static final int RETURNED_FIRST = 8;

    private static final long MARK_SYNC_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long ADOPT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Longest time between two looks at what is due. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** So often a poll goes on reading adopted logs although its time is over. */
    private static final int TURNS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(BlockFeed.class);

    private final JournalConfig config;
    private final Storage storage;
    private final UUID own;
    private final Groups groups;
    private final Budget budget;
    private final Kept kept;
    /** {@code null} if the journal has none. */
    private Manifests manifests;

    private final RandomGenerator random;
    private final Clock clock;
    private final Cells cells;
    private final SegmentReaders readers;
    private final List<LiveBlocks> live;

    private final List<LogSource> sources = new ArrayList<>();
    private final List<AdoptedIncarnation> adopted = new ArrayList<>();
    private final Map<SealedBlock, Handed> out = new IdentityHashMap<>();
    private final ArrayDeque<Handed> returned = new ArrayDeque<>();
    private final Set<Path> foreign = new HashSet<>();
    /** Incarnations whose adoption failed. */
    private final Set<Path> unreadable = new HashSet<>();

    private int turn;
    private int asideTurn;
    private boolean asideFirst;
    /** Whether there is more to read at once, although nothing was found. */
    private boolean more;

    private long marksSyncedNanos;
    private long adoptedNanos;

    /** Logs whose last read failed. */
    private final Map<LogSource, Long> pausedUntilNanos = new IdentityHashMap<>();
    /** Why the last of them could not be read. */
    private volatile String unreadableLog;

    private volatile boolean closed;
    private volatile long adoptedPending;
    private volatile long oldestOutMillis = Long.MAX_VALUE;

    /** @param own {@code null} if this process keeps no journal of its own */
    BlockFeed(
            JournalConfig config,
            Storage storage,
            UUID own,
            Groups groups,
            Budget budget,
            Kept kept,
            RandomGenerator random,
            Clock clock,
            Cells cells,
            SegmentReaders readers,
            List<LiveBlocks> live,
            List<OwnLog> logs) {
        this.config = config;
        this.storage = storage;
        this.own = own;
        this.groups = groups;
        this.budget = budget;
        this.kept = kept;
        manifests = config.manifests() ? new Manifests(cells, Manifests.MEMORY_BYTES) : null;
        this.random = random;
        this.clock = clock;
        this.cells = cells;
        this.readers = readers;
        this.live = live;
        sources.addAll(logs);
        marksSyncedNanos = clock.nanoTime();
        adoptedNanos = marksSyncedNanos;
    }

    /** Adopts every incarnation whose process is gone. */
    void adopt() throws IOException {
        adoptedNanos = clock.nanoTime();
        List<Path> paths = storage.list(config.root());
        kept.retain(paths);
        for (Path path : paths) {
            UUID incarnation = Layout.incarnation(path);
            if (incarnation == null) {
                if (foreign.add(path)) {
                    LOG.warn("{} is none of the journal's directories and is left alone", path);
                }
                continue;
            }
            if (incarnation.equals(own) || isAdopted(path) || kept.holds(path)) {
                continue;
            }
            AdoptedIncarnation found = tryAdopt(path, incarnation);
            if (found != null) {
                LOG.info("adopting {} with {} bytes of segments", path, found.bytes());
                budget.charge(found.bytes());
                adopted.add(found);
                sources.addAll(found.logs());
            }
        }
        keepSettled(clock.epochMillis());
        countAdopted();
    }

    /** @return {@code null} if its process lives, or if it cannot be adopted now */
    private AdoptedIncarnation tryAdopt(Path path, UUID incarnation) {
        try {
            AdoptedIncarnation found = AdoptedIncarnation.tryAdopt(
                    storage, path, incarnation, groups, readers, config.batchBytes(), random, manifests, cells);
            unreadable.remove(path);
            return found;
        } catch (IOException e) {
            unreadable.add(path);
            // One that nobody can read keeps no other from being delivered, and no beacon from being taken.
            LOG.error("{} could not be adopted, trying on: {}", path, e.toString());
            return null;
        }
    }

    /**
     * Incarnations that are not adopted.
     *
     * @param failed those that could not be, rather than those whose processes live
     */
    List<Path> notAdopted(boolean failed) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (Path path : storage.list(config.root())) {
            UUID incarnation = Layout.incarnation(path);
            if (incarnation != null
                    && !incarnation.equals(own)
                    && !isAdopted(path)
                    && unreadable.contains(path) == failed) {
                paths.add(path);
            }
        }
        return paths;
    }

    private boolean isAdopted(Path path) {
        for (AdoptedIncarnation incarnation : adopted) {
            if (incarnation.directory().equals(path)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public SealedBlock poll(long timeoutNanos, Predicate<String> wanted) throws InterruptedException {
        long deadline = clock.nanoTime() + timeoutNanos;
        int turns = 0;
        while (!closed) {
            maintain();
            Handed handed = next(wanted);
            if (handed != null) {
                out.put(handed.block, handed);
                return handed.block;
            }
            long left = deadline - clock.nanoTime();
            turns++;
            if (left <= 0 && (!more || turns >= TURNS)) {
                return null;
            }
            if (!more) {
                await(Math.min(left, TURN_NANOS));
            }
        }
        return null;
    }

    private void await(long nanos) throws InterruptedException {
        for (LiveBlocks log : live) {
            log.waiter(Thread.currentThread());
        }
        try {
            for (int i = 0; i < live.size(); i++) {
                if (live.get(i).hasAny()
                        && !isPaused(sources.get(i))
                        && !sources.get(i).isWaiting()) {
                    return;
                }
            }
            LockSupport.parkNanos(this, nanos);
        } finally {
            for (LiveBlocks log : live) {
                log.waiter(null);
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private boolean isPaused(LogSource source) {
        Long until = pausedUntilNanos.get(source);
        return until != null && clock.nanoTime() - until < 0;
    }

    private void pause(LogSource source, IOException e) {
        cells.increment(Counter.JOURNAL_READ_FAILURES);
        unreadableLog = e.getMessage();
        if (pausedUntilNanos.put(source, clock.nanoTime() + PAUSE_NANOS) == null) {
            LOG.warn("a log cannot be read, trying on: {}", e.toString());
        }
    }

    /** The adopted log that is to be read now: one at a time, the oldest first, for each needs windows. */
    private AdoptedLog reading() {
        for (LogSource source : sources) {
            if (source instanceof AdoptedLog log && !log.isRead() && !isPaused(log)) {
                return log;
            }
        }
        return null;
    }

    private Handed next(Predicate<String> wanted) {
        if (returned.size() >= RETURNED_FIRST) {
            Handed handed = returned(wanted);
            if (handed != null) {
                return handed;
            }
        }
        more = false;
        // In turn, so that neither what is new nor what was set aside waits for the other.
        asideFirst = !asideFirst;
        Handed handed = asideFirst ? fromAside(wanted) : fromSources(wanted);
        if (handed == null) {
            handed = asideFirst ? fromSources(wanted) : fromAside(wanted);
        }
        return handed == null ? returned(wanted) : handed;
    }

    private Handed returned(Predicate<String> wanted) {
        for (Iterator<Handed> i = returned.iterator(); i.hasNext(); ) {
            Handed handed = i.next();
            if (wanted.test(handed.block.group())) {
                i.remove();
                return handed;
            }
        }
        return null;
    }

    private Handed fromAside(Predicate<String> wanted) {
        long now = clock.nanoTime();
        for (int i = 0; i < sources.size(); i++) {
            int at = (asideTurn + i) % sources.size();
            SetAside aside = sources.get(at).aside();
            Handed handed = aside.next(wanted, now);
            more |= aside.hasMore();
            if (handed != null) {
                asideTurn = at + 1;
                return handed;
            }
        }
        return null;
    }

    private Handed fromSources(Predicate<String> wanted) {
        AdoptedLog reading = reading();
        for (int i = 0; i < sources.size(); i++) {
            int at = (turn + i) % sources.size();
            LogSource source = sources.get(at);
            if (isPaused(source) || source instanceof AdoptedLog log && !log.isRead() && log != reading) {
                continue;
            }
            try {
                Handed handed = source.next(wanted);
                more |= source.hasMore();
                if (pausedUntilNanos.remove(source) != null && pausedUntilNanos.isEmpty()) {
                    unreadableLog = null;
                }
                if (source == reading) {
                    more |= !source.isWaiting();
                    countAdopted();
                }
                if (handed != null) {
                    turn = at + 1;
                    if (source instanceof AdoptedLog) {
                        countAdopted();
                    }
                    return handed;
                }
            } catch (IOException e) {
                // Nothing is given up: what cannot be read now may be read later, and the others go on.
                pause(source, e);
                more |= source == reading && reading() != null;
            }
        }
        return null;
    }

    @Override
    public void delivered(SealedBlock block, Receipt receipt) {
        if (closed) {
            // Delivery came too late: the directory may be another's, who hands the block out again.
            return;
        }
        Handed handed = out.remove(block);
        if (handed == null) {
            throw new IllegalArgumentException("block " + block.block() + " of log " + block.log() + " is not out");
        }
        handed.block = null;
        handed.receipt = receipt;
        handed.source.marks().delivered(handed);
        if (manifests != null) {
            manifests.owe(handed, Blocks.manifest(block, receipt));
        }
        handed.source.delivered(handed, block);
        if (handed.source instanceof AdoptedLog) {
            countAdopted();
        }
    }

    @Override
    public BlockManifest pollManifest() {
        return manifests == null || closed ? null : manifests.poll(clock.nanoTime());
    }

    @Override
    public void manifested(BlockManifest manifest) {
        if (closed) {
            return;
        }
        if (manifests == null) {
            throw new IllegalArgumentException("block " + manifest.block() + " has no manifest");
        }
        Handed handed = manifests.delivered(manifest);
        if (handed != null) {
            handed.source.marks().manifested(handed, clock.epochMillis());
        }
    }

    /** Keeps them elsewhere. Before the first. */
    void manifests(Manifests manifests) {
        this.manifests = manifests;
    }

    @Override
    public long pendingManifests() {
        return manifests == null ? 0 : manifests.pending();
    }

    @Override
    public void giveBack(SealedBlock block) {
        if (closed) {
            return;
        }
        Handed handed = out.remove(block);
        if (handed == null) {
            throw new IllegalArgumentException("block " + block.block() + " of log " + block.log() + " is not out");
        }
        returned.add(handed);
    }

    @Override
    public long pendingBlocks() {
        long pending = adoptedPending;
        for (LiveBlocks log : live) {
            pending += log.pendingBlocks();
        }
        return pending;
    }

    /** Why a log cannot be read, or {@code null} if all can. Any thread. */
    String problem() {
        return unreadableLog;
    }

    /** When the oldest line was received that is not delivered, as far as is known without reading. Any thread. */
    long oldestMillis() {
        long oldest = oldestOutMillis;
        for (LiveBlocks log : live) {
            oldest = Math.min(oldest, log.oldestMillis());
        }
        return oldest;
    }

    @Override
    public void maintain() {
        if (closed) {
            return;
        }
        long now = clock.nanoTime();
        if (now - marksSyncedNanos >= MARK_SYNC_NANOS) {
            oldestOutMillis = oldestOut();
            syncMarks();
        }
        if (now - adoptedNanos >= ADOPT_NANOS) {
            try {
                adopt();
            } catch (IOException e) {
                LOG.warn("{} cannot be listed, trying on: {}", config.root(), e.toString());
            }
        }
    }

    private long oldestOut() {
        long oldest = Long.MAX_VALUE;
        for (SealedBlock block : out.keySet()) {
            oldest = Math.min(oldest, block.firstReceivedMillis());
        }
        for (Handed handed : returned) {
            oldest = Math.min(oldest, handed.block.firstReceivedMillis());
        }
        for (LogSource source : sources) {
            oldest = Math.min(oldest, source.aside().oldestMillis());
        }
        return oldest;
    }

    /** Makes every mark durable, but for those that cannot be written now, and lets go of what is delivered. */
    private void syncMarks() {
        marksSyncedNanos = clock.nanoTime();
        long millis = clock.epochMillis();
        boolean isShort = false;
        for (LogSource source : sources) {
            source.marks().sync();
            isShort |= source instanceof OwnLog log && log.isShort();
            if (source instanceof OwnLog log && keeps()) {
                log.markSettled(millis);
            }
        }
        if (manifests != null && isShort) {
            manifests.giveUp();
        }
        keepSettled(millis);
        kept.expire(millis - config.keep().toMillis(), millis);
        countAdopted();
    }

    private boolean keeps() {
        return config.keep().isPositive();
    }

    /** Gives adopted segments to be kept for which nothing is owed, and incarnations of which that is all. */
    private void keepSettled(long millis) {
        for (Iterator<AdoptedIncarnation> i = adopted.iterator(); i.hasNext(); ) {
            AdoptedIncarnation incarnation = i.next();
            incarnation.keepSettled(kept, millis, keeps());
            if (!incarnation.isDone()) {
                continue;
            }
            i.remove();
            sources.removeAll(incarnation.logs());
            pausedUntilNanos.keySet().removeAll(incarnation.logs());
            try {
                incarnation.close();
            } catch (IOException e) {
                LOG.warn("closing {} failed: {}", incarnation.directory(), e.toString());
            }
            kept.done(incarnation.directory());
            LOG.info("{} is delivered", incarnation.directory());
        }
    }

    private void countAdopted() {
        long pending = 0;
        for (LogSource source : sources) {
            if (source instanceof AdoptedLog log) {
                pending += log.pending();
            }
        }
        adoptedPending = pending;
    }

    void close() throws IOException {
        closed = true;
        try {
            syncMarks();
        } finally {
            for (LogSource source : sources) {
                source.close();
            }
            for (AdoptedIncarnation incarnation : adopted) {
                incarnation.close();
            }
        }
    }
}
