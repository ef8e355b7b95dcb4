package io.sluice.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every stage beside its baselines, and prints a table and a line for each. One thread, and JMH's forks. */
public final class JmhMain {

    private static final int LINES_OF_A_FLUSH = 137;

    /** Of bytes allocated a record, that are nobody's: what JMH itself allocates in an iteration. */
    private static final double NOISE_BYTES = 0.05;

    private JmhMain() {}

    /** Arguments: where the table goes; quick or full; a regular expression of names of stages. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        boolean quick = arguments[1].equals("quick");
        List<Stage> stages = Stage.ALL.stream()
                .filter(stage -> stage.name().matches(arguments[2]))
                .toList();
        PrintStream out = System.out;
        List<Measured> all = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            System.err.printf("%d of %d: %s%n", i + 1, stages.size(), stage.title());
            try {
                all.addAll(run(stage, quick, directory.resolve(i + "-" + stage.name() + ".log")));
            } catch (RunnerException e) {
                // The others are worth having without it.
                System.err.printf("failed: %s: %s%n", stage.title(), e.getMessage());
            }
        }
        String table = table(all);
        Files.writeString(directory.resolve("table.md"), table);
        out.println(table);
        for (Measured one : all) {
            out.print(one.result());
        }
        out.print(allocated(all));
    }

    private static List<Measured> run(Stage stage, boolean quick, Path log) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + stage.pattern())
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.NORMAL)
                .output(log.toString())
                .forks(1)
                .warmupIterations(quick ? 1 : 2)
                .measurementIterations(quick ? 1 : 3)
                .warmupTime(TimeValue.milliseconds(quick ? 300 : 1000))
                .measurementTime(TimeValue.milliseconds(quick ? 300 : 700));
        stage.params().forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.stream().map(result -> Measured.of(stage, result)).toList();
    }

    static String table(List<Measured> all) {
        StringBuilder text = new StringBuilder(
                "| stage | | CPU, ns a record | wall, ns | allocated, B |\n|---|---|---:|---:|---:|\n");
        String title = "";
        for (Measured one : all) {
            String what = one.what().replace('-', ' ');
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s%,.1f%s | %,.1f | %.2f |%n",
                    one.stage().title().equals(title) ? "" : one.stage().title() + unit(one.stage()),
                    switch (one.role()) {
                        case CHOSEN -> "**" + what + "**";
                        case BOUND -> what + " (bound)";
                        case ALTERNATIVE -> what + " (alternative)";
                    },
                    one.role() == Measured.Role.CHOSEN ? "**" : "",
                    one.cpuNanos(),
                    one.role() == Measured.Role.CHOSEN ? "**" : "",
                    one.wallNanos(),
                    one.bytes()));
            title = one.stage().title();
        }
        return text.toString();
    }

    private static String unit(Stage stage) {
        return stage.unit().equals("record") ? "" : " (a " + stage.unit() + ")";
    }

    /** From read to assembled batch, with the default encoding: the sum of what each part allocates a record. */
    static String allocated(List<Measured> all) {
        Measured whole = Measured.find(all, "whole", "whole-gzip-50");
        if (whole == null) {
            whole = Measured.find(all, "whole", "whole-50-gzip");
        }
        Measured hop = Measured.find(all, "hop", "hop-32-own");
        if (hop == null) {
            hop = Measured.find(all, "hop", "hop-own-32");
        }
        Measured commit = Measured.find(all, "frame", "commit-65536");
        Measured batch = Measured.find(all, "batch", "batch-1000000");
        if (whole == null || hop == null || commit == null || batch == null) {
            return "";
        }
        double ring = hop.bytes() / LINES_OF_A_FLUSH;
        double sum = whole.bytes() + ring + commit.bytes() + batch.bytes();
        return String.format(
                Locale.ROOT,
                "RESULT name=jmh-allocated value=%.2f unit=B/record goal=0 met=%s intake=%.3f ring=%.3f commit=%.3f"
                        + " batch=%.3f%n",
                sum,
                sum < NOISE_BYTES ? "yes" : "no",
                whole.bytes(),
                ring,
                commit.bytes(),
                batch.bytes());
    }
}
