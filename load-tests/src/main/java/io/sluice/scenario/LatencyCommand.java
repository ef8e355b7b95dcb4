package io.sluice.scenario;

import io.sluice.ladder.Child;
import io.sluice.ladder.Figures;
import io.sluice.ladder.Xychart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long a request takes at half of what the machine can do, beside its disk and beside nginx. */
@Command(
        name = "latency",
        header = "How long requests wait at half of capacity: p50, p99, p99.9.",
        description = {
            "",
            "An open loop: requests go when the schedule wants them, and a latency counts from that moment. Before, "
                    + "another generator sends the same, until the gateway is compiled. Beside it "
                    + "what a write and fdatasync take in the same run, by a probe on the same disk, and nginx with pixels "
                    + "at as many requests a second. The goal: p50 under 1 ms, and p99.9 within twice nginx's or 2 ms "
                    + "beyond the probe's, whichever is more."
        },
        sortOptions = false)
final class LatencyCommand implements Callable<Integer> {

    private static final int BATCH = 50;
    private static final double SLACK_SECONDS = 120;

    /** What the p99.9 may have beyond that of fdatasync. */
    static final double BEYOND_SYNC_MILLIS = 2;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Events a second. Default: half of what scripts/bench million measured here")
    private Double rate;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.begin(spec);
        Scenario scenario = options.scenario("latency");
        Path results = options.results("latency");
        double capacity = rate != null ? 2 * rate : Rounds.capacity(options, results);
        Figures figures = Rounds.run(options, scenario, "gzip", capacity, results);
        boolean nginx = Nginx.isThere();
        for (int round = 1; nginx && round <= options.rounds(); round++) {
            nginx(scenario, capacity / 2 / BATCH, Files.createDirectories(results.resolve("nginx-" + round)), figures);
        }
        Files.writeString(results.resolve("figures.txt"), figures.toString());
        String report = options.command("latency", scenario) + "\n\n"
                + options.machine()
                + String.format(
                        Locale.ROOT,
                        " Open loop at %,.0f records/s, %,.0f requests/s; %,.0f records/s were acknowledged."
                                + " The lab's objects: %s.%n%n",
                        capacity / 2,
                        capacity / 2 / BATCH,
                        figures.of("rate"),
                        objects(figures).equals("memory") ? "in memory" : "on the journal's disk")
                + Report.provisional(List.of(figures)) + table(figures, nginx) + "\n" + chart(figures, nginx);
        options.end("latency", results, report, results(figures, nginx));
        return 0;
    }

    private void nginx(Scenario scenario, double requests, Path directory, Figures figures)
            throws IOException, InterruptedException {
        System.err.printf(Locale.ROOT, "nginx at %,.0f requests/s%n", requests);
        Processes processes = options.processes(directory);
        List<String> how = List.of("--protocol", "pixel", "--rate", String.format(Locale.ROOT, "%.0f", requests));
        List<String> times = List.of("--warmup", scenario.warmup() + "s", "--duration", scenario.seconds() + "s");
        try (Nginx nginx = new Nginx(options.scenarios(), directory, false);
                Child load = processes.load("load", "nginx000", nginx.port(), how, times)) {
            load.end(scenario.warmup() + scenario.seconds() + SLACK_SECONDS, 0, 3);
            Latencies.add(figures, "nginx_", Files.readString(directory.resolve("nginx000.json")));
            Files.deleteIfExists(directory.resolve("nginx000.acks"));
            Files.deleteIfExists(directory.resolve("nginx/access.log"));
        }
    }

    static String table(Figures figures, boolean nginx) {
        StringBuilder text = new StringBuilder("| ms | p50 | p99 | p99.9 | max |\n|---|---:|---:|---:|---:|\n");
        text.append(
                row("gateway, 50 events a POST, synced", figures, List.of("p50_ms", "p99_ms", "p999_ms", "max_ms")));
        text.append(row("its own fdatasyncs", figures, List.of("sync_p50_ms", "sync_p99_ms", "sync_p999_ms")));
        text.append(row(
                "write and fdatasync beside it, by themselves",
                figures,
                List.of("probe_p50_ms", "probe_p99_ms", "probe_p999_ms")));
        text.append(row(
                "– from when they were due",
                figures,
                List.of("probe_due_p50_ms", "probe_due_p99_ms", "probe_due_p999_ms")));
        if (nginx) {
            text.append(row(
                    "nginx, pixels, as many requests",
                    figures,
                    List.of("nginx_p50_ms", "nginx_p99_ms", "nginx_p999_ms", "nginx_max_ms")));
        }
        return text.toString();
    }

    /** As far as there are percentiles of all: the longest of all says little, and would hide the others. */
    static String chart(Figures figures, boolean nginx) {
        List<Xychart.Series> lines = new ArrayList<>();
        for (String prefix : nginx ? List.of("", "probe_", "nginx_") : List.of("", "probe_")) {
            lines.add(new Xychart.Series(
                    "line",
                    List.of(
                            figures.of(prefix + "p50_ms"),
                            figures.of(prefix + "p99_ms"),
                            figures.of(prefix + "p999_ms"))));
        }
        String title = "latency, ms: gateway, fdatasync" + (nginx ? ", nginx" : "");
        return Xychart.of(title, List.of("p50", "p99", "p99.9"), "ms", lines);
    }

    private static String row(String what, Figures figures, List<String> names) {
        StringBuilder text = new StringBuilder("| " + what + " |");
        for (String name : names) {
            text.append(String.format(Locale.ROOT, " %.3f |", figures.of(name)));
        }
        return text.append(names.size() < 4 ? " |" : "").append('\n').toString();
    }

    /** Where the lab kept them, in any of the rounds. */
    private static String objects(Figures figures) {
        return figures.least("objects_in_memory") == 1 ? "memory" : "disk";
    }

    /** What the p99.9 may be at most. @param nginx NaN if there was none */
    static double bound(double nginx, double probe) {
        double bySync = probe + BEYOND_SYNC_MILLIS;
        return Double.isNaN(nginx) ? bySync : Math.max(2 * nginx, bySync);
    }

    static String results(Figures figures, boolean nginx) {
        Goal half = new Goal("p50_ms", false, 1);
        double theirs = nginx ? figures.of("nginx_p999_ms") : Double.NaN;
        double probe = figures.of("probe_p999_ms");
        Goal tail = new Goal("p999_ms", false, bound(theirs, probe));
        // Who refuses the rest of the load has little to wait for.
        boolean taken = Report.met(Goal.RATE_KEPT, figures);
        return Report.line("latency-p50", half, half.value(figures), taken && half.met(figures))
                + String.format(
                        Locale.ROOT,
                        " rate=%.0f refused=%.0f unknown=%.0f unsent=%.0f lost=%.0f p99_ms=%.3f%n",
                        figures.of("rate"),
                        Goal.value(figures, "refused"),
                        Goal.value(figures, "unknown"),
                        Goal.value(figures, "unsent"),
                        Goal.value(figures, "lost"),
                        figures.of("p99_ms"))
                + Report.line("latency-p999", tail, tail.value(figures), taken && tail.met(figures))
                + String.format(
                        Locale.ROOT,
                        " formula=max(2*nginx,probe+%.0fms) nginx=%s probe=%.3f probe_due=%.3f own_sync=%.3f"
                                + " objects=%s%n",
                        BEYOND_SYNC_MILLIS,
                        nginx ? String.format(Locale.ROOT, "%.3f", theirs) : "none",
                        probe,
                        figures.of("probe_due_p999_ms"),
                        figures.of("sync_p999_ms"),
                        objects(figures));
    }
}
