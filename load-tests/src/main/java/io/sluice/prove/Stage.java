package io.sluice.prove;

import io.sluice.load.Generator;
import io.sluice.load.acks.EventId;
import io.sluice.process.Child;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a row plays on: a directory, a lab, gateways, a load, and a clock that notes when the fault began and ended.
 *
 * <p>The row's thread, but for {@link #close}, which any may call to end a row that does not end.
 */
final class Stage implements AutoCloseable {

    private static final int BATCH = 20;
    private static final int CONNECTIONS = 16;
    private static final Duration TO_BEGIN = Duration.ofSeconds(60);
    private static final Duration TO_RECOVER = Duration.ofSeconds(90);
    private static final double WARM_SECONDS = 1;

    /** The rate that counts as normal, over so long a time. */
    private static final double NORMAL = 0.8;

    private static final double NORMAL_SECONDS = 0.5;

    /** Without a fault the oldest undelivered line is as old as the linger and a call: 0.5 s. */
    private static final double NORMAL_AGE_SECONDS = 2;

    private static final String DELIVERED = "sluice_delivery_records_total";
    private static final String OLDEST = "sluice_delivery_oldest_age_seconds";

    private final Plan plan;
    private final Path directory;
    private final Random random;
    private final Samples samples = new Samples();
    private final List<GatewayProcess> gateways = new ArrayList<>();
    private final List<Timeline.Span> faults = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private volatile LabProcess lab;
    private volatile Generator load;
    private volatile Child other;
    private volatile long moreSeconds;
    private Generator.Plan loadPlan;
    private double faultBegan = -1;
    private double faultEnded = -1;
    private Duration recovery;
    private boolean finished;
    private long unknownBlocks;
    private long replayedBlocks;

    Stage(Plan plan, String name, Path directory) {
        this.plan = plan;
        this.directory = directory;
        random = new Random(plan.seed() * 31 + name.hashCode());
    }

    Plan plan() {
        return plan;
    }

    Random random() {
        return random;
    }

    LabProcess lab() {
        return lab;
    }

    // The parts.

    /** A lab, a gateway and a load on it, which has come to its rate. */
    GatewayProcess start(String... labOptions) throws IOException, InterruptedException {
        startLab(labOptions);
        GatewayProcess gateway = gateway("gateway", null);
        gateway.start();
        load(false, 0);
        return gateway;
    }

    void startLab(String... options) throws IOException, InterruptedException {
        LabProcess started = new LabProcess(directory.resolve("lab"), directory.resolve("lab.log"), List.of(options));
        lab = started;
        started.start();
    }

    /** A gateway, not yet started, on the row's one root; its disk fails by a file, unless that is {@code null}. */
    GatewayProcess gateway(String name, Path diskFaults) throws IOException {
        GatewayProcess gateway = new GatewayProcess(
                name, directory.resolve("data"), directory.resolve(name + ".log"), lab.port(), diskFaults);
        // Many small blocks: what can fail by the block shall do so often.
        gateway.set("block.limit", "64KiB");
        gateway.set("intake.max-event", "32KiB");
        gateway.set("block.linger-max", "250ms");
        gateways.add(gateway);
        return gateway;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** A load on all gateways, which has come to its rate when this returns. */
    void load(boolean resend, int churn) throws IOException, InterruptedException {
        List<InetSocketAddress> targets = new ArrayList<>();
        for (GatewayProcess gateway : gateways) {
            targets.add(gateway.address());
        }
        loadPlan = new Generator.Plan(
                targets,
                plan.eventsPerSecond(),
                BATCH,
                CONNECTIONS,
                churn,
                resend,
                plan.seed(),
                EventId.run(random.nextLong()),
                directory);
        load = Generator.start(loadPlan);
        samples.begin(load);
        double deadline = samples.now() + seconds(TO_BEGIN);
        while (!samples.normal(samples.now() - NORMAL_SECONDS, plan.eventsPerSecond() * NORMAL, NORMAL_SECONDS)
                || !delivering()) {
            if (samples.now() > deadline) {
                throw new IOException("the load does not come to its rate, or nothing is delivered");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        sleep(WARM_SECONDS);
    }

    /** Starts another JVM that is ended with this row. */
    Child other(Child child) {
        other = child;
        return child;
    }

    // Time.

    /** This row may take so much longer than others before it is ended. */
    void takes(long moreSeconds) {
        this.moreSeconds = moreSeconds;
    }

    long moreSeconds() {
        return moreSeconds;
    }

    void sleep(double seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
    }

    void faultBegins() {
        faultBegan = samples.now();
    }

    void faultEnds() {
        faultEnded = samples.now();
        faults.add(new Timeline.Span(faultBegan, faultEnded));
    }

    /** The fault takes its time. */
    void faultLasts() throws InterruptedException {
        sleep(plan.seconds());
    }

    /** Waits for the next ack, and takes that for recovered; {@link #recover} must follow all the same. */
    void awaitAck() throws IOException, InterruptedException {
        long before = load.acked();
        double deadline = samples.now() + seconds(TO_RECOVER);
        while (load.acked() == before) {
            if (samples.now() > deadline) {
                throw new IOException("no ack within " + TO_RECOVER.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        recovered(samples.now() - faultBegan);
    }

    /** Waits until this life of a gateway has delivered something. */
    void awaitDelivery(GatewayProcess gateway) throws IOException, InterruptedException {
        double deadline = samples.now() + seconds(TO_RECOVER);
        while (gateway.metricOr(0, DELIVERED) == 0) {
            if (samples.now() > deadline) {
                throw new IOException("nothing is delivered within " + TO_RECOVER.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Waits until nothing undelivered is older than it is without a fault. */
    void awaitNoBacklog() throws IOException, InterruptedException {
        double deadline = samples.now() + seconds(TO_RECOVER);
        while (oldestSeconds() > NORMAL_AGE_SECONDS) {
            if (samples.now() > deadline) {
                throw new IOException("the backlog is not delivered within " + TO_RECOVER.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void recovered(double seconds) {
        Duration time = Duration.ofNanos((long) (Math.max(0, seconds) * 1e9));
        recovery = recovery == null || time.compareTo(recovery) > 0 ? time : recovery;
    }

    /**
     * Waits until events are acknowledged at their rate again and nothing undelivered is older than it is without a
     * fault.
     *
     * @throws IOException if that takes too long
     */
    void recover() throws IOException, InterruptedException {
        double deadline = faultEnded + seconds(TO_RECOVER) + plan.seconds();
        double acksBack = -1;
        double backlogGone = -1;
        double oldest = 0;
        while (acksBack < 0 || backlogGone < 0) {
            if (acksBack < 0) {
                acksBack = samples.firstNormal(faultEnded, plan.eventsPerSecond() * NORMAL, NORMAL_SECONDS);
            }
            if (backlogGone < 0) {
                oldest = oldestSeconds();
                backlogGone = oldest <= NORMAL_AGE_SECONDS ? samples.now() : -1;
            }
            if (samples.now() > deadline) {
                recovery = null;
                throw new IOException("did not recover: "
                        + (acksBack < 0
                                ? "events are not acknowledged at their rate"
                                : oldest == Double.MAX_VALUE
                                        ? "the gateway does not say how old its backlog is"
                                        : "a line has not been delivered for " + oldest + " s"));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        recovered(Math.max(acksBack, backlogGone) - faultEnded);
    }

    /** Waits until events are acknowledged at their rate again, delivered or not; {@link #recover} must follow. */
    void recoverAcks() throws IOException, InterruptedException {
        double deadline = faultEnded + seconds(TO_RECOVER) + plan.seconds();
        double back = -1;
        while (back < 0) {
            if (samples.now() > deadline) {
                throw new IOException("did not recover: events are not acknowledged at their rate");
            }
            TimeUnit.MILLISECONDS.sleep(20);
            back = samples.firstNormal(faultEnded, plan.eventsPerSecond() * NORMAL, NORMAL_SECONDS);
        }
        recovered(back - faultEnded);
    }

    /** Whether each gateway has delivered something and is not behind. */
    private boolean delivering() {
        for (GatewayProcess gateway : gateways) {
            if (gateway.metricOr(0, DELIVERED) == 0) {
                return false;
            }
        }
        return oldestSeconds() <= NORMAL_AGE_SECONDS;
    }

    /** What had to be done by hand after the fault is done, and counts for the recovery. */
    void repaired() {
        recovered(samples.now() - faultEnded);
    }

    private double oldestSeconds() {
        double oldest = 0;
        for (GatewayProcess gateway : gateways) {
            if (gateway.isAlive()) {
                oldest = Math.max(oldest, gateway.metricOr(Double.MAX_VALUE, OLDEST));
            }
        }
        return oldest;
    }

    /** Nothing more is sent. */
    void stopLoad() throws IOException, InterruptedException {
        load.stop();
        samples.end();
    }

    /** Ends load, gateways and lab, in the order in which everything that was taken becomes an object. */
    void finish() throws IOException, InterruptedException {
        if (load != null) {
            stopLoad();
        }
        for (GatewayProcess gateway : gateways) {
            if (gateway.isAlive()) {
                unknownBlocks += (long) GatewayProcess.metric(gateway.metrics(), "sluice_firehose_unknown_total");
                gateway.stop();
            }
        }
        if (lab != null) {
            lab.stop();
        }
        finished = true;
    }

    // What came of it.

    /** Something that the reader of the report wants to know. */
    void note(String note) {
        notes.add(note);
    }

    /** A row whose fault did not strike proves nothing. */
    void struck(String what, long times) {
        notes.add(what + " " + String.format(Locale.ROOT, "%,d", times));
        if (times <= 0) {
            problems.add("the fault did not strike: no " + what);
        }
    }

    void problem(String problem) {
        problems.add(problem);
    }

    List<String> notes() {
        return notes;
    }

    List<String> problems() {
        return problems;
    }

    boolean finished() {
        return finished;
    }

    Duration recovery() {
        return recovery;
    }

    Duration stall() {
        return load == null ? Duration.ZERO : load.longestStall();
    }

    long acked() {
        Generator generator = load;
        return generator == null ? 0 : generator.acked();
    }

    /** Blocks of which a gateway did not learn whether they were taken. */
    long unknownBlocks() {
        return unknownBlocks;
    }

    /** A replay has delivered so many blocks again. */
    void replayed(long blocks) {
        replayedBlocks += blocks;
    }

    /** Blocks that were delivered again on request. */
    long replayedBlocks() {
        return replayedBlocks;
    }

    /** How often gateways were killed or stopped. */
    int ends() {
        int ends = 0;
        for (GatewayProcess gateway : gateways) {
            ends += gateway.ends();
        }
        return ends;
    }

    /** The file of acks, or {@code null} if there was no load. */
    Path acks() {
        return loadPlan == null || !Files.exists(loadPlan.acks()) ? null : loadPlan.acks();
    }

    Path objects() {
        return lab.objects();
    }

    /** The one bucket among them. */
    Path bucket() throws IOException {
        try (Stream<Path> buckets = Files.list(objects())) {
            return buckets.findFirst().orElseThrow(() -> new IOException("there are no objects"));
        }
    }

    /** The journal of all gateways, which have one root. */
    Path journal() {
        return gateways.getFirst().journal();
    }

    Timeline timeline(DeliveredObjects objects) {
        return samples.timeline(objects, faults);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Ends whatever lives. */
    @Override
    public void close() {
        Child running = other;
        if (running != null) {
            running.close();
        }
        for (GatewayProcess gateway : List.copyOf(gateways)) {
            gateway.close();
        }
        if (lab != null) {
            lab.close();
        }
        if (load != null) {
            load.close();
        }
        samples.end();
    }
}
