package io.sluice.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What was measured on each machine, kept in the tree, so that figures of one do not replace those of another: a file a
 * machine, whose first line is its name.
 *
 * <p>Machines of one name are one machine here: number and name of the processors tell neither two generations of
 * {@code AMD EPYC} apart nor two disks. Whoever measures on another such machine sees it in the lines with machine and
 * disk that reports begin with, and not in these files.
 *
 * @param directory with the files
 */
record Kept(Path directory) {

    /** In the tree. */
    static final Path DIRECTORY = Path.of("docs/results");

    private static final String NAME = "# ";

    /**
     * Adds these to what there is of the machine, as {@link Results#over} says.
     *
     * @return the name that they are kept under: that of the file where there is one, though the machine may have
     *     another with the same {@link #word}
     */
    String keep(String machine, Results results) throws IOException {
        if (results.lines().isEmpty()) {
            return machine;
        }
        Path file = directory.resolve(word(machine) + ".txt");
        String name = machine;
        Results all = results;
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            name = name(lines);
            all = results.over(Results.read(lines));
        }
        Files.createDirectories(directory);
        Files.writeString(file, NAME + name + "\n\n" + all.text());
        return name;
    }

    private static String name(List<String> lines) {
        return lines.getFirst().substring(NAME.length());
    }

    /** All of them by the names of the machines, first the one that was measured last. */
    Map<String, Results> read() throws IOException {
        record Machine(String name, Results results) {
            String last() {
                return results.lines().values().stream()
                        .map(Results.Result::date)
                        .max(Comparator.naturalOrder())
                        .orElse("");
            }
        }
        Map<String, Results> machines = new LinkedHashMap<>();
        if (!Files.isDirectory(directory)) {
            return machines;
        }
        List<Machine> read = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".txt"))
                    .sorted()
                    .toList()) {
                List<String> lines = Files.readAllLines(file);
                read.add(new Machine(name(lines), Results.read(lines)));
            }
        }
        read.sort(Comparator.comparing(Machine::last).reversed().thenComparing(Machine::name));
        read.forEach(machine -> machines.put(machine.name(), machine.results()));
        return machines;
    }

    /**
     * As the name of a file: {@code 2 x Intel(R) Xeon(R) Processor @ 2.80GHz} is
     * {@code 2-x-intel-xeon-processor-2.80ghz}, and so are names that differ from it in marks and case only.
     */
    static String word(String machine) {
        return machine.toLowerCase(Locale.ROOT)
                .replaceAll("\\((r|tm)\\)", "")
                .replaceAll("[^a-z0-9.]+", "-")
                .replaceAll("^-|-$", "");
    }
}
