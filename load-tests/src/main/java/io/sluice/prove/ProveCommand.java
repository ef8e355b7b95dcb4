package io.sluice.prove;

import io.sluice.process.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the fault matrix. */
@Command(
        name = "prove",
        header = "Show that nothing acknowledged is ever lost: one fault after another, and the oracle behind each.",
        description = {
            "",
            "Real gateways deliver to the lab while a load goes on that does not wait for them; each fault begins, ends,"
                    + " and is recovered from; then everything acknowledged must lie among the objects, and nothing"
                    + " that was never sent. Everything happens on this machine, below target/prove.",
        },
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing was lost, and every row recovered",
            "1:something was lost, or found that was never sent, or a row did not recover; its logs are kept",
            "2:the command line is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  scripts/prove                        about 10 minutes, 100 kills",
            "  scripts/prove --quick                about 2 minutes",
            "  scripts/prove --minutes 60           longer faults, more kills",
            "  scripts/prove --only kill,disk-full  these rows only",
        })
final class ProveCommand implements Callable<Integer> {

    static final int FAILED = 1;

    private static final double DEFAULT_MINUTES = 10;
    private static final double QUICK_MINUTES = 2;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long it may take, about. Longer faults and more kills, not other ones. Default: 10")
    private Double minutes;

    @Option(names = "--quick", description = "About 2 minutes: each fault for some seconds, and 10 kills.")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "These rows only; --list names them. --minutes is still that of the whole matrix.")
    private List<String> only = List.of();

    @Option(names = "--list", description = "Print the rows and do nothing.")
    private boolean list;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Makes the events and the random instants. Default: one of the clock, printed")
    private Long seed;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            defaultValue = "target/prove",
            description = "Where PROOF.md and PROOF.html go. Default: ${DEFAULT-VALUE}")
    private Path report;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/prove",
            description = "Where rows work; what failed stays there. Default: ${DEFAULT-VALUE}")
    private Path work;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        List<Row> rows = rows();
        if (list) {
            rows.forEach(row -> out.printf("%-14s %s%n", row.name(), row.about()));
            out.flush();
            return 0;
        }
        double time = minutes != null ? minutes : quick ? QUICK_MINUTES : DEFAULT_MINUTES;
        if (time <= 0 || minutes != null && quick) {
            throw new ParameterException(spec.commandLine(), "--minutes is more than 0, and goes without --quick");
        }
        Files.createDirectories(work);
        long from = seed != null ? seed : System.currentTimeMillis() % 1_000_000;
        Plan plan = Plan.of(
                time, Matrix.rows().size(), from, work.toAbsolutePath(), System.getProperty("sluice.prove.power"));
        Machine machine = Machine.here(work);
        out.printf(
                Locale.ROOT,
                "%d faults of %.0f s, %d kills, %,.0f events/s, seed %d; on %s%n",
                rows.size(),
                plan.seconds(),
                plan.kills(),
                plan.eventsPerSecond(),
                from,
                machine.text());
        out.flush();
        Instant began = Instant.now();
        List<Outcome> outcomes = play(plan, rows, out);
        Proof proof = new Proof(began, Duration.between(began, Instant.now()), plan, machine, outcomes);
        Files.createDirectories(report);
        Files.writeString(report.resolve("PROOF.md"), MarkdownReport.render(proof));
        Files.writeString(report.resolve("PROOF.html"), HtmlReport.render(proof));
        out.println();
        out.print(Table.text(outcomes));
        for (Outcome outcome : outcomes) {
            for (String problem : outcome.problems()) {
                out.println();
                out.println(outcome.row().name() + ": " + problem);
                out.println("  its files: " + work.resolve(outcome.row().name()));
            }
        }
        out.println();
        out.println("report: " + report.resolve("PROOF.md") + ", " + report.resolve("PROOF.html"));
        out.println(proof.result());
        out.flush();
        return proof.good() ? 0 : FAILED;
    }

    private List<Row> rows() {
        List<Row> all = Matrix.rows();
        if (only.isEmpty()) {
            return all;
        }
        List<Row> chosen = new ArrayList<>();
        for (String name : only) {
            chosen.add(all.stream()
                    .filter(row -> row.name().equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "--only names '" + name + "', expected of "
                                    + all.stream().map(Row::name).toList())));
        }
        return chosen;
    }

    private static List<Outcome> play(Plan plan, List<Row> rows, PrintWriter out)
            throws IOException, InterruptedException {
        boolean terminal = System.console() != null && System.console().isTerminal();
        List<Outcome> outcomes = new ArrayList<>();
        Runner runner = new Runner(plan, (row, seconds, acked) -> {
            if (terminal) {
                out.printf(
                        Locale.ROOT,
                        "\r\033[K%2d/%d  %-14s %4d s  acked %,d",
                        outcomes.size() + 1,
                        rows.size(),
                        row.name(),
                        seconds,
                        acked);
                out.flush();
            }
        });
        for (Row row : rows) {
            long began = System.nanoTime();
            Outcome outcome = runner.run(row);
            outcomes.add(outcome);
            out.printf(
                    Locale.ROOT,
                    "%s%2d/%d  %-14s %4d s  %s%n",
                    terminal ? "\r\033[K" : "",
                    outcomes.size(),
                    rows.size(),
                    row.name(),
                    Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                    outcome.good() ? Table.sentence(outcome) : "FAILED");
            out.flush();
        }
        return outcomes;
    }
}
