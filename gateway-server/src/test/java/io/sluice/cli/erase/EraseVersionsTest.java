package io.sluice.cli.erase;

import static io.sluice.cli.reconcile.TestBucket.START_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.aws.AwsConfig;
import io.sluice.aws.ObjectVersions;
import io.sluice.aws.ObjectVersions.ReplacedException;
import io.sluice.aws.ObjectVersions.Version;
import io.sluice.aws.SdkObjectVersions;
import io.sluice.cli.Sluice;
import io.sluice.cli.objects.Ticker;
import io.sluice.cli.reconcile.ReconcileCommand;
import io.sluice.cli.reconcile.TestBucket.Block;
import io.sluice.record.Encoding;
import io.sluice.record.Samples;
import io.sluice.storage.DiskStorage;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Moto;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** All versions of objects, as moto keeps them. */
@Timeout(180)
@ExtendWith(CleanLog.class)
class EraseVersionsTest {

    private static final String JANE = "jane-4711";
    private static final String HOUR = "2026/11/22/10/";

    private static Moto moto;

    @TempDir
    private Path temp;

    private String out;

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("aws.disableEc2Metadata", "true");
        moto = Moto.start();
    }

    @AfterAll
    static void stop() {
        System.clearProperty("aws.disableEc2Metadata");
        if (moto != null) {
            moto.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void leavesNoByteInAnyVersion(Encoding encoding) throws IOException {
        String bucket = "versions-" + encoding.ordinal();
        moto.createBucket(bucket);
        moto.keepVersions(bucket);
        Block mixed = EraseFixture.block(encoding, 1, 10, 0, 3);
        Block hers = EraseFixture.block(encoding, 2, 5, 0, 1, 2, 3, 4);
        Block clean = EraseFixture.block(encoding, 3, 10);
        String a = "below/events/" + HOUR + "a";
        // Three versions, of which the middle one is clean.
        put(bucket, a, mixed.packed());
        put(bucket, a, clean.packed());
        put(bucket, a, Samples.concat(mixed.packed(), hers.packed(), clean.packed()));
        // Deleted, twice put before.
        String b = "below/events/" + HOUR + "b";
        put(bucket, b, hers.packed());
        put(bucket, b, hers.packed());
        moto.s3().deleteObject(d -> d.bucket(bucket).key(b)).join();
        // Clean now.
        String c = "below/events/" + HOUR + "c";
        put(bucket, c, hers.packed());
        put(bucket, c, EraseFixture.block(encoding, 4, 10).packed());
        // Deleted, and the newest version below is clean.
        String d = "below/events/" + HOUR + "d";
        put(bucket, d, hers.packed());
        put(bucket, d, EraseFixture.block(encoding, 4, 10).packed());
        moto.s3().deleteObject(delete -> delete.bucket(bucket).key(d)).join();
        manifests(bucket, mixed, hers, clean, EraseFixture.block(encoding, 4, 10));

        assertThat(erase(bucket, "--uid", JANE)).as(out).isZero();
        assertThat(out).contains("to be erased: 7 lines, in 2 blocks of 1 objects; 5 older versions, with 22 lines");
        List<Version> before = versions(bucket);

        assertThat(erase(bucket, "--uid", JANE, "--yes")).as(out).isZero();
        assertNowhere(bucket, JANE);
        assertThat(reconcile(bucket, "--full")).as(out).isZero();
        assertThat(out).containsPattern("(?m)^erased +1 +7 ");
        List<Version> after = versions(bucket);
        assertThat(of(a, after)).as("the new one and the clean one").hasSize(2).noneMatch(Version::marker);
        assertThat(of(a, after).getFirst().newest()).isTrue();
        assertThat(of(b, after)).as("not even its marker").isEmpty();
        assertThat(of(c, after)).containsExactly(of(c, before).getFirst());
        assertThat(of(d, after)).as("still deleted").hasSize(2).anyMatch(Version::marker);

        assertThat(erase(bucket, "--uid", JANE, "--yes")).isZero();
        assertThat(out).contains("erased: 0 lines, in 0 blocks of 0 objects; 0 older versions");
        assertThat(versions(bucket)).isEqualTo(after);
    }

    @Test
    void erasesWhereNoVersionsAreKept() throws IOException {
        moto.createBucket("plain");
        Block mixed = EraseFixture.block(Encoding.GZIP, 1, 10, 0, 3);
        put("plain", "below/events/" + HOUR + "a", mixed.packed());
        manifests("plain", mixed);
        assertThat(erase("plain", "--uid", JANE, "--yes")).as(out).isZero();
        assertNowhere("plain", JANE);
        assertThat(of("below/events/" + HOUR + "a", versions("plain"))).hasSize(1);
        assertThat(reconcile("plain", "--full")).as(out).isZero();
    }

    @Test
    void keepsWhatElseBelongsToAnObject() throws IOException {
        moto.createBucket("kept");
        String key = "below/events/" + HOUR + "a";
        S3AsyncClient s3 = moto.s3();
        s3.putObject(
                        p -> p.bucket("kept")
                                .key(key)
                                .contentType("application/x-ndjson")
                                .contentEncoding("gzip")
                                .metadata(Map.of("made-by", "sluice"))
                                .storageClass("STANDARD_IA")
                                .tagging("kind=events"),
                        AsyncRequestBody.fromBytes(
                                EraseFixture.block(Encoding.GZIP, 1, 10, 0).packed()))
                .join();
        assertThat(erase("kept", "--uid", JANE, "--yes")).as(out).isZero();
        HeadObjectResponse head = s3.headObject(h -> h.bucket("kept").key(key)).join();
        assertThat(head.contentType()).isEqualTo("application/x-ndjson");
        assertThat(head.contentEncoding()).isEqualTo("gzip");
        assertThat(head.metadata()).containsEntry("made-by", "sluice");
        assertThat(head.storageClassAsString()).isEqualTo("STANDARD_IA");
        assertThat(s3.getObjectTagging(g -> g.bucket("kept").key(key)).join().tagSet())
                .singleElement()
                .satisfies(tag -> assertThat(tag.value()).isEqualTo("events"));
    }

    @Test
    void doesNotOverwriteWhatIsPutBetweenReadingAndReplacing() throws IOException {
        String bucket = "raced";
        moto.createBucket(bucket);
        moto.keepVersions(bucket);
        String key = "events/" + HOUR + "a";
        put(bucket, key, EraseFixture.block(Encoding.GZIP, 1, 10, 0).packed());
        byte[] theirs = EraseFixture.block(Encoding.GZIP, 2, 10, 1, 2).packed();
        Tally tally = new Tally();
        try (SdkObjectVersions store = new SdkObjectVersions(config())) {
            Racing racing = new Racing(store, () -> put(bucket, key, theirs));
            new ObjectErasure(
                            racing,
                            bucket,
                            lines -> {},
                            person(),
                            true,
                            tally,
                            line -> {},
                            new Ticker(new PrintWriter(new StringWriter()), () -> ""))
                    .erase(prefix(), Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        assertThat(tally.problems()).isEmpty();
        assertNowhere(bucket, JANE);
        assertThat(new String(
                                EraseFixture.unpacked(
                                        bytes(bucket, versions(bucket).getFirst())),
                                StandardCharsets.UTF_8)
                        .lines())
                .as("what they put, without her")
                .hasSize(8);
    }

    @Test
    void refusesToReplaceWhatIsNoLongerTheNewest() throws IOException {
        moto.createBucket("conditional");
        put("conditional", "k", new byte[] {1});
        try (SdkObjectVersions store = new SdkObjectVersions(config())) {
            Version version = store.list("conditional", "").next();
            put("conditional", "k", new byte[] {2});
            assertThatThrownBy(() -> store.replace("conditional", version, new byte[] {3}))
                    .isInstanceOf(ReplacedException.class);
            Version second = store.list("conditional", "").next();
            assertThat(store.replace("conditional", second, new byte[] {3})).isEqualTo(ObjectVersions.NO_ID);
            assertThat(bytes("conditional", store.list("conditional", "").next()))
                    .containsExactly(3);
        }
    }

    private static Person person() {
        return new Person(List.of(new Person.Clue.Field(List.of("uid"), JANE)), Set.of());
    }

    private static ObjectErasure.Prefix prefix() {
        return new ObjectErasure.Prefix() {
            @Override
            public String prefix() {
                return "events/";
            }

            @Override
            public String group(String key) {
                return "events";
            }

            @Override
            public int level() {
                return 1;
            }
        };
    }

    /** Does something once before it replaces. */
    private record Racing(ObjectVersions store, Runnable[] before) implements ObjectVersions {

        Racing(ObjectVersions store, Runnable once) {
            this(store, new Runnable[] {once});
        }

        @Override
        public Listing list(String bucket, String prefix) {
            return store.list(bucket, prefix);
        }

        @Override
        public InputStream open(String bucket, Version version) throws IOException {
            return store.open(bucket, version);
        }

        @Override
        public String replace(String bucket, Version newest, byte[] bytes) throws IOException {
            Runnable once = before[0];
            before[0] = () -> {};
            once.run();
            return store.replace(bucket, newest, bytes);
        }

        @Override
        public void put(String bucket, String key, byte[] bytes) throws IOException {
            store.put(bucket, key, bytes);
        }

        @Override
        public void delete(String bucket, Version version) throws IOException {
            store.delete(bucket, version);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private static void put(String bucket, String key, byte[] bytes) {
        moto.s3()
                .putObject(p -> p.bucket(bucket).key(key), AsyncRequestBody.fromBytes(bytes))
                .join();
    }

    private static void manifests(String bucket, Block... blocks) {
        StringBuilder lines = new StringBuilder();
        for (Block block : blocks) {
            lines.append(block.at(START_MILLIS).manifest());
        }
        put(bucket, "below/manifests/" + HOUR + "m", Samples.block(Encoding.GZIP, lines.toString()));
    }

    private static List<Version> versions(String bucket) throws IOException {
        List<Version> versions = new ArrayList<>();
        try (SdkObjectVersions store = new SdkObjectVersions(config())) {
            ObjectVersions.Listing listing = store.list(bucket, "");
            for (Version version = listing.next(); version != null; version = listing.next()) {
                versions.add(version);
            }
        }
        return versions;
    }

    private static List<Version> of(String key, List<Version> versions) {
        return versions.stream().filter(version -> version.key().equals(key)).toList();
    }

    private static byte[] bytes(String bucket, Version version) throws IOException {
        try (SdkObjectVersions store = new SdkObjectVersions(config());
                InputStream in = store.open(bucket, version)) {
            return in.readAllBytes();
        }
    }

    /** Byte by byte, in every version there is, packed and unpacked. */
    private static void assertNowhere(String bucket, String value) throws IOException {
        byte[] needle = value.getBytes(StandardCharsets.UTF_8);
        for (Version version : versions(bucket)) {
            if (!version.marker()) {
                byte[] bytes = bytes(bucket, version);
                assertThat(EraseFixture.indexOf(bytes, needle))
                        .as("%s", version)
                        .isNegative();
                assertThat(EraseFixture.indexOf(EraseFixture.unpacked(bytes), needle))
                        .as("%s", version)
                        .isNegative();
            }
        }
    }

    private static AwsConfig config() {
        return new AwsConfig(Moto.REGION, moto.endpoint().toString(), Duration.ofSeconds(30));
    }

    private int erase(String bucket, String... options) {
        return execute(
                "erase",
                bucket,
                options,
                "--audit-log",
                temp.resolve("audit.ndjson").toString());
    }

    private int reconcile(String bucket, String... options) {
        return execute("reconcile", bucket, options, "--grace", "0s");
    }

    private int execute(String command, String bucket, String[] options, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                command,
                "--s3",
                "s3://" + bucket + "/below",
                "--endpoint",
                moto.endpoint().toString()));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(more));
        StringWriter printed = new StringWriter();
        CommandLine line = Sluice.commandLine(
                new ReconcileCommand(), new EraseCommand(new DiskStorage(), new ByteArrayInputStream(new byte[0])));
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(printed));
        int exit = line.execute(arguments.toArray(String[]::new));
        out = printed.toString();
        return exit;
    }
}
