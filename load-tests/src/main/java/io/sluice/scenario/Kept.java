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
 * @param directory with the files
 */
record Kept(Path directory) {

    /** In the tree. */
    static final Path DIRECTORY = Path.of("docs/results");

    private static final String NAME = "# ";

    /** Adds these to what there is of the machine; of a name that there was, the new line counts. */
    void keep(String machine, Results results) throws IOException {
        if (results.lines().isEmpty()) {
            return;
        }
        Path file = directory.resolve(word(machine) + ".txt");
        Results all = Files.exists(file) ? results.over(Results.read(Files.readAllLines(file))) : results;
        Files.createDirectories(directory);
        Files.writeString(file, NAME + machine + "\n\n" + all.text());
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
                read.add(new Machine(lines.getFirst().substring(NAME.length()), Results.read(lines)));
            }
        }
        read.sort(Comparator.comparing(Machine::last).reversed().thenComparing(Machine::name));
        read.forEach(machine -> machines.put(machine.name(), machine.results()));
        return machines;
    }

    /**
     * As the name of a file: {@code 2 x Intel(R) Xeon(R) Processor @ 2.80GHz} is
     * {@code 2-x-intel-xeon-processor-2.80ghz}.
     */
    static String word(String machine) {
        return machine.toLowerCase(Locale.ROOT)
                .replaceAll("\\((r|tm)\\)", "")
                .replaceAll("[^a-z0-9.]+", "-")
                .replaceAll("^-|-$", "");
    }
}
