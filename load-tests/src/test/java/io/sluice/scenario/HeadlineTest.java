package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ladder.DocsBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadlineTest {

    /** The tests of a module run in its directory. */
    private static final Path ROOT = Path.of("..");

    private static final String WHOLE = "# 2026-11-23 scripts/bench million";
    private static final String QUICK = WHOLE + " --quick";
    private static final String POINTS = WHOLE + " --points=idle";
    private static final String PROVISIONAL = WHOLE + "\n# provisional";

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
        assertThat(Headline.front(machines))
                .contains("| ≥ 3 records/s | **2 records/s** (provisional) | **1 records/s** |");
    }

    @Test
    void aMachineHasATableOfWhatWasMeasuredOnIt() {
        Results pixels = results(
                "# 2026-11-23 scripts/bench pixel",
                "RESULT name=pixel-h2 ratio=2 goal=1 met=yes",
                "RESULT name=pixel-tls ratio=1 goal=1 met=yes",
                "# 2026-11-23 scripts/bench start",
                "RESULT name=start-adopt value=9");
        Results other = results("# 2026-11-23 scripts/bench scenario burst", "RESULT name=burst value=9");
        Map<String, Results> machines = new LinkedHashMap<>(Map.of("m", pixels));
        machines.put("without", other);
        assertThat(Headline.tables(machines)).isEqualTo("""
                        ### m

                        | | what | figure | goal | met | command | commit | date |
                        |---:|---|---:|---:|---|---|---|---|
                        | 2 | h2c, 256 in flight | **2 × nginx** | ≥ 1 × nginx | yes | `scripts/bench pixel` |  | 2026-11-23 |
                        |  | TLS, HTTP/1.1, 256 connections | **1 × nginx** | ≥ 1 × nginx | yes | `scripts/bench pixel` |  | 2026-11-23 |
                        | 7 | with 1 GiB of journal to adopt | **9 ms** |  |  | `scripts/bench start` |  | 2026-11-23 |
                        """);
        assertThat(Headline.table(pixels))
                .as("who asks for all is told what is missing")
                .contains("| 64 connections | not measured |  |  |");
        assertThat(Headline.front(machines)).as("none of them is for the front").startsWith("| what | goal | rerun |");
    }

    @Test
    void theFrontPageTellsWhichFiguresAreWorthLess() {
        Map<String, Results> machines = new LinkedHashMap<>();
        machines.put(
                "a",
                results(
                        "# 2026-11-23 scripts/bench million --encoding gzip --quick",
                        "# provisional",
                        "RESULT name=million value=1 goal=3 met=no"));
        machines.put(
                "b",
                results(
                        "# 2026-11-23 scripts/bench million --seconds 9",
                        "RESULT name=million value=2 goal=4 met=no",
                        "# 2026-11-23 scripts/bench jmh --stages 'whole|hop' --quick",
                        "RESULT name=jmh-allocated value=0 goal=0"));
        assertThat(Headline.front(machines).lines())
                .contains(
                        "| acknowledged, synced, delivered, none lost; gzip | ≥ 3 records/s |"
                                + " **1 records/s** (--quick, provisional) | **2 records/s** (≥ 4 records/s) |"
                                + " `scripts/bench million --encoding gzip --quick` |",
                        "| allocated from read to assembled batch | ≤ 0 B a record |  | **0 B a record** (--quick) |"
                                + " `scripts/bench jmh --stages 'whole\\|hop' --quick` |");
    }

    @Test
    void theGoalIsThatOfTheFirstMachineThatHasOne() {
        Map<String, Results> machines = new LinkedHashMap<>();
        machines.put("a", results("# 2026-11-23 scripts/bench latency", "RESULT name=latency-p999 value=1"));
        machines.put("b", results("# 2026-11-23 scripts/bench latency", "RESULT name=latency-p999 value=2 goal=8"));
        machines.put("c", results("# 2026-11-23 scripts/bench latency", "RESULT name=latency-p999 value=3 goal=9"));
        assertThat(Headline.front(machines)).contains("| ≤ 8 ms | **1 ms** | **2 ms** | **3 ms** (≤ 9 ms) |");
    }

    @Test
    void ofOneNameTheLaterLineIsKept() throws IOException {
        Kept kept = new Kept(directory);
        kept.keep("m", results("# 2026-11-22 scripts/bench million", "RESULT name=million value=1"));
        kept.keep("m", results("# 2026-11-23 scripts/bench million", "RESULT name=million value=2"));
        assertThat(directory.resolve("m.txt")).hasContent("""
                # m

                # 2026-11-23  scripts/bench million
                RESULT name=million value=2
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {WHOLE, QUICK, POINTS, PROVISIONAL, WHOLE + " --points idle"})
    void anOlderLineReplacesNothing(String newer) {
        assertThat(kept(newer, WHOLE.replace("23", "22"))).isEqualTo("old");
    }

    @ParameterizedTest
    @ValueSource(strings = {QUICK, POINTS, PROVISIONAL, WHOLE + " --points idle"})
    void onlyAWholeLineReplacesAWholeOne(String less) {
        for (String same : List.of("23", "24")) {
            assertThat(kept(WHOLE, less.replace("23", same))).as(same).isEqualTo("old");
            assertThat(kept(less, WHOLE.replace("23", same))).as(same).isEqualTo("new");
            assertThat(kept(QUICK, less.replace("23", same))).as(same).isEqualTo("new");
            assertThat(kept(WHOLE, WHOLE.replace("23", same))).as(same).isEqualTo("new");
        }
    }

    private static String kept(String old, String one) {
        return results((one + "\nRESULT name=a value=new").split("\n"))
                .over(results((old + "\nRESULT name=a value=old").split("\n")))
                .find(List.of("a"))
                .fields()
                .get("value");
    }

    @Test
    void aFileKeepsItsMachinesName() throws IOException {
        Kept kept = new Kept(directory);
        assertThat(kept.keep("A(R) CPU", results(WHOLE, "RESULT name=million value=1")))
                .isEqualTo("A(R) CPU");
        assertThat(kept.keep("A CPU", results(WHOLE, "RESULT name=million value=2")))
                .isEqualTo("A(R) CPU");
        assertThat(kept.read()).containsOnlyKeys("A(R) CPU");
        assertThat(directory.resolve("a-cpu.txt")).content().contains("value=2");
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
