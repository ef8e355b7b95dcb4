package io.sluice.scenario;

import io.sluice.ladder.Figures;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Latencies in the report of a load generator. Stateless. */
final class Latencies {

    private static final double NANOS_PER_MILLI = 1e6;

    private static final List<String> PERCENTILES = List.of("p50", "p99", "p99.9", "max");

    /** The figure that {@link #addGrowth} adds. */
    static final String GROWTH = "p99_growth";

    /** What a run must last to have that: a second for each quarter, and one that the last sample may miss. */
    static final int GROWTH_SECONDS = 5;

    private static final Pattern SECOND = Pattern.compile("\\{\"second\": [^}]*\"p99\": (\\d+)");

    private Latencies() {}

    /** In milliseconds, as {@code p50_ms}, {@code p99_ms}, {@code p999_ms} and {@code max_ms}, behind a prefix. */
    static void add(Figures figures, String prefix, String json) {
        for (String percentile : PERCENTILES) {
            figures.add(prefix + percentile.replace(".", "") + "_ms", nanos(json, percentile) / NANOS_PER_MILLI);
        }
    }

    /**
     * The median of the seconds' p99s in the last quarter of a run, divided by that of its second quarter, as
     * {@link #GROWTH}. Seconds that have none do not count: those of the warm-up, and those without an answer. A run of
     * less than four that count has no such figure.
     */
    static void addGrowth(Figures figures, String json) {
        double[] seconds = SECOND.matcher(json)
                .results()
                .mapToDouble(second -> Double.parseDouble(second.group(1)))
                // A p99 of 0 is none at all.
                .filter(p99 -> p99 > 0)
                .toArray();
        int quarter = seconds.length / 4;
        if (quarter > 0) {
            figures.add(
                    GROWTH,
                    median(seconds, seconds.length - quarter, seconds.length) / median(seconds, quarter, 2 * quarter));
        }
    }

    private static double median(double[] values, int from, int to) {
        double[] sorted = Arrays.copyOfRange(values, from, to);
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    static double nanos(String json, String percentile) {
        Matcher matcher = Pattern.compile("\"latency\": \\{[^}]*\"" + Pattern.quote(percentile) + "\": (\\d+)")
                .matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + percentile + " in the report of the load");
        }
        return Double.parseDouble(matcher.group(1));
    }
}
