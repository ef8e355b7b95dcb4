package io.sluice.scenario;

import io.sluice.ladder.DocsBlock;
import io.sluice.ladder.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What all commands of this package are told. Filled by picocli, then read by the main thread. */
final class Options {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    /** Behind the name of a directory with results that are worth little. */
    static final String QUICK = "-quick";

    /** What {@link #command} tells by itself, or is of no matter to what is measured. */
    private static final Set<String> TOLD = Set.of("--rounds", "--seconds", "--warmup", "--quick", "--write-docs");

    private static final int QUICK_SECONDS = 5;
    private static final int QUICK_WARMUP = 5;

    @Option(names = "--root", hidden = true, required = true)
    private Path root;

    @Option(names = "--class-path", hidden = true, required = true)
    private String gatewayClassPath;

    @Option(names = "--aot", hidden = true, description = "The AOT cache of the gateways; without one, they have none.")
    private Path aot;

    @Option(names = "--seconds", paramLabel = "N", description = "Measured. Default: as the scenario says, mostly 60")
    private Integer seconds;

    @Option(names = "--warmup", paramLabel = "N", description = "Seconds before that. Default: as the scenario says, 8")
    private Integer warmup;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of which the medians are printed; of what is bad when it is large, the worst. Default: 1")
    private int rounds;

    @Option(names = "--quick", description = "One short round: a look, not a measurement.")
    private boolean quick;

    @Option(names = "--write-docs", description = "Also write the tables into docs/PERFORMANCE.md.")
    private boolean writeDocs;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    private String machine;
    private String given = "";

    /**
     * Checks, and looks at the machine before anything of ours runs.
     *
     * @param unknown options of all, which this command has no use for
     */
    void begin(CommandSpec spec, String... unknown) throws IOException {
        for (String option : unknown) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(spec.commandLine(), spec.name() + " has no " + option);
            }
        }
        if (rounds < 1 || seconds != null && seconds < 1 || warmup != null && warmup < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds, --seconds and --warmup are at least 1");
        }
        root = root.toAbsolutePath();
        given = given(spec.commandLine().getParseResult());
        machine = Machine.describe(root.resolve("target"));
        System.err.println(machine);
    }

    Path root() {
        return root;
    }

    /** For processes that write there. */
    Processes processes(Path directory) {
        return new Processes(root, directory, gatewayClassPath, cache());
    }

    /** What tells a JVM of the AOT cache, as scripts/run does; nothing if there is none. */
    List<String> cache() {
        return aot == null ? List.of() : List.of("-XX:AOTCache=" + aot, "-Xlog:aot*=error:stderr");
    }

    String gatewayClassPath() {
        return gatewayClassPath;
    }

    String machine() {
        return machine;
    }

    int rounds() {
        return quick ? 1 : rounds;
    }

    /** Measured; as many where none are given. */
    int seconds(int otherwise) {
        return quick ? QUICK_SECONDS : seconds == null ? otherwise : seconds;
    }

    /** Before that; as many where none are given. */
    int warmup(int otherwise) {
        return quick ? QUICK_WARMUP : warmup == null ? otherwise : warmup;
    }

    boolean quick() {
        return quick;
    }

    boolean writeDocs() {
        return writeDocs;
    }

    Path scenarios() {
        return root.resolve(Scenario.ROOT);
    }

    Scenario scenario(String name) throws IOException {
        Scenario scenario = Scenario.read(scenarios(), name);
        return scenario(name, scenario.warmup(), scenario.seconds());
    }

    /** With other times than its own where none are given. */
    Scenario scenario(String name, int otherWarmup, int otherSeconds) throws IOException {
        Scenario scenario = Scenario.read(scenarios(), name);
        return quick
                ? scenario.lasting(QUICK_WARMUP, QUICK_SECONDS)
                : scenario.lasting(warmup == null ? otherWarmup : warmup, seconds == null ? otherSeconds : seconds);
    }

    /** A new directory for raw results. */
    Path results(String name) throws IOException {
        return Files.createDirectories(root.resolve("target/bench")
                .resolve(name)
                .resolve(LocalDateTime.now().format(STAMP) + (quick ? QUICK : "")));
    }

    /** Such as it was called, for a reader who wants the same: times and rounds always, all else where it was given. */
    String command(String name, Scenario scenario) {
        String times = quick
                ? " --quick"
                : " --rounds " + rounds + " --seconds " + scenario.seconds() + " --warmup " + scenario.warmup();
        return "    scripts/bench " + name + times + given;
    }

    /** The same of a command that has times of its own: only what was given. */
    String given() {
        String times = quick
                ? " --quick"
                : (seconds == null ? "" : " --seconds " + seconds) + (warmup == null ? "" : " --warmup " + warmup);
        return times + given;
    }

    /** Options of the command line, with a space before each, but for those that each command tells by itself. */
    static String given(ParseResult parsed) {
        StringBuilder text = new StringBuilder();
        for (OptionSpec option : parsed.matchedOptions()) {
            if (!option.hidden() && !TOLD.contains(option.longestName())) {
                text.append(' ').append(option.longestName());
                for (String value : option.arity().max() == 0 ? List.<String>of() : option.originalStringValues()) {
                    text.append(value.matches("[\\w.,:/-]+") ? " " + value : " '" + value + "'");
                }
            }
        }
        return text.toString();
    }

    /**
     * Prints the report and the lines for scripts behind it, keeps the report, and writes it into the documentation if
     * wanted.
     *
     * @param name of the command: that of the block in the documentation
     */
    void end(String name, Path results, String report, String lines) throws IOException {
        Files.writeString(results.resolve("report.md"), report);
        Files.writeString(results.resolve("results.txt"), lines);
        System.out.println();
        System.out.println(report);
        System.out.println("raw results: " + results);
        if (writeDocs) {
            DocsBlock.of("scripts/bench " + name).write(root.resolve("docs/PERFORMANCE.md"), report);
            System.out.println("written:     docs/PERFORMANCE.md");
        }
        System.out.print(lines);
    }
}
