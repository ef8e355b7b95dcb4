package io.sluice.scenario;

import io.sluice.ladder.DocsBlock;
import io.sluice.ladder.Machine;
import io.sluice.ladder.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What this machine can do at all, and what others should, of what other commands measured. */
@Command(
        name = "limit",
        header = "What this machine can do at all, and what larger ones with EBS should.",
        description = {
            "",
            "Each goal beside its bound, by the last results of this clone (scripts/bench bounds and others). Then a "
                    + "model, fitted on the raw results of the last million, growth and ladder; its assumptions are "
                    + "printed with it."
        })
final class LimitCommand implements Callable<Integer> {

    @Option(names = "--root", hidden = true, required = true)
    private Path root;

    @Option(names = "--class-path", hidden = true)
    private String gatewayClassPath;

    @Option(names = "--write-docs", description = "Also write it into docs/PERFORMANCE.md.")
    private boolean writeDocs;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        Path million = newest("bench/million", "gzip-figures.txt")
                .orElseThrow(() -> new IOException("scripts/bench million has not run in this clone"));
        Map<String, Double> measured = figures(million);
        Optional<Path> ladder = newest("ladder", "figures.txt");
        Optional<Path> growth = newest("bench/growth", GrowthCommand.POINTS);
        List<double[]> points = points(measured, growth);
        Map<String, Double> rungs = ladder.isEmpty() ? Map.of() : figures(ladder.get());
        String text = report(measured, rungs, points);
        StringBuilder from = new StringBuilder("    scripts/bench limit\n\n" + Machine.describe(root.resolve("target"))
                + " Fitted on " + root.relativize(million));
        growth.ifPresent(file -> from.append(", ").append(root.relativize(file)));
        ladder.ifPresent(file -> from.append(", ").append(root.relativize(file)));
        from.append(".\n\n")
                .append(Distances.table(
                        Results.read(root.resolve(Results.DIRECTORY)),
                        floor(rungs).orElse(Double.NaN)))
                .append('\n')
                .append(text);
        System.out.println(from);
        if (writeDocs) {
            DocsBlock.of("scripts/bench limit").write(root.resolve("docs/PERFORMANCE.md"), from.toString());
            System.out.println("written: docs/PERFORMANCE.md");
        }
        System.out.print(results(cost(measured, points)));
        return 0;
    }

    /** The last one that was more than a look; if there is none, the last look. */
    private Optional<Path> newest(String below, String file) throws IOException {
        Path directory = root.resolve("target").resolve(below);
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> runs = Files.list(directory)) {
            return runs.filter(run -> Files.exists(run.resolve(file)))
                    .max(Comparator.comparing((Path run) -> !run.toString().endsWith(Options.QUICK))
                            .thenComparing(Path::toString))
                    .map(run -> run.resolve(file));
        }
    }

    /** Medians of the rounds. */
    static Map<String, Double> figures(Path file) throws IOException {
        Map<String, Double> figures = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ");
            double[] values = Stream.of(words)
                    .skip(1)
                    .mapToDouble(Double::parseDouble)
                    .sorted()
                    .toArray();
            int middle = values.length / 2;
            figures.put(words[0], values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2);
        }
        return figures;
    }

    private static List<double[]> points(Map<String, Double> measured, Optional<Path> growth) throws IOException {
        List<double[]> points = new ArrayList<>();
        points.add(new double[] {measured.get("rate"), gateway(measured)});
        if (growth.isPresent()) {
            for (String line : Files.readAllLines(growth.get())) {
                String[] words = line.split(" ");
                points.add(new double[] {Double.parseDouble(words[0]), Double.parseDouble(words[1])});
            }
        }
        return points;
    }

    private static double gateway(Map<String, Double> measured) {
        return measured.get("gateway_ns") - measured.get(Report.figure(Role.JIT));
    }

    private static Limit.Cost cost(Map<String, Double> measured, List<double[]> points) {
        Limit.Line line = Limit.fit(points);
        return new Limit.Cost(
                line.fixedNanos(),
                line.nanos() + measured.get("kernel_ns"),
                measured.get(Report.figure(Role.COMMITTER)),
                measured.get(Report.figure(Role.DELIVERY)),
                measured.get("journal_bytes"),
                measured.get("packed"),
                measured.get("received"));
    }

    static String report(Map<String, Double> measured, Map<String, Double> ladder, List<double[]> points) {
        Limit.Line line = Limit.fit(points);
        Limit.Cost cost = cost(measured, points);
        int processors = Runtime.getRuntime().availableProcessors();
        double others = measured.get("generator_ns") + measured.get("lab_ns");
        Limit.Machine here = new Limit.Machine(
                "this machine, load and Firehose elsewhere", processors, measured.get("sync_p50_ms"), 1e6, 1e6);
        StringBuilder text = new StringBuilder();
        text.append(fit(points, line));
        text.append(
                "| machine | records/s | bound by | p50 at half, ms | streams | Gbit/s in |\n|---|---:|---|---:|---:|---:|\n");
        text.append(String.format(
                Locale.ROOT,
                "| this machine, generator and lab on it: measured | %,.0f | | | | |%n",
                measured.get("rate")));
        text.append(String.format(
                Locale.ROOT,
                "| the same with no processor idle or with others | %,.0f | processors | | | |%n",
                processors * 1e9 / (gateway(measured) + measured.get("kernel_ns") + others)));
        floor(ladder)
                .ifPresent(floor -> text.append(String.format(
                        Locale.ROOT,
                        "| the same if each stage took its bound (the ladder, above) | %,.0f | processors | | | |%n",
                        processors * 1e9 / floor)));
        text.append(Limit.row(Limit.of(cost, here)));
        for (int vcpu : List.of(4, 16, 64)) {
            text.append(Limit.row(Limit.of(cost, Limit.gp3(vcpu))));
            text.append(Limit.row(Limit.of(cost, Limit.wideGp3(vcpu))));
        }
        text.append(String.format(
                Locale.ROOT,
                """

                Assumptions: a vCPU there is one here; 95 %% of them can be used; loops share nothing, so that cost a record\
                 does not rise with their number; committer (%,.0f ns a record) and delivery (%,.0f ns) have one thread each,\
                 90 %% of which may be busy; events of %.0f B take %.0f B in the journal and %.0f B packed, as this traffic does;\
                 EBS counts a write for each begun 256 KiB, and a sync for one; commits take up to 4 MiB. A stream takes 85 %% of\
                 5 MiB/s. At half of capacity an answer waits for half of a sync and then its own;\
                 what processors make it wait is left out.
                """,
                cost.committerNanos(),
                cost.deliveryNanos(),
                cost.receivedBytes(),
                cost.journalBytes(),
                cost.packedBytes()));
        return text.toString();
    }

    /** What the line is and how near to it the points lie, which one point cannot say: every line through it fits. */
    private static String fit(List<double[]> points, Limit.Line line) {
        if (points.size() == 1) {
            return String.format(
                    Locale.ROOT,
                    "CPU of the gateway, of one point alone, at %,.0f records/s: %,.0f ns a record. One point fits itself, so"
                            + " nothing checks this, and what a second takes whatever the rate is not known: it is counted as"
                            + " the record's. More points come from scripts/bench growth.%n%n",
                    points.getFirst()[0],
                    line.nanos());
        }
        return String.format(
                Locale.ROOT,
                "CPU of the gateway, of %d points from %,.0f to %,.0f records/s: %,.0f ns a record and %.2f ms a second"
                        + " whatever the rate; no point is further than %.0f %% from that.%n%n",
                points.size(),
                points.stream().mapToDouble(point -> point[0]).min().orElse(0),
                points.stream().mapToDouble(point -> point[0]).max().orElse(0),
                line.nanos(),
                line.fixedNanos() / 1e6,
                100 * line.error());
    }

    /** The sum of what no stage can undercut; the generator's and the lab's own are taken as they are. */
    private static Optional<Double> floor(Map<String, Double> ladder) {
        if (!ladder.containsKey("whole.packed")) {
            return Optional.empty();
        }
        double packed = ladder.get("whole.packed");
        return Optional.of(ladder.get("bare.generator")
                + ladder.get("bare.server.kernel")
                + ladder.get("intake.copy")
                // The library's where that is less: our own gzip takes less than zlib.
                + Math.min(ladder.get("intake.library"), ladder.get("intake.encode"))
                + ladder.get("committer")
                + (ladder.get("sdk.sha256") + ladder.get("sdk.base64")) * packed
                + ladder.get("lab") * packed);
    }

    private static String results(Limit.Cost cost) {
        StringBuilder text = new StringBuilder();
        for (int vcpu : List.of(4, 16, 64)) {
            Limit.Answer answer = Limit.of(cost, Limit.gp3(vcpu));
            text.append(String.format(
                    Locale.ROOT,
                    "RESULT name=limit-%d value=%.0f unit=records/s bound=%s%n",
                    vcpu,
                    answer.rate(),
                    answer.bound().name().toLowerCase(Locale.ROOT)));
        }
        return text.toString();
    }
}
