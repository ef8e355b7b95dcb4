package io.sluice.ladder;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the ladder. */
@Command(
        name = "ladder",
        header =
                "What each part of the way costs, alone and in the whole, against 2,000 ns of processor time a record.",
        description = {
            "",
            "Runs load generator, intake, committer, lab and SDK one after another, each alone in a process of its own, "
                    + "then all of them together, flat out, until the oracle has found every event. 2,000 ns are what "
                    + "two processors have for each of a million records a second. Linux only, since it reads /proc."
        },
        sortOptions = false,
        optionListHeading = "%nOptions:%n")
final class LadderCommand implements Callable<Integer> {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final int QUICK_SECONDS = 3;
    private static final int QUICK_WARMUP = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--root", hidden = true, required = true)
    private Path root;

    @Option(names = "--class-path", hidden = true, required = true)
    private String gatewayClassPath;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "Measured on each rung. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "Least seconds before that; more until the compiler takes under 3 %. Default: ${DEFAULT-VALUE}")
    private int warmup;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Of which medians are printed; each takes some three minutes. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            defaultValue = "gzip",
            description = "gzip, as in production, or zstd. Default: ${DEFAULT-VALUE}")
    private String encoding;

    @Option(names = "--quick", description = "One round of short rungs: a look, not a measurement.")
    private boolean quick;

    @Option(names = "--write-docs", description = "Also write the ladder into docs/PERFORMANCE.md.")
    private boolean writeDocs;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check(seconds >= 1 && warmup >= 1 && rounds >= 1, "--seconds, --warmup and --rounds are at least 1");
        check(encoding.equals("zstd") || encoding.equals("gzip"), "--encoding is '" + encoding + "', not zstd or gzip");
        boolean zstd = encoding.equals("zstd");
        Rungs.Plan plan = quick
                ? new Rungs.Plan(root.toAbsolutePath(), gatewayClassPath, QUICK_SECONDS, QUICK_WARMUP, zstd, true)
                : new Rungs.Plan(root.toAbsolutePath(), gatewayClassPath, seconds, warmup, zstd, false);
        int wanted = quick ? 1 : rounds;
        Path results = plan.root()
                .resolve("target/ladder")
                .resolve(LocalDateTime.now().format(STAMP) + (quick ? "-quick" : ""));
        String machine = Machine.describe(results);
        Figures figures = new Figures();
        for (int round = 1; round <= wanted; round++) {
            Path directory = Files.createDirectories(results.resolve("round-" + round));
            new Rungs(plan, directory, round, figures).climb();
            // After each round, so that an end before the last leaves what there is.
            Files.writeString(results.resolve("figures.txt"), figures.toString());
        }
        Ladder ladder = Ladder.of(figures, zstd);
        String command = "scripts/bench ladder --encoding " + encoding
                + (quick ? " --quick" : " --rounds " + wanted + " --seconds " + seconds + " --warmup " + warmup);
        String report = LadderReport.markdown(ladder, figures, List.of("    " + command, "", machine));
        Files.writeString(results.resolve("ladder.md"), report);
        PrintStream out = System.out;
        out.println();
        out.println(report);
        out.println("raw results: " + results);
        if (writeDocs) {
            DocsBlock.of("scripts/bench ladder").write(plan.root().resolve("docs/PERFORMANCE.md"), report);
            out.println("written:     docs/PERFORMANCE.md");
        }
        out.print(LadderReport.results(ladder, figures));
        return 0;
    }

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
