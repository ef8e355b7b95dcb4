package io.sluice.scenario;

import io.sluice.ladder.ResultLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The lines that the last runs of all benchmarks ended with, by name, as {@code scripts/bench} keeps them. */
record Results(Map<String, Result> lines) {

    /** Where they are kept: a file a benchmark, whose first line says when and how it was called. */
    static final Path DIRECTORY = Path.of("target/bench/results");

    private static final Pattern HEAD = Pattern.compile("# (\\S+) ([0-9a-f]*\\+?) *(scripts/.*)");

    /**
     * One line.
     *
     * @param date such as {@code 2026-11-23}
     * @param commit of the tree that was measured, with a plus behind it if something was changed in it; empty where
     *     there is no git
     * @param command how it was called
     */
    record Result(Map<String, String> fields, String date, String commit, String command) {

        double number(String field) {
            return Double.parseDouble(fields.get(field));
        }

        boolean has(String field) {
            return fields.containsKey(field);
        }
    }

    static Results read(Path directory) throws IOException {
        Map<String, Result> lines = new HashMap<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.sorted().toList()) {
                    add(lines, Files.readAllLines(file));
                }
            }
        }
        return new Results(Map.copyOf(lines));
    }

    private static void add(Map<String, Result> lines, List<String> file) {
        String date = "";
        String commit = "";
        String command = "";
        for (String line : file) {
            Matcher head = HEAD.matcher(line);
            if (head.matches()) {
                date = head.group(1);
                commit = head.group(2);
                command = head.group(3).replace(" --write-docs", "");
                continue;
            }
            Map<String, String> fields = ResultLine.parse(line);
            if (fields != null && fields.containsKey("name")) {
                lines.put(fields.get("name"), new Result(fields, date, commit, command));
            }
        }
    }

    /** The first of these that there is, or {@code null}. */
    Result find(List<String> names) {
        for (String name : names) {
            if (lines.containsKey(name)) {
                return lines.get(name);
            }
        }
        return null;
    }
}
