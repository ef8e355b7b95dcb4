package io.sluice.ladder;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The ladder as Markdown, for terminal and document alike, and as RESULT lines. Stateless. */
final class LadderReport {

    /** Of the processors that others may use before figures are called provisional. */
    private static final double QUIET_SHARE = 0.05;

    private LadderReport() {}

    static String markdown(Ladder ladder, Figures figures, List<String> conditions) {
        StringBuilder text = new StringBuilder();
        for (String condition : conditions) {
            text.append(condition).append('\n');
        }
        double others = figures.most("whole.others");
        if (others > QUIET_SHARE) {
            text.append(format(
                    "\n**Provisional: other processes took up to %.0f %% of the processors meanwhile.** Times in the whole"
                            + " way, where caches are shared, suffer most.\n",
                    others * 100));
        }
        text.append('\n').append(table(ladder)).append('\n');
        text.append(chart(ladder)).append('\n').append(sentences(ladder));
        text.append('\n').append(rungs(figures)).append('\n').append(threads(figures));
        return text.toString();
    }

    static String table(Ladder ladder) {
        List<String[]> cells = new ArrayList<>();
        cells.add(new String[] {
            "what, ns of CPU a record", "alone", "in the whole", "share of 2,000", "bound", "prototype"
        });
        for (Row row : ladder.rows()) {
            cells.add(cells(row));
        }
        cells.add(cells(ladder.sum()));
        int[] widths = new int[cells.getFirst().length];
        for (String[] line : cells) {
            for (int i = 0; i < line.length; i++) {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            text.append('|');
            for (int column = 0; column < widths.length; column++) {
                String cell = cells.get(i)[column];
                String blank = " ".repeat(widths[column] - cell.length());
                text.append(' ')
                        .append(column == 0 ? cell + blank : blank + cell)
                        .append(" |");
            }
            text.append('\n');
            if (i == 0) {
                text.append('|');
                for (int column = 0; column < widths.length; column++) {
                    text.append(column == 0 ? "-" : "-")
                            .append("-".repeat(widths[column]))
                            .append(column == 0 ? "-|" : ":|");
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    /** Bars are stages, in the whole way where that is known; the line is what each cannot undercut. */
    static String chart(Ladder ladder) {
        List<String> stages = new ArrayList<>();
        List<Double> nanos = new ArrayList<>();
        List<Double> bounds = new ArrayList<>();
        for (Row row : ladder.rows()) {
            if (!row.sum() && !Double.isNaN(row.nanos())) {
                stages.add(row.slug());
                nanos.add(Math.max(0, row.nanos()));
                bounds.add(Double.isNaN(row.bound()) ? 0 : row.bound());
            }
        }
        return Xychart.of(
                "CPU by stage, ns a record; the line: bounds where there are any",
                stages,
                "ns",
                List.of(new Xychart.Series("bar", nanos), new Xychart.Series("line", bounds)));
    }

    private static String[] cells(Row row) {
        String bold = row.sum() ? "**" : "";
        return new String[] {
            bold + row.what() + bold,
            nanos(row.alone()),
            nanos(row.whole()),
            Double.isNaN(row.nanos()) ? "" : format("%.0f %%", row.nanos() / Ladder.BUDGET_NANOS * 100),
            Double.isNaN(row.bound()) ? "" : nanos(row.bound()) + " " + row.boundOf(),
            nanos(row.goal())
        };
    }

    private static String sentences(Ladder ladder) {
        String goal = ladder.furthestFromGoal()
                .map(row -> "**The biggest distance: " + row.what() + ", " + nanos(row.distanceToGoal())
                        + " ns a record above the prototype** (" + nanos(row.nanos()) + " against " + nanos(row.goal())
                        + ").\n")
                .orElse("No part takes more than the prototype's.\n");
        String bound = ladder.furthestFromBound()
                .map(row -> "Furthest above its bound: " + row.what() + ", " + nanos(row.distanceToBound())
                        + " ns over " + row.boundOf() + ".\n")
                .orElse("");
        return goal
                + bound
                + format(
                        "The rungs alone add up to %,.0f ns, that is %,.0f records/s on two processors; in the whole way"
                                + " all takes %,.0f ns.\n",
                        ladder.sum().alone(),
                        2e9 / ladder.sum().alone(),
                        ladder.sum().whole());
    }

    /** Who used the processors in the whole way. */
    private static String threads(Figures figures) {
        StringBuilder text = new StringBuilder("| in the whole, CPU s a million records | program | kernel | both |\n");
        text.append("|---|---:|---:|---:|\n");
        threads(text, figures, "load generator", "generator");
        threads(text, figures, "gateway", "gateway");
        for (Role role : Role.values()) {
            threads(text, figures, "– " + role.about(), role.figure());
        }
        threads(text, figures, "lab", "lab");
        threads(text, figures, "kernel's own threads", "kernel");
        return text.toString();
    }

    private static void threads(StringBuilder text, Figures figures, String who, String figure) {
        double both = figures.of("whole." + figure) / 1e3;
        double kernel = figures.of("whole." + figure + ".kernel") / 1e3;
        text.append(format("| %s | %.3f | %.3f | %.3f |\n", who, both - kernel, kernel, both));
    }

    /** What the rungs measured besides times. */
    private static String rungs(Figures figures) {
        double least = figures.least("whole.rate");
        double most = figures.most("whole.rate");
        String spread = least == most ? "" : format(" (%,.0f to %,.0f)", least, most);
        return format(
                "| rung | rate | besides |\n"
                        + "|---|---:|---|\n"
                        + "| generator to a server that only frames | %,.0f records/s | generator %,.0f + %,.0f ns, server %,.0f + %,.0f ns (program + kernel) |\n"
                        + "| intake, one thread | %,.0f records/s | %,.0f ns, of which %,.0f in the encoder; the library alone %,.0f |\n"
                        + "| committer at 1 M records/s | %,.0f records/s | %,.0f ns |\n"
                        + "| lab, one core | %,.0f MB/s | %.2f ns a byte |\n"
                        + "| SDK, batches of 2 x 1 MB | %,.0f MB/s | %.2f ns a byte where it is called, %.2f on its loops, %.2f in the collector; %.1f MB allocated a MB |\n"
                        + "| **the whole way, flat out** | **%,.0f records/s**%s | warm after %.0f s; %.1f B a record packed; %.0f %% of it delivered within the window; processors idle %.0f %%, stolen %.0f %%, with other processes %.0f %%; lost=0 duplicates=%.0f phantom=0 |\n",
                figures.of("bare.rate"),
                figures.of("bare.generator") - figures.of("bare.generator.kernel"),
                figures.of("bare.generator.kernel"),
                figures.of("bare.server") - figures.of("bare.server.kernel"),
                figures.of("bare.server.kernel"),
                1e9 / figures.of("intake.whole"),
                figures.of("intake.whole"),
                figures.of("intake.encode"),
                figures.of("intake.library"),
                figures.of("committer.rate"),
                figures.of("committer"),
                1e3 / figures.of("lab"),
                figures.of("lab"),
                figures.of("sdk.rate"),
                figures.of("sdk.caller"),
                figures.of("sdk.loops"),
                figures.of("sdk.gc"),
                figures.of("sdk.allocated"),
                figures.of("whole.rate"),
                spread,
                figures.most("whole.warmup"),
                figures.of("whole.packed"),
                figures.of("whole.delivered") * 100,
                figures.of("whole.idle") * 100,
                figures.of("whole.stolen") * 100,
                figures.of("whole.others") * 100,
                figures.most("whole.duplicates"));
    }

    static String results(Ladder ladder, Figures figures) {
        StringBuilder text = new StringBuilder();
        for (Row row : ladder.rows()) {
            text.append(result(row));
        }
        text.append(result(ladder.sum()));
        text.append(format(
                "RESULT name=ladder value=%.0f unit=records/s alone_sum_ns=%.0f whole_sum_ns=%.0f budget_ns=2000 met=%s\n",
                figures.of("whole.rate"),
                ladder.sum().alone(),
                ladder.sum().whole(),
                ladder.sum().whole() <= Ladder.BUDGET_NANOS ? "yes" : "no"));
        return text.toString();
    }

    private static String result(Row row) {
        return "RESULT name=ladder-" + row.slug() + " value=" + plain(row.nanos()) + " unit=ns/record alone="
                + plain(row.alone()) + " whole=" + plain(row.whole()) + " bound=" + plain(row.bound()) + " prototype="
                + plain(row.goal()) + "\n";
    }

    private static String nanos(double value) {
        return Double.isNaN(value) ? "" : format("%,.0f", value);
    }

    private static String plain(double value) {
        return Double.isNaN(value) ? "-" : format("%.0f", value);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
