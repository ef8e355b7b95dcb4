package io.sluice.ladder;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A chart that GitHub draws (Mermaid's xychart). Stateless. */
public final class Xychart {

    private Xychart() {}

    /**
     * Over categories.
     *
     * @param series each {@code bar} or {@code line}, with a value a category
     */
    public static String of(String title, List<String> categories, String unit, List<Series> series) {
        double most = series.stream()
                .flatMap(one -> one.values().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        StringBuilder text = new StringBuilder("```mermaid\nxychart-beta\n    title \"")
                .append(title)
                .append("\"\n    x-axis [")
                .append(categories.stream().map(one -> '"' + one + '"').collect(Collectors.joining(", ")))
                .append("]\n")
                .append(String.format(
                        Locale.ROOT, "    y-axis \"%s\" 0 --> %.0f%n", unit, Math.max(1, Math.ceil(most))));
        for (Series one : series) {
            text.append("    ")
                    .append(one.kind())
                    .append(one.values().stream()
                            .map(value -> String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value))
                            .collect(Collectors.joining(", ", " [", "]\n")));
        }
        return text.append("```\n").toString();
    }

    /**
     * What is drawn in one colour.
     *
     * @param kind {@code bar} or {@code line}
     */
    public record Series(String kind, List<Double> values) {}
}
