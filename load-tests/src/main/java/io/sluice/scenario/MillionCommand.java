package io.sluice.scenario;

import io.sluice.ladder.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The headline: how many records a second this machine takes, with everything on it. */
@Command(
        name = "million",
        header = "How many records a second one machine takes, syncs, delivers, and does not lose.",
        description = {
            "",
            "Generator, gateway and lab run on this machine at once: POSTs of 50 numbered events of 3,000 shops, as "
                    + "many as are answered, each answered when it is on disk, scrubbed by the strict policy. The lab "
                    + "writes S3 objects, in which the oracle then looks for every event that was acknowledged. Once "
                    + "with gzip, the default, once with zstd, and once with the JDK's zlib in place of our own gzip."
        },
        sortOptions = false)
final class MillionCommand implements Callable<Integer> {

    /** Bytes that a request may leave on its loop. */
    private static final double MOST_GARBAGE = 200;

    /** zlib is gzip as well, by the encoder that is there where our own is not. */
    private static final List<String> ENCODINGS = List.of("gzip", "zstd", "zlib");

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "gzip,zstd,zlib",
            description = "Of these, with commas between. Default: ${DEFAULT-VALUE}")
    private List<String> encodings;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!ENCODINGS.containsAll(encodings)) {
            throw new ParameterException(
                    spec.commandLine(), "--encoding is " + encodings + ", expected of " + ENCODINGS);
        }
        options.begin(spec);
        Scenario scenario = options.scenario(Rounds.MILLION);
        Path results = options.results("million");
        List<Figures> runs = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (String encoding : encodings) {
            // Under the name of the variant, beside the real gzip.
            boolean fallback = encoding.equals(TuningCommand.ZLIB.name());
            Whole.Plan plan = fallback
                    ? new Whole.Plan(scenario, "gzip", 0, TuningCommand.ZLIB, Whole.SHOPS, true)
                    : new Whole.Plan(scenario, encoding, 0);
            Figures figures = Rounds.run(options, plan, results);
            runs.add(figures);
            String name = encoding.equals("gzip") ? "million" : "million-" + encoding;
            lines.append(Report.results(name, scenario.goals(), figures));
            Goal garbage = new Goal("alloc_loops", false, MOST_GARBAGE);
            double allocated = garbage.value(figures);
            lines.append(Report.line(name + "-alloc_loops", garbage, allocated, garbage.met(allocated)))
                    .append(String.format(
                            Locale.ROOT,
                            " committer=%.3f delivery=%.1f%n",
                            figures.of("alloc_committer"),
                            figures.of("alloc_delivery")));
            if (encoding.equals("gzip") && !options.quick()) {
                Rounds.keepCapacity(options, figures.of("rate"));
            }
        }
        String report = options.command("million", scenario) + "\n\n" + options.machine() + "\n\n"
                + Report.provisional(runs) + Report.table(encodings, runs, scenario.goals())
                + "\n" + Throughput.chart(encodings, options.rounds(), results);
        options.end("million", results, report, lines.toString());
        return 0;
    }
}
