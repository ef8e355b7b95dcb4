package io.sluice.load;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The report as JSON, for programs. Times are in nanoseconds, rates in events a second. Stateless. */
final class JsonReport {

    private JsonReport() {}

    static String render(RunReport report) {
        LoadOptions options = report.options();
        StringBuilder json = new StringBuilder("{\n");
        member(json, "run", quoted(options.run()));
        member(
                json,
                "started",
                quoted(Instant.ofEpochMilli(report.startedMillis()).toString()));
        member(json, "target", quoted(options.host()));
        member(json, "protocol", quoted(options.protocol().name()));
        member(json, "mode", quoted(options.flatOut() ? "flat-out" : "open-loop"));
        member(json, "batch", options.batch());
        member(json, "connections", options.connections());
        member(json, "pipeline", options.pipeline());
        member(json, "threads", options.threads());
        member(json, "churn", options.churn());
        member(json, "shops", options.shops());
        member(json, "retry", quoted(options.retry().name().toLowerCase(Locale.ROOT)));
        member(json, "seed", options.seed());
        member(json, "warmupSeconds", Quantities.seconds(options.warmup()));
        member(json, "seconds", report.seconds());
        member(json, "interrupted", report.interrupted());
        member(json, "planned", report.planned());
        member(json, "unsent", report.unsent());
        for (Tally tally : Tally.values()) {
            member(json, camel(tally), report.total(tally));
        }
        member(json, "ackedPerSecond", report.ackedRate());
        member(json, "cpuNanosPerEvent", report.cpuNanosPerEvent());
        member(json, "ackFile", quoted(options.acks().toString()));
        member(json, "ackFileBytes", report.ackBytes());
        json.append("  \"statuses\": {");
        String comma = "";
        for (var status : report.statuses().entrySet()) {
            json.append(comma)
                    .append('"')
                    .append(status.getKey())
                    .append("\": ")
                    .append(status.getValue());
            comma = ", ";
        }
        json.append("},\n  \"latency\": {\"count\": ").append(report.latencies().getTotalCount());
        json.append(", \"corrected\": ").append(!options.flatOut());
        for (double percentile : RunReport.PERCENTILES) {
            json.append(", \"").append(percentileName(percentile)).append("\": ");
            json.append(report.percentile(percentile));
        }
        json.append("},\n  \"samples\": [");
        samples(json, report.samples());
        return json.append("\n  ]\n}\n").toString();
    }

    /** {@code p50}, {@code p99.9}, {@code max}. */
    static String percentileName(double percentile) {
        if (percentile == 100) {
            return "max";
        }
        String text = Double.toString(percentile);
        return "p" + (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text);
    }

    private static void samples(StringBuilder json, List<Sampler.Sample> samples) {
        String comma = "\n";
        for (Sampler.Sample sample : samples) {
            json.append(comma)
                    .append(String.format(
                            Locale.ROOT,
                            "    {\"second\": %.3f, \"wanted\": %.0f, \"sent\": %.0f, \"acked\": %.0f, \"refused\": %.0f,"
                                    + " \"unknown\": %.0f, \"underWay\": %d, \"requests\": %d, \"p50\": %d, \"p90\": %d,"
                                    + " \"p99\": %d, \"max\": %d}",
                            sample.second(),
                            sample.wantedRate(),
                            sample.sentRate(),
                            sample.ackedRate(),
                            sample.refusedRate(),
                            sample.unknownRate(),
                            sample.underWay(),
                            sample.requests(),
                            sample.p50(),
                            sample.p90(),
                            sample.p99(),
                            sample.max()));
            comma = ",\n";
        }
    }

    private static String camel(Tally tally) {
        StringBuilder name = new StringBuilder(tally.name().toLowerCase(Locale.ROOT));
        for (int at = name.indexOf("_"); at >= 0; at = name.indexOf("_")) {
            name.deleteCharAt(at).setCharAt(at, Character.toUpperCase(name.charAt(at)));
        }
        return name.toString();
    }

    private static void member(StringBuilder json, String name, Object value) {
        json.append("  \"").append(name).append("\": ");
        json.append(value instanceof Double number ? String.format(Locale.ROOT, "%.3f", number) : value);
        json.append(",\n");
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
