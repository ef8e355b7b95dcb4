package io.sluice.delivery;

import io.sluice.common.Clock;
import io.sluice.common.DeliveredQuery;
import io.sluice.common.Position;
import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.delivery.manifest.ManifestConfig;
import io.sluice.delivery.manifest.Manifests;
import io.sluice.journal.BlockSource;
import io.sluice.journal.Receipt;
import io.sluice.journal.SealedBlock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes sealed blocks from the journal, gives them to the destination, and marks them once they are delivered; then
 * does the same with their manifests.
 *
 * <p>One thread, {@value #THREAD_NAME}, does all of it; {@link #drain}, {@link #close} and {@link #state} may be called
 * from any other. Blocks are never dropped: what fails is repeated with growing pauses for as long as it takes, and
 * while the destination has no room no further block is taken, so that what is held stays bounded by what it buffers.
 */
public final class DeliveryService implements DeliveredQuery, AutoCloseable {

    static final String THREAD_NAME = "sluice-delivery";

    /** Instead of a pause: the drain is complete. */
    static final long DONE = -1;

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryService.class);

    /** Longest wait at a stretch, so that a drain or a stop is soon seen. */
    private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LAST_DRAIN_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long DRAIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** How long a stop waits for the thread. */
    private static final Duration STOP = Duration.ofSeconds(10);

    /** Runs of delivered blocks kept for each log: about 100 bytes each. */
    private static final int MAX_RUNS = 10_000;

    private record Settled(SealedBlock block, Receipt receipt) {}

    private final BlockSource source;
    private final Destination destination;
    private final Manifests manifests;
    private final Clock clock;
    private final Cells cells;
    private final DeliveredBlocks ledger;
    private final Predicate<String> wanted;
    private final Thread thread;

    // Of the delivery thread.
    private final Outcomes outcomes = new Outcomes() {
        @Override
        public void delivered(SealedBlock block, String id) {
            onDelivered(block, id);
        }

        @Override
        public void parked(SealedBlock block, String reason) {
            onParked(block, reason);
        }
    };
    /** Delivered or parked, and not yet marked in the journal. */
    private final Deque<Settled> unmarked = new ArrayDeque<>();

    private int failures;
    private long retryAtNanos;
    private boolean drainSeen;

    /** Why the last round failed, or {@code null} if it did not; read by any thread. */
    private volatile String failure;

    // Written by who stops the service.
    private volatile boolean draining;
    private volatile boolean stopped;

    /** @param incarnation this start's own, whose blocks are pending until they are delivered */
    public DeliveryService(
            BlockSource source,
            Destination destination,
            ManifestConfig manifests,
            UUID incarnation,
            Clock clock,
            Metrics metrics) {
        this.source = source;
        this.destination = destination;
        this.manifests = new Manifests(manifests, source, incarnation);
        this.wanted = destination::hasRoom;
        this.clock = clock;
        this.cells = metrics.newCells();
        this.ledger = new DeliveredBlocks(incarnation, MAX_RUNS);
        this.thread = Thread.ofPlatform().name(THREAD_NAME).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Whether the delivery thread runs; false before the start, after a drain or stop, and if it has died. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Has the groups use other delivery streams. Any thread. */
    public void streams(List<FirehoseConfig.Group> groups) {
        destination.streams(groups);
    }

    /** What keeps it from delivering now, in words, or {@code null} if nothing that is known. Any thread. */
    public String problem() {
        String of = failure;
        return of == null ? destination.problem() : of;
    }

    @Override
    public State state(Position position) {
        return ledger.state(position);
    }

    /**
     * Delivers everything that is sealed, without waiting for buffers to fill, and ends the thread. Called once nothing
     * is sealed any more.
     *
     * @return blocks that are still to be delivered, by a later start, when the time was over; 0 if none
     */
    public long drain(Duration timeout) throws InterruptedException {
        drained(timeout);
        stopped = true;
        return source.pendingBlocks();
    }

    /**
     * Begins or goes on to {@link #drain}, and waits for its end, which need not come.
     *
     * @return whether the thread has ended
     */
    public boolean drained(Duration timeout) throws InterruptedException {
        draining = true;
        LockSupport.unpark(thread);
        return !thread.isAlive() || thread.join(timeout);
    }

    /** Ends the thread without delivering more, and waits a while for its end, unless the caller is interrupted. */
    @Override
    public void close() {
        close(STOP);
    }

    /** @param patience a destination may hang for longer than the process may take to stop */
    void close(Duration patience) {
        stopped = true;
        LockSupport.unpark(thread);
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            if (!thread.join(patience)) {
                LOG.warn(
                        "delivery has not ended within {}; {} blocks stay in the journal",
                        patience,
                        source.pendingBlocks());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (destination) {
            while (!stopped) {
                long pause = step();
                if (pause == DONE) {
                    return;
                }
                if (pause > 0) {
                    LockSupport.parkNanos(this, Math.min(pause, MAX_WAIT_NANOS));
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("delivery was interrupted and stops; what is not delivered stays in the journal");
        } catch (IOException e) {
            LOG.warn("the destination could not be closed", e);
        }
    }

    /**
     * One round: deliver what is due, mark what was delivered, take the next block.
     *
     * @return nanoseconds to pause before the next round, or {@link #DONE} when a drain is complete
     */
    long step() throws InterruptedException {
        long now = clock.nanoTime();
        if (draining && !drainSeen) {
            // The time for a drain is short: what failed is tried again at once.
            drainSeen = true;
            retryAtNanos = now;
        }
        if (failures > 0 && retryAtNanos - now > 0) {
            // Marks become durable whatever the destination does.
            source.maintain();
            return retryAtNanos - now;
        }
        try {
            long pause = deliverAndTake(now);
            if (failures > 0) {
                LOG.info("delivery goes on after {} failed attempts", failures);
                failures = 0;
                failure = null;
            }
            return pause;
        } catch (IOException | RuntimeException e) {
            return failed(e);
        }
    }

    private long deliverAndTake(long now) throws IOException, InterruptedException {
        boolean drain = draining;
        flush(now, false);
        if (stopped) {
            // The destination may have taken its time, and the journal may be closed meanwhile.
            return 0;
        }
        if (takeManifests(now, drain)) {
            return 0;
        }
        long due = destination.nanosUntilDue(now);
        if (destination.hasRoom(ManifestConfig.GROUP)) {
            due = Math.min(due, manifests.nanosUntilDue(now));
        }
        long wait = drain ? 0 : Math.min(MAX_WAIT_NANOS, due);
        SealedBlock block = source.poll(wait, wanted);
        if (block != null) {
            take(block);
            return 0;
        }
        if (!drain) {
            return 0;
        }
        flush(now, true);
        manifests.gather(now);
        return source.pendingBlocks() == 0 && manifests.isEmpty() && source.pendingManifests() == 0
                ? DONE
                : DRAIN_PAUSE_NANOS;
    }

    private boolean takeManifests(long now, boolean drain) {
        manifests.gather(now);
        if (!destination.hasRoom(ManifestConfig.GROUP)) {
            return false;
        }
        SealedBlock block = manifests.poll(now, clock.epochMillis(), drain);
        if (block == null) {
            return false;
        }
        boolean accepted = false;
        try {
            destination.accept(block, now);
            accepted = true;
        } finally {
            if (!accepted) {
                manifests.giveBack(block);
            }
        }
        return true;
    }

    private void take(SealedBlock block) {
        ledger.pending(block);
        boolean accepted = false;
        try {
            destination.accept(block, clock.nanoTime());
            accepted = true;
        } finally {
            if (!accepted) {
                source.giveBack(block);
            }
        }
    }

    private void flush(long now, boolean all) throws IOException {
        try {
            destination.flush(now, all, outcomes);
        } finally {
            mark();
        }
    }

    private void onDelivered(SealedBlock block, String id) {
        settle(block, Receipt.Kind.DELIVERED, id);
        if (manifests.holds(block)) {
            cells.add(Counter.DELIVERED_MANIFESTS, block.records());
            return;
        }
        cells.increment(Counter.DELIVERED_BLOCKS);
        cells.add(Counter.DELIVERED_RECORDS, block.records());
        cells.add(Counter.DELIVERED_BYTES, block.bytes().remaining());
    }

    /** For the journal and for who asks for its position, a parked block is done with. */
    private void onParked(SealedBlock block, String reason) {
        LOG.warn(
                "block {} of log {} of {}, {} records, is parked: {}",
                block.block(),
                block.log(),
                block.incarnation(),
                block.records(),
                reason);
        settle(block, Receipt.Kind.PARKED, reason);
        cells.increment(Counter.PARKED_BLOCKS);
        if (!manifests.holds(block)) {
            // No lines of the journal, so they have no part in its law.
            cells.add(Counter.PARKED_RECORDS, block.records());
        }
    }

    private void settle(SealedBlock block, Receipt.Kind kind, String text) {
        if (!manifests.holds(block)) {
            ledger.delivered(block);
        }
        unmarked.add(new Settled(block, new Receipt(kind, text, clock.epochMillis())));
    }

    /** Only behind the destination's turn, and whatever became of it: what is delivered must not go there twice. */
    private void mark() {
        for (Settled settled = unmarked.poll(); settled != null; settled = unmarked.poll()) {
            if (manifests.holds(settled.block())) {
                manifests.settled(settled.block());
            } else {
                source.delivered(settled.block(), settled.receipt());
            }
        }
    }

    private long failed(Exception e) {
        cells.increment(Counter.DELIVERY_RETRIES);
        failures++;
        failure = e.toString();
        long longest = draining ? LAST_DRAIN_PAUSE_NANOS : LAST_PAUSE_NANOS;
        long pause = Math.min(longest, FIRST_PAUSE_NANOS << Math.min(failures - 1, 20));
        retryAtNanos = clock.nanoTime() + pause;
        // Once, then ever more rarely: the count says what was left out.
        if (Integer.bitCount(failures) == 1) {
            String text = "delivery failed, attempt {}; it is repeated, nothing is lost: {}";
            if (e instanceof IOException) {
                LOG.warn(text, failures, e.toString());
            } else {
                LOG.warn(text, failures, "a bug", e);
            }
        }
        return pause;
    }
}
