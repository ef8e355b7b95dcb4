package io.sluice.cli.erase;

import static io.sluice.cli.reconcile.TestBucket.START_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.reconcile.TestBucket;
import io.sluice.cli.reconcile.TestBucket.Block;
import io.sluice.record.Encoding;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is erased, what is left, and what reconciliation makes of it. */
@Timeout(120)
@ExtendWith(CleanLog.class)
class EraseCommandTest extends EraseFixture {

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
    void aPropertyThatIsTakenForAFieldIsNamed() {
        assertThat(erase("--match", "order_id=1")).isEqualTo(2);
        assertThat(err).contains("such as props.order_id");
        assertThat(erase("--match", "jane@x.example=1")).isEqualTo(2);
        assertThat(err).contains("such as props.email").doesNotContain("jane@");
    }
}
