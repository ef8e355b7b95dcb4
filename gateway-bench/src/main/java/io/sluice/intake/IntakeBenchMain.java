package io.sluice.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the intake's benchmarks and prints nanoseconds and allocated bytes a record: medians over all iterations. What
 * counts is CPU time, since a loop has its core for itself and a benchmark has not.
 */
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
            results.addAll(new Runner(defaults(given).include("StageBench").build()).run());
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
        System.out.printf(
                "%n%-10s %-8s %7s %15s %13s %11s%n",
                "stage", "encoding", "events", "cpu ns/record", "ns/record", "B/record");
        for (RunResult result : results) {
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %-8s %7s %15.1f %13.1f %11.3f%n",
                    stage(result),
                    param(result, "encoding"),
                    param(result, "events"),
                    cpuNanos(result),
                    nanos(result),
                    bytes(result));
        }
        for (RunResult result : results) {
            System.out.printf(
                    Locale.ROOT,
                    "RESULT name=intake-stage-%s encoding=%s events=%s value=%.1f unit=ns/record%n",
                    stage(result),
                    param(result, "encoding").toLowerCase(Locale.ROOT),
                    param(result, "events"),
                    cpuNanos(result));
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
                cpuNanos(result),
                goal ? " goal=900 met=" + (cpuNanos(result) <= GOAL_NANOS ? "yes" : "no") : "");
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
    private static double recordsPerOperation(RunResult result) {
        String events = param(result, "events");
        return events.equals("-") ? 1 : Integer.parseInt(events);
    }

    /** Time of the measured thread on a CPU. */
    private static double cpuNanos(RunResult result) {
        return median(result, iteration -> score(iteration, "cpuNanos") / score(iteration, "records"));
    }

    /** Time on the wall. */
    private static double nanos(RunResult result) {
        return median(result, iteration -> iteration.getPrimaryResult().getScore()) / recordsPerOperation(result);
    }

    private static double bytes(RunResult result) {
        return median(result, iteration -> score(iteration, "gc.alloc.rate.norm")) / recordsPerOperation(result);
    }

    private static double score(IterationResult iteration, String name) {
        Result<?> result = iteration.getSecondaryResults().get(name);
        return result == null ? Double.NaN : result.getScore();
    }

    private static double median(RunResult result, ToDoubleFunction<IterationResult> figure) {
        double[] values = result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(figure)
                .sorted()
                .toArray();
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
