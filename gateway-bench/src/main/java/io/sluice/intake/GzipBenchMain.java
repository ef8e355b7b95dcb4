package io.sluice.intake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the race for gzip, round by round: every contender in a JVM of its own, in turn, so that what else the machine
 * does falls on all of them. Prints medians of CPU time, and of the quotients within a round.
 */
public final class GzipBenchMain {

    private static final double GOAL_MEGABYTES = 600;

    /** @param nanos CPU time a record */
    private record Figure(double megabytes, double ratio, double nanos) {}

    private GzipBenchMain() {}

    /** Arguments: rounds, seconds measured in each, events of a body. */
    public static void main(String[] args) throws RunnerException {
        int rounds = Integer.parseInt(args[0]);
        int seconds = Integer.parseInt(args[1]);
        String events = args[2];
        Map<Integer, Map<Contender, List<Figure>>> figures = new TreeMap<>();
        for (int round = 0; round < rounds; round++) {
            for (int chunkKib : new int[] {1, 8, 64}) {
                for (Contender contender : Contender.values()) {
                    if (contender.isThere()) {
                        figures.computeIfAbsent(chunkKib, key -> new EnumMap<>(Contender.class))
                                .computeIfAbsent(contender, key -> new ArrayList<>())
                                .add(run(contender, chunkKib, seconds, events));
                    }
                }
            }
        }
        System.out.printf(
                "%n%-8s %-8s %8s %8s %11s %8s %8s%n",
                "chunk", "encoder", "MB/s", "ratio", "ns/record", "x zlib", "x zstd");
        figures.forEach((chunkKib, contenders) -> contenders.forEach((contender, runs) ->
                print(chunkKib, contender, runs, contenders.get(Contender.ZLIB), contenders.get(Contender.ZSTD))));
    }

    private static Figure run(Contender contender, int chunkKib, int seconds, String events) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include("GzipBench.block")
                        .param("encoder", contender.name())
                        .param("chunkKib", Integer.toString(chunkKib))
                        .param("events", events)
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(seconds)
                        .measurementTime(TimeValue.seconds(1))
                        .shouldFailOnError(true)
                        .build())
                .runSingle();
        double[] nanosPerByte = result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(iteration -> score(iteration, "cpuNanos") / score(iteration, "rawBytes"))
                .toArray();
        IterationResult any = result.getBenchmarkResults()
                .iterator()
                .next()
                .getIterationResults()
                .iterator()
                .next();
        double nanos = median(nanosPerByte);
        return new Figure(
                1000 / nanos,
                score(any, "rawBytes") / score(any, "packedBytes"),
                nanos * score(any, "rawBytes") / score(any, "records"));
    }

    private static void print(
            int chunkKib, Contender contender, List<Figure> runs, List<Figure> zlib, List<Figure> zstd) {
        double[] megabytes = runs.stream().mapToDouble(Figure::megabytes).toArray();
        System.out.printf(
                Locale.ROOT,
                "%2d KiB   %-8s %8.0f %8.2f %11.0f %8.2f %8.2f%n",
                chunkKib,
                contender,
                median(megabytes),
                runs.getFirst().ratio(),
                median(runs.stream().mapToDouble(Figure::nanos).toArray()),
                median(quotients(runs, zlib)),
                median(quotients(runs, zstd)));
        boolean goal = contender == Contender.OWN && chunkKib == 64;
        System.out.printf(
                Locale.ROOT,
                "RESULT name=gzip-%s-%dk value=%.0f unit=MB/s ratio=%.2f%s%n",
                contender.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                chunkKib,
                median(megabytes),
                runs.getFirst().ratio(),
                goal ? " goal=600 met=" + (median(megabytes) >= GOAL_MEGABYTES ? "yes" : "no") : "");
    }

    private static double[] quotients(List<Figure> runs, List<Figure> others) {
        double[] quotients = new double[runs.size()];
        for (int i = 0; i < quotients.length; i++) {
            quotients[i] = runs.get(i).megabytes() / others.get(i).megabytes();
        }
        return quotients;
    }

    private static double score(IterationResult iteration, String name) {
        return iteration.getSecondaryResults().get(name).getScore();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
