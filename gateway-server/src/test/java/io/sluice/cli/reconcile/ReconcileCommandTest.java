package io.sluice.cli.reconcile;

import static io.sluice.cli.reconcile.TestBucket.START_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aws.AwsConfig;
import io.sluice.aws.SdkObjectStore;
import io.sluice.cli.Sluice;
import io.sluice.cli.reconcile.TestBucket.Block;
import io.sluice.common.Position;
import io.sluice.record.Encoding;
import io.sluice.record.Samples;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Delivered;
import io.sluice.testing.Moto;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
class ReconcileCommandTest {

    private static final String EVENTS = "events/2026/11/22/10/sluice-events-1-2026-11-22-10-00-00-";
    private static final String REJECTED = "rejected/2026/11/22/10/sluice-rejected-1-2026-11-22-10-00-00-";
    private static final String MANIFESTS = "manifests/2026/11/22/10/sluice-manifests-1-2026-11-22-10-00-00-";

    @TempDir
    private Path temp;

    private TestBucket bucket;
    private String out;
    private String err;

    @BeforeEach
    void bucket() throws IOException {
        bucket = new TestBucket(Files.createDirectories(temp.resolve("s3")));
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void findsEveryBlockWhereTheManifestsSay(Encoding encoding) throws IOException {
        fill(encoding);
        for (String how : List.of("--fast", "--full")) {
            assertThat(reconcile(how)).as(out).isZero();
            row("expected", 7, 70);
            row("found", 7, 70);
            for (String none : List.of("missing", "mismatched", "duplicates", "parked", "without manifest")) {
                row(none, 0, 0);
            }
            assertThat(out).contains("everything that the manifests tell of is there");
        }
        assertThat(out).containsPattern("shop-0 +24 +4 +0 +24 +4\\R").containsPattern("shop-2 +18 +3 +0 +18 +3\\R");
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void namesTheRangeOfPositionsThatIsMissing(Encoding encoding) throws IOException {
        Map<String, Path> objects = fill(encoding);
        Files.delete(objects.get("b"));
        assertThat(reconcile()).isEqualTo(1);
        row("expected", 7, 70);
        row("found", 5, 50);
        row("missing", 2, 20);
        assertThat(out)
                .contains("gap: group events, 2 blocks, 20 records, " + position(3, 0) + " to " + position(4, 9))
                .contains("NOT everything is there");

        Files.delete(objects.get("rejected"));
        assertThat(reconcile("--full")).isEqualTo(1);
        row("missing", 3, 30);
        assertThat(out)
                .contains("gap: group rejected, 1 blocks, 10 records, " + position(7, 0) + " to " + position(7, 9));
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"GZIP", "ZSTD"})
    void reportsABlockThatIsCutOffAndWhatCannotBeReadBehindIt(Encoding encoding) throws IOException {
        Map<String, Path> objects = fill(encoding);
        byte[] first = block(encoding, 1).packed();
        byte[] second = block(encoding, 2).packed();
        Files.write(objects.get("a"), Samples.concat(first, Arrays.copyOf(second, second.length - 9)));
        assertThat(reconcile()).isEqualTo(1);
        row("found", 6, 60);
        row("missing", 1, 10);
        assertThat(out).contains("problem: " + EVENTS + "a: the ").contains("at byte " + first.length + " is cut off");
        assertThat(out).contains(position(2, 0) + " to " + position(2, 9)).contains("damaged 1;");
    }

    @Test
    void reportsLinesThatAreCutOff() throws IOException {
        Map<String, Path> objects = fill(Encoding.NDJSON);
        byte[] whole = Files.readAllBytes(objects.get("a"));
        Files.write(objects.get("a"), Arrays.copyOf(whole, whole.length - 5));
        assertThat(reconcile()).isEqualTo(1);
        row("mismatched", 1, 10);
        row("missing", 0, 0);
        assertThat(out).contains("bytes that are no whole line").contains("bytes of lines, expected");
    }

    @Test
    void reportsALineOfOtherOrigin() throws IOException {
        Map<String, Path> objects = fill(Encoding.NDJSON);
        List<String> lines = new ArrayList<>(Files.readAllLines(objects.get("a")));
        lines.set(15, "{\"a\":1}");
        Files.write(objects.get("a"), lines);
        assertThat(reconcile()).isEqualTo(1);
        row("mismatched", 1, 10);
        row("foreign", 1, "");
        assertThat(out).contains(position(2, 6) + " is the first of its block here, where index 0 is expected");
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void countsWhatIsThereTwiceAndMissesNothing(Encoding encoding) throws IOException {
        Map<String, Path> objects = fill(encoding);
        bucket.write(EVENTS + "zz", Files.readAllBytes(objects.get("a")));
        bucket.write("events/2026/11/22/12/later", Files.readAllBytes(objects.get("a")));
        bucket.object("events/2026/11/22/13/twice-in-one", block(encoding, 3), block(encoding, 3));
        assertThat(reconcile("--full")).as(out).isZero();
        row("found", 7, 70);
        row("duplicates", 6, 60);
        assertThat(out).containsPattern("shop-0 +24 +4 +0 +24 +4\\R");
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void tellsABlockWithOtherLinesFromItsManifest(Encoding encoding) throws IOException {
        fill(encoding);
        Block good = block(encoding, 2);
        List<String> lines = new ArrayList<>(good.lines().lines().toList());
        lines.add(4, lines.remove(3));
        bucket.object(EVENTS + "a", block(encoding, 1), good.withLines(String.join("\n", lines) + "\n"));
        assertThat(reconcile()).isEqualTo(1);
        row("found", 6, 60);
        row("mismatched", 1, 10);
        assertThat(out)
                .contains("problem: block 2 of log 0 of " + TestBucket.INCARNATION + " of group events has the CRC-32");

        assertThat(reconcile("--full")).isEqualTo(1);
        row("mismatched", 1, 10);
        assertThat(out)
                .contains(EVENTS + "a: block " + position(2, 0) + " line 3 has the position " + position(2, 4)
                        + ", expected " + position(2, 3));

        lines.remove(4);
        bucket.object(EVENTS + "a", block(encoding, 1), good.withLines(String.join("\n", lines) + "\n"));
        assertThat(reconcile()).isEqualTo(1);
        assertThat(out).contains("has 9 records, expected 10");
    }

    @Test
    void comparesTheLinesOfEachShopAndMinuteWhenItReadsThemAll() throws IOException {
        Block block = block(Encoding.GZIP, 1);
        bucket.object(EVENTS + "a", block);
        String manifest = block.manifest();
        assertThat(manifest).contains("\"shop-0\":{");
        bucket.manifests(MANIFESTS + "a", manifest.replace("\"shop-0\":{", "\"shop-9\":{"));
        assertThat(reconcile("--fast")).as(out).isZero();
        assertThat(reconcile("--full")).isEqualTo(1);
        assertThat(out).contains("has other numbers of lines per shop and minute than its manifest");

        bucket.manifests(MANIFESTS + "a", manifest.replaceAll("\"shops\":.*", "\"shops\":{}}"));
        assertThat(reconcile("--full")).as(out).isZero();
    }

    @Test
    void tellsBlocksWithoutManifestAndParkedOnesApartFromGaps() throws IOException {
        bucket.object(EVENTS + "a", block(Encoding.GZIP, 1), block(Encoding.GZIP, 2));
        bucket.manifests(
                MANIFESTS + "a",
                block(Encoding.GZIP, 1),
                block(Encoding.GZIP, 3).parked());
        assertThat(reconcile()).as(out).isZero();
        row("expected", 1, 10);
        row("found", 1, 10);
        row("without manifest", 1, 10);
        row("parked", 1, 10);
    }

    @Test
    void doesNotCallItGoodWhenThereIsNothingToCompareWith() throws IOException {
        assertThat(reconcile()).isEqualTo(1);
        assertThat(out).contains("problem: there are neither manifests nor objects");
        bucket.write("elsewhere/2026/11/22/10/a", block(Encoding.GZIP, 1).packed());
        assertThat(reconcile()).isEqualTo(1);
        assertThat(out).contains("problem: there are neither manifests nor objects");
        bucket.object(EVENTS + "a", block(Encoding.GZIP, 1));
        assertThat(reconcile()).isEqualTo(1);
        assertThat(out).contains("problem: there are blocks and no manifests");
    }

    @Test
    void countsManifestsOfKindsToComeAndReportsWhatIsNone() throws IOException {
        Block block = block(Encoding.GZIP, 1);
        bucket.object(EVENTS + "a", block);
        bucket.manifests(
                MANIFESTS + "a",
                "{\"v\":1,\"kind\":\"moved\",\"what\":[{}]}\n" + block.manifest() + "{\"v\":2}\n"
                        + block.manifest().replace("\"kind\"", "\"more\":{\"a\":[1]},\"kind\""));
        assertThat(reconcile()).as(out).isZero();
        row("expected", 1, 10);
        assertThat(out).contains("manifests of unknown kind 2");

        for (String wrong : List.of(
                "hello\n",
                "{\"v\":1,\"kind\":\"delivered\"}\n",
                block.manifest().replace("\"crc32\":\"", "\"crc32\":\"x"),
                block.manifest().replace("\"records\":", "\"records\":-"))) {
            bucket.manifests(MANIFESTS + "b", "{\"v\":2}\n" + wrong);
            assertThat(reconcile()).as(wrong).isEqualTo(1);
            assertThat(out).contains("problem: " + MANIFESTS + "b: line 2 is no manifest");
        }
    }

    @Test
    void doesNotMissWhatFirehoseMayStillBuffer() throws IOException {
        Block now = block(Encoding.GZIP, 1).at(System.currentTimeMillis());
        bucket.manifests(MANIFESTS + "a", now);
        assertThat(reconcile("--grace", "1h")).as(out).isZero();
        row("expected", 1, 10);
        row("recent", 1, 10);
        assertThat(reconcile()).isEqualTo(1);
        row("missing", 1, 10);
    }

    @Test
    void judgesTheHoursThatItIsAskedFor() throws IOException {
        // One block an hour from 8 to 14; that of 9 is missing, those of 11 and 13 lie in the object of the hour
        // before.
        List<Block> blocks = new ArrayList<>();
        for (int hour = 8; hour <= 14; hour++) {
            Block block = block(Encoding.GZIP, hour).at(START_MILLIS + TimeUnit.HOURS.toMillis(hour - 10));
            blocks.add(block);
            int folder = hour == 11 || hour == 13 ? hour - 1 : hour;
            if (hour != 9) {
                bucket.object("events/2026/11/22/%02d/sluice-%d".formatted(folder, hour), block);
            }
        }
        bucket.manifests("manifests/2026/11/22/14/all", blocks.toArray(Block[]::new));
        assertThat(reconcile()).isEqualTo(1);
        row("expected", 7, 70);
        row("missing", 1, 10);
        assertThat(reconcile("--from", "2026-11-22T10", "--to", "2026-11-22T13"))
                .as(out)
                .isZero();
        row("expected", 3, 30);
        row("found", 3, 30);
        row("without manifest", 0, 0);
        assertThat(reconcile("--from", "2026-11-22T13")).as(out).isZero();
        row("expected", 2, 20);
        row("found", 2, 20);
        assertThat(reconcile("--to", "2026-11-22T10")).isEqualTo(1);
        row("expected", 2, 20);
        row("missing", 1, 10);
        assertThat(reconcile("--from", "2026-11-22T9")).isEqualTo(2);
        assertThat(err).contains("expected such as 2026-11-22, 2026-11-22T10");
    }

    @Test
    void printsJson() throws IOException {
        Map<String, Path> objects = fill(Encoding.GZIP);
        Files.delete(objects.get("c"));
        assertThat(reconcile("--json", "--full")).isEqualTo(1);
        Map<String, Object> json = Delivered.parse(out.strip());
        assertThat(json)
                .containsEntry("good", false)
                .containsEntry("full", true)
                .containsEntry("gapCount", 1L);
        assertThat((Map<?, ?>) json.get("found")).hasToString("{blocks=5, records=50}");
        assertThat((List<?>) json.get("gaps"))
                .hasToString("[{group=events, first=" + position(5, 0) + ", last=" + position(6, 9)
                        + ", blocks=2, records=20, keptBlocks=0}]");
        assertThat((Map<?, ?>) json.get("shops")).hasSize(3);
    }

    @Test
    void tellsTheMinutesOfEachShopIfItIsAskedTo() throws IOException {
        fill(Encoding.GZIP);
        assertThat(reconcile("--json")).isZero();
        assertThat(out).doesNotContain("minutes");
        assertThat(reconcile("--json", "--by-minute")).isZero();
        Map<?, ?> shops = (Map<?, ?>) Delivered.parse(out.strip()).get("shops");
        assertThat(shops).hasSize(3);
        for (Object each : shops.values()) {
            Map<?, ?> shop = (Map<?, ?>) each;
            long accepted = 0;
            long rejected = 0;
            for (Map.Entry<?, ?> minute : ((Map<?, ?>) shop.get("minutes")).entrySet()) {
                assertThat(Long.parseLong((String) minute.getKey())).isGreaterThanOrEqualTo(START_MILLIS / 60_000);
                accepted += (long) ((List<?>) minute.getValue()).get(0);
                rejected += (long) ((List<?>) minute.getValue()).get(1);
            }
            // A manifest that is there twice counts once.
            assertThat(accepted).isEqualTo(shop.get("accepted"));
            assertThat(rejected).isEqualTo(shop.get("rejected"));
        }
    }

    @Test
    void itsLastLineNamesWhatIsWrong() throws IOException {
        Map<String, Path> objects = fill(Encoding.GZIP);
        Path damaged = bucket.object(EVENTS + "z", block(Encoding.GZIP, 1));
        Files.write(damaged, Arrays.copyOf(Files.readAllBytes(damaged), 20));
        assertThat(reconcile()).isEqualTo(1);
        row("found", 7, 70);
        assertThat(out.strip())
                .endsWith("all that the manifests tell of is there, and NOT all is good: 1 objects, blocks or lines"
                        + " damaged");
        Files.delete(objects.get("b"));
        assertThat(reconcile()).isEqualTo(1);
        assertThat(out.strip())
                .endsWith("NOT everything is there: 2 blocks missing, 1 objects, blocks or lines damaged");
    }

    @Test
    void readsABucket() throws Exception {
        fill(Encoding.ZSTD);
        System.setProperty("aws.disableEc2Metadata", "true");
        try (Moto moto = Moto.start()) {
            moto.createBucket("reconciled");
            AwsConfig config = new AwsConfig(Moto.REGION, moto.endpoint().toString(), Duration.ofSeconds(30));
            try (SdkObjectStore store = new SdkObjectStore(config)) {
                for (Path file : Delivered.objects(bucket.root())) {
                    // The last rejected one is left out of the bucket.
                    if (!file.toString().contains("rejected")) {
                        CompletableFuture<String> ended = new CompletableFuture<>();
                        String key = "below/" + bucket.root().relativize(file);
                        store.put("reconciled", key, Files.readAllBytes(file), Map.of(), ended::complete);
                        assertThat(ended.get()).isNull();
                    }
                }
            }
            String[] place = {
                "--s3", "s3://reconciled/below", "--endpoint", moto.endpoint().toString()
            };
            assertThat(execute(place)).isEqualTo(1);
            row("expected", 7, 70);
            row("found", 6, 60);
            assertThat(out).contains("gap: group rejected, 1 blocks, 10 records, " + position(7, 0));
            place[1] = "s3://nowhere";
            assertThat(execute(place)).isEqualTo(1);
            assertThat(err).contains("s3://nowhere/manifests/: NoSuchBucket");
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
        }
    }

    @Test
    void saysWhatIsWrongWithItsOptions() {
        assertThat(execute("--from-dir", temp.resolve("none").toString())).isEqualTo(1);
        assertThat(err).contains("there is no such directory");
        assertThat(reconcile("--fast", "--full")).isEqualTo(2);
        assertThat(reconcile("--s3", "s3://bucket")).isEqualTo(2);
        assertThat(reconcile("--from", "2026-11-22T10", "--to", "2026-11-22T10"))
                .isEqualTo(2);
        assertThat(reconcile("--from", "2026-11-22T10", "--to", "2026-11-22T10:00:00Z"))
                .isEqualTo(2);
        assertThat(err).contains("expected --to behind --from");
        assertThat(reconcile("--from", "2026-11-22T10:30:00Z")).isEqualTo(2);
        assertThat(err).contains("begins no hour");
        assertThat(reconcile("--by-minute")).isEqualTo(2);
        assertThat(reconcile("--grace", "soon")).isEqualTo(2);
    }

    /** Six blocks of events in three objects, and one of rejected events; manifests, one of them twice, in two. */
    private Map<String, Path> fill(Encoding encoding) throws IOException {
        Block rejected = TestBucket.block("rejected", encoding, 7, 10);
        bucket.manifests(
                MANIFESTS + "a", block(encoding, 1), block(encoding, 3), block(encoding, 4), block(encoding, 2));
        // Of the next hour, and so behind the blocks that it tells of.
        bucket.manifests(
                "manifests/2026/11/22/11/b", block(encoding, 5), block(encoding, 6), rejected, block(encoding, 1));
        bucket.write(EVENTS + "empty", new byte[0]);
        return Map.of(
                "a", bucket.object(EVENTS + "a", block(encoding, 1), block(encoding, 2)),
                "b", bucket.object(EVENTS + "b", block(encoding, 3), block(encoding, 4)),
                "c", bucket.object(EVENTS + "c", block(encoding, 5), block(encoding, 6)),
                "rejected", bucket.object(REJECTED + "d", rejected));
    }

    private static Block block(Encoding encoding, long number) {
        return TestBucket.block("events", encoding, number, 10);
    }

    private static String position(long block, int index) {
        return new Position(TestBucket.INCARNATION, 0, block, index).toString();
    }

    private void row(String name, long blocks, Object records) {
        assertThat(out).containsPattern("(?m)^" + name + " +" + blocks + " +" + records + " ");
    }

    private int reconcile(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("--from-dir", bucket.root().toString()));
        arguments.addAll(List.of(options));
        return execute(arguments.toArray(String[]::new));
    }

    private int execute(String... options) {
        List<String> arguments = new ArrayList<>(List.of("reconcile"));
        arguments.addAll(List.of(options));
        StringWriter printed = new StringWriter();
        StringWriter errors = new StringWriter();
        CommandLine line = Sluice.commandLine(new ReconcileCommand());
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(errors));
        int exit = line.execute(arguments.toArray(String[]::new));
        out = printed.toString();
        err = errors.toString();
        return exit;
    }
}
