package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ladder.DocsBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HeadlineTest {

    /** The tests of a module run in its directory. */
    private static final Path ROOT = Path.of("..");

    @TempDir
    private Path directory;

    @Test
    void theLastLinesOfEachBenchmarkAreRead() throws IOException {
        Files.writeString(directory.resolve("million.txt"), """
                # 2026-11-23 a3c673d+ scripts/bench million --encoding gzip --seconds 20 --write-docs
                RESULT name=million value=1034000 unit=records/s goal=1000000 met=yes lost=0
                RESULT name=million-rss_mib value=612 unit=MiB goal=512 met=no
                """);
        Files.writeString(directory.resolve("pixel.txt"), """
                # 2026-11-24 scripts/bench pixel
                RESULT name=pixel-c256 value=99000 unit=requests/s nginx=90000 ratio=1.10 goal=1.0 met=yes
                """);
        Results results = Results.read(directory);
        assertThat(results.find(List.of("none", "million")).command())
                .isEqualTo("scripts/bench million --encoding gzip --seconds 20");
        assertThat(results.find(List.of("million")).commit()).isEqualTo("a3c673d+");
        assertThat(results.find(List.of("pixel-c256")).commit()).isEmpty();
        String table = Headline.table(results);
        assertThat(table.lines())
                .contains(
                        "| 1 | acknowledged, synced, delivered, none lost; gzip | **1,034,000 records/s** |"
                                + " ≥ 1,000,000 records/s | yes | `scripts/bench million --encoding gzip --seconds 20` | a3c673d+ | 2026-11-23 |",
                        "| 2 | pixels, synced, 256 connections, beside nginx | **1.1 × nginx** | ≥ 1 × nginx | yes |"
                                + " `scripts/bench pixel` |  | 2026-11-24 |");
        assertThat(table).contains("**612 MiB** | ≤ 512 MiB | **[no](#what-stands-in-the-way)**");
        assertThat(table).contains("| 3 | latency at half of capacity, p50 | not measured |  |  |");
        assertThat(Headline.front(Map.of("here", results)))
                .contains("| what | goal | here | rerun |")
                .contains("1,034,000")
                .doesNotContain("not measured");
    }

    @Test
    void nothingMeasuredIsATableWithoutFigures() throws IOException {
        Results none = Results.read(directory.resolve("none"));
        assertThat(Headline.table(none).lines()).hasSize(Headline.ROWS.size() + 2);
        assertThat(Headline.front(Map.of("here", none)).lines()).hasSize(2);
    }

    @Test
    void everyGoalHasARow() {
        assertThat(Headline.ROWS.stream().map(Headline.Row::goal).distinct())
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void bothDocumentsSayWhatIsKept() throws IOException {
        Map<String, Results> machines = new Kept(ROOT.resolve(Kept.DIRECTORY)).read();
        assertThat(machines).isNotEmpty();
        assertThat(block(Files.readString(ROOT.resolve("docs/PERFORMANCE.md")))).isEqualTo(Headline.tables(machines));
        assertThat(block(Files.readString(ROOT.resolve("README.md")))).isEqualTo(Headline.front(machines));
    }

    @Test
    void machinesAreKeptApart() throws IOException {
        Kept kept = new Kept(directory.resolve("kept"));
        kept.keep(
                "2 x Old(R) CPU",
                results("# 2026-11-22 a3c673d+ scripts/bench million", "RESULT name=million value=1"));
        kept.keep(
                "2 x New(TM) CPU @ 3GHz",
                results(
                        "# 2026-11-23 a3c673d+ scripts/bench million",
                        "# provisional",
                        "RESULT name=million value=2 goal=3 met=no",
                        "# 2026-11-23 scripts/bench start",
                        "RESULT name=start-aot value=9 unit=ms"));
        kept.keep("2 x Old(R) CPU", results("# 2026-11-22 scripts/bench bytes", "RESULT name=bytes-lines value=4"));
        Map<String, Results> machines = kept.read();
        assertThat(machines.keySet()).containsExactly("2 x New(TM) CPU @ 3GHz", "2 x Old(R) CPU");
        assertThat(kept.directory().resolve("2-x-new-cpu-3ghz.txt")).content().startsWith("# 2 x New(TM) CPU @ 3GHz\n");
        assertThat(machines.get("2 x Old(R) CPU").lines()).containsOnlyKeys("million", "bytes-lines");
        assertThat(Headline.tables(machines))
                .containsSubsequence(
                        "### 2 x New", "**2 records/s**", "2026-11-23, provisional", "### 2 x Old", "**1 records/s**");
        assertThat(Headline.front(machines)).contains("| ≥ 3 records/s | **2 records/s** | **1 records/s** |");
    }

    @Test
    void ofOneNameTheLaterLineIsKept() throws IOException {
        Kept kept = new Kept(directory);
        kept.keep("m", results("# 2026-11-22 scripts/bench million", "RESULT name=million value=1"));
        kept.keep("m", results("# 2026-11-23 scripts/bench million --quick", "RESULT name=million value=2"));
        assertThat(directory.resolve("m.txt")).hasContent("""
                # m

                # 2026-11-23  scripts/bench million --quick
                RESULT name=million value=2
                """);
    }

    private static Results results(String... lines) {
        return Results.read(List.of(lines));
    }

    @Test
    void thereIsAPlaceInTheDocumentForWhateverMeasures() throws IOException {
        String document = Files.readString(ROOT.resolve("docs/PERFORMANCE.md"));
        for (String command : List.of(
                "goals", "jmh", "clients", "commit", "ladder", "tuning", "growth", "bytes", "limit", "million")) {
            DocsBlock block = DocsBlock.of("scripts/bench " + command);
            assertThat(document).containsOnlyOnce(block.begin()).containsOnlyOnce(block.end());
        }
        assertThat(document).contains("## What stands in the way");
    }

    private static String block(String document) {
        DocsBlock block = GoalsCommand.BLOCK;
        assertThat(document).containsOnlyOnce(block.begin()).containsOnlyOnce(block.end());
        return document.substring(
                                document.indexOf(block.begin()) + block.begin().length(), document.indexOf(block.end()))
                        .strip()
                + "\n";
    }
}
