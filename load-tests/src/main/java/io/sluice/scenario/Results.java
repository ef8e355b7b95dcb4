package io.sluice.scenario;

import io.sluice.ladder.ResultLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The lines that the last runs of all benchmarks ended with, by name, as {@code scripts/bench} keeps them. Immutable.
 *
 * <p>A file of them is chunks: a line that says when, of which commit and how it was called; {@code # provisional}, if
 * other processes took part of the processors meanwhile; lines that begin with {@code RESULT}.
 */
record Results(Map<String, Result> lines) {

    /** Where they are kept: a file a benchmark, whose first line says when and how it was called. */
    static final Path DIRECTORY = Path.of("target/bench/results");

    private static final Pattern HEAD = Pattern.compile("# (\\S+) ([0-9a-f]*\\+?) *(scripts/.*)");
    private static final String PROVISIONAL = "# provisional";

    /** Options with which a command measures less than it does without: a look, or some of its points. */
    private static final Set<String> SHORTENED = Set.of("--quick", "--points");

    /**
     * One line.
     *
     * @param date such as {@code 2026-11-23}
     * @param commit of the tree that was measured, with a plus behind it if something was changed in it; empty where
     *     there is no git
     * @param command how it was called
     * @param provisional whether other processes took part of the processors meanwhile
     */
    record Result(Map<String, String> fields, String date, String commit, String command, boolean provisional) {

        double number(String field) {
            return Double.parseDouble(fields.get(field));
        }

        boolean has(String field) {
            return fields.containsKey(field);
        }

        /** What makes it worth less than a whole measurement, such as {@code --quick}; empty for a whole one. */
        List<String> limits() {
            List<String> limits = new ArrayList<>();
            for (String word : command.split(" ")) {
                String option = word.replaceAll("=.*", "");
                if (SHORTENED.contains(option)) {
                    limits.add(option);
                }
            }
            if (provisional) {
                limits.add("provisional");
            }
            return limits;
        }

        /** An earlier one never does, and of a later day or the same only a whole one replaces a whole one. */
        private boolean replaces(Result other) {
            return date.compareTo(other.date) >= 0
                    && (limits().isEmpty() || !other.limits().isEmpty());
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

    static Results read(List<String> file) {
        Map<String, Result> lines = new HashMap<>();
        add(lines, file);
        return new Results(Map.copyOf(lines));
    }

    private static void add(Map<String, Result> lines, List<String> file) {
        String date = "";
        String commit = "";
        String command = "";
        boolean provisional = false;
        for (String line : file) {
            Matcher head = HEAD.matcher(line);
            if (head.matches()) {
                date = head.group(1);
                commit = head.group(2);
                command = head.group(3).replace(" --write-docs", "");
                provisional = false;
                continue;
            }
            if (line.equals(PROVISIONAL)) {
                provisional = true;
            }
            Map<String, String> fields = ResultLine.parse(line);
            if (fields != null && fields.containsKey("name")) {
                lines.put(fields.get("name"), new Result(fields, date, commit, command, provisional));
            }
        }
    }

    /**
     * These and the others. Of a name that both have, the one of these; but none that is older, and none that was
     * shortened or is provisional instead of one that is neither.
     */
    Results over(Results others) {
        Map<String, Result> all = new HashMap<>(others.lines);
        lines.forEach((name, line) -> all.merge(name, line, (old, one) -> one.replaces(old) ? one : old));
        return new Results(Map.copyOf(all));
    }

    /** As a file of them, in the order of names. */
    String text() {
        StringBuilder text = new StringBuilder();
        String last = "";
        for (Map.Entry<String, Result> line : new TreeMap<>(lines).entrySet()) {
            Result result = line.getValue();
            String head = "# " + result.date() + " " + result.commit() + " " + result.command() + "\n"
                    + (result.provisional() ? PROVISIONAL + "\n" : "");
            if (!head.equals(last)) {
                text.append(head);
                last = head;
            }
            text.append("RESULT");
            result.fields()
                    .forEach((name, value) ->
                            text.append(' ').append(name).append('=').append(value));
            text.append('\n');
        }
        return text.toString();
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
