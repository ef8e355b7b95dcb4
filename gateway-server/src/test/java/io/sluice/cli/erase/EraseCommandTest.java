package io.sluice.cli.erase;

import static io.sluice.cli.reconcile.TestBucket.START_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.Sluice;
import io.sluice.cli.reconcile.ReconcileCommand;
import io.sluice.cli.reconcile.TestBucket;
import io.sluice.cli.reconcile.TestBucket.Block;
import io.sluice.common.Position;
import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import io.sluice.record.Samples;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import io.sluice.testing.CleanLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

@Timeout(120)
@ExtendWith(CleanLog.class)
class EraseCommandTest {

    private static final String EVENTS = "events/2026/11/22/10/sluice-events-1-2026-11-22-10-00-00-";
    private static final String MANIFESTS = "manifests/2026/11/22/10/sluice-manifests-1-2026-11-22-10-00-00-";
    private static final String JANE = "jane-4711";
    private static final String OTTO = "otto-0815";

    @TempDir
    private Path temp;

    private TestBucket bucket;
    private Storage storage = new DiskStorage();
    private String stdin = "";
    private String out;
    private String err;

    @BeforeEach
    void bucket() throws IOException {
        bucket = new TestBucket(Files.createDirectories(temp.resolve("s3")));
    }

    /** A block of so many lines, of which those of the given indexes are Jane's. */
    static Block block(Encoding encoding, long number, int records, Integer... ofJane) {
        Set<Integer> hers = Set.of(ofJane);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < records; i++) {
            lines.append(line(number, i, "\"uid\":\"" + (hers.contains(i) ? JANE : OTTO) + "\","));
        }
        return new Block("events", encoding, number, lines.toString(), "delivered", START_MILLIS + 60_000);
    }

    private static String line(long block, int index, String fields) {
        return "{\"id\":\"e-" + (block * 1000 + index) + "\",\"event\":\"view\",\"shop\":\"shop-" + index % 3
                + "\",\"rt\":" + (START_MILLIS + index * 20_000L % 120_000) + "," + fields
                + "\"via\":\"v1\",\"pos\":\"" + new Position(TestBucket.INCARNATION, 0, block, index) + "\"}\n";
    }

    private Block[] fill(Encoding encoding) throws IOException {
        Block[] blocks = {
            block(encoding, 1, 10, 0, 3, 4),
            block(encoding, 2, 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
            block(encoding, 3, 10),
            block(encoding, 4, 10, 9),
            block(encoding, 5, 10)
        };
        bucket.manifests(MANIFESTS + "a", blocks);
        bucket.object(EVENTS + "a", blocks[0], blocks[1], blocks[2], blocks[3]);
        bucket.object(EVENTS + "b", blocks[4]);
        return blocks;
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void takesOutEveryLineOfAPersonAndReconcileKnowsWhy(Encoding encoding) throws IOException {
        Block[] blocks = fill(encoding);
        Map<Path, byte[]> before = files();
        assertThat(reconcile("--full")).as(out).isZero();

        assertThat(erase("--uid", JANE, "--yes")).as(out + err).isZero();
        assertThat(out)
                .contains(EVENTS + "a: 14 of 40 lines, in 3 blocks")
                .contains("erased: 14 lines, in 3 blocks of 1 objects")
                .contains("shop shop-0: 7 lines")
                .doesNotContain(EVENTS + "b");
        assertNowhere(JANE);
        assertThat(lines()).hasSize(36);
        Path b = bucket.root().resolve(EVENTS + "b");
        assertThat(files().get(b)).as("what holds nothing of hers").isEqualTo(before.get(b));
        byte[] third = blocks[2].packed();
        byte[] a = files().get(bucket.root().resolve(EVENTS + "a"));
        assertThat(indexOf(a, third)).as("a block that holds nothing of hers").isPositive();

        for (String how : List.of("--fast", "--full")) {
            assertThat(reconcile(how)).as(out).isZero();
            assertThat(out)
                    .containsPattern("shop +accepted +rejected +erased of these")
                    .containsPattern("(?m)^shop-0 +20 +0 +7\\b")
                    .containsPattern("(?m)^shop-1 +15 +0 +4\\b")
                    .containsPattern("(?m)^shop-2 +15 +0 +3\\b");
            row("expected", 5, 50);
            row("found", 4, 36);
            row("erased", 1, 14);
            row("missing", 0, 0);
            row("mismatched", 0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void changesNothingUnlessToldTo(Encoding encoding) throws IOException {
        fill(encoding);
        Map<Path, byte[]> before = files();
        for (String how : List.of("--dry-run", "")) {
            List<String> options = new ArrayList<>(List.of("--uid", JANE));
            if (!how.isEmpty()) {
                options.add(how);
            }
            assertThat(erase(options.toArray(String[]::new))).as(err).isZero();
            assertThat(out)
                    .contains("to be erased: 14 lines, in 3 blocks of 1 objects")
                    .contains("nothing was changed");
            assertThat(files()).containsExactlyInAnyOrderEntriesOf(before);
        }
        assertThat(temp.resolve("audit.ndjson")).doesNotExist();
        assertThat(erase("--uid", JANE, "--dry-run", "--yes")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void erasesAgainWhereSomebodyElseWasErasedBefore(Encoding encoding) throws IOException {
        fill(encoding);
        assertThat(erase("--uid", JANE, "--yes")).isZero();
        assertThat(erase("--uid", OTTO, "--shop", "shop-1", "--yes")).isZero();
        assertThat(erase("--uid", OTTO, "--shop", "shop-1", "--yes")).isZero();
        assertThat(out).contains("erased: 0 lines");
        for (String how : List.of("--fast", "--full")) {
            assertThat(reconcile(how)).as(out).isZero();
            row("found", 4, 25);
            row("erased", 1, 25);
            assertThat(out).containsPattern("(?m)^shop-0 +20 +0 +7\\b").containsPattern("(?m)^shop-1 +15 +0 +15\\b");
        }
        assertThat(erase("--uid", OTTO, "--yes")).isZero();
        assertThat(lines()).isEmpty();
        for (Path object :
                List.of(bucket.root().resolve(EVENTS + "a"), bucket.root().resolve(EVENTS + "b"))) {
            assertThat(object).exists();
            if (encoding != Encoding.NDJSON) {
                assertThat(object).as("what its name says").isNotEmptyFile();
            }
        }
        assertThat(reconcile("--full")).as(out).isZero();
        row("erased", 5, 50);
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void finishesWhatWasInterrupted(Encoding encoding) throws IOException {
        fill(encoding);
        Path a = bucket.root().resolve(EVENTS + "a");
        storage = new TestStorage() {
            @Override
            public void rename(Path from, Path to) throws IOException {
                if (to.equals(a)) {
                    throw new IOException("the power fails");
                }
                super.rename(from, to);
            }
        };
        assertThat(erase("--uid", JANE, "--yes")).isEqualTo(1);
        assertThat(out).contains("problem: " + EVENTS + "a: the power fails").contains("run it again");
        assertThat(reconcile()).isEqualTo(1);
        assertThat(out)
                .contains("still holds, or holds again, lines that were to be erased")
                .contains("run the erasure");

        storage = new DiskStorage();
        assertThat(erase("--uid", JANE, "--yes")).as(out).isZero();
        assertNowhere(JANE);
        assertThat(reconcile("--full")).as(out).isZero();
        row("erased", 1, 14);
    }

    /** The process is gone between the new file and its taking the object's name. */
    @Test
    void deletesWhatAnInterruptedRunLeftBesideObjects() throws IOException {
        fill(Encoding.GZIP);
        Path a = bucket.root().resolve(EVENTS + "a");
        storage = new TestStorage() {
            @Override
            public void rename(Path from, Path to) throws IOException {
                if (to.equals(a)) {
                    throw new IOException("the power fails");
                }
                super.rename(from, to);
            }
        };
        assertThat(erase("--uid", JANE, "--yes")).isEqualTo(1);
        Path left = a.resolveSibling("." + a.getFileName() + ".erasing");
        assertThat(left).exists();

        // Somebody else's request: what is left holds records of his as well.
        storage = new DiskStorage();
        assertThat(erase("--uid", "nobody")).isZero();
        assertThat(out).contains("1 unfinished files of an interrupted run, to be deleted");
        assertThat(left).exists();
        assertThat(erase("--uid", "nobody", "--yes", "--json")).as(err).isZero();
        assertThat(out).contains("\"unfinishedFiles\":1");
        assertThat(left).doesNotExist();
        assertThat(erase("--uid", "nobody", "--yes")).isZero();
        assertThat(out).doesNotContain("unfinished");
    }

    @Test
    void printsForMachinesWhatItHasDone() throws IOException {
        fill(Encoding.GZIP);
        String figures = "\"lines\":14,\"shops\":{\"shop-0\":7,\"shop-1\":4,\"shop-2\":3},\"blocks\":3,\"objects\":1,"
                + "\"olderVersions\":0,\"journalLines\":0,\"journalSegments\":0,\"journalLinesLeft\":0,\"problems\":0,"
                + "\"olderLines\":0,\"unfinishedFiles\":0,\"objectCount\":1,\"objectTexts\":[\"" + EVENTS
                + "a: 14 of 40 lines, in 3 blocks\"],\"problemTexts\":[]}\n";
        assertThat(erase("--uid", JANE, "--json")).isZero();
        assertThat(out).isEqualTo("{\"done\":false,\"dryRun\":true,\"exit\":0," + figures);
        assertThat(erase("--uid", JANE, "--json", "--yes")).isZero();
        assertThat(out).isEqualTo("{\"done\":true,\"dryRun\":false,\"exit\":0," + figures);
    }

    @Test
    void neverOverwritesWhatSomebodyElsePutMeanwhile() throws IOException {
        fill(Encoding.GZIP);
        Path a = bucket.root().resolve(EVENTS + "a");
        byte[] more = Samples.concat(
                Files.readAllBytes(a), block(Encoding.GZIP, 6, 10, 2).packed());
        storage = new TestStorage() {
            private boolean done;

            @Override
            public StorageFile open(Path file, Access access) throws IOException {
                if (!done && file.getParent().equals(a.getParent())) {
                    done = true;
                    Files.write(a, more);
                }
                return super.open(file, access);
            }
        };
        assertThat(erase("--uid", JANE, "--yes")).as(out).isZero();
        assertNowhere(JANE);
        assertThat(lines()).as("with those of the sixth block").hasSize(36 + 9);
    }

    @Test
    void reconcileFindsLinesThatCameBack() throws IOException {
        Block[] blocks = fill(Encoding.GZIP);
        assertThat(erase("--uid", JANE, "--yes")).isZero();
        bucket.object("events/2026/11/22/12/replayed", blocks[0]);
        assertThat(reconcile()).isEqualTo(1);
        assertThat(out).contains("holds again").contains("1 blocks with lines that were to be erased");
        row("duplicates", 1, 10);
        assertThat(erase("--uid", JANE, "--yes")).isZero();
        assertThat(reconcile("--full")).as(out).isZero();
    }

    @Test
    void reconcileStillMissesWhatNoTombstoneTellsOf() throws IOException {
        fill(Encoding.GZIP);
        assertThat(erase("--uid", JANE, "--yes")).isZero();
        Block less = block(Encoding.GZIP, 1, 10);
        List<String> left = less.lines().lines().toList();
        bucket.object(
                EVENTS + "a",
                less.withLines(String.join("\n", left.subList(1, 3)) + "\n"),
                block(Encoding.GZIP, 3, 10),
                block(Encoding.GZIP, 4, 9));
        assertThat(reconcile()).isEqualTo(1);
        assertThat(out).contains("has 2 records, expected 10");
        Files.delete(bucket.root().resolve(EVENTS + "b"));
        assertThat(reconcile()).isEqualTo(1);
        row("missing", 1, 10);
    }

    @Test
    void leavesADamagedObjectAloneAndDoesTheRest() throws IOException {
        fill(Encoding.GZIP);
        byte[] whole = Files.readAllBytes(bucket.root().resolve(EVENTS + "a"));
        Path cut = bucket.write(EVENTS + "0", Arrays.copyOf(whole, whole.length - 3));
        byte[] before = Files.readAllBytes(cut);
        assertThat(erase("--uid", JANE, "--yes")).isEqualTo(1);
        assertThat(out).contains("problem: " + EVENTS + "0: the gzip member").contains("is cut off");
        assertThat(Files.readAllBytes(cut)).isEqualTo(before);
        Files.delete(cut);
        assertNowhere(JANE);
    }

    @Test
    void saysOfALineThatIsNoJsonThatItMayBeMeant() throws IOException {
        bucket.write(EVENTS + "a", ("{\"uid\":\"" + JANE + "\",}\n{\"uid\":}\n").getBytes(StandardCharsets.UTF_8));
        assertThat(erase("--uid", JANE, "--yes")).isEqualTo(1);
        assertThat(out).contains("1 lines are no JSON, and may be meant").doesNotContain(JANE);
    }

    @Test
    void looksOnlyAtTheHoursThatWereAskedFor() throws IOException {
        bucket.object("events/2026/11/22/09/x", block(Encoding.GZIP, 1, 3, 0));
        bucket.object("events/2026/11/22/10/x", block(Encoding.GZIP, 2, 3, 0));
        bucket.object("events/2026/11/22/11/x", block(Encoding.GZIP, 3, 3, 0));
        bucket.object("events/other", block(Encoding.GZIP, 4, 3, 0));
        assertThat(erase("--uid", JANE, "--from", "2026-11-22T10", "--to", "2026-11-22T11"))
                .isZero();
        assertThat(out)
                .contains("events/2026/11/22/10/x: 1 of 3 lines")
                .contains("events/other: 1 of 3")
                .contains("to be erased: 2 lines");
    }

    @Test
    void findsThePersonWhereverItsNamesMayStand() throws IOException {
        List<String> hers = List.of(
                "\"uid\":\"jane-4711\",",
                "\"uid\":\"jane\\u002d4711\",",
                "\"props\":{\"userId\":\"jane-4711\"},",
                "\"props\":{\"user\":4711},",
                "\"aid\":\"visitor-1\",",
                "\"props\":{\"anonymousId\":\"visitor-1\"},",
                "\"sid\":\"session-1\",",
                "\"props\":{\"email\":\"[email:cdpmabkfhgeolnij]\"},",
                "\"props\":{\"q\":\"a[phone:mehjfoagbnlkcipd]b\"},",
                "\"url\":\"https://x.example/?customer=J%C3%B6rg-Jansen&a=1\",",
                "\"props\":{\"note\":\"from J\u00f6rg-Jansen.\"},",
                "\"props\":{\"customers\":[{\"id\":1},{\"id\":815}]},",
                "\"props\":{\"a.b\":{\"anything\":true}},");
        List<String> others = List.of(
                "\"uid\":\"jane-47110\",",
                "\"url\":\"https://x.example/jane-4711\",",
                "\"props\":{\"a\":{\"userId\":\"jane-4711\"}},",
                "\"props\":{\"user\":47110},",
                "\"aid\":\"visitor-10\",",
                "\"props\":{\"email\":\"[email:cdpmabkfhgeolnijk]\"},",
                "\"props\":{\"note\":\"from J\u00f6rg-Jansens.\"},",
                "\"props\":{\"customers\":[{\"id\":8150}],\"id\":815},",
                "\"props\":{\"a\":{\"b\":{\"anything\":true}}},");
        StringBuilder lines = new StringBuilder();
        int index = 0;
        for (List<String> all : List.of(hers, others)) {
            for (String fields : all) {
                lines.append(line(1, index++, fields));
            }
        }
        Block block = new Block("events", Encoding.ZSTD, 1, lines.toString(), "delivered", START_MILLIS);
        bucket.manifests(MANIFESTS + "a", block);
        bucket.object(EVENTS + "a", block);
        stdin =
                "# who asked\nuid=jane-4711\nuid=4711\n\naid=visitor-1\nsid=session-1\npseudonym=cdpmabkfhgeolnij\npseudonym=[phone:mehjfoagbnlkcipd]\n"
                        + "anywhere=J\u00f6rg-Jansen\nprops.customers.id=815\nprops.a\\.b.*=true\n";
        assertThat(erase("--person", "-", "--yes")).as(out + err).isZero();
        assertThat(lines()).hasSize(others.size());
        for (int i = 0; i < others.size(); i++) {
            assertThat(lines().get(i)).contains(others.get(i));
        }
        assertThat(reconcile("--full")).as(out).isZero();
    }

    @Test
    void saysWhoseRecordsItNeedsToKnowAndTellsNoValue() throws IOException {
        fill(Encoding.GZIP);
        for (String[] wrong : new String[][] {
            {},
            {"--shop", "shop-1"},
            {"--anywhere", "short"},
            {"--match", "noequals"},
            {"--match", "a..b=" + JANE},
            {"--match", "email=" + JANE},
            {"--person", "/no/such/file"},
            {"--uid", ""},
            {"--person", "-"},
            {"--uid", JANE, "--s3", "s3://bucket"},
            {"--uid", JANE, "--from", "2026-11-22T10", "--to", "2026-11-22T10"},
        }) {
            stdin = "uid\n" + JANE + "\n";
            assertThat(erase(wrong)).as(String.join(" ", wrong)).isEqualTo(2);
            assertThat(err + out).doesNotContain(JANE);
        }
        Path firehose = Files.writeString(temp.resolve("c.yaml"), "delivery:\n  destination: firehose\n");
        assertThat(execute("erase", "--uid", "x", "--config", firehose.toString()))
                .isEqualTo(2);
        assertThat(err).contains("expected --s3");
        Path person = Files.writeString(temp.resolve("person"), "uid=" + JANE);
        assertThat(erase("--person", person.toString(), "--yes")).isZero();
        assertThat(err + out).doesNotContain(JANE);
        assertThat(execute(
                        "erase",
                        "--uid",
                        "x",
                        "--from-dir",
                        temp.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(err).contains("there is no such directory");
    }

    @Test
    void notesWhoErasedWhenAndHowMuchButNotWhom() throws IOException {
        fill(Encoding.GZIP);
        Path log = temp.resolve("audit.ndjson");
        assertThat(erase("--uid", JANE, "--yes", "--reference", "DSR \"17\"", "--operator", "kim"))
                .isZero();
        assertThat(erase("--uid", JANE, "--yes")).isZero();
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).contains("erasure-began", "\"by\":\"kim\",\"reference\":\"DSR \\\"17\\\"\"");
        assertThat(lines.get(1))
                .contains("erasure-ended")
                .contains("\"lines\":14,\"shops\":{\"shop-0\":7,\"shop-1\":4,\"shop-2\":3}")
                .contains("\"blocks\":3,\"objects\":1")
                .contains("\"exit\":0");
        assertThat(lines.get(3)).contains("\"lines\":0").contains("\"by\":\"" + System.getProperty("user.name"));
        assertThat(String.join("", lines)).doesNotContain(JANE);
    }

    @Test
    void aNoteThatWasWrittenInPartDoesNotSwallowTheNext() throws IOException {
        fill(Encoding.GZIP);
        Path log = temp.resolve("audit.ndjson");
        Files.writeString(log, "{\"at\":\"2026-11-22T10:00:00Z\",\"what\":\"erasure-be");
        assertThat(erase("--uid", JANE, "--yes")).isZero();
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).endsWith("erasure-be");
        assertThat(lines.get(1)).startsWith("{\"at\":").contains("erasure-began");
        assertThat(lines.get(2)).contains("erasure-ended");
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void erasesFromParkedBlocks(Encoding encoding) throws IOException {
        Block block = block(encoding, 7, 10, 5).parked();
        bucket.manifests(MANIFESTS + "a", block);
        TestBucket parked = new TestBucket(Files.createDirectories(temp.resolve("parked")));
        Path file = parked.object(
                "events/2026/11/22/sluice-" + TestBucket.INCARNATION + "-0-7-invalid-argument" + encoding.extension(),
                block);
        assertThat(erase("--uid", JANE, "--parked", parked.root().toString(), "--yes"))
                .as(out)
                .isZero();
        assertThat(decoded(file)).doesNotContain(JANE);
        assertThat(decoded(file).lines()).hasSize(9);
        bucket.write("events/2026/11/22/10/copied", Files.readAllBytes(file));
        assertThat(reconcile("--full")).as("copied to where the objects lie").isZero();
        row("parked", 1, 10);
    }

    @Test
    void printsWhatIsStoredOfAPerson() throws IOException {
        fill(Encoding.ZSTD);
        bucket.object("events/2026/11/22/12/replayed", block(Encoding.ZSTD, 1, 10, 0, 3, 4));
        Path cut = bucket.write(
                EVENTS + "c", Arrays.copyOf(block(Encoding.GZIP, 9, 9, 1).packed(), 40));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        CommandLine line = Sluice.commandLine(new FindCommand(storage, InputStream.nullInputStream(), printed));
        StringWriter errors = new StringWriter();
        line.setErr(new PrintWriter(errors));
        String[] arguments = {"find", "--uid", JANE, "--from-dir", bucket.root().toString()};
        assertThat(line.execute(arguments)).isEqualTo(1);
        assertThat(errors.toString()).contains("sluice find: " + EVENTS + "c: the gzip member");
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(14)
                .allMatch(found -> found.contains(JANE));

        Files.delete(cut);
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("nobody reads");
            }
        };
        line = Sluice.commandLine(new FindCommand(storage, InputStream.nullInputStream(), closed));
        assertThat(line.execute(arguments)).isZero();
    }

    private static String decoded(Path file) throws IOException {
        String name = file.getFileName().toString();
        Encoding encoding =
                name.endsWith(".gz") ? Encoding.GZIP : name.endsWith(".zst") ? Encoding.ZSTD : Encoding.NDJSON;
        try (InputStream in = BlockReader.open(encoding, Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The lines of all objects but manifests. */
    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<Path, byte[]> file : files().entrySet()) {
            if (!bucket.root().relativize(file.getKey()).startsWith("manifests")) {
                new String(unpacked(file.getValue()), StandardCharsets.UTF_8)
                        .lines()
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    /** Byte by byte, in every file there is, packed and unpacked, manifests and leftovers included. */
    private void assertNowhere(String value) throws IOException {
        byte[] needle = value.getBytes(StandardCharsets.UTF_8);
        for (Map.Entry<Path, byte[]> file : files().entrySet()) {
            assertThat(indexOf(file.getValue(), needle)).as("%s", file.getKey()).isNegative();
            assertThat(indexOf(unpacked(file.getValue()), needle))
                    .as("%s", file.getKey())
                    .isNegative();
        }
    }

    static byte[] unpacked(byte[] object) throws IOException {
        Encoding encoding = object.length < 2 || object[0] == '{'
                ? Encoding.NDJSON
                : object[0] == 0x1f ? Encoding.GZIP : Encoding.ZSTD;
        try (InputStream in = BlockReader.open(encoding, new ByteArrayInputStream(object))) {
            return in.readAllBytes();
        }
    }

    static int indexOf(byte[] bytes, byte[] needle) {
        for (int i = 0; i <= bytes.length - needle.length; i++) {
            if (Arrays.equals(bytes, i, i + needle.length, needle, 0, needle.length)) {
                return i;
            }
        }
        return -1;
    }

    private Map<Path, byte[]> files() throws IOException {
        Map<Path, byte[]> files = new HashMap<>();
        try (Stream<Path> walk = Files.walk(bucket.root())) {
            walk.filter(Files::isRegularFile).forEach(file -> {
                try {
                    files.put(file, Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return files;
    }

    private void row(String name, long blocks, Object records) {
        assertThat(out).containsPattern("(?m)^" + name + " +" + blocks + " +" + records + " ");
    }

    @Test
    void aPlaceThatHoldsNothingIsAnErrorAndIsLeftAsItIs() throws IOException {
        Path data = temp.resolve("nowhere");
        Path config = Files.writeString(temp.resolve("sluice.yaml"), "data: " + data + "\n");
        for (String command : List.of("find", "erase --yes", "erase")) {
            List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
            arguments.addAll(List.of("--config", config.toString(), "--uid", JANE));
            assertThat(execute(arguments.toArray(String[]::new))).as(command).isEqualTo(1);
            assertThat(err).contains(data.resolve("s3") + " holds no objects, and there is no journal in " + data);
            assertThat(out).isEmpty();
            assertThat(data).doesNotExist();
        }
        assertThat(erase("--uid", JANE, "--yes")).isEqualTo(1);
        assertThat(temp.resolve("audit.ndjson")).doesNotExist();
        fill(Encoding.GZIP);
        assertThat(erase("--uid", JANE, "--journal", data.toString(), "--yes")).isEqualTo(1);
        assertThat(temp.resolve("audit.ndjson")).doesNotExist();
    }

    @Test
    void findSaysHowMuchItHasReadAndWarnsOfShopsThatThereAreNot() throws IOException {
        fill(Encoding.GZIP);
        Path shops = Files.writeString(temp.resolve("shops.yaml"), "shops: {shop-0: {keys: [k]}}\n");
        Path config = Files.writeString(
                temp.resolve("sluice.yaml"), "{data: " + temp.resolve("data") + ", shops: {file: " + shops + "}}\n");
        String[] find = {
            "find", "--from-dir", bucket.root().toString(), "--config", config.toString(), "--uid", JANE, "--shop", ""
        };
        find[find.length - 1] = "shop-0";
        assertThat(execute(find)).as(err).isZero();
        assertThat(err)
                .contains("sluice find: 2 objects, 50 records read; 7 found")
                .doesNotContain("warning");
        find[find.length - 1] = "shop-O";
        assertThat(execute(find)).isZero();
        assertThat(err).contains("50 records read; 0 found").contains("shops.yaml has no shop 'shop-O'");
    }

    @Test
    void findCountsApartWhatTheJournalHolds() throws IOException {
        fill(Encoding.GZIP);
        Path journal = Path.of("src/test/resources/journal/v2-gzip");
        String[] find = {"find", "--from-dir", bucket.root().toString(), "--journal", journal.toString(), "--uid", JANE
        };
        assertThat(execute(find)).as(err).isZero();
        int kept = Files.readAllLines(journal.resolve("expected.ndjson")).size();
        assertThat(err)
                .contains("2 objects, 50 records read, and " + kept
                        + " in the journal, where delivered ones stay a while; 14 found");
    }

    @Test
    void theLogOfErasuresLiesBesideWhatIsErasedFrom() throws IOException {
        fill(Encoding.GZIP);
        assertThat(execute("erase", "--from-dir", bucket.root().toString(), "--uid", JANE, "--yes"))
                .as(out + err)
                .isZero();
        assertThat(temp.resolve("erasures.ndjson")).exists();
        Path journal = Files.createDirectories(temp.resolve("far/journal"));
        String[] both = {
            "erase", "--from-dir", bucket.root().toString(), "--journal", journal.toString(), "--uid", JANE, "--yes"
        };
        assertThat(execute(both)).as(out + err).isZero();
        assertThat(temp.resolve("far/erasures.ndjson")).exists();
    }

    @Test
    void nothingIsChangedWhereTheLogOfErasuresCannotBeWritten() throws IOException {
        fill(Encoding.GZIP);
        Map<Path, byte[]> before = files();
        storage = new TestStorage() {
            @Override
            public StorageFile open(Path file, Access access) throws IOException {
                if (file.endsWith("audit.ndjson")) {
                    throw new AccessDeniedException(file.toString());
                }
                return super.open(file, access);
            }
        };
        assertThat(erase("--uid", JANE, "--yes")).isEqualTo(2);
        assertThat(err)
                .contains("nothing was changed", "audit.ndjson: permission denied: the user ", "--audit-log names")
                .doesNotContain("Exception");
        assertThat(files())
                .hasSameSizeAs(before)
                .allSatisfy((file, bytes) -> assertThat(bytes).isEqualTo(before.get(file)));
    }

    @Test
    void aPropertyThatIsTakenForAFieldIsNamed() {
        assertThat(erase("--match", "order_id=1")).isEqualTo(2);
        assertThat(err).contains("such as props.order_id");
        assertThat(erase("--match", "jane@x.example=1")).isEqualTo(2);
        assertThat(err).contains("such as props.email").doesNotContain("jane@");
    }

    private int erase(String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "erase",
                "--from-dir",
                bucket.root().toString(),
                "--audit-log",
                temp.resolve("audit.ndjson").toString()));
        arguments.addAll(List.of(options));
        return execute(arguments.toArray(String[]::new));
    }

    private int reconcile(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("reconcile", "--from-dir", bucket.root().toString()));
        arguments.addAll(List.of(options));
        return execute(arguments.toArray(String[]::new));
    }

    private int execute(String... arguments) {
        StringWriter printed = new StringWriter();
        StringWriter errors = new StringWriter();
        CommandLine line = Sluice.commandLine(
                new ReconcileCommand(),
                new FindCommand(storage, InputStream.nullInputStream(), OutputStream.nullOutputStream()),
                new EraseCommand(storage, new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8))));
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(errors));
        int exit = line.execute(arguments);
        out = printed.toString();
        err = errors.toString();
        return exit;
    }

    /** A disk to override a step of. */
    private abstract static class TestStorage implements Storage {
        private final Storage disk = new DiskStorage();

        @Override
        public StorageFile open(Path file, Access access) throws IOException {
            return disk.open(file, access);
        }

        @Override
        public void createDirectories(Path directory) throws IOException {
            disk.createDirectories(directory);
        }

        @Override
        public List<Path> list(Path directory) throws IOException {
            return disk.list(directory);
        }

        @Override
        public boolean exists(Path path) {
            return disk.exists(path);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            disk.delete(path);
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            disk.syncDirectory(directory);
        }

        @Override
        public Closeable tryLock(Path file) throws IOException {
            return disk.tryLock(file);
        }

        @Override
        public long usableBytes(Path path) throws IOException {
            return disk.usableBytes(path);
        }
    }
}
