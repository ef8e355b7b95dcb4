package io.sluice.scenario;

import io.sluice.ladder.Figures;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Latencies in the report of a load generator. Stateless. */
final class Latencies {

    private static final double NANOS_PER_MILLI = 1e6;

    private static final List<String> PERCENTILES = List.of("p50", "p99", "p99.9", "max");

    private Latencies() {}

    /** In milliseconds, as {@code p50_ms}, {@code p99_ms}, {@code p999_ms} and {@code max_ms}, behind a prefix. */
    static void add(Figures figures, String prefix, String json) {
        for (String percentile : PERCENTILES) {
            figures.add(prefix + percentile.replace(".", "") + "_ms", nanos(json, percentile) / NANOS_PER_MILLI);
        }
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
