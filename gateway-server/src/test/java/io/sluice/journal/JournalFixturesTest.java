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

    /** In the header of a segment. */
    private static final int VERSION_AT = 4;

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

    @ParameterizedTest
    @MethodSource("fixtures")
    void isOfTheFormatThatItIsNamedFor(String fixture) throws IOException {
        try (Stream<Path> paths = Files.walk(FIXTURES.resolve(fixture))) {
            for (Path segment :
                    paths.filter(path -> path.toString().endsWith(".slj")).toList()) {
                byte[] head = Files.readAllBytes(segment);
                assertThat(fixture).startsWith("v" + head[VERSION_AT] + "-");
            }
        }
    }

    @Test
    void thePresentFormatHasOneForEveryEncodingAndOneThatIsEncrypted() throws IOException {
        assertThat(fixtures()).contains("v2-ndjson", "v2-gzip", "v2-zstd", "v2-encrypted");
    }
}
