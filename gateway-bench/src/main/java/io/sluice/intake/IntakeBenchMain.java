package io.sluice.intake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the intake's benchmarks and prints nanoseconds and allocated bytes a record: medians over all iterations. */
public final class IntakeBenchMain {

    private static final double GOAL_NANOS = 900;

    private IntakeBenchMain() {}

    /** Arguments: those of JMH. Without a pattern of names every stage is run, and of the encodings what matters. */
    public static void main(String[] args) throws CommandLineOptionException, RunnerException {
        CommandLineOptions given = new CommandLineOptions(args);
        List<RunResult> results = new ArrayList<>();
        if (!given.getIncludes().isEmpty()) {
            results.addAll(new Runner(defaults(given).build()).run());
        } else {
            results.addAll(run(given, "StageBench"));
            results.addAll(new Runner(defaults(given).include("EncodeBench").build()).run());
            results.addAll(new Runner(defaults(given)
                            .include("IntakeBench.whole")
                            .param("encoding", "ZSTD")
                            .build())
                    .run());
            results.addAll(new Runner(defaults(given)
                            .include("IntakeBench.whole")
                            .param("encoding", "GZIP", "NDJSON")
                            .param("events", "50")
                            .build())
                    .run());
        }
        print(results);
    }

    private static Collection<RunResult> run(CommandLineOptions given, String include) throws RunnerException {
        return new Runner(defaults(given).include(include).build()).run();
    }

    private static ChainedOptionsBuilder defaults(CommandLineOptions given) {
        ChainedOptionsBuilder options =
                new OptionsBuilder().parent(given).addProfiler(GCProfiler.class).shouldFailOnError(true);
        if (!given.getWarmupIterations().hasValue()) {
            options.warmupIterations(4).warmupTime(TimeValue.seconds(1));
        }
        if (!given.getMeasurementIterations().hasValue()) {
            options.measurementIterations(5).measurementTime(TimeValue.seconds(1));
        }
        return options;
    }

    private static void print(List<RunResult> results) {
        System.out.printf("%n%-10s %-8s %7s %12s %11s%n", "stage", "encoding", "events", "ns/record", "B/record");
        for (RunResult result : results) {
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %-8s %7s %12.1f %11.3f%n",
                    stage(result),
                    param(result, "encoding"),
                    param(result, "events"),
                    nanos(result),
                    bytes(result));
        }
        for (RunResult result : results) {
            if (stage(result).equals("whole")) {
                print(result);
            }
        }
    }

    private static void print(RunResult result) {
        boolean goal = param(result, "encoding").equals("ZSTD")
                && param(result, "events").equals("50");
        // The goal is one figure; the others carry what they were measured with in their names.
        String name = goal
                ? "intake"
                : "intake-" + param(result, "encoding").toLowerCase(Locale.ROOT) + '-' + param(result, "events");
        System.out.printf(
                Locale.ROOT,
                "RESULT name=%s value=%.0f unit=ns/record%s%n",
                name,
                nanos(result),
                goal ? " goal=900 met=" + (nanos(result) <= GOAL_NANOS ? "yes" : "no") : "");
        System.out.printf(Locale.ROOT, "RESULT name=%s-allocated value=%.2f unit=B/record%n", name, bytes(result));
    }

    private static String stage(RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        return benchmark.substring(benchmark.lastIndexOf('.') + 1);
    }

    private static String param(RunResult result, String name) {
        BenchmarkParams params = result.getParams();
        return params.getParamsKeys().contains(name) ? params.getParam(name) : "-";
    }

    /** Operations are bodies where there is a number of events. */
    private static double records(RunResult result) {
        String events = param(result, "events");
        return events.equals("-") ? 1 : Integer.parseInt(events);
    }

    private static double nanos(RunResult result) {
        return median(result.getPrimaryResult()) / records(result);
    }

    private static double bytes(RunResult result) {
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return allocated == null ? Double.NaN : median(allocated) / records(result);
    }

    private static double median(Result<?> result) {
        return result.getStatistics().getPercentile(50);
    }
}
