package io.sluice.privacy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs {@link ScrubBench}, or what else is named, and prints how many bytes of events go through a second of CPU time:
 * medians over all iterations. The goals are for all of it: validated, scrubbed and written.
 */
public final class ScrubBenchMain {

    private static final double CLEAN_GOAL = 1000;
    private static final double TENTH_GOAL = 400;

    private ScrubBenchMain() {}

    /** Arguments: those of JMH. */
    public static void main(String[] args) throws CommandLineOptionException, RunnerException {
        CommandLineOptions given = new CommandLineOptions(args);
        ChainedOptionsBuilder options =
                new OptionsBuilder().parent(given).addProfiler(GCProfiler.class).shouldFailOnError(true);
        if (given.getIncludes().isEmpty()) {
            options.include("ScrubBench");
        }
        if (!given.getWarmupIterations().hasValue()) {
            options.warmupIterations(8).warmupTime(TimeValue.seconds(1));
        }
        if (!given.getMeasurementIterations().hasValue()) {
            options.measurementIterations(5).measurementTime(TimeValue.seconds(1));
        }
        Collection<RunResult> all = new Runner(options.build()).run();
        List<RunResult> results = new ArrayList<>();
        for (RunResult result : all) {
            if (result.getParams().getBenchmark().contains(".ScrubBench.")) {
                results.add(result);
            }
        }
        System.out.printf("%n%-8s %8s %14s %10s %10s%n", "stage", "personal", "cpu ns/event", "MB/s", "B/event");
        for (RunResult result : results) {
            System.out.printf(
                    Locale.ROOT,
                    "%-8s %7s%% %14.1f %10.0f %10.3f%n",
                    stage(result),
                    percent(result),
                    median(result, iteration -> score(iteration, "cpuNanos") / score(iteration, "records")),
                    megabytes(result),
                    allocated(result));
        }
        for (RunResult result : results) {
            print(result);
        }
    }

    private static void print(RunResult result) {
        String name = (percent(result).equals("0") ? "clean" : "tenth");
        double value = megabytes(result);
        if (!stage(result).equals("scrub")) {
            System.out.printf(
                    Locale.ROOT, "RESULT name=scrub-stage-%s-%s value=%.0f unit=MB/s%n", stage(result), name, value);
            return;
        }
        double goal = name.equals("clean") ? CLEAN_GOAL : TENTH_GOAL;
        System.out.printf(
                Locale.ROOT,
                "RESULT name=scrub-%s value=%.0f unit=MB/s goal=%.0f met=%s%n",
                name,
                value,
                goal,
                value >= goal ? "yes" : "no");
        System.out.printf(
                Locale.ROOT, "RESULT name=scrub-%s-allocated value=%.2f unit=B/event%n", name, allocated(result));
    }

    private static String stage(RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        return benchmark.substring(benchmark.lastIndexOf('.') + 1);
    }

    private static String percent(RunResult result) {
        return result.getParams().getParam("percent");
    }

    private static double megabytes(RunResult result) {
        return median(result, iteration -> 1000 * score(iteration, "bytes") / score(iteration, "cpuNanos"));
    }

    private static double allocated(RunResult result) {
        return median(result, iteration -> score(iteration, "gc.alloc.rate.norm")) / ScrubBench.EVENTS;
    }

    private static double score(IterationResult iteration, String name) {
        return iteration.getSecondaryResults().get(name).getScore();
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
