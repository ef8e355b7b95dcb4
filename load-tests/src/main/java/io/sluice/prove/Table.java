package io.sluice.prove;

import io.sluice.prove.Outcome.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The matrix as a table: its cells, and the text of it. Stateless. */
final class Table {

    static final List<String> HEAD = List.of(
            "fault",
            "sent",
            "acked",
            "delivered",
            "lost",
            "duplicates",
            "allowed",
            "phantom",
            "reconciled",
            "longest stall",
            "recovered in",
            "");

    private static final String NOTHING = "–";

    private Table() {}

    /** A row's cells, as many as {@link #HEAD}. */
    static List<String> cells(Outcome outcome) {
        List<String> cells = new ArrayList<>();
        cells.add(outcome.row().title());
        Figures figures = outcome.figures();
        if (figures == null) {
            // A row without a load of its own: its tests say whether anything was lost, not how much there was.
            String none = outcome.good() ? "0" : NOTHING;
            cells.addAll(List.of(NOTHING, NOTHING, NOTHING, none, NOTHING, NOTHING, none, NOTHING));
        } else {
            for (long figure : new long[] {
                figures.sent(),
                figures.acked(),
                figures.delivered(),
                figures.lost(),
                figures.duplicates(),
                figures.allowed(),
                figures.phantom()
            }) {
                cells.add(String.format(Locale.ROOT, "%,d", figure));
            }
            Reconciled reconciled = figures.reconciled();
            cells.add(reconciled.good() ? String.format(Locale.ROOT, "%,d blocks", reconciled.blocks()) : "NO");
        }
        boolean load = figures != null;
        cells.add(load ? seconds(outcome.stall()) : NOTHING);
        cells.add(load && outcome.recovery() != null ? seconds(outcome.recovery()) : NOTHING);
        cells.add(outcome.good() ? "held" : "FAILED");
        return cells;
    }

    /** One line of what came of a row. */
    static String sentence(Outcome outcome) {
        Figures figures = outcome.figures();
        if (figures == null) {
            return String.join(", ", outcome.notes());
        }
        return String.format(
                Locale.ROOT,
                "acked %,d, delivered %,d, lost %d, duplicates %d, stall %s, recovered in %s; %s",
                figures.acked(),
                figures.delivered(),
                figures.lost(),
                figures.duplicates(),
                seconds(outcome.stall()),
                seconds(outcome.recovery()),
                String.join(", ", outcome.notes()));
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
    }

    static String text(List<Outcome> outcomes) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEAD);
        outcomes.forEach(outcome -> lines.add(cells(outcome)));
        int[] widths = new int[HEAD.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                boolean left = i == 0 || i == widths.length - 1;
                String padding = " ".repeat(widths[i] - line.get(i).length());
                text.append(left ? line.get(i) + padding : padding + line.get(i))
                        .append("  ");
            }
            text.setLength(text.toString().stripTrailing().length());
            text.append('\n');
        }
        return text.toString();
    }
}
