package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DistancesTest {

    @TempDir
    private Path directory;

    @Test
    void aGoalStandsBesideTheSumOfWhatBoundsIt() throws IOException {
        Files.writeString(
                directory.resolve("latency.txt"), "RESULT name=latency-p50 value=0.900 unit=ms goal=1 met=yes\n");
        Files.writeString(directory.resolve("bounds.txt"), """
                RESULT name=bound-sync value=0.1 unit=ms
                RESULT name=bound-answer value=0.2 unit=ms
                RESULT name=bound-idle value=0.02 unit=cores
                RESULT name=bound-sync-cpu value=20 unit=us
                """);
        Files.writeString(directory.resolve("growth.txt"), "RESULT name=growth-idle value=0.080 unit=cores goal=0.1\n");
        String table = Distances.table(Results.read(directory), Double.NaN);
        assertThat(table).containsPattern("\\| 3 \\| p50 at half of capacity \\| 0.9 ms \\|.*\\| 0.3 ms \\| 3.00 \\|");
        assertThat(table).containsPattern("\\| 8 \\| at 1,000 requests/s \\| 0.08 of a core \\|.*\\| 2.00 \\|");
    }

    @Test
    void twoTailsAreNotAddedUp() throws IOException {
        Files.writeString(directory.resolve("latency.txt"), "RESULT name=latency-p999 value=9 unit=ms goal=6 met=no\n");
        Files.writeString(directory.resolve("bounds.txt"), """
                RESULT name=bound-sync-p999 value=4.5 unit=ms
                RESULT name=bound-answer-p999 value=3 unit=ms
                """);
        assertThat(Distances.table(Results.read(directory), Double.NaN))
                .containsPattern("\\| 3 \\| p99.9 \\| 9 ms \\|.*\\| 4.5 ms \\| 2.00 \\|");
    }

    @Test
    void theLaddersBoundsAreThoseOfTheFirstAndTheFourth() throws IOException {
        Files.writeString(
                directory.resolve("ladder.txt"),
                "RESULT name=ladder value=1 unit=ns whole_sum_ns=2400 budget_ns=2000\n");
        assertThat(Distances.table(Results.read(directory), 1_200))
                .containsPattern("\\| 4 \\| CPU a record \\| 2,400 ns \\|.*\\| 1,200 ns \\| 2.00 \\|")
                .contains("| 1 | records/s, gzip | not measured: `scripts/bench million` |");
        assertThat(Distances.table(Results.read(directory), Double.NaN))
                .contains("not measured: `scripts/bench ladder`");
    }

    @Test
    void whatIsMissingNamesItsCommand() throws IOException {
        Files.writeString(directory.resolve("start.txt"), "RESULT name=start-aot value=600 unit=ms goal=400 met=no\n");
        String table = Distances.table(Results.read(directory), Double.NaN);
        assertThat(table)
                .contains("| 7 | start to ready, AOT cache | 600 ms |", "not measured: `scripts/bench bounds` |  |");
        assertThat(table).contains("| 2 | pixels, 256 connections | not measured: `scripts/bench pixel` |");
    }

    @Test
    void pixelsOverTlsHaveABoundOfTheirOwn() throws IOException {
        Files.writeString(
                directory.resolve("pixel.txt"),
                "RESULT name=pixel-tls value=30000 unit=requests/s nginx=40000 ratio=0.75 goal=1.0 met=no\n");
        Files.writeString(directory.resolve("bounds.txt"), """
                RESULT name=bound-pixel-ratio-c256 value=1.5 unit=ratio
                RESULT name=bound-pixel-ratio-tls-c256 value=1 unit=ratio
                """);
        assertThat(Distances.table(Results.read(directory), Double.NaN))
                .containsPattern("\\| 2 \\| TLS, HTTP/1.1, 256 connections \\| 0.75 × nginx \\| "
                        + ".* over TLS, beside nginx \\| 1 × nginx \\| 0.75 \\|");
        Files.delete(directory.resolve("bounds.txt"));
        assertThat(Distances.table(Results.read(directory), Double.NaN))
                .containsPattern("over TLS, beside nginx \\| not measured: `scripts/bench bounds` \\|  \\|");
    }
}
