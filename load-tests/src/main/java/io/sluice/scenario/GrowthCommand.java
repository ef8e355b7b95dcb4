package io.sluice.scenario;

import io.sluice.ladder.Figures;
import io.sluice.ladder.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether a record costs the same whatever there is of load, connections and shops. */
@Command(
        name = "growth",
        header = "CPU a record as load, connections and shops grow, and what 1,000 requests a second cost.",
        description = {
            "",
            "The gateway's CPU a record, compiler left out, at 10, 50 and 100 %% of capacity, with 16 to 4,000 "
                    + "connections at half of capacity, and with 1 to 10,000 shops. It never rises with load, and with "
                    + "the others by 10 %% at most. 1,000 requests a second are measured on a gateway that has just "
                    + "started, and on one that more of them warmed before."
        },
        sortOptions = false)
final class GrowthCommand implements Callable<Integer> {

    private static final int SECONDS = 15;
    private static final int WARMUP = 12;

    /** What two runs of the same differ by. */
    private static final double NOISE = 1.02;

    private static final double WITHIN = 1.1;
    private static final double CORE = 0.1;
    private static final String EVERY = ".*";

    /** The file with what {@code scripts/bench limit} fits: records a second, nanoseconds of CPU a record. */
    static final String POINTS = "points.txt";

    /** What is measured: a group of those that are compared, and the load. */
    private record Point(String group, String about, int shops, String load) {}

    static final String IDLE = "--rate 1000 --shops 3000 --batch 1";

    /**
     * In an hour 1,000 requests a second are 3.6 million, with which the gateway is compiled, and the measurement
     * cannot wait for them: the same requests twenty times as fast, until the compiler is done.
     */
    static final String IDLE_WARM_LOAD = "--rate 20000 --shops 3000 --batch 1";

    static final int IDLE_WARM_SECONDS = 90;

    private static final List<Point> ALL = List.of(
            new Point("load", "10 % of capacity", 3_000, "--rate {0.1} --shops 3000"),
            new Point("load", "50 %", 3_000, "--rate {0.5} --shops 3000"),
            new Point("load", "100 %: as many as are answered", 3_000, "--flat-out --shops 3000"),
            new Point("connections", "16 connections", 3_000, "--rate {0.5} --shops 3000 --connections 16"),
            new Point("connections", "256", 3_000, "--rate {0.5} --shops 3000 --connections 256"),
            new Point("connections", "4,000", 3_000, "--rate {0.5} --shops 3000 --connections 4000"),
            new Point("shops", "1 shop, 10 events a POST", 1, "--rate {0.25} --shops 1 --batch 10"),
            new Point("shops", "100", 100, "--rate {0.25} --shops 100 --batch 10"),
            new Point("shops", "10,000", 10_000, "--rate {0.25} --shops 10000 --batch 10"),
            new Point("idle-cold", "1,000 requests a second, just started", 3_000, IDLE),
            new Point("idle", "1,000 requests a second, warmed before", 3_000, IDLE));

    /** All from this one address. */
    private static final Variant MANY = new Variant(
            "growth",
            "more connections of one address than by default",
            List.of(),
            Map.of("SLUICE_HTTP_MAX_CONNECTIONS_PER_ADDRESS", "8192"),
            Variant.STREAMS);

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--capacity",
            paramLabel = "RATE",
            description = "Events a second that loads are a part of. Default: what scripts/bench million measured here")
    private Double capacity;

    @Option(
            names = "--points",
            paramLabel = "REGEX",
            defaultValue = EVERY,
            description = "Only these: load, connections, shops, idle-cold, idle. What is read elsewhere needs all")
    private Pattern points;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (options.writeDocs() && !points.pattern().equals(EVERY)) {
            throw new ParameterException(spec.commandLine(), "--points measures some of what --write-docs replaces");
        }
        options.begin(spec);
        Path results = options.results("growth");
        Scenario million = options.scenario(Rounds.MILLION, WARMUP, SECONDS);
        double known = capacity != null ? capacity : Rounds.capacity(options, results);
        List<Figures> runs = new ArrayList<>();
        for (int i = 0; i < ALL.size(); i++) {
            runs.add(new Figures());
        }
        // Round by round, so that drift is in all.
        for (int round = 1; round <= options.rounds(); round++) {
            for (int i = 0; i < ALL.size(); i++) {
                Point point = ALL.get(i);
                if (!points.matcher(point.group()).matches()) {
                    continue;
                }
                System.err.printf("round %d, %d of %d: %s%n", round, i + 1, ALL.size(), point.about());
                Path directory = Files.createDirectories(results.resolve(i + "-" + point.group() + "-" + round));
                Scenario load = million.with(List.of(point.load()));
                if (point.group().equals("idle")) {
                    load = load.warmed(options.quick() ? load.warmup() : IDLE_WARM_SECONDS, IDLE_WARM_LOAD);
                }
                Whole.Plan plan = new Whole.Plan(load, "gzip", known, MANY, point.shops(), false);
                new Whole(plan, options.processes(directory), runs.get(i)).run();
            }
        }
        boolean all = runs.stream().allMatch(run -> run.has("rate"));
        if (all) {
            Files.writeString(results.resolve(POINTS), points(runs));
        }
        String report = options.command("growth", million) + "\n\n" + options.machine() + " Capacity: "
                + Report.number(known) + " records/s.\n\n"
                + Report.provisional(
                        runs.stream().filter(run -> run.has("rate")).toList())
                + table(runs)
                + warmth(of(runs, "idle"));
        options.end("growth", results, report, all ? results(runs) : idle(runs));
        return 0;
    }

    private static Figures of(List<Figures> runs, String group) {
        for (int i = 0; i < ALL.size(); i++) {
            if (ALL.get(i).group().equals(group)) {
                return runs.get(i);
            }
        }
        throw new IllegalArgumentException(group);
    }

    /** Nothing if the compiled one was not measured. */
    private static String idle(List<Figures> runs) {
        Figures idle = of(runs, "idle");
        Figures cold = of(runs, "idle-cold");
        if (!idle.has("rate")) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "RESULT name=growth-idle value=%.3f unit=cores goal=%.1f met=%s refused=%.0f cold=%s warm=%s warm_s=%.0f%n",
                core(idle),
                CORE,
                core(idle) <= CORE && refused(runs, "idle") == 0 ? "yes" : "no",
                refused(runs, "idle"),
                cold.has("rate") ? String.format(Locale.ROOT, "%.3f", core(cold)) : "none",
                warm(idle) ? "yes" : "no",
                idle.most("warm_s"));
    }

    /** Whether the compiler had little left to do before each of the rounds. */
    private static boolean warm(Figures idle) {
        return idle.least("warm") == 1;
    }

    private static String warmth(Figures idle) {
        return !idle.has("warm")
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%nWarmed for %.0f s: the compiler %s less than 3 %% of the gateway's time then.%n",
                        idle.most("warm_s"),
                        warm(idle) ? "took" : "had not come to");
    }

    private static double nanos(Figures run) {
        return run.of("gateway_ns") - run.of(Report.figure(Role.JIT));
    }

    private static String points(List<Figures> runs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ALL.size(); i++) {
            // Those of the same traffic.
            if (!ALL.get(i).group().equals("shops") && !ALL.get(i).group().startsWith("idle")) {
                text.append(
                        String.format(Locale.ROOT, "%.0f %.1f%n", runs.get(i).of("rate"), nanos(runs.get(i))));
            }
        }
        return text.toString();
    }

    private static String table(List<Figures> runs) {
        StringBuilder text = new StringBuilder(
                "| | records/s | CPU, ns a record | beside the first | of a core | p99, ms | RSS, MiB |\n"
                        + "|---|---:|---:|---:|---:|---:|---:|\n");
        double first = 0;
        String group = "";
        for (int i = 0; i < ALL.size(); i++) {
            Figures run = runs.get(i);
            if (!run.has("rate")) {
                continue;
            }
            if (!ALL.get(i).group().equals(group)) {
                group = ALL.get(i).group();
                first = nanos(run);
            }
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f | %.2f | %.1f %% | %.2f | %.0f |%n",
                    ALL.get(i).about(),
                    run.of("rate"),
                    nanos(run),
                    nanos(run) / first,
                    core(run) * 100,
                    run.of("p99_ms"),
                    run.of("rss_mib")));
        }
        return text.toString();
    }

    private static double core(Figures run) {
        return run.of("rate") * nanos(run) / 1e9;
    }

    private static String results(List<Figures> runs) {
        return result("growth-load", rise(costs(runs, "load")), NOISE, refused(runs, "load"))
                + result("growth-connections", spread(costs(runs, "connections")), WITHIN, refused(runs, "connections"))
                + result("growth-shops", spread(costs(runs, "shops")), WITHIN, refused(runs, "shops"))
                + idle(runs);
    }

    /** Events that were refused or never answered, in any of the group: who refuses work is not cheap. */
    private static double refused(List<Figures> runs, String group) {
        double sum = 0;
        for (int i = 0; i < ALL.size(); i++) {
            if (ALL.get(i).group().equals(group)) {
                sum += Goal.value(runs.get(i), "refused") + Goal.value(runs.get(i), "unknown");
            }
        }
        return sum;
    }

    private static double[] costs(List<Figures> runs, String group) {
        double[] costs = new double[ALL.size()];
        int count = 0;
        for (int i = 0; i < ALL.size(); i++) {
            if (ALL.get(i).group().equals(group)) {
                costs[count++] = nanos(runs.get(i));
            }
        }
        return Arrays.copyOf(costs, count);
    }

    /** How many times as much any of them takes as one before it; 1 if none takes more. */
    static double rise(double[] costs) {
        double worst = 1;
        double least = costs[0];
        for (double cost : costs) {
            worst = Math.max(worst, cost / least);
            least = Math.min(least, cost);
        }
        return worst;
    }

    /** How many times the first the dearest of the others is. */
    static double spread(double[] costs) {
        double worst = 1;
        for (double cost : costs) {
            worst = Math.max(worst, cost / costs[0]);
        }
        return worst;
    }

    private static String result(String name, double value, double goal, double refused) {
        return String.format(
                Locale.ROOT,
                "RESULT name=%s value=%.3f unit=ratio goal=%.2f met=%s refused=%.0f%n",
                name,
                value,
                goal,
                value <= goal && refused == 0 ? "yes" : "no",
                refused);
    }
}
