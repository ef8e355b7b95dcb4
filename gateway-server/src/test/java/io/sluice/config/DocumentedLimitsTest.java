package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/LIMITS.md} to the keys, to the metrics, and to the tests that it names. */
class DocumentedLimitsTest {

    private static final Path FILE = Path.of("../docs/LIMITS.md");
    private static final Path METRICS = Path.of("../docs/OPERATIONS.md");
    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern KEY = Pattern.compile("`((?:http|intake|ring|commit)\\.[a-z.-]+)`");

    /** The rows of each table that has the given column, as cells. */
    private static List<List<String>> rows(String column) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(FILE)) {
            List<String> cells =
                    Stream.of(line.split("\\|")).skip(1).map(String::strip).toList();
            if (cells.contains(column)) {
                inside = true;
            } else if (cells.isEmpty()) {
                inside = false;
            } else if (inside && !line.startsWith("|---")) {
                rows.add(cells);
            }
        }
        assertThat(rows).as(column).isNotEmpty();
        return rows;
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    @Test
    void everyKeyIsOneAndHasTheDefaultThatIsWritten() throws Exception {
        Map<String, String> defaults = new HashMap<>();
        Keys.all().forEach(key -> defaults.put(key.name(), key.byDefault()));
        for (List<String> row : rows("key")) {
            List<String> keys = matches(KEY, row.get(1));
            assertThat(defaults.keySet()).containsAll(keys);
            if (keys.size() == 1) {
                String written = row.get(2).replaceAll("[ ,]|/s$", "").replaceAll("^auto:.*", Values.AUTO);
                assertThat(written).as(keys.getFirst()).isEqualTo(defaults.get(keys.getFirst()));
            }
        }
    }

    @Test
    void everyLimitThatHasAKeyHasATestThatReachesIt() throws Exception {
        List<String> reached = new ArrayList<>();
        for (List<String> row : rows("test")) {
            reached.addAll(matches(KEY, row.get(0)));
        }
        for (List<String> row : rows("key")) {
            assertThat(reached).containsAll(matches(KEY, row.get(1)));
        }
    }

    @Test
    void everyTestThatIsNamedIsThere() throws Exception {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(TESTS)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(".java")) {
                    sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
                }
            }
        }
        Pattern test = Pattern.compile("(\\w+)\\.(\\w+)");
        for (List<String> row : rows("test")) {
            Matcher named = test.matcher(row.get(1));
            assertThat(named.find()).as(row.get(0)).isTrue();
            do {
                assertThat(sources).containsKey(named.group(1));
                assertThat(sources.get(named.group(1))).contains("void " + named.group(2) + "(");
            } while (named.find());
        }
    }

    @Test
    void everyCounterIsOne() throws Exception {
        String metrics = Files.readString(METRICS);
        String text = Files.readString(FILE);
        for (String limit : matches(Pattern.compile("`limit=([a-z-]+)`"), text)) {
            assertThat(metrics).contains("`sluice_limits_reached_total{limit=\"" + limit + "\"}`");
        }
        for (String reason : matches(Pattern.compile("`reason=([a-z-]+)`"), text)) {
            assertThat(metrics).contains("| `" + reason + "` |");
        }
        for (String name : matches(Pattern.compile("`(sluice_[a-z0-9_]+(?:\\{[a-z]+=\"[a-z-]+\"})?)`"), text)) {
            assertThat(metrics).contains("`" + name + "`");
        }
    }
}
