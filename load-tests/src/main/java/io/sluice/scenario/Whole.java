package io.sluice.scenario;

import io.sluice.ladder.Child;
import io.sluice.ladder.CpuTime;
import io.sluice.ladder.CpuUse;
import io.sluice.ladder.Figures;
import io.sluice.ladder.LoadWindow;
import io.sluice.ladder.MachineUse;
import io.sluice.ladder.ResultLine;
import io.sluice.ladder.Role;
import io.sluice.ladder.Warmth;
import io.sluice.process.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One scenario, once: starts lab, gateway and generators, looks at them at both ends of the window, ends them in order,
 * and asks the oracle. One thread.
 *
 * <p>What is printed by the processes stays in the directory; events and objects are deleted.
 */
final class Whole {

    private static final double START_SECONDS = 60;
    private static final double SLACK_SECONDS = 180;
    /** What the oracle may need for a second of load. */
    private static final double ORACLE_SHARE = 10;
    /** Lines of progress come once a second; the last is no later than this before the end. */
    private static final double LAST_LINE_SECONDS = 0.6;
    /** What the generator ends with when something was refused; the report is there. */
    private static final int INCOMPLETE = 3;

    /** The file with the throughput of each second. */
    static final String THROUGHPUT = "throughput.txt";

    /** Of the time of one fdatasync, since the gateway's start. */
    private static final Map<String, String> SYNC_FIGURES =
            Map.of("sync_p50_ms", "0.5", "sync_p99_ms", "0.99", "sync_p999_ms", "0.999");

    /** The file with what each kind of thread used, and how long it waited for a processor. */
    static final String WAITING = "gateway-waiting.txt";

    /** The file with the window, behind a time down where there is one: milliseconds since the epoch, begin and end. */
    static final String WINDOW = "window.txt";

    static final int SHOPS = 3_000;

    private static final int DELETE_TURNS = 50;
    private static final long DELETE_PAUSE_NANOS = 100_000_000;

    /** What it ends with when it was told to; the report is there. */
    private static final int INTERRUPTED = 143;

    private static final Map<String, String> EXTENSIONS =
            Map.of("gzip", ".jsonl.gz", "zstd", ".jsonl.zst", "ndjson", ".jsonl");

    private final Plan plan;
    private final Path directory;
    private Path objects;
    private final Figures figures;
    private final Processes processes;

    /** At the end of the time down; {@code null} where there is none. */
    private Waiting waitingBehind;

    private long behindMillis;

    /**
     * What to run.
     *
     * @param encoding gzip or zstd
     * @param capacity events a second, of which some loads are a part
     * @param shops that the gateway knows
     * @param judged whether the oracle is asked; for a look at processors it need not be
     */
    record Plan(Scenario scenario, String encoding, double capacity, Variant variant, int shops, boolean judged) {

        Plan(Scenario scenario, String encoding, double capacity) {
            this(scenario, encoding, capacity, Variant.NONE, SHOPS, true);
        }
    }

    /** @param processes whose directory is that of this run, there and empty */
    Whole(Plan plan, Processes processes, Figures figures) {
        this.plan = plan;
        this.processes = processes;
        directory = processes.directory();
        objects = directory.resolve("lab-data");
        this.figures = figures;
    }

    /** @param allocations {@code null} where nobody asked */
    private record Look(
            long epochMillis,
            CpuUse gateway,
            Waiting waiting,
            CpuTime lab,
            CpuTime loads,
            CpuTime kernel,
            MachineUse machine,
            double stored,
            Metrics metrics,
            Allocations allocations) {}

    /** Once. What is in memory does not outlive it, however it ends; but for what was lost, to be looked for. */
    void run() throws IOException, InterruptedException {
        if (plan.scenario.objects() == Scenario.Objects.MEMORY) {
            objects = InMemory.or(objects);
        }
        boolean memory = InMemory.has(objects);
        figures.add("objects_in_memory", memory ? 1 : 0);
        Path kept = objects;
        Thread hook = new Thread(() -> deleteQuietly(kept), "delete-objects");
        if (memory) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
        boolean lost = false;
        try {
            measure();
            if (plan.judged) {
                judge();
                lost = figures.last("lost") > 0;
            }
            if (lost) {
                System.err.println("records were lost: objects are kept in " + objects + ", all else in " + directory);
            } else {
                clear();
            }
        } finally {
            if (memory) {
                unhook(hook);
                if (!lost) {
                    deleteQuietly(objects);
                }
            }
        }
    }

    private static void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM ends; the hook deletes.
        }
    }

    /** The lab may be writing there still: what is new meanwhile is taken in the next turn. */
    private static void deleteQuietly(Path root) {
        for (int i = 0; i < DELETE_TURNS && Files.exists(root); i++) {
            try {
                delete(root);
            } catch (IOException | UncheckedIOException e) {
                if (i == DELETE_TURNS - 1) {
                    System.err.println("not deleted: " + root + ": " + e);
                } else {
                    LockSupport.parkNanos(DELETE_PAUSE_NANOS);
                }
            }
        }
    }

    private void measure() throws IOException, InterruptedException {
        int labPort = Http.freePort();
        processes.writeShops(plan.shops);
        List<Child> loads = new ArrayList<>();
        Child gateway = null;
        try (Child lab = startLab(labPort)) {
            gateway = startGateway("gateway", 0, labPort);
            int port = port(gateway, "takes beacons on .*:(\\d+)$");
            int adminPort = port(gateway, "admin +http://.*:(\\d+)/");
            List<List<String>> options = plan.scenario.loads(plan.capacity);
            int most = plan.scenario.warm();
            List<String> warming = plan.scenario.warmOptions(plan.capacity);
            double warmed = 0;
            if (most > 0) {
                Warming.Warmed done = Warming.warm(processes, gateway, port, adminPort, warming, most);
                warmed = done.acked();
                figures.add("warm_s", done.seconds());
                figures.add("warm", done.compiled() ? 1 : 0);
            }
            for (int i = 0; i < options.size(); i++) {
                loads.add(processes.load("load-" + i, runName(i), port, options.get(i), times(i)));
            }
            if (plan.scenario.outage() != null) {
                Child killed = gateway;
                // From here on that it has ended is no news.
                gateway = null;
                gateway = outage(killed, port, labPort, loads.getFirst());
                adminPort = port(gateway, "admin +http://.*:(\\d+)/");
            }
            Watch watch = new Watch(gateway.pid(), adminPort);
            double from = Warmth.awaitSecond(loads.getFirst(), plan.scenario.warmup());
            Look before;
            Look after;
            Downtime.Times down;
            double to;
            try (SyncProbe probe = SyncProbe.start(directory.resolve("sync-probe"), plan.scenario.syncProbe())) {
                before = look(gateway, lab, loads, labPort, adminPort);
                down = down(gateway, loads.getFirst(), from, labPort);
                to = Warmth.awaitSecond(loads.getFirst(), from + plan.scenario.seconds() - LAST_LINE_SECONDS);
                after = look(gateway, lab, loads, labPort, adminPort);
                probe.end(figures);
            }
            watch.end();
            addLoads(loads, from, to, warmed);
            long stopping = System.nanoTime();
            gateway.stop();
            gateway = null;
            figures.add("drain_s", (System.nanoTime() - stopping) / 1e9);
            String counters = Http.get(labPort, "/lab/counters");
            lab.stop();
            addProcesses(before, after, total(counters, "bytesStored"), from, to);
            addBilled(counters);
            addWatch(watch);
            if (down != null) {
                down.add(figures, watch.looks());
            }
        } catch (IOException e) {
            // That nobody answers at its port says little.
            throw gateway == null || gateway.isAlive()
                    ? e
                    : new IOException("the gateway has ended; its last words are in " + directory, e);
        } finally {
            loads.forEach(Child::close);
            if (gateway != null) {
                gateway.close();
            }
        }
    }

    /** Sets the faults and takes them away again; {@code null} if there is no such time. */
    private Downtime.Times down(Child gateway, Child load, double from, int labPort)
            throws IOException, InterruptedException {
        Downtime down = plan.scenario.down();
        if (down == null) {
            return null;
        }
        long measured = System.nanoTime();
        Warmth.awaitSecond(load, from + down.from() * plan.scenario.seconds());
        long began = System.nanoTime();
        Http.call("PUT", labPort, "/lab/faults", Files.readString(plan.scenario.faults()));
        Warmth.awaitSecond(load, from + down.until() * plan.scenario.seconds());
        long ended = System.nanoTime();
        Http.call("DELETE", labPort, "/lab/faults", null);
        waitingBehind = Waiting.of(gateway.pid());
        behindMillis = System.currentTimeMillis();
        return new Downtime.Times(measured, began, ended);
    }

    /** Kills the gateway, has clients find nobody, and starts it again at its port, on the journal that it left. */
    private Child outage(Child gateway, int port, int labPort, Child load) throws IOException, InterruptedException {
        Scenario.Outage outage = plan.scenario.outage();
        try (gateway) {
            Warmth.awaitSecond(load, outage.from() * plan.scenario.warmup());
        }
        Warmth.awaitSecond(load, outage.to() * plan.scenario.warmup());
        return startGateway("gateway-again", port, labPort);
    }

    private Child startLab(int port) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--port", Integer.toString(port), "--dir"));
        arguments.add(objects.toString());
        // With zstd there are no manifests, which are always gzip, while a lab has one extension for all its streams.
        boolean gzip = plan.encoding.equals("gzip");
        String streams = plan.variant.streamNames() + "=events/,sluice-rejected=rejected/";
        arguments.addAll(List.of("--streams", gzip ? streams + ",sluice-manifests=manifests/" : streams));
        arguments.addAll(List.of("--file-extension", EXTENSIONS.get(plan.encoding)));
        arguments.addAll(List.of("--quota", plan.variant.quota()));
        if (plan.scenario.faults() != null && plan.scenario.down() == null) {
            arguments.addAll(List.of("--faults", plan.scenario.faults().toString()));
        }
        arguments.addAll(plan.scenario.labOptions());
        Child lab = processes.lab(arguments);
        lab.await(Pattern.compile("^  stop "), START_SECONDS);
        return lab;
    }

    private Child startGateway(String name, int port, int labPort) throws IOException {
        Map<String, String> settings = new HashMap<>(processes.shops());
        settings.put("SLUICE_GROUPS_0_STREAMS", plan.variant.streamNames());
        settings.put("SLUICE_GROUPS_0_QUOTA", plan.variant.quota());
        settings.put("SLUICE_GROUPS_0_ENCODING", plan.encoding);
        settings.put("SLUICE_GROUPS_1_ENCODING", plan.encoding);
        settings.put("SLUICE_DELIVERY_MANIFESTS_SEND", plan.encoding.equals("gzip") ? "on" : "off");
        settings.putAll(plan.variant.settings());
        // Any pair will do for the lab.
        settings.put("AWS_ACCESS_KEY_ID", "lab");
        settings.put("AWS_SECRET_ACCESS_KEY", "lab");
        List<String> arguments = List.of(
                "--config",
                plan.scenario.gateway().toString(),
                "--data",
                directory.resolve("gateway-data").toString(),
                "--destination",
                "firehose",
                "--region",
                "us-east-1",
                "--endpoint",
                Processes.url(labPort));
        return processes.gateway(name, port, plan.variant.jvm(), settings, arguments);
    }

    /** Those of a ramp are its own. Of several generators, the first is the clock; the others are told when to end. */
    private List<String> times(int load) {
        int seconds = plan.scenario.seconds() + (load == 0 ? 0 : (int) SLACK_SECONDS);
        return List.of("--warmup", plan.scenario.warmup() + "s", "--duration", seconds + "s", "--drain", "30s");
    }

    private static int port(Child gateway, String pattern) throws IOException, InterruptedException {
        return Integer.parseInt(
                gateway.await(Pattern.compile(pattern), START_SECONDS).group(1));
    }

    private Look look(Child gateway, Child lab, List<Child> loads, int labPort, int adminPort)
            throws IOException, InterruptedException {
        CpuTime all = CpuTime.NONE;
        for (Child load : loads) {
            all = all.plus(CpuUse.of(load.pid()).process());
        }
        return new Look(
                System.currentTimeMillis(),
                CpuUse.of(gateway.pid()),
                Waiting.of(gateway.pid()),
                CpuUse.of(lab.pid()).process(),
                all,
                CpuUse.kernelThreads(),
                MachineUse.now(),
                stored(labPort),
                Metrics.of(adminPort),
                // A JVM of its own and a stop of all threads: where latencies are measured, they would be those of
                // that.
                plan.scenario.isFlatOut() ? Allocations.of(gateway.pid()) : null);
    }

    /** @param warmed acknowledged before these */
    private void addLoads(List<Child> loads, double from, double to, double warmed)
            throws IOException, InterruptedException {
        double events = 0;
        double seconds = 0;
        Map<String, Double> sums = new HashMap<>(Map.of("acked", warmed));
        for (int i = 0; i < loads.size(); i++) {
            if (i > 0) {
                loads.get(i).stop();
            }
            List<String> printed = loads.get(i).end(SLACK_SECONDS, 0, INCOMPLETE, INTERRUPTED);
            String json = Files.readString(directory.resolve(runName(i) + ".json"));
            LoadWindow.Acked acked = LoadWindow.acked(json, from, to);
            events += acked.events();
            seconds = Math.max(seconds, acked.seconds());
            for (String sum : List.of("acked", "refused", "unknown", "unsent")) {
                sums.merge(sum, Double.parseDouble(ResultLine.field(printed, "load", sum)), Double::sum);
            }
            // Of several, the first is the one that the scenario is about.
            if (i == 0) {
                Files.writeString(directory.resolve(THROUGHPUT), Throughput.keep(LoadWindow.seconds(json)));
                Latencies.add(figures, "", json);
                Latencies.addGrowth(figures, json);
            }
        }
        sums.forEach(figures::add);
        figures.add("unsent_ratio", sums.get("unsent") / Math.max(1, sums.get("acked")));
        figures.add("events", events);
        figures.add("rate", events / seconds);
    }

    private void addProcesses(Look before, Look after, double stored, double from, double to) throws IOException {
        double events = figures.last("events");
        CpuUse gateway = after.gateway.since(before.gateway);
        CpuTime lab = after.lab.minus(before.lab);
        CpuTime loads = after.loads.minus(before.loads);
        CpuTime kernel = after.kernel.minus(before.kernel);
        figures.add("gateway_ns", gateway.process().total() / events);
        for (Role role : Role.values()) {
            figures.add(Report.figure(role), gateway.of(role).total() / events);
        }
        figures.add("generator_ns", loads.total() / events);
        figures.add("lab_ns", lab.total() / events);
        figures.add("kernel_ns", kernel.total() / events);
        MachineUse machine = after.machine.since(before.machine);
        double all = machine.busy() + machine.idle() + machine.stolen();
        long ours = gateway.process().total() + lab.total() + loads.total() + kernel.total();
        figures.add("others", Math.max(0, machine.busy() - ours) / all);
        figures.add("idle", machine.idle() / all);
        double packed = stored / figures.last("acked");
        figures.add("packed", packed);
        figures.add("core", gateway.process().total() / 1e9 / (to - from));
        addAmounts(before, after, events);
        figures.add("delivered", (after.stored - before.stored) / (packed * events));
        for (Map.Entry<String, String> one : SYNC_FIGURES.entrySet()) {
            figures.add(one.getKey(), after.metrics.millis("sluice_journal_sync_seconds", one.getValue()));
        }
        figures.add(
                "syncs",
                (after.metrics.of("sluice_journal_syncs_total") - before.metrics.of("sluice_journal_syncs_total"))
                        / (to - from));
        Files.writeString(directory.resolve("gateway-threads.txt"), gateway.toString());
        Waiting waiting = waitingBehind == null ? before.waiting : waitingBehind;
        long begin = waitingBehind == null ? before.epochMillis : behindMillis;
        Files.writeString(
                directory.resolve(WAITING), after.waiting.since(waiting).toString());
        Files.writeString(directory.resolve(WINDOW), begin + " " + after.epochMillis + "\n");
    }

    /** Bytes: as they came, as lines, in the journal, and what was allocated. */
    private void addAmounts(Look before, Look after, double events) throws IOException {
        double received = since(before, after, "sluice_requests_bytes_total");
        double accepted = since(before, after, "sluice_events_accepted_total");
        figures.add("received", received / accepted);
        figures.add("ndjson_ratio", since(before, after, "sluice_lines_bytes_total") / received);
        figures.add("journal_bytes", since(before, after, "sluice_journal_bytes_total") / accepted);
        Allocations allocated = after.allocations;
        if (allocated == null) {
            return;
        }
        double requests = since(before, after, "sluice_requests_received_total");
        figures.add("alloc_loops", allocated.since(before.allocations, Role.LOOPS) / requests);
        figures.add("alloc_committer", allocated.since(before.allocations, Role.COMMITTER) / events);
        figures.add("alloc_delivery", allocated.since(before.allocations, Role.DELIVERY, Role.SDK) / events);
    }

    private static double since(Look before, Look after, String metric) throws IOException {
        return after.metrics.of(metric) - before.metrics.of(metric);
    }

    /** When everything is delivered, warm-up included. */
    private void addBilled(String counters) throws IOException {
        double received = figures.last("received") * figures.last("acked");
        figures.add("billed_ratio", total(counters, "bytesBilled") / received);
        figures.add("block_bytes", total(counters, "bytesStored") / total(counters, "recordsStored"));
    }

    private void addWatch(Watch watch) throws IOException {
        figures.add("rss_mib", watch.peakMib());
        figures.add("rss_growth_mib", watch.growthMib());
        figures.add("lag_s", watch.lagSeconds());
        figures.add("worst_lag_s", watch.worstLagSeconds());
        figures.add("pending", watch.pending());
        Files.writeString(directory.resolve("gateway-seconds.txt"), watch.toString());
    }

    private void judge() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        for (Path acks : acks()) {
            arguments.addAll(List.of("--acks", acks.toString()));
        }
        arguments.add(objects.toString());
        List<String> options = List.of("-Xmx1g", "-XX:+UseSerialGC");
        try (Child oracle = processes.child("oracle", options, Map.of(), "io.sluice.oracle.Main", arguments)) {
            List<String> printed = oracle.end(ORACLE_SHARE * plan.scenario.seconds() + SLACK_SECONDS, 0, 1);
            for (String count : List.of("lost", "duplicates", "phantom")) {
                figures.add(count, Double.parseDouble(ResultLine.field(printed, "oracle", count)));
            }
        }
    }

    private void clear() throws IOException {
        delete(directory.resolve("gateway-data"));
        delete(objects);
        for (Path acks : acks()) {
            Files.deleteIfExists(acks);
        }
    }

    /** Of every generator. */
    private List<Path> acks() {
        List<Path> files = new ArrayList<>();
        if (plan.scenario.warm() > 0) {
            files.add(directory.resolve(Warming.RUN + ".acks"));
        }
        for (int i = 0; i < plan.scenario.loads().size(); i++) {
            files.add(directory.resolve(runName(i) + ".acks"));
        }
        return files;
    }

    /** A run has 8 letters. */
    private static String runName(int load) {
        return "bench00" + load;
    }

    /** Payload that the lab has taken up to now. */
    private static double stored(int labPort) throws IOException {
        return total(Http.get(labPort, "/lab/counters"), "bytesStored");
    }

    /** A count of all streams together. */
    static double total(String counters, String name) throws IOException {
        Matcher matcher =
                Pattern.compile("\"total\": *\\{[^}]*\"" + name + "\": *(\\d+)").matcher(counters);
        if (!matcher.find()) {
            throw new IOException("no " + name + " in total in the counters of the lab");
        }
        return Double.parseDouble(matcher.group(1));
    }

    static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
