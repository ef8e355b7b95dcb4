package io.sluice.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds comments to 120 columns; the formatter sees to code, but leaves comments as they are. */
class LineLengthTest {

    private static final int COLUMNS = 120;

    @Test
    void noCommentIsWiderThanAPage() throws IOException {
        Set<String> tooLong = new TreeSet<>();
        for (Path root : List.of(Path.of("src"), Path.of("../gateway-bench/src"), Path.of("../load-tests/src"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
                    check(file, tooLong);
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    private static void check(Path file, Set<String> tooLong) throws IOException {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String text = line.strip();
            boolean comment = text.startsWith("*") || text.startsWith("/*") || text.startsWith("//");
            if (comment && line.codePointCount(0, line.length()) > COLUMNS) {
                tooLong.add(file + ":" + (i + 1));
            }
        }
    }
}
