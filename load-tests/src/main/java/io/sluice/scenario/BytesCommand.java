package io.sluice.scenario;

import io.sluice.ladder.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What Firehose would bill for events of real trackers. */
@Command(
        name = "bytes",
        header = "Bytes that Firehose bills beside bytes of events as they came, on events of real trackers.",
        description = {
            "",
            "1,000, 100,000 and as many records a second as are answered, with gzip and zstd, blocks open for up to "
                    + "60 s as in production. What is billed are the lab's counts, manifests included: each record "
                    + "rounded up to 5 KB. What came are the bodies."
        },
        sortOptions = false)
final class BytesCommand implements Callable<Integer> {

    private static final int SECONDS = 15;
    private static final int WARMUP = 5;
    private static final double NDJSON_GOAL = 1.6;

    private record Load(String name, String about, String options) {}

    private static final List<Load> LOADS = List.of(
            new Load("1k", "1,000/s, one event a POST", "--rate 1000 --batch 1 --shops 3000 --protocol captures"),
            new Load("100k", "100,000/s, 50 events a POST", "--rate 100000 --shops 3000 --protocol captures"),
            new Load("1m", "as many as are answered", "--flat-out --shops 3000 --protocol captures"));

    private static final Map<String, Double> GOALS = Map.of("gzip", 0.5, "zstd", 0.45);

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.begin(spec);
        Scenario million = options.scenario(Rounds.MILLION, WARMUP, SECONDS);
        Path results = options.results("bytes");
        StringBuilder table = new StringBuilder(
                "| | records/s | received, B a record | lines ÷ received | packed ÷ received | **billed ÷ received** | mean block, B |\n"
                        + "|---|---:|---:|---:|---:|---:|---:|\n");
        StringBuilder lines = new StringBuilder();
        List<Figures> runs = new ArrayList<>();
        double lineRatio = 0;
        for (String encoding : List.of("gzip", "zstd")) {
            for (Load load : LOADS) {
                System.err.printf("%s, %s%n", encoding, load.about());
                Figures run = new Figures();
                Path directory = Files.createDirectories(results.resolve(encoding + "-" + load.name()));
                Scenario scenario = million.with(List.of(load.options()));
                Whole.Plan plan = new Whole.Plan(scenario, encoding, 0, production(), Whole.SHOPS, true);
                new Whole(plan, options.processes(directory), run).run();
                runs.add(run);
                lineRatio = Math.max(lineRatio, run.of("ndjson_ratio"));
                table.append(row(encoding + ", " + load.about(), run));
                lines.append(result(encoding, load.name(), run));
            }
        }
        lines.append(String.format(
                Locale.ROOT,
                "RESULT name=bytes-lines value=%.3f unit=ratio goal=%.1f met=%s%n",
                lineRatio,
                NDJSON_GOAL,
                lineRatio <= NDJSON_GOAL ? "yes" : "no"));
        String report = options.command("bytes", million) + "\n\n" + options.machine() + "\n\n"
                + Report.provisional(runs) + table;
        options.end("bytes", results, report, lines.toString());
        return 0;
    }

    /** Open as long as in production. */
    private static Variant production() {
        return new Variant(
                "bytes",
                "blocks of production",
                List.of(),
                Map.of("SLUICE_BLOCK_LINGER_MAX", "60s", "SLUICE_DELIVERY_MANIFESTS_LINGER", "60s"),
                Variant.STREAMS);
    }

    private static String row(String what, Figures run) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %.0f | %.2f | %.3f | **%.3f** | %,.0f |%n",
                what,
                run.of("rate"),
                run.of("received"),
                run.of("ndjson_ratio"),
                run.of("packed") / run.of("received"),
                run.of("billed_ratio"),
                run.of("block_bytes"));
    }

    /** At 1,000 a second there is no goal. */
    static String result(String encoding, String load, Figures run) {
        double goal = GOALS.get(encoding);
        double billed = run.of("billed_ratio");
        return String.format(
                Locale.ROOT,
                "RESULT name=bytes-%s-%s value=%.3f unit=ratio%s rate=%.0f block=%.0f lost=%.0f%n",
                encoding,
                load,
                billed,
                load.equals("1k")
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                " goal=%.2f met=%s",
                                goal,
                                billed <= goal && run.of("lost") == 0 ? "yes" : "no"),
                run.of("rate"),
                run.of("block_bytes"),
                run.of("lost"));
    }
}
