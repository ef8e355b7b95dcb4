package io.sluice.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Records a second over the seconds of a run, as a chart that GitHub draws (Mermaid's xychart). Stateless. */
final class Throughput {

    private static final double THOUSAND = 1e3;

    private Throughput() {}

    /** A line a second: the second, records. */
    static String keep(List<double[]> seconds) {
        return seconds.stream()
                .map(second -> String.format(Locale.ROOT, "%.1f %.0f%n", second[0], second[1]))
                .collect(Collectors.joining());
    }

    /** Of the last round of each encoding; warm-up and the answers behind the end included. */
    static String chart(List<String> encodings, int round, Path results) throws IOException {
        List<List<Double>> lines = new ArrayList<>();
        for (String encoding : encodings) {
            Path file = results.resolve(encoding + "-" + round).resolve(Whole.THROUGHPUT);
            lines.add(Files.readAllLines(file).stream()
                    .map(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)) / THOUSAND)
                    .toList());
        }
        return chart(encodings, lines);
    }

    static String chart(List<String> encodings, List<List<Double>> lines) {
        int seconds = lines.stream().mapToInt(List::size).min().orElse(0);
        double most = lines.stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        StringBuilder text = new StringBuilder("```mermaid\nxychart-beta\n    title \"")
                .append(String.join(", ", encodings))
                .append(": thousand records/s acknowledged, second by second\"\n")
                .append(String.format(Locale.ROOT, "    x-axis \"s\" 1 --> %d%n", Math.max(2, seconds)))
                .append(String.format(Locale.ROOT, "    y-axis \"k/s\" 0 --> %.0f%n", Math.max(1, Math.ceil(most))));
        for (List<Double> line : lines) {
            text.append(line.subList(0, seconds).stream()
                    .map(thousands -> String.format(Locale.ROOT, "%.0f", thousands))
                    .collect(Collectors.joining(", ", "    line [", "]\n")));
        }
        return text.append("```\n").toString();
    }
}
