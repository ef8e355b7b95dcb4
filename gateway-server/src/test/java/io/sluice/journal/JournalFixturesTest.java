package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Journals of every format that was ever written, as files: a change that cannot read one of them fails here. */
final class JournalFixturesTest {

    private static final Path FIXTURES = Path.of("src/test/resources/journal");

    static List<String> fixtures() throws IOException {
        try (Stream<Path> paths = Files.list(FIXTURES)) {
            return paths.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void isReadBackToTheLinesThatWereAcknowledged(String fixture) throws IOException {
        Path directory = FIXTURES.resolve(fixture);
        List<String> expected = Files.readAllLines(directory.resolve(JournalFixtures.EXPECTED));
        assertThat(expected).hasSizeGreaterThan(10);
        assertThat(JournalFixtures.recover(directory)).isEqualTo(expected);
    }

    @Test
    void thePresentFormatHasOneForEveryEncodingAndOneThatIsEncrypted() throws IOException {
        assertThat(fixtures()).contains("v1-ndjson", "v1-gzip", "v1-zstd");
    }
}
