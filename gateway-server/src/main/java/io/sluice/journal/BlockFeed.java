package io.sluice.journal;

import io.sluice.common.Clock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sealed blocks of a journal in turn: those of its own logs and those of adopted incarnations.
 *
 * <p>Confined to the delivery thread but for {@link #pendingBlocks} and {@link #oldestMillis}. Holds the blocks that
 * delivery holds and those that it gave back, which come again before new ones once they are {@value #RETURNED_FIRST}:
 * so it holds that many more than delivery wants, unless their groups are not wanted.
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
    private final Kept kept;
    /** {@code null} if the journal has none. */
    private Manifests manifests;

    private final Clock clock;
    private final Cells cells;
    private final List<LiveBlocks> live;

    private final List<LogSource> sources = new ArrayList<>();
    private final Adopted adopted;
    private final Map<SealedBlock, Handed> out = new IdentityHashMap<>();
    private final ArrayDeque<Handed> returned = new ArrayDeque<>();

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
    private volatile long oldestOutMillis = Long.MAX_VALUE;

    BlockFeed(
            JournalConfig config,
            Adopted adopted,
            Kept kept,
            Clock clock,
            Cells cells,
            List<LiveBlocks> live,
            List<OwnLog> logs) {
        this.adopted = adopted;
        this.config = config;
        this.kept = kept;
        manifests = config.manifests() ? new Manifests(cells, Manifests.MEMORY_BYTES) : null;
        this.clock = clock;
        this.cells = cells;
        this.live = live;
        sources.addAll(logs);
        marksSyncedNanos = clock.nanoTime();
        adoptedNanos = marksSyncedNanos;
    }

    /** Adopts every incarnation whose process is gone. */
    void adopt() throws IOException {
        adoptedNanos = clock.nanoTime();
        sources.addAll(adopted.adopt(manifests));
        keepSettled(clock.epochMillis());
        adopted.count();
    }

    /** As {@link Adopted#notAdopted}. */
    List<Path> notAdopted(boolean failed) throws IOException {
        return adopted.notAdopted(failed);
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
                        && !sources.get(i).aside().isWaiting()) {
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

    /**
     * The adopted log that is to be read now: one at a time, the oldest first, for each needs windows. One that waits
     * for a block to be wanted keeps those that it has, and lets the next go on.
     */
    private AdoptedLog reading() {
        for (LogSource source : sources) {
            if (source instanceof AdoptedLog log
                    && !log.isRead()
                    && !isPaused(log)
                    && !log.aside().isWaiting()) {
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
            LogSource source = sources.get(at);
            long pending = pending(source);
            Handed handed = source.aside().next(wanted, now);
            more |= source.aside().hasMore();
            if (pending(source) != pending) {
                // What cannot be found again is given up.
                adopted.count();
            }
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
            if (isPaused(source)
                    || source instanceof AdoptedLog log
                            && !log.isRead()
                            && log != reading
                            && !log.aside().isWaiting()) {
                continue;
            }
            try {
                Handed handed = source.next(wanted);
                more |= source.hasMore();
                if (pausedUntilNanos.remove(source) != null && pausedUntilNanos.isEmpty()) {
                    unreadableLog = null;
                }
                if (source == reading) {
                    more |= reading() != null;
                    adopted.count();
                }
                if (handed != null) {
                    turn = at + 1;
                    if (source instanceof AdoptedLog) {
                        adopted.count();
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
            adopted.count();
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
        long pending = adopted.pending();
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
        adopted.count();
    }

    private boolean keeps() {
        return config.keep().isPositive();
    }

    /** Gives adopted segments to be kept for which nothing is owed, and forgets the logs of which that is all. */
    private void keepSettled(long millis) {
        List<AdoptedLog> gone = adopted.keepSettled(millis);
        sources.removeAll(gone);
        pausedUntilNanos.keySet().removeAll(gone);
    }

    private static long pending(LogSource source) {
        return source instanceof AdoptedLog log ? log.pending() : 0;
    }

    void close() throws IOException {
        closed = true;
        try {
            syncMarks();
        } finally {
            for (LogSource source : sources) {
                source.close();
            }
            adopted.close();
        }
    }
}
