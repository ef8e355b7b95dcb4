package io.sluice.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.load.acks.EventId;
import io.sluice.process.Machine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The matrix must be able to fail: a row with real processes, whose objects are then tampered with. */
@Timeout(300)
class RunnerTest {

    @TempDir
    Path directory;

    @Test
    void whatIsMissingOrTooMuchAmongTheObjectsFailsTheRow() throws Exception {
        Plan plan = new Plan(0.5, 0, 1_000, 1, directory, null);
        Row row = row("partial");
        try (Stage stage = new Stage(plan, row.name(), Files.createDirectory(directory.resolve("row")))) {
            row.script().play(stage);

            Outcome good = Runner.judge(row, stage);
            assertThat(good.problems())
                    .filteredOn(problem -> !problem.contains("did not strike"))
                    .isEmpty();
            assertThat(good.figures().acked())
                    .isPositive()
                    .isEqualTo(good.figures().delivered());
            assertThat(good.figures().lost()).isZero();
            assertThat(good.figures().reconciled().good())
                    .as(good.figures().reconciled().text())
                    .isTrue();
            assertThat(good.figures().reconciled().blocks()).isPositive();

            Path object = largest(stage.objects());
            Path copy = Files.copy(object, object.resolveSibling("twice.jsonl.gz"));
            Outcome twice = Runner.judge(row, stage);
            assertThat(twice.figures().duplicates()).isPositive();
            assertThat(twice.figures().allowed()).isZero();
            assertThat(twice.problems()).anyMatch(problem -> problem.contains("delivered twice"));
            Row killed = new Row(row.name(), row.title(), row.about(), Row.Duplicates.UNDER_WAY, row.script());
            assertThat(Runner.judge(killed, stage).problems())
                    .noneMatch(problem -> problem.contains("delivered twice"));
            for (int i = 0; i < Runner.BLOCKS_AN_END * stage.ends(); i++) {
                Files.copy(object, object.resolveSibling("again-" + i + ".jsonl.gz"));
            }
            assertThat(Runner.judge(killed, stage).problems()).anyMatch(problem -> problem.contains("delivered twice"));
            for (int i = 0; i < Runner.BLOCKS_AN_END * stage.ends(); i++) {
                Files.delete(object.resolveSibling("again-" + i + ".jsonl.gz"));
            }
            Row replayed = new Row(row.name(), row.title(), row.about(), Row.Duplicates.REPLAYED, row.script());
            assertThat(Runner.judge(replayed, stage).problems())
                    .anyMatch(problem -> problem.contains("delivered twice"));
            stage.replayed(1_000);
            assertThat(Runner.judge(replayed, stage).problems())
                    .noneMatch(problem -> problem.contains("delivered twice"));
            Files.delete(copy);

            Path phantom = object.resolveSibling("phantom.jsonl.gz");
            String run = stage.acks().getFileName().toString().substring(0, EventId.RUN_LENGTH);
            write(phantom, "{\"id\":\"" + EventId.text(run, EventId.END - 1) + "\",\"event\":\"never\"}\n");
            Outcome haunted = Runner.judge(row, stage);
            assertThat(haunted.figures().phantom()).isEqualTo(1);
            assertThat(haunted.good()).isFalse();
            Files.delete(phantom);

            Files.delete(object);
            Outcome lost = Runner.judge(row, stage);
            assertThat(lost.figures().lost()).isPositive();
            assertThat(lost.good()).isFalse();
            assertThat(lost.problems())
                    .anyMatch(problem -> problem.startsWith("manifests, objects and journal do not agree")
                            && problem.contains("gap: "));
            Proof proof = new Proof(Instant.EPOCH, Duration.ofSeconds(9), plan, Machine.here(directory), List.of(lost));
            assertThat(proof.good()).isFalse();
            assertThat(proof.result())
                    .startsWith(
                            "RESULT name=prove faults=1 lost=" + lost.figures().lost() + " duplicates=0 phantom=0");
            assertThat(MarkdownReport.render(proof)).contains("FAILED").contains("lost e-" + run);
            assertThat(HtmlReport.render(proof))
                    .contains("FAILED")
                    .contains("<polyline")
                    .contains("class=\"band\"");
        }
    }

    @Test
    void aRowThatBreaksOffOrDoesNothingFails() throws Exception {
        Plan plan = new Plan(0.5, 0, 1_000, 1, directory, null);
        Runner runner = new Runner(plan, (row, seconds, acked) -> {});
        Row breaks = new Row("breaks", "breaks", "Breaks off.", Row.Duplicates.COUNTED, stage -> {
            throw new IOException("no more");
        });
        Outcome outcome = runner.run(breaks);
        assertThat(outcome.good()).isFalse();
        assertThat(outcome.problems()).containsExactly("no more");
        assertThat(directory.resolve("breaks/problems")).hasContent("no more");
        Machine machine = Machine.here(directory);
        assertThat(new Proof(Instant.EPOCH, Duration.ofSeconds(9), plan, machine, List.of(outcome)).result())
                .startsWith("RESULT name=prove faults=1 lost=? ")
                .contains(" failed=1 ");

        Row blunt = new Row("blunt", "blunt", "Strikes nothing.", Row.Duplicates.COUNTED, stage -> {
            stage.struck("blows", 0);
            stage.finish();
        });
        assertThat(runner.run(blunt).problems()).containsExactly("the fault did not strike: no blows");
    }

    private static Row row(String name) {
        return Matrix.rows().stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Path largest(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().contains("/events/") && Files.isRegularFile(file))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void write(Path file, String line) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(line.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
