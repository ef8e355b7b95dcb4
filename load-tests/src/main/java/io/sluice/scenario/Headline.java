package io.sluice.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The goals of the whole, each beside the figure that was measured last. Stateless.
 *
 * <p>The table goes to the top of {@code docs/PERFORMANCE.md}; some of its rows to {@code README.md}.
 */
final class Headline {

    /**
     * A row.
     *
     * @param goal number of the goal that it belongs to
     * @param names of the lines that have the figure: the first that was printed counts
     * @param field of the line that is the figure
     * @param goalField of the line that is the goal
     * @param atLeast whether more is better
     * @param unit behind figure and goal
     * @param command that measures it
     * @param front whether it stands in the README as well
     */
    record Row(
            int goal,
            String what,
            List<String> names,
            String field,
            String goalField,
            boolean atLeast,
            String unit,
            String command,
            boolean front) {}

    static final List<Row> ROWS = List.of(
            row(1, "acknowledged, synced, delivered, none lost; gzip", "million", true, " records/s", "million", true),
            row(1, "the same with zstd", "million-zstd", true, " records/s", "million", true),
            row(
                    1,
                    "the same with zlib, where our own gzip is switched off",
                    "million-zlib",
                    true,
                    " records/s",
                    "million",
                    false),
            row(1, "age of the oldest undelivered record then", "million-lag_s", false, " s", "million", false),
            pixel("pixels, synced, 256 connections, beside nginx", List.of("pixel-c256"), true),
            pixel("64 connections", List.of("pixel-c64"), false),
            pixel("64 connections, answered before the sync", List.of("pixel-c64-written", "pixel-written-c64"), false),
            pixel("h2c, 256 in flight", List.of("pixel-h2"), false),
            pixel("TLS, HTTP/1.1, 256 connections", List.of("pixel-tls"), false),
            pixel("TLS, HTTP/2, 256 in flight", List.of("pixel-tls-h2"), false),
            pixel("TLS handshakes, each with a pixel", List.of("handshakes"), false),
            pixel("one loop, 256 connections", List.of("pixel-c256-one-loop"), false),
            pixel("one loop, 64 connections", List.of("pixel-c64-one-loop"), false),
            pixel("one loop, TLS, HTTP/1.1, 256 connections", List.of("pixel-tls-one-loop"), false),
            row(3, "latency at half of capacity, p50", "latency-p50", false, " ms", "latency", true),
            row(3, "p99.9, beside twice nginx's or fdatasync's + 2 ms", "latency-p999", false, " ms", "latency", true),
            new Row(
                    4,
                    "CPU a record of everything on the machine",
                    List.of("ladder"),
                    "whole_sum_ns",
                    "budget_ns",
                    false,
                    " ns",
                    "ladder",
                    false),
            row(5, "allocated from read to assembled batch", "jmh-allocated", false, " B a record", "jmh", true),
            row(5, "allocated on a loop", "million-alloc_loops", false, " B a request", "million", false),
            row(6, "resident memory of the gateway then", "million-rss_mib", false, " MiB", "million", true),
            down("with a Firehose that takes nothing for half a minute, and behind it", "firehose-down"),
            down("growth while it takes nothing, delivery.memory filled", "firehose-down-down_growth_mib"),
            row(7, "start to ready, AOT cache", "start-aot", false, " ms", "start", true),
            row(7, "with 1 GiB of journal to adopt", "start-adopt", false, " ms", "start", false),
            row(8, "CPU a record at higher load, times that at lower", "growth-load", false, "", "growth", false),
            row(8, "at 4,000 connections, times that at 16", "growth-connections", false, "", "growth", false),
            row(8, "with 10,000 shops, times that with 1", "growth-shops", false, "", "growth", false),
            row(8, "at 1,000 requests/s in all, warmed before", "growth-idle", false, " of a core", "growth", false),
            row(9, "billed ÷ received at 100,000/s, gzip", "bytes-gzip-100k", false, "", "bytes", false),
            row(9, "billed ÷ received at capacity, gzip", "bytes-gzip-1m", false, "", "bytes", true),
            row(9, "at 100,000/s, zstd", "bytes-zstd-100k", false, "", "bytes", false),
            row(9, "at capacity, zstd", "bytes-zstd-1m", false, "", "bytes", false),
            row(9, "lines before packing ÷ received", "bytes-lines", false, "", "bytes", false),
            row(10, "gzip, the default, flushed every 64 KiB, one core", "gzip-own-64k", true, " MB/s", "gzip", true));

    private Headline() {}

    private static Row row(
            int goal, String what, String name, boolean atLeast, String unit, String command, boolean front) {
        return new Row(goal, what, List.of(name), "value", "goal", atLeast, unit, command, front);
    }

    private static Row pixel(String what, List<String> names, boolean front) {
        return new Row(2, what, names, "ratio", "goal", true, " × nginx", "pixel", front);
    }

    private static Row down(String what, String name) {
        return row(6, what, name, false, " MiB", "scenario firehose-down", false);
    }

    /**
     * A table a machine, under its name, of what was measured on it.
     *
     * @param machines by their names, in the order of the tables; one without any of the rows has no table
     */
    static String tables(Map<String, Results> machines) {
        StringBuilder text = new StringBuilder();
        machines.forEach((machine, results) -> {
            List<Row> rows = measured(results);
            if (!rows.isEmpty()) {
                text.append(section(machine, table(results, rows))).append('\n');
            }
        });
        return text.toString().stripTrailing() + "\n";
    }

    private static List<Row> measured(Results results) {
        return ROWS.stream().filter(row -> results.find(row.names()) != null).toList();
    }

    static String section(String machine, String table) {
        return "### " + machine + "\n\n" + table;
    }

    /** Every row, measured or not. */
    static String table(Results results) {
        return table(results, ROWS);
    }

    private static String table(Results results, List<Row> rows) {
        StringBuilder text = new StringBuilder("| | what | figure | goal | met | command | commit | date |\n"
                + "|---:|---|---:|---:|---|---|---|---|\n");
        int goal = 0;
        for (Row row : rows) {
            Results.Result result = results.find(row.names());
            text.append("| ")
                    .append(row.goal() == goal ? "" : Integer.toString(row.goal()))
                    .append(" | ")
                    .append(row.what())
                    .append(" | ")
                    .append(figure(row, result))
                    .append(" | ")
                    .append(result == null || !result.has(row.goalField()) ? "" : bound(row, result))
                    .append(" | ")
                    .append(met(row, result))
                    .append(" | `")
                    .append(command(row, result))
                    .append("` | ")
                    .append(result == null ? "" : result.commit())
                    .append(" | ")
                    .append(result == null ? "" : result.date())
                    .append(result != null && result.provisional() ? ", provisional" : "")
                    .append(" |\n");
            goal = row.goal();
        }
        return text.toString();
    }

    /**
     * Those of the front page, a column a machine.
     *
     * @param machines by their names, in the order of the columns; one without any of these rows has no column
     */
    static String front(Map<String, Results> machines) {
        Map<String, Results> columns = new LinkedHashMap<>(machines);
        columns.values().removeIf(results -> measured(results).stream().noneMatch(Row::front));
        StringBuilder text = new StringBuilder("| what | goal |")
                .append(columns.keySet().stream().map(name -> " " + name + " |").collect(Collectors.joining()))
                .append(" rerun |\n|---|---:|")
                .append("---:|".repeat(columns.size()))
                .append("---|\n");
        for (Row row : ROWS) {
            List<Results.Result> cells = columns.values().stream()
                    .map(results -> results.find(row.names()))
                    .toList();
            Results.Result first =
                    cells.stream().filter(Objects::nonNull).findFirst().orElse(null);
            if (!row.front() || first == null) {
                continue;
            }
            String bound = cells.stream()
                    .filter(result -> result != null && result.has(row.goalField()))
                    .map(result -> bound(row, result))
                    .findFirst()
                    .orElse("");
            text.append("| ").append(row.what()).append(" | ").append(bound).append(" |");
            for (Results.Result result : cells) {
                text.append(' ')
                        .append(result == null ? "" : cell(row, result, bound))
                        .append(" |");
            }
            text.append(" `").append(command(row, first)).append("` |\n");
        }
        return text.toString();
    }

    /**
     * The figure, and behind it what makes it worth less than others. Some goals come of the machine, such as of its
     * disk: a cell has its own where it is not the one of the row.
     */
    private static String cell(Row row, Results.Result result, String bound) {
        StringBuilder text = new StringBuilder(figure(row, result));
        if (result.has(row.goalField()) && !bound(row, result).equals(bound)) {
            text.append(" (").append(bound(row, result)).append(')');
        }
        if (!result.limits().isEmpty()) {
            text.append(" (").append(String.join(", ", result.limits())).append(')');
        }
        return text.toString();
    }

    /** With the options that the figure comes of: a short run looks like one. */
    private static String command(Row row, Results.Result result) {
        String command = result == null ? "" : result.command();
        // A bar would end the cell.
        return command.isEmpty() ? "scripts/bench " + row.command() : command.replace("|", "\\|");
    }

    private static String figure(Row row, Results.Result result) {
        return result == null ? "not measured" : "**" + number(result.number(row.field())) + row.unit() + "**";
    }

    private static String bound(Row row, Results.Result result) {
        return (row.atLeast() ? "≥ " : "≤ ") + number(result.number(row.goalField())) + row.unit();
    }

    /** A miss says what stands in the way, and where its profile is. */
    private static String met(Row row, Results.Result result) {
        if (result == null || !result.has("met")) {
            return "";
        }
        if (result.fields().get("met").equals("yes")) {
            return "yes";
        }
        Profiled profile = Profiled.of(row.names().getFirst());
        return "**[no](#what-stands-in-the-way)**"
                + (profile == null ? "" : ", [profile](profiles/" + profile.word() + ".md)");
    }

    /** As many digits as say something. */
    static String number(double value) {
        if (value >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        String text = String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }
}
