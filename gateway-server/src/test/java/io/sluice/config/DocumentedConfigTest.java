package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds {@code config/sluice.yaml} to the code. */
class DocumentedConfigTest {

    private static final Path FILE = Path.of("../config/sluice.yaml");

    @Test
    void theFileHasEveryKeyWithItsDefaultAndNoOther() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        new YamlFile(FILE, entries, problems).read();

        assertThat(problems).isEmpty();
        for (Key<?> key : Keys.all()) {
            String documented =
                    entries.containsKey(key.name()) ? entries.get(key.name()).text() : "";
            assertThat(documented).as(key.name()).isEqualTo(key.byDefault());
        }
    }

    @Test
    void theFileGivesWhatNoFileGives() throws Exception {
        assertThat(new ConfigLoader().file(FILE).load()).isEqualTo(new ConfigLoader().load());
    }

    @Test
    void everyKeyStandsUnderAComment() throws Exception {
        List<String> lines = Files.readAllLines(FILE);
        lines = lines.subList(0, lines.indexOf("groups:"));
        for (Key<?> key : Keys.all()) {
            String start =
                    "  ".repeat((int) key.name().chars().filter(c -> c == '.').count())
                            + key.name().substring(key.name().lastIndexOf('.') + 1) + ":";
            List<String> before = new ArrayList<>();
            for (int i = 1; i < lines.size(); i++) {
                if (lines.get(i).startsWith(start)) {
                    before.add(lines.get(i - 1).strip());
                }
            }
            assertThat(before).as(key.name()).isNotEmpty().allMatch(line -> line.startsWith("# "));
        }
    }
}
