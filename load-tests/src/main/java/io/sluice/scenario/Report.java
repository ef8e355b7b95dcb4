package io.sluice.scenario;

import io.sluice.ladder.Figures;
import io.sluice.ladder.Role;
import java.util.List;
import java.util.Locale;

/** Figures beside goals, as lines for scripts and as tables for people. Stateless. */
final class Report {

    private Report() {}

    /** Of a whole way: the first goal with what must hold beside it, then a line for each further goal. */
    static String results(String name, List<Goal> goals, Figures figures) {
        StringBuilder text = new StringBuilder();
        Goal first = goals.getFirst();
        text.append(line(name, first, first.value(figures), met(goals, figures)))
                .append(String.format(
                        Locale.ROOT,
                        " lost=%.0f rss=%.0f p50_ms=%.3f p99_ms=%.3f lag_s=%.2f%n",
                        Goal.value(figures, "lost"),
                        Goal.value(figures, "rss_mib"),
                        figures.of("p50_ms"),
                        figures.of("p99_ms"),
                        Goal.value(figures, "lag_s")));
        for (Goal goal : goals.subList(1, goals.size())) {
            text.append(line(name + "-" + goal.figure(), goal, goal.value(figures), goal.met(figures)))
                    .append(System.lineSeparator());
        }
        return text.toString();
    }

    /** Whether all goals are met, and every event that was acknowledged was delivered, and no other. */
    static boolean met(List<Goal> goals, Figures figures) {
        return Goal.value(figures, "lost") == 0
                && Goal.value(figures, "phantom") == 0
                && goals.stream().allMatch(goal -> goal.met(figures));
    }

    /** {@code RESULT name=… value=… unit=… goal=… met=…}, without the end of the line. */
    static String line(String name, Goal goal, double value, boolean met) {
        return "RESULT name=" + name + " value=" + number(value) + " unit=" + unit(goal.figure()) + " goal="
                + number(goal.bound()) + " met=" + (met ? "yes" : "no");
    }

    /** Whole where it is large. */
    static String number(double value) {
        if (value >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, "%.3f", value);
    }

    static String unit(String figure) {
        if (figure.equals("rate")) {
            return "records/s";
        }
        int last = figure.lastIndexOf('_');
        return switch (last < 0 ? "" : figure.substring(last + 1)) {
            case "ms" -> "ms";
            case "s" -> "s";
            case "ns" -> "ns/record";
            case "mib" -> "MiB";
            case "loops" -> "B/request";
            case "ratio" -> "ratio";
            default -> "records";
        };
    }

    /** A table with a column for each run, such as an encoding. */
    static String table(List<String> columns, List<Figures> runs, List<Goal> goals) {
        StringBuilder text = new StringBuilder("| |");
        columns.forEach(column -> text.append(' ').append(column).append(" |"));
        text.append("\n|---|").append("---:|".repeat(columns.size())).append('\n');
        row(text, runs, "records/s acknowledged", "rate", 1, "%,.0f");
        row(text, runs, "lost", "lost", 1, "%.0f");
        row(text, runs, "sent twice to Firehose, and so there twice", "duplicates", 1, "%.0f");
        row(text, runs, "refused, or never answered", List.of("refused", "unknown"), 1, "%,.0f");
        row(text, runs, "due, and not sent before the load ended", "unsent", 1, "%,.0f");
        row(text, runs, "latency p50, ms", "p50_ms", 1, "%.2f");
        row(text, runs, "latency p99, ms", "p99_ms", 1, "%.2f");
        row(text, runs, "latency p99.9, ms", "p999_ms", 1, "%.2f");
        if (goals.stream().anyMatch(goal -> goal.figure().equals("p99_growth"))) {
            row(text, runs, "– p99 of the last quarter, times that of the second", "p99_growth", 1, "%.2f");
        }
        row(text, runs, "most resident memory of the gateway, MiB", "rss_mib", 1, "%.0f");
        if (goals.stream().anyMatch(goal -> goal.figure().equals("rss_growth_mib"))) {
            row(text, runs, "– mean of the last quarter beyond that of the second, MiB", "rss_growth_mib", 1, "%.0f");
        }
        row(text, runs, "delivered within the window", "delivered", 100, "%.1f %%");
        row(text, runs, "age of the oldest undelivered record at the end, s", "lag_s", 1, "%.2f");
        if (runs.stream().allMatch(run -> run.has("caught_up_s"))) {
            row(text, runs, "– most while down beyond that before it, MiB", "down_rss_mib", 1, "%.0f");
            row(text, runs, "– growth meanwhile, MiB", "down_growth_mib", 1, "%.0f");
            row(text, runs, "from the time down until nothing was late, s", "caught_up_s", 1, "%.1f");
        }
        row(text, runs, "packed bytes a record", "packed", 1, "%.1f");
        row(text, runs, "billed by Firehose ÷ received", "billed_ratio", 1, "%.3f");
        row(text, runs, "fdatasyncs a second", "syncs", 1, "%,.0f");
        row(text, runs, "CPU of the gateway, ns a record", "gateway_ns", 1, "%,.0f");
        for (Role role : Role.values()) {
            row(text, runs, "– " + role.about(), figure(role), 1, "%,.0f");
        }
        if (runs.stream().allMatch(run -> run.has("alloc_loops"))) {
            row(text, runs, "allocated on the loops, B a request", "alloc_loops", 1, "%,.0f");
            row(text, runs, "allocated by the committer, B a record", "alloc_committer", 1, "%.2f");
            row(text, runs, "allocated by delivery and SDK, B a record", "alloc_delivery", 1, "%,.0f");
        }
        row(text, runs, "CPU of the generator, ns a record", "generator_ns", 1, "%,.0f");
        row(text, runs, "CPU of the lab, ns a record", "lab_ns", 1, "%,.0f");
        row(text, runs, "CPU of the kernel's own threads, ns a record", "kernel_ns", 1, "%,.0f");
        row(text, runs, "processors idle", "idle", 100, "%.0f %%");
        row(text, runs, "processors with others", "others", 100, "%.0f %%");
        text.append("| **goals met** |");
        for (Figures run : runs) {
            text.append(met(goals, run) ? " **yes** |" : " **no**: " + missed(goals, run) + " |");
        }
        return text.append('\n').toString();
    }

    /** The gateway's CPU a record in threads with that role. */
    static String figure(Role role) {
        return "gateway_" + role.name().toLowerCase(Locale.ROOT) + "_ns";
    }

    private static String missed(List<Goal> goals, Figures run) {
        StringBuilder text = new StringBuilder();
        for (Goal goal : goals) {
            if (!goal.met(run)) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(goal.figure())
                        .append(' ')
                        .append(number(goal.value(run)))
                        .append(", not ")
                        .append(goal.atLeast() ? ">= " : "<= ")
                        .append(number(goal.bound()));
            }
        }
        return text.isEmpty() ? "lost or phantom records" : text.toString();
    }

    private static void row(
            StringBuilder text, List<Figures> runs, String title, String figure, double times, String format) {
        row(text, runs, title, List.of(figure), times, format);
    }

    /** The sum of the figures. */
    private static void row(
            StringBuilder text, List<Figures> runs, String title, List<String> figures, double times, String format) {
        text.append("| ").append(title).append(" |");
        for (Figures run : runs) {
            double sum = figures.stream()
                    .mapToDouble(figure -> Goal.value(run, figure))
                    .sum();
            text.append(' ')
                    .append(String.format(Locale.ROOT, format, times * sum))
                    .append(" |");
        }
        text.append('\n');
    }

    /** Said above any table whose figures are worth little. */
    static String provisional(List<Figures> runs) {
        double others =
                runs.stream().mapToDouble(run -> run.most("others")).max().orElse(0);
        return others < 0.05
                ? ""
                : String.format(
                        Locale.ROOT,
                        "**Provisional: other processes took up to %.0f %% of the processors meanwhile.**%n%n",
                        100 * others);
    }
}
