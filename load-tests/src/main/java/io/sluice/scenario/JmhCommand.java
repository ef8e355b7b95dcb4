package io.sluice.scenario;

import io.sluice.ladder.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Every stage alone: the benchmarks of gateway-bench, in a process of their own. */
@Command(
        name = "jmh",
        header = "Every stage alone, beside its bound and what else there is.",
        description = {
            "",
            "CPU and wall nanoseconds and allocated bytes a record of scanner, scrubber, line writer, decoders, "
                    + "encoders, frame, ring and batch; medians of a few short iterations."
        },
        sortOptions = false)
final class JmhCommand implements Callable<Integer> {

    /** Longer than any stage takes. */
    private static final double STAGE_SECONDS = 600;

    private static final Pattern PROGRESS = Pattern.compile("^(\\d+ of \\d+: .*|failed: .*)|^RESULT ");

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--stages",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "Only those, such as 'scan|hop': scan, string, scrub, line, decode, encode, gzip, whole, "
                    + "frame, cipher, hop, batch")
    private String stages;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.begin(spec);
        Path results = options.results("jmh");
        List<String> arguments = List.of(results.toString(), options.quick() ? "quick" : "full", stages);
        Processes processes = options.processes(results);
        try (Child jmh = processes.child("jmh", List.of(), Map.of(), "io.sluice.bench.JmhMain", arguments)) {
            Matcher line;
            boolean failed = false;
            while ((line = jmh.await(PROGRESS, STAGE_SECONDS)).group(1) != null) {
                System.err.println(line.group(1));
                failed |= line.group(1).startsWith("failed");
            }
            String lines = jmh.end(STAGE_SECONDS).stream()
                    .filter(one -> one.startsWith("RESULT "))
                    .collect(Collectors.joining("\n", "", "\n"));
            String report = "    scripts/bench jmh" + (options.quick() ? " --quick" : "")
                    + (stages.equals(".*") ? "" : " --stages '" + stages + "'") + "\n\n" + options.machine() + "\n\n"
                    + Files.readString(results.resolve("table.md"));
            options.end("jmh", results, report, lines);
            return failed ? 1 : 0;
        }
    }
}
