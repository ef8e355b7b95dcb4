package io.sluice.scenario;

import io.sluice.ladder.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The way from ring to disk, as a table for the documentation: that of gateway-bench, in a process of its own. */
@Command(name = "commit", header = "Producers, ring, committer, disk.")
final class CommitCommand implements Callable<Integer> {

    private static final double MOST_SECONDS = 3_600;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Parameters(description = "Directory, seconds, rounds, variants, rate", arity = "5")
    private List<String> arguments;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.begin(spec);
        Path results = options.results("commit");
        Processes processes = options.processes(results);
        List<String> jvm = List.of("-Xmx1g", "-Dorg.apache.logging.log4j.level=ERROR");
        try (Child commit = processes.child("commit", jvm, Map.of(), "io.sluice.journal.CommitBench", arguments)) {
            List<String> printed = commit.end(MOST_SECONDS);
            String lines = printed.stream()
                    .filter(line -> line.startsWith("RESULT "))
                    .collect(Collectors.joining("\n", "", "\n"));
            String report = "    scripts/bench commit --rate " + arguments.get(4) + " --seconds " + arguments.get(1)
                    + " --rounds " + arguments.get(2) + " --variants '" + arguments.get(3) + "'\n\n"
                    + options.machine() + "\n\n"
                    + printed.stream()
                            .filter(line -> !line.startsWith("RESULT ") && !line.isBlank())
                            .map(line -> "    " + line)
                            .collect(Collectors.joining("\n", "", "\n"));
            options.end("commit", results, report, lines);
        }
        return 0;
    }
}
