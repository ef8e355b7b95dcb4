package io.sluice.intake;

import io.sluice.beacon.Decoders;
import io.sluice.common.Clock;
import io.sluice.common.LoopHandle;
import io.sluice.common.Uuid7;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.privacy.Policies;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.privacy.period.PeriodSecret;
import io.sluice.record.BlockEncoders;
import io.sluice.record.LineBuffer;
import io.sluice.record.StreamGroup;
import io.sluice.ring.CommitRing;
import io.sluice.ring.Producer;
import io.sluice.shop.ShopRegistry;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Makes the intake of each loop: everything that one loop owns, put together, and the bulk worker of all of them.
 */
public final class Intakes implements AutoCloseable {

    /** At first; those of the bulk worker grow to the largest request. */
    private static final int BULK_BYTES = 4096;

    private final Clock clock;
    private final CommitRing ring;
    private final UUID incarnation;
    private final int log;
    private final List<StreamGroup> groups;
    private final int rejectedGroup;
    private final ShopRegistry shops;
    private final IntakeConfig config;
    private final PeriodSecret.Source secrets;
    private final Metrics metrics;
    private final Consumer<Throwable> fatal;
    private final BulkWorker bulk;
    private final List<Flusher> flushers = new CopyOnWriteArrayList<>();
    private final List<LoopIntake> intakes = new CopyOnWriteArrayList<>();

    /**
     * @param ring with as many producers as there will be loops
     * @param incarnation the start that the journal stands for
     * @param log number of the log behind the ring
     * @param rejectedGroup number of the group that rejected events go to, which no shop may have
     * @param secrets what pseudonyms are made with
     * @param fatal gets what has left a loop's encoders or arena in an unknown state, or why the bulk worker cannot go
     *     on, and ends the process
     */
    public Intakes(
            Clock clock,
            CommitRing ring,
            UUID incarnation,
            int log,
            List<StreamGroup> groups,
            int rejectedGroup,
            ShopRegistry shops,
            IntakeConfig config,
            PeriodSecret.Source secrets,
            Metrics metrics,
            Consumer<Throwable> fatal) {
        this.clock = clock;
        this.ring = ring;
        this.incarnation = incarnation;
        this.log = log;
        this.groups = List.copyOf(groups);
        this.rejectedGroup = rejectedGroup;
        this.shops = shops;
        this.config = config;
        this.secrets = secrets;
        this.metrics = metrics;
        this.fatal = fatal;
        bulk = bulk();
        metrics.gauge(Gauge.ADMISSION_REFUSED, this::refusedShare);
        metrics.gauge(Gauge.OPEN_BLOCKS, this::openBlocks);
        metrics.gauge(Gauge.EVENTS_UNDER_WAY, this::recordsUnderWay);
    }

    /**
     * The intake of one loop. Any thread.
     *
     * @param index number of the loop, and of its producer in the ring
     */
    public Intake create(int index, LoopHandle loop) {
        Producer producer = ring.producer(index);
        Cells cells = metrics.newCells();
        Staging staging = new Staging(groups.size(), rejectedGroup);
        OpenBlock[] blocks = new OpenBlock[groups.size()];
        for (int i = 0; i < blocks.length; i++) {
            StreamGroup group = groups.get(i);
            blocks[i] = new OpenBlock(group, BlockEncoders.create(group), config, Policies.DETECTORS_VERSION);
        }
        Flusher flusher = new Flusher(producer, incarnation, log, staging, blocks, rejectedGroup, config, cells);
        flushers.add(flusher);
        LoopIntake intake = new LoopIntake(
                clock,
                loop,
                producer,
                shops,
                staging,
                flusher,
                decoding(cells, staging.rejected()),
                bulk,
                config,
                cells,
                fatal);
        intakes.add(intake);
        return intake;
    }

    private BulkWorker bulk() {
        Cells cells = metrics.newCells();
        LineBuffer rejected = new LineBuffer(BULK_BYTES);
        return new BulkWorker(
                clock,
                decoding(cells, rejected),
                new LineBuffer(BULK_BYTES),
                rejected,
                cells,
                config.bulk().percent(),
                fatal,
                Thread.ofPlatform().daemon().name("sluice-bulk").factory());
    }

    private Decoding decoding(Cells cells, LineBuffer rejected) {
        ScrubbedSink sink = new ScrubbedSink(metrics, cells, new Uuid7(), incarnation, log, rejected, secrets);
        return new Decoding(new Decoders(config.maxEvents(), config.maxEventBytes())::of, sink, clock);
    }

    /** For how long the bulk worker has been at one request; 0 if at none. Any thread. */
    public long bulkBusyNanos() {
        return bulk.busyNanos();
    }

    /** Ends the bulk worker. */
    @Override
    public void close() {
        bulk.close();
    }

    private double refusedShare() {
        double most = 0;
        for (LoopIntake intake : intakes) {
            most = Math.max(most, intake.refusedShare());
        }
        return most;
    }

    /** As of about now: the loops go on opening and sealing while they are counted. */
    private double openBlocks() {
        int open = 0;
        for (Flusher flusher : flushers) {
            open += flusher.openBlocks();
        }
        return open;
    }

    private double recordsUnderWay() {
        long records = 0;
        for (Flusher flusher : flushers) {
            records += flusher.recordsUnderWay();
        }
        return records;
    }
}
