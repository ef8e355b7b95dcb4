package io.sluice.bench;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What came of one benchmark with one set of parameters: medians over all iterations.
 *
 * @param what method and parameters, in lower case with dashes
 * @param cpuNanos a record, of the thread that is measured, and of the one behind it where there is one
 * @param wallNanos a record
 * @param bytes allocated a record, by all threads
 */
record Measured(Stage stage, Role role, String what, double cpuNanos, double wallNanos, double bytes) {

    /** What it is there for. */
    enum Role {
        CHOSEN,
        /** What nobody who does the same can undercut. */
        BOUND,
        /** What others take, or was tried and is not used. */
        ALTERNATIVE
    }

    private static final Set<String> BOUNDS = Set.of("memcpy", "copy", "library", "base64anddigest");
    private static final Set<String> ALTERNATIVES = Set.of("dsljson", "jackson", "crc32", "table", "vectors");
    private static final Set<String> OTHERS =
            Set.of("zlib", "isal-1", "isal-0", "blocking", "sleeping", "yielding", "busy-spin", "locked-queue");

    static Measured of(Stage stage, RunResult result) {
        BenchmarkParams params = result.getParams();
        String method =
                plain(params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1));
        StringBuilder what = new StringBuilder(method);
        boolean other = ALTERNATIVES.contains(method);
        boolean zlib = false;
        for (String key : params.getParamsKeys()) {
            String value = plain(params.getParam(key));
            other |= OTHERS.contains(value);
            // Our own gzip undercuts zlib, which is no bound then.
            zlib |= method.equals("library") && value.equals("gzip");
            what.append('-').append(value);
        }
        double records = median(result, one -> secondary(one, "records"));
        double wall = median(result, one -> wallNanos(one) * operations(one) / secondary(one, "records"));
        double cpu = median(
                result,
                one -> (secondary(one, "cpuNanos") + zeroIfNone(secondary(one, "behindNanos")))
                        / secondary(one, "records"));
        double bytes = median(
                result, one -> secondary(one, "gc.alloc.rate.norm") * operations(one) / secondary(one, "records"));
        if (!(records > 0)) {
            throw new IllegalStateException(params.getBenchmark() + " counts no records");
        }
        return new Measured(
                stage,
                BOUNDS.contains(method) && !zlib ? Role.BOUND : other || zlib ? Role.ALTERNATIVE : Role.CHOSEN,
                what.toString(),
                cpu,
                wall,
                bytes);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static double zeroIfNone(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    /** Operations of an iteration: invocations, times what an invocation counts for. */
    private static double operations(IterationResult iteration) {
        return iteration.getMetadata().getMeasuredOps();
    }

    private static double wallNanos(IterationResult iteration) {
        Result<?> primary = iteration.getPrimaryResult();
        return primary.getScore() * (primary.getScoreUnit().startsWith("ms") ? 1e6 : 1);
    }

    private static double secondary(IterationResult iteration, String name) {
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

    /** The one of the stage, or {@code null}. */
    static Measured find(List<Measured> all, String stage, String what) {
        for (Measured one : all) {
            if (one.stage.name().equals(stage) && one.what.equals(what)) {
                return one;
            }
        }
        return null;
    }

    String result() {
        return String.format(
                Locale.ROOT,
                "RESULT name=jmh-%s-%s value=%.1f unit=ns/%s wall=%.1f alloc=%.3f role=%s%n",
                stage.name(),
                what,
                cpuNanos,
                stage.unit(),
                wallNanos,
                bytes,
                role.name().toLowerCase(Locale.ROOT));
    }
}
