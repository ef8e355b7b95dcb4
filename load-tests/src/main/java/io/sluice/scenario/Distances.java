package io.sluice.scenario;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Each goal beside what this machine can do at all, as other runs of it measured: how far the gateway is from its
 * bounds. Stateless.
 */
final class Distances {

    /**
     * One part of a bound.
     *
     * @param name of the line that has it
     * @param times how often it counts
     */
    private record Part(String name, String field, double times, String command) {}

    /**
     * A row.
     *
     * @param atLeast whether more is better
     * @param bound its parts
     * @param about what the bound is
     */
    private record Row(
            int goal,
            String what,
            String name,
            String field,
            String unit,
            boolean atLeast,
            Together together,
            List<Part> bound,
            String about,
            String command) {}

    /**
     * What parts make a bound: a sum holds for means, and near enough for medians of narrow times. Tails are seldom at
     * the same moment: of two p99.9s nobody is below the larger, and most are below the sum.
     */
    private enum Together {
        SUM,
        LARGEST
    }

    private static final String BARE = "a server by Netty that looks at nothing and answers";

    /** The bounds of goals 1 and 4 have no parts of their own: they are of the ladder's rungs. */
    private static final List<Row> ROWS = List.of(
            new Row(
                    1,
                    "records/s, gzip",
                    "million",
                    "value",
                    "",
                    true,
                    Together.SUM,
                    List.of(),
                    "all processors, each stage at its bound",
                    "million"),
            new Row(
                    4,
                    "CPU a record",
                    "ladder",
                    "whole_sum_ns",
                    " ns",
                    false,
                    Together.SUM,
                    List.of(),
                    "the sum of the stages' bounds",
                    "ladder"),
            new Row(
                    2,
                    "pixels, 256 connections",
                    "pixel-c256",
                    "ratio",
                    " × nginx",
                    true,
                    Together.SUM,
                    List.of(bound("pixel-ratio-c256")),
                    BARE + ", beside nginx",
                    "pixel"),
            new Row(
                    2,
                    "64 connections",
                    "pixel-c64",
                    "ratio",
                    " × nginx",
                    true,
                    Together.SUM,
                    List.of(bound("pixel-ratio-c64")),
                    "the same",
                    "pixel"),
            new Row(
                    2,
                    "CPU a pixel, 64 connections",
                    "pixel-c64",
                    "cpu",
                    " us",
                    false,
                    Together.SUM,
                    List.of(bound("pixel-cpu-c64")),
                    "the same",
                    "pixel"),
            new Row(
                    2,
                    "TLS, HTTP/1.1, 256 connections",
                    "pixel-tls",
                    "ratio",
                    " × nginx",
                    true,
                    Together.SUM,
                    List.of(bound("pixel-ratio-tls-c256")),
                    BARE + " over TLS, beside nginx",
                    "pixel"),
            less(
                    3,
                    "p50 at half of capacity",
                    "latency-p50",
                    " ms",
                    List.of(bound("sync"), bound("answer")),
                    "a write and fdatasync alone + " + BARE + " at the same rate, p50 of both",
                    "latency"),
            new Row(
                    3,
                    "p99.9",
                    "latency-p999",
                    "value",
                    " ms",
                    false,
                    Together.LARGEST,
                    List.of(bound("sync-p999"), bound("answer-p999")),
                    "the larger p99.9 of both",
                    "latency"),
            less(
                    5,
                    "allocated on a loop, a request",
                    "million-alloc_loops",
                    " B",
                    List.of(bound("alloc")),
                    BARE,
                    "million"),
            less(6, "resident memory", "million-rss_mib", " MiB", List.of(bound("rss")), BARE, "million"),
            less(
                    6,
                    "behind a Firehose that took nothing",
                    "firehose-down",
                    " MiB",
                    List.of(bound("rss")),
                    "the same, and what it keeps",
                    "scenario firehose-down"),
            less(
                    7,
                    "start to ready, AOT cache",
                    "start-aot",
                    " ms",
                    List.of(bound("start-server")),
                    BARE + ", AOT cache",
                    "start"),
            less(
                    7,
                    "the same",
                    "start-aot",
                    " ms",
                    List.of(bound("start-nothing-aot")),
                    "a JVM that starts nothing, AOT cache",
                    "start"),
            less(
                    7,
                    "with 1 GiB to adopt",
                    "start-adopt",
                    " ms",
                    List.of(new Part("start-aot", "value", 1, "start")),
                    "with nothing to adopt",
                    "start"),
            less(
                    8,
                    "at 1,000 requests/s",
                    "growth-idle",
                    " of a core",
                    List.of(bound("idle"), new Part("bound-sync-cpu", "value", 1e-3, "bounds")),
                    BARE + " + 1,000 fdatasyncs",
                    "growth"),
            less(
                    9,
                    "billed ÷ received, gzip",
                    "bytes-gzip-100k",
                    "",
                    List.of(bound("bytes-zlib")),
                    "zlib 9 on what was received, nothing added, in one stream",
                    "bytes"),
            less(
                    9,
                    "billed ÷ received, zstd",
                    "bytes-zstd-100k",
                    "",
                    List.of(bound("bytes-zstd")),
                    "zstd 19 on the same",
                    "bytes"),
            new Row(
                    10,
                    "gzip, one core",
                    "gzip-own-64k",
                    "value",
                    " MB/s",
                    true,
                    Together.SUM,
                    List.of(new Part("gzip-isal-1-64k", "value", 1, "gzip")),
                    "ISA-L, the same chunks; where libisal.so.2 is installed",
                    "gzip"),
            new Row(
                    10,
                    "the same",
                    "gzip-own-64k",
                    "value",
                    " MB/s",
                    true,
                    Together.SUM,
                    List.of(new Part("gzip-zstd-64k", "value", 1, "gzip")),
                    "zstd 1, the same chunks: another format",
                    "gzip"),
            new Row(
                    10,
                    "the same",
                    "gzip-own-64k",
                    "value",
                    " MB/s",
                    true,
                    Together.SUM,
                    List.of(bound("copy")),
                    "a copy of memory",
                    "gzip"));

    private Distances() {}

    private static Part bound(String name) {
        return new Part("bound-" + name, "value", 1, "bounds");
    }

    private static Row less(
            int goal, String what, String name, String unit, List<Part> bound, String about, String command) {
        return new Row(goal, what, name, "value", unit, false, Together.SUM, bound, about, command);
    }

    /** @param floor nanoseconds of CPU a record that no stage can undercut; NaN if the ladder has not run */
    static String table(Results results, double floor) {
        StringBuilder text =
                new StringBuilder("| goal | what | measured | what bounds it here | bound | times the bound |\n"
                        + "|---:|---|---:|---|---:|---:|\n");
        for (Row row : ROWS) {
            Results.Result result = results.find(List.of(row.name));
            double measured = result == null ? Double.NaN : result.number(row.field);
            double bound = switch (row.goal) {
                case 1 -> Runtime.getRuntime().availableProcessors() * 1e9 / floor;
                case 4 -> floor;
                default -> bound(results, row);
            };
            text.append(String.format(
                    Locale.ROOT,
                    "| %d | %s | %s | %s | %s | %s |%n",
                    row.goal,
                    row.what,
                    figure(measured, row.unit, row.command),
                    row.about,
                    figure(bound, row.unit, missing(results, row)),
                    Double.isNaN(measured) || Double.isNaN(bound)
                            ? ""
                            : String.format(Locale.ROOT, "%.2f", measured / bound)));
        }
        return text.append(
                        "\nMore is better of goals 1, 2 (but its CPU) and 10, less of all others. Sums hold for means, not for tails.\n")
                .toString();
    }

    /** Not a number if a part was not measured. */
    private static double bound(Results results, Row row) {
        DoubleStream parts = row.bound.stream().mapToDouble(part -> value(results, part));
        return switch (row.together) {
            case SUM -> parts.sum();
            case LARGEST -> parts.reduce(0, Math::max);
        };
    }

    private static String missing(Results results, Row row) {
        return row.bound.stream()
                .filter(part -> Double.isNaN(value(results, part)))
                .map(Part::command)
                .findFirst()
                .orElse("ladder");
    }

    /** Not a number if it was not measured. */
    private static double value(Results results, Part part) {
        Results.Result result = results.find(List.of(part.name));
        return result == null ? Double.NaN : part.times * result.number(part.field);
    }

    private static String figure(double value, String unit, String command) {
        return Double.isNaN(value) ? "not measured: `scripts/bench " + command + "`" : Headline.number(value) + unit;
    }
}
