package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Position;
import io.sluice.record.Encoding;
import io.sluice.record.Samples;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class CatCommandTest {

    private static final UUID INCARNATION = UUID.fromString("019a0000-0000-7000-8000-000000000001");

    private static final Path FIXTURES = Path.of("src/test/resources/journal").toAbsolutePath();

    @TempDir
    private Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter err = new StringWriter();
    private final FakeJournal journal = new FakeJournal();

    @Test
    void printsObjectsOfEveryEncodingInTheOrderOfTheirKeys() throws IOException {
        object("events/2026/11/22/10/s-1-2026-11-22-10-00-00-a.jsonl.zst", Encoding.ZSTD, line(1, 0), line(1, 1));
        object("events/2026/11/22/09/s-1-2026-11-22-09-00-00-b.jsonl.gz", Encoding.GZIP, line(2, 0));
        object("events/2026/11/22/11/s-1-2026-11-22-11-00-00-c.jsonl", Encoding.NDJSON, line(3, 0));

        assertThat(cat(temp.resolve("s3"))).isZero();
        assertThat(printed()).isEqualTo(line(2, 0) + line(1, 0) + line(1, 1) + line(3, 0));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsOneFile() throws IOException {
        Path file = object("a.jsonl.gz", Encoding.GZIP, line(1, 0));
        assertThat(cat(file)).isZero();
        assertThat(printed()).isEqualTo(line(1, 0));
    }

    @Test
    void leavesOutHiddenAndOtherFiles() throws IOException {
        object(".tmp/half.jsonl.gz", Encoding.GZIP, line(1, 0));
        Files.writeString(Files.createDirectories(temp.resolve("s3/events")).resolve("README.txt"), "read me\n");
        assertThat(cat(temp.resolve("s3"))).isZero();
        assertThat(printed()).isEmpty();
    }

    @Test
    void printsOnlyTheGroupThatWasAskedFor() throws IOException {
        object("events/2026/11/22/10/sluice-events-1-2026-11-22-10-00-00-a.jsonl", Encoding.NDJSON, line(1, 0));
        object("why/2026/11/22/10/sluice-rejected-1-2026-11-22-10-00-00-b.jsonl", Encoding.NDJSON, line(2, 0));
        object("rejected/2026/11/22/10/other-1-2026-11-22-10-00-00-c.jsonl", Encoding.NDJSON, line(3, 0));
        journal.add("events", 4, line(4, 0));
        journal.add("rejected", 5, line(5, 0));

        assertThat(cat("-g", "rejected", temp)).isZero();
        assertThat(printed()).isEqualTo(line(3, 0) + line(2, 0) + line(5, 0));
    }

    @Test
    void printsWhatLiesInTheJournalOnlyBehindWhatIsDelivered() throws IOException {
        object("events/a.jsonl.gz", Encoding.GZIP, line(1, 0), line(1, 1));
        journal.add("events", 1, line(1, 0), line(1, 1));
        journal.add("events", 2, line(2, 0), line(2, 1));

        assertThat(cat(temp)).isZero();
        assertThat(printed()).isEqualTo(line(1, 0) + line(1, 1) + line(2, 0) + line(2, 1));
    }

    @Test
    void printsWhatMovedFromTheJournalToAnObjectMeanwhile() throws IOException {
        Files.createDirectories(temp.resolve("s3"));
        journal.add("events", 1, line(1, 0));
        journal.add("events", 2, line(2, 0));
        journal.beforeSecondVisit = () -> {
            object("events/a.jsonl.gz", Encoding.GZIP, line(1, 0));
            object("events/b.jsonl.gz", Encoding.GZIP, line(2, 0));
            journal.blocks.removeFirst();
        };

        assertThat(cat(temp)).isZero();
        assertThat(printed()).isEqualTo(line(2, 0) + line(1, 0));
    }

    @Test
    void printsTheRestOfABlockThatWasOpenWhenItIsDelivered() throws IOException {
        Files.createDirectories(temp.resolve("s3"));
        journal.add("events", 1, line(1, 0), line(1, 1));
        journal.beforeSecondVisit = () -> {};
        journal.afterSecondVisit = () -> object("events/a.jsonl.gz", Encoding.GZIP, line(1, 0), line(1, 1), line(1, 2));

        assertThat(cat(temp)).isZero();
        assertThat(printed()).isEqualTo(line(1, 0) + line(1, 1) + line(1, 2));
    }

    @Test
    void printsAJournalByItself() throws IOException {
        journal.add("events", 1, line(1, 0));
        assertThat(cat(temp.resolve("journal"))).isZero();
        assertThat(printed()).isEqualTo(line(1, 0));
    }

    @Test
    void printsLinesWithoutAPositionAsOftenAsTheyAreThere() throws IOException {
        object("events/a.jsonl", Encoding.NDJSON, "{\"a\":1}\n", "{\"a\":1}\n", "\n");
        journal.add("events", 1, "{\"a\":1}\n");
        assertThat(cat(temp)).isZero();
        assertThat(printed()).isEqualTo("{\"a\":1}\n".repeat(2) + "\n" + "{\"a\":1}\n");
    }

    @Test
    void reportsDamageWithFileAndPlaceAndPrintsTheRest() throws IOException {
        Path damaged = object("events/a.jsonl.gz", Encoding.GZIP, line(1, 0));
        byte[] good = Files.readAllBytes(damaged);
        byte[] second = Samples.block(Encoding.GZIP, line(1, 1));
        second[second.length - 6] ^= 1;
        Files.write(damaged, Samples.concat(good, second));
        object("events/b.jsonl.gz", Encoding.GZIP, line(2, 0));
        Path cut = object("events/c.jsonl.zst", Encoding.ZSTD, line(3, 0));
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 20));
        object("events/d.jsonl", Encoding.NDJSON, line(4, 0), "{\"half\":");

        assertThat(cat(temp.resolve("s3"))).isEqualTo(1);
        assertThat(printed()).startsWith(line(1, 0)).endsWith(line(2, 0) + line(4, 0));
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("sluice cat: " + damaged)
                                .contains("gzip member at byte " + good.length)
                                .contains("CRC-32"),
                        next -> assertThat(next)
                                .startsWith("sluice cat: " + cut)
                                .contains("byte 20"),
                        last -> assertThat(last).contains("d.jsonl").contains("the last 8 bytes are no whole line"));
    }

    @Test
    void saysWhichPathIsMissingAndPrintsTheOthers() throws IOException {
        Path file = object("a.jsonl", Encoding.NDJSON, line(1, 0));
        Path missing = temp.resolve("nowhere");
        assertThat(cat(missing, file)).isEqualTo(1);
        assertThat(err.toString()).contains(missing + ": there is no such file or directory");
        assertThat(printed()).isEqualTo(line(1, 0));
    }

    @Test
    void refusesAFileThatIsNoObject() throws IOException {
        Path file = Files.writeString(temp.resolve("notes.txt"), "x\n");
        assertThat(cat(file)).isEqualTo(1);
        assertThat(err.toString()).contains(".jsonl.gz");
        assertThat(printed()).isEmpty();
    }

    @Test
    void endsQuietlyWhenNobodyReadsAnyMore() throws IOException {
        object("events/a.jsonl", Encoding.NDJSON, line(1, 0).repeat(10_000));
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertThat(run(closed, temp.resolve("s3"))).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsLinesOfAnyLength() throws IOException {
        String lines = ("{\"a\":\"" + "x".repeat(300_000) + "\"}\n").repeat(3);
        object("events/a.jsonl.gz", Encoding.GZIP, lines);
        assertThat(cat(temp.resolve("s3"))).isZero();
        assertThat(printed()).isEqualTo(lines);
    }

    @Test
    void followsObjectsAsTheyAreDelivered() throws Exception {
        object("events/b.jsonl.gz", Encoding.GZIP, line(1, 0));
        journal.add("events", 2, line(2, 0));
        PipedInputStream pipe = new PipedInputStream(1 << 16);
        OutputStream end = new PipedOutputStream(pipe);
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> run(end, "-f", temp));
        BufferedReader lines = new BufferedReader(new InputStreamReader(pipe, StandardCharsets.UTF_8));
        assertThat(lines.readLine() + "\n").isEqualTo(line(1, 0));
        assertThat(lines.readLine() + "\n").isEqualTo(line(2, 0));

        // A key that sorts before one already printed, with a record printed from the journal.
        object("events/a.jsonl.gz", Encoding.GZIP, line(2, 0), line(2, 1));
        assertThat(lines.readLine() + "\n").isEqualTo(line(2, 1));

        lines.close();
        object("events/c.jsonl.gz", Encoding.GZIP, line(3, 0));
        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void printsAnEncryptedJournalWithTheConfigurationOfTheServer() throws IOException {
        Path key = Files.copy(FIXTURES.resolve("key"), temp.resolve("key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path config =
                Files.writeString(temp.resolve("sluice.yaml"), "journal: {encryption: {key-file: \"" + key + "\"}}\n");
        Path fixture = FIXTURES.resolve("v2-encrypted");
        assertThat(catFiles("-c", config, fixture)).isZero();
        assertThat(printed().lines())
                .containsExactlyInAnyOrderElementsOf(Files.readAllLines(fixture.resolve("expected.ndjson")));
    }

    @Test
    void saysWhichKeyIsMissingAndPrintsTheObjects() throws IOException {
        object("events/a.jsonl", Encoding.NDJSON, line(1, 0));
        Path fixture = FIXTURES.resolve("v2-encrypted");
        try (Stream<Path> paths = Files.walk(fixture)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                Path target =
                        temp.resolve("journal").resolve(fixture.relativize(path).toString());
                Files.createDirectories(target.getParent());
                Files.copy(path, target);
            }
        }
        assertThat(catFiles(temp)).isEqualTo(1);
        assertThat(printed()).isEqualTo(line(1, 0));
        assertThat(err.toString())
                .contains("is encrypted with key")
                .contains("there is no key: --config names", "SLUICE_JOURNAL_ENCRYPTION_KEY")
                .doesNotContain("start again");
    }

    @Test
    void looksWhereTheConfigurationSaysUnlessThereIsAPath() throws IOException {
        Path elsewhere = Files.createDirectories(temp.resolve("far/away"));
        Files.writeString(elsewhere.resolve("a.jsonl"), line(1, 0));
        journal.add("events", 2, line(2, 0));
        Path config = Files.writeString(
                temp.resolve("sluice.yaml"), "data: " + temp + "\ndelivery: {local: {directory: " + elsewhere + "}}\n");
        assertThat(cat("-c", config)).isZero();
        assertThat(printed()).isEqualTo(line(1, 0) + line(2, 0));
        out.reset();
        assertThat(cat("-c", config, elsewhere)).isZero();
        assertThat(printed()).isEqualTo(line(1, 0));
        out.reset();
        Files.writeString(config, "data: " + temp.resolve("none") + "\n");
        assertThat(cat("-c", config)).isEqualTo(1);
        assertThat(err.toString()).contains("none/s3: there is no such directory, and no ");
    }

    /** With the real reader of journals. */
    @Test
    void leavesOutManifestsUnlessTheyAreAskedFor() throws IOException {
        String event = line(1, 0);
        String manifest = "{\"v\":1,\"block\":1}\n";
        object("events/2026/11/22/10/sluice-events-1-2026-11-22-10-00-00-a.jsonl.gz", Encoding.GZIP, event);
        object("manifests/2026/11/22/10/sluice-manifests-1-2026-11-22-10-00-00-b.jsonl.gz", Encoding.GZIP, manifest);
        object("else/sluice-manifests-1-2026-11-22-10-00-00-c.jsonl.gz", Encoding.GZIP, manifest);
        Path s3 = temp.resolve("s3");

        assertThat(cat(s3)).isZero();
        assertThat(printed()).isEqualTo(event);
        out.reset();
        assertThat(cat("--manifests", s3)).isZero();
        assertThat(printed()).isEqualTo(manifest + event + manifest);
        for (Object[] asked : new Object[][] {
            {"--group", "manifests", s3.resolve("manifests")},
            {s3.resolve("manifests")},
            {s3.resolve("manifests/2026/11")},
            {s3.resolve("else/sluice-manifests-1-2026-11-22-10-00-00-c.jsonl.gz")}
        }) {
            out.reset();
            assertThat(cat(asked)).isZero();
            assertThat(printed()).isEqualTo(manifest);
        }
    }

    private int catFiles(Object... arguments) {
        CommandLine command = new CommandLine(new CatCommand(out)).setErr(new PrintWriter(err));
        return command.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    }

    private int cat(Object... arguments) {
        return run(out, arguments);
    }

    private int run(OutputStream to, Object... arguments) {
        CommandLine command = new CommandLine(new CatCommand(to, journal)).setErr(new PrintWriter(err));
        return command.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Appears at once, as delivered objects do. */
    private Path object(String key, Encoding encoding, String... lines) throws IOException {
        Path file = temp.resolve("s3").resolve(key);
        Files.createDirectories(file.getParent());
        Files.createDirectories(temp.resolve("writing"));
        Path writing = temp.resolve("writing").resolve("object");
        Files.write(writing, pack(encoding, String.join("", lines)));
        return Files.move(writing, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** NDJSON needs no encoder, which would not take half a line. */
    private static byte[] pack(Encoding encoding, String lines) {
        return encoding == Encoding.NDJSON ? lines.getBytes(StandardCharsets.UTF_8) : Samples.block(encoding, lines);
    }

    private static String line(long block, int index) {
        return "{\"event\":\"e\",\"pos\":\"" + new Position(INCARNATION, 0, block, index) + "\"}\n";
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private final class FakeJournal implements JournalBlocks {

        private record Block(String group, long number, byte[] packed) {}

        final List<Block> blocks = new ArrayList<>();
        Action beforeSecondVisit = () -> {};
        Action afterSecondVisit = () -> {};
        private int visits;

        void add(String group, long number, String... lines) throws IOException {
            Files.createDirectories(temp.resolve("journal"));
            blocks.add(new Block(group, number, Samples.block(Encoding.GZIP, String.join("", lines))));
        }

        @Override
        public boolean isJournal(Path directory) {
            return directory.endsWith("journal");
        }

        @Override
        public void visit(Path root, Visitor visitor) throws IOException {
            if (++visits == 2) {
                beforeSecondVisit.run();
            }
            for (Block block : blocks) {
                visitor.block(
                        INCARNATION,
                        0,
                        block.number(),
                        block.group(),
                        Encoding.GZIP,
                        new ByteArrayInputStream(block.packed()));
            }
            if (visits == 2) {
                afterSecondVisit.run();
            }
        }
    }
}
