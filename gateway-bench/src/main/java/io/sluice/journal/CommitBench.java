package io.sluice.journal;

import io.sluice.common.Clock;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.metrics.Probe;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import io.sluice.ring.CommitRing;
import io.sluice.storage.DiskStorage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * How much the way from ring to disk carries: two producers with packed frames, the real ring, committer, segments and
 * disk, and a delivery that takes every block and throws it away.
 *
 * <p>One log that both producers share is raced against one log each; O_DIRECT against the page cache; answers after
 * the sync against answers after the write; tickets of a whole flush (64 KiB of lines) against those of one request
 * (50 events). Rounds are interleaved and medians are printed, since other work on the machine comes and goes.
 */
public final class CommitBench {

    private static final int PRODUCERS = 2;
    private static final int TICKETS = 64;
    private static final int ARENA_BYTES = 16 << 20;
    private static final int SEGMENT_BYTES = 16 << 20;
    private static final int BATCH_BYTES = 4 << 20;
    private static final long JOURNAL_BYTES = 1L << 30;
    private static final int MEMORY_BYTES = 128 << 20;

    private static final JournalKeys KEYS = JournalKeys.parse("5c".repeat(32));

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** What a ticket holds. */
    private enum Shape {
        /** A full flush of a loop. */
        FLUSH(64 * 1024),
        /** One request, flushed alone since the committer was idle. */
        REQUEST(50 * Packed.LINE_BYTES);

        private final Packed[] frames;

        Shape(int rawBytes) {
            frames = Packed.make(64, rawBytes);
        }
    }

    private record Variant(int logs, boolean direct, JournalConfig.Ack ack, boolean encrypted, Shape shape) {

        @Override
        public String toString() {
            return (logs == 1 ? "one-log" : "log-per-loop")
                    + (direct ? ",direct," : ",buffered,")
                    + ack.toString().toLowerCase(Locale.ROOT)
                    + (encrypted ? ",encrypted" : "")
                    + ','
                    + shape.toString().toLowerCase(Locale.ROOT);
        }
    }

    private record Figures(
            double tickets,
            double records,
            double commits,
            double ticketsPerCommit,
            double syncP50Micros,
            double syncP99Micros,
            double waitP50Micros,
            double committerSecondsPerMillion,
            double committerKernelNanos,
            double allSecondsPerMillion,
            double refused) {}

    private record Snapshot(
            long nanos,
            long tickets,
            long records,
            long commits,
            long refused,
            long committerNanos,
            long committerUserNanos,
            long allNanos,
            Histogram syncs,
            Histogram waits) {}

    private CommitBench() {}

    /**
     * Arguments: directory, seconds measured, rounds, pattern of variants, records a second or 0 for all that it takes.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Path.of(args[0]);
        double seconds = Double.parseDouble(args[1]);
        int rounds = Integer.parseInt(args[2]);
        Pattern wanted = Pattern.compile(args[3]);
        double rate = Double.parseDouble(args[4]);
        Map<Variant, List<Figures>> all = new LinkedHashMap<>();
        for (Variant variant : variants()) {
            if (wanted.matcher(variant.toString()).find()) {
                all.put(variant, new ArrayList<>());
            }
        }
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<Variant, List<Figures>> entry : all.entrySet()) {
                entry.getValue().add(run(entry.getKey(), directory, seconds, rate));
            }
        }
        print(all, rate);
    }

    private static List<Variant> variants() {
        List<Variant> variants = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            for (JournalConfig.Ack ack : JournalConfig.Ack.values()) {
                for (boolean direct : new boolean[] {true, false}) {
                    variants.add(new Variant(1, direct, ack, false, shape));
                    variants.add(new Variant(PRODUCERS, direct, ack, false, shape));
                }
            }
            variants.add(new Variant(1, true, JournalConfig.Ack.SYNCED, true, shape));
        }
        return variants;
    }

    private static Figures run(Variant variant, Path directory, double seconds, double rate)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path root = Files.createTempDirectory(directory, "commit-");
        try {
            Metrics metrics = new Metrics();
            JournalConfig config = new JournalConfig(
                    root,
                    SEGMENT_BYTES,
                    JOURNAL_BYTES,
                    variant.direct ? JournalConfig.Direct.ON : JournalConfig.Direct.OFF,
                    variant.ack,
                    Duration.ofMillis(100),
                    BATCH_BYTES,
                    MEMORY_BYTES,
                    null,
                    variant.encrypted ? KEYS : JournalKeys.NONE,
                    Duration.ofHours(26),
                    false);
            List<StreamGroup> groups =
                    List.of(new StreamGroup(0, "events", Encoding.GZIP, 1, "sluice-events", "events/"));
            Journal journal = Journal.open(config, new DiskStorage(), Clock.system(), metrics, groups, variant.logs);
            AtomicBoolean ended = new AtomicBoolean();
            Thread delivery = Thread.ofPlatform().name("delivery").unstarted(() -> deliver(journal.blocks(), ended));
            TicketSource[] sources = sources(variant, journal, rate);
            delivery.start();
            while (journal.readiness() != Journal.Readiness.READY) {
                Thread.sleep(10);
            }
            for (TicketSource source : sources) {
                source.start();
            }
            // The compiler and the first segments take about three seconds.
            sleep(Math.max(1, seconds / 2));
            Snapshot before = snapshot(metrics, sources);
            sleep(seconds);
            Snapshot after = snapshot(metrics, sources);
            for (TicketSource source : sources) {
                source.stop();
            }
            // Not interrupted: that would close the file under a sync.
            ended.set(true);
            delivery.join();
            journal.close();
            return figures(before, after);
        } finally {
            delete(root);
        }
    }

    private static TicketSource[] sources(Variant variant, Journal journal, double rate) {
        TicketSource[] sources = new TicketSource[PRODUCERS];
        for (int log = 0, source = 0; log < variant.logs; log++) {
            CommitRing ring = new CommitRing(PRODUCERS / variant.logs, TICKETS, ARENA_BYTES);
            for (int i = 0; i < ring.producers(); i++) {
                sources[source++] = new TicketSource(ring.producer(i), variant.shape.frames, rate / PRODUCERS);
            }
            journal.start(log, ring);
        }
        return sources;
    }

    private static void deliver(BlockSource blocks, AtomicBoolean ended) {
        try {
            while (!ended.get()) {
                SealedBlock block = blocks.poll(TimeUnit.MILLISECONDS.toNanos(100));
                if (block != null) {
                    blocks.delivered(block, new Receipt(Receipt.Kind.DELIVERED, "", 0));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Snapshot snapshot(Metrics metrics, TicketSource[] sources) {
        long tickets = 0;
        long records = 0;
        long refused = 0;
        for (TicketSource source : sources) {
            tickets += source.committedTickets();
            records += source.committedRecords();
            refused += source.refusedTickets();
        }
        long committers = 0;
        long user = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("sluice-committer")) {
                committers += Math.max(0, THREADS.getThreadCpuTime(thread.threadId()));
                user += Math.max(0, THREADS.getThreadUserTime(thread.threadId()));
            }
        }
        long process = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
        return new Snapshot(
                System.nanoTime(),
                tickets,
                records,
                metrics.total(Counter.COMMITS),
                refused,
                committers,
                user,
                process,
                metrics.distribution(Probe.SYNC),
                metrics.distribution(Probe.COMMIT_WAIT));
    }

    private static Figures figures(Snapshot before, Snapshot after) {
        double seconds = (after.nanos - before.nanos) / 1e9;
        double records = after.records - before.records;
        double tickets = after.tickets - before.tickets;
        double commits = after.commits - before.commits;
        Histogram syncs = after.syncs.copy();
        syncs.subtract(before.syncs);
        Histogram waits = after.waits.copy();
        waits.subtract(before.waits);
        return new Figures(
                tickets / seconds,
                records / seconds,
                commits / seconds,
                tickets / commits,
                syncs.getValueAtPercentile(50) / 1e3,
                syncs.getValueAtPercentile(99) / 1e3,
                waits.getValueAtPercentile(50) / 1e3,
                (after.committerNanos - before.committerNanos) / 1e3 / records,
                Math.max(0, kernelNanos(after) - kernelNanos(before)) / records,
                (after.allNanos - before.allNanos) / 1e3 / records,
                (after.refused - before.refused) / seconds);
    }

    /** What the threads were not in the program, which Linux tells in ticks of 10 ms. */
    private static double kernelNanos(Snapshot snapshot) {
        return snapshot.committerNanos - snapshot.committerUserNanos;
    }

    private static void print(Map<Variant, List<Figures>> all, double rate) {
        System.out.printf(
                "%-36s %10s %11s %9s %8s %9s %9s %9s %9s %9s %9s%n",
                "variant",
                "tickets/s",
                "records/s",
                "commits/s",
                "tick/com",
                "sync p50",
                "sync p99",
                "wait p50",
                "com s/M",
                "all s/M",
                "refused/s");
        for (Map.Entry<Variant, List<Figures>> entry : all.entrySet()) {
            List<Figures> runs = entry.getValue();
            System.out.printf(
                    Locale.ROOT,
                    "%-36s %10.0f %11.0f %9.0f %8.1f %6.0f us %6.0f us %6.0f us %9.3f %9.3f %9.0f%n",
                    entry.getKey(),
                    median(runs, Figures::tickets),
                    median(runs, Figures::records),
                    median(runs, Figures::commits),
                    median(runs, Figures::ticketsPerCommit),
                    median(runs, Figures::syncP50Micros),
                    median(runs, Figures::syncP99Micros),
                    median(runs, Figures::waitP50Micros),
                    median(runs, Figures::committerSecondsPerMillion),
                    median(runs, Figures::allSecondsPerMillion),
                    median(runs, Figures::refused));
        }
        for (Map.Entry<Variant, List<Figures>> entry : all.entrySet()) {
            System.out.printf(
                    Locale.ROOT,
                    "RESULT name=commit variant=%s%s value=%.0f unit=records/s%n",
                    entry.getKey(),
                    rate == 0 ? "" : ",paced",
                    median(entry.getValue(), Figures::records));
            System.out.printf(
                    Locale.ROOT,
                    "RESULT name=commit-committer variant=%s%s value=%.1f unit=ns/record kernel=%.1f%n",
                    entry.getKey(),
                    rate == 0 ? "" : ",paced",
                    1000 * median(entry.getValue(), Figures::committerSecondsPerMillion),
                    median(entry.getValue(), Figures::committerKernelNanos));
        }
    }

    private interface Figure {
        double of(Figures figures);
    }

    private static double median(List<Figures> runs, Figure figure) {
        double[] values = runs.stream().mapToDouble(figure::of).sorted().toArray();
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static void sleep(double seconds) throws InterruptedException {
        Thread.sleep((long) (seconds * 1000));
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
