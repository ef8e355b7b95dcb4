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
    void everyKeyStandsInTheFileUnderAComment() throws Exception {
        List<String> lines = Files.readAllLines(FILE);
        for (Key<?> key : Keys.all()) {
            String word = key.name().substring(key.name().lastIndexOf('.') + 1);
            assertThat(lines).as(key.name()).anyMatch(line -> line.strip().startsWith(word + ":"));
        }
    }
}
