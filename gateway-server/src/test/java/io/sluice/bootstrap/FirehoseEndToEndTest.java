package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aws.AwsConfig;
import io.sluice.aws.SdkObjectStore;
import io.sluice.config.ConfigLoader;
import io.sluice.delivery.Blocks;
import io.sluice.delivery.parked.BucketParking;
import io.sluice.journal.SealedBlock;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.record.Encoding;
import io.sluice.testing.BeaconClient;
import io.sluice.testing.BeaconClient.Answer;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Delivered;
import io.sluice.testing.Moto;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.firehose.model.CompressionFormat;

/** From a socket through the AWS SDK to objects in S3, against a Firehose that others have made. */
@Timeout(180)
@ExtendWith(CleanLog.class)
class FirehoseEndToEndTest {

    private static Moto moto;

    @TempDir
    private Path data;

    @BeforeAll
    static void startMoto() throws Exception {
        // No test machine should wait for the metadata of an instance that it is not.
        System.setProperty("aws.disableEc2Metadata", "true");
        moto = Moto.start();
    }

    @AfterAll
    static void stopMoto() {
        System.clearProperty("aws.disableEc2Metadata");
        if (moto != null) {
            moto.close();
        }
    }

    @Test
    void fourLinesOfConfigurationAreEnough() throws Exception {
        moto.createBucket("default");
        moto.createStream("sluice-events", "default", "events/", ".jsonl.gz");
        moto.createStream("sluice-rejected", "default", "rejected/", ".jsonl.gz");
        moto.createStream("sluice-manifests", "default", "manifests/", ".jsonl.gz");
        Path file = Files.writeString(data.resolve("sluice.yaml"), """
                delivery:
                  destination: firehose
                  firehose:
                    {region: us-east-1, endpoint: "%s"}
                """.formatted(moto.endpoint()));

        try (Server server = Server.start(loader().file(file).load());
                BeaconClient client = new BeaconClient(server.httpPort())) {
            assertThat(client.post("/v1/events?k=demo", "{\"event\":\"hello\"}\n{\"noname\":1}\n")
                            .status())
                    .isEqualTo(200);
            server.stop();
            assertThat(server.metrics().total(Counter.DELIVERED_RECORDS)).isEqualTo(2);
        }

        moto.download("default", data.resolve("objects"), ".jsonl.gz");
        assertThat(Delivered.records(data.resolve("objects/events")))
                .extracting(record -> record.get("event"))
                .containsExactly("hello");
        assertThat(Delivered.records(data.resolve("objects/rejected")))
                .extracting(record -> record.get("reason"))
                .containsExactly("event-missing");
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void whatIsSentLiesInS3RecordByRecord(Encoding encoding) throws Exception {
        String name = encoding.name().toLowerCase(Locale.ROOT);
        moto.createBucket(name);
        List<String> streams = List.of(name + "-1", name + "-2", name + "-3");
        for (String stream : streams) {
            moto.createStream(stream, name, stream + "/", encoding.extension());
        }
        moto.createStream(name + "-rejected", name, "rejected/", encoding.extension());
        Path file =
                Files.writeString(data.resolve("sluice.yaml"), """
                block: {limit: 64KiB, linger-max: 100ms}
                intake: {max-event: 32KiB}
                delivery:
                  destination: firehose
                  manifests: {send: off}
                  firehose: {region: us-east-1, endpoint: "%s"}
                groups:
                  - {name: events, encoding: %s, streams: "%s-{1..3}"}
                  - {name: rejected, encoding: %s, streams: [%s-rejected]}
                """.formatted(moto.endpoint(), name, name, name, name));

        Map<String, Object> sent = new TreeMap<>();
        try (Server server = Server.start(loader().file(file).load());
                BeaconClient client = new BeaconClient(server.httpPort())) {
            for (int batch = 0; batch < 60; batch++) {
                int b = batch;
                List<String> events = IntStream.range(0, 50)
                        .mapToObj(i -> "{\"id\":\"" + b + "-" + i + "\",\"event\":\"search\",\"props\":{\"n\":"
                                + (b * 1000 + i) + ",\"term\":\"" + word(b * 50 + i) + " naïve 日本\"}}")
                        .toList();
                for (String event : events) {
                    Map<String, Object> parsed = Delivered.parse(event);
                    sent.put((String) parsed.get("id"), parsed.get("props"));
                }
                Answer answer = client.post("/v1/events?k=demo", "[" + String.join(",", events) + "]");
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            }
            awaitOpen(server, 4);
            server.stop();
            assertThat(server.metrics().total(Counter.EVENTS_ACCEPTED)).isEqualTo(sent.size());
            assertThat(server.metrics().total(Counter.DELIVERED_RECORDS)).isEqualTo(sent.size());
            assertThat(server.metrics().total(Counter.FIREHOSE_RETRIED)).isZero();
            assertThat(server.metrics().total(Counter.FIREHOSE_BILLED_BYTES))
                    .isGreaterThanOrEqualTo(server.metrics().total(Counter.DELIVERED_BYTES))
                    .satisfies(billed -> assertThat(billed % 5120).isZero());
        }

        moto.download(name, data.resolve("objects"), encoding.extension());
        Map<String, Object> found = new TreeMap<>();
        Set<Object> positions = new HashSet<>();
        for (Map<String, Object> record : Delivered.records(data.resolve("objects"))) {
            assertThat(record).containsEntry("event", "search").containsEntry("shop", "demo");
            assertThat(found.put((String) record.get("id"), record.get("props")))
                    .as("twice: %s", record.get("id"))
                    .isNull();
            assertThat(positions.add(record.get("pos"))).isTrue();
        }
        assertThat(found).isEqualTo(sent);
    }

    /** Letters that hardly compress. Digits among them may by chance be somebody's number. */
    private static String word(int number) {
        StringBuilder word = new StringBuilder();
        for (int left = number * 0x9E3779B1; left != 0; left >>>= 4) {
            word.append((char) ('g' + (left & 15)));
        }
        return word.toString();
    }

    @Test
    void whatFirehoseCouldNotBeSentIsSentByTheNextStart(CleanLog.Expected log) throws Exception {
        moto.createBucket("later");
        moto.createStream("later-events", "later", "events/", ".jsonl.gz");
        moto.createStream("later-rejected", "later", "rejected/", ".jsonl.gz");
        String yaml = """
                delivery:
                  destination: firehose
                  drain-timeout: %s
                  manifests: {send: off}
                  firehose: {region: us-east-1, endpoint: "%s"}
                groups:
                  - {name: events, stream: later-events}
                  - {name: rejected, stream: later-rejected}
                """;
        log.line("its settings cannot be read");
        Path file = data.resolve("sluice.yaml");
        Files.writeString(file, yaml.formatted("100ms", "http://127.0.0.1:1"));
        try (Server server = Server.start(loader().file(file).load());
                BeaconClient client = new BeaconClient(server.httpPort())) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.post("/v1/events?k=demo", "{\"id\":\"" + i + "\",\"event\":\"a\"}")
                                .status())
                        .isEqualTo(200);
            }
            awaitStreamAsked(server);
            server.stop();
            assertThat(server.metrics().total(Counter.DELIVERED_RECORDS)).isZero();
        }

        Files.writeString(file, yaml.formatted("20s", moto.endpoint()));
        try (Server server = Server.start(loader().file(file).load())) {
            server.stop();
            assertThat(server.metrics().total(Counter.DELIVERED_RECORDS)).isEqualTo(20);
        }
        moto.download("later", data.resolve("objects"), ".jsonl.gz");
        assertThat(Delivered.records(data.resolve("objects")))
                .extracting(record -> record.get("id"))
                .doesNotHaveDuplicates()
                .hasSize(20);
    }

    @Test
    void aParkedBlockLiesInTheBucketWithItsReason() throws Exception {
        moto.createBucket("parking");
        AwsConfig aws = new AwsConfig(Moto.REGION, moto.endpoint().toString(), Duration.ofSeconds(10));
        SealedBlock block = Blocks.of("events", Encoding.GZIP, 3, "{}\n".getBytes(StandardCharsets.UTF_8));
        byte[] bytes = new byte[block.bytes().remaining()];
        block.bytes().duplicate().get(bytes);
        CompletableFuture<String> ended = new CompletableFuture<>();
        try (BucketParking parking = new BucketParking(new SdkObjectStore(aws), "parking", "refused/")) {
            parking.park(block, bytes, "invalid-argument", ended::complete);
            assertThat(ended.get(30, TimeUnit.SECONDS)).isNull();
        }
        CompletableFuture<String> missing = new CompletableFuture<>();
        try (BucketParking parking = new BucketParking(new SdkObjectStore(aws), "no-such-bucket", "")) {
            parking.park(block, bytes, "invalid-argument", missing::complete);
            assertThat(missing.get(30, TimeUnit.SECONDS)).isEqualTo("NoSuchBucket");
        }
        String key = "refused/events/1970/01/01/sluice-" + Blocks.INCARNATION + "-0-3-invalid-argument.jsonl.gz";
        assertThat(moto.metadata("parking", key))
                .containsEntry("sluice-reason", "invalid-argument")
                .containsEntry("sluice-records", "1");
        moto.download("parking", data.resolve("objects"), ".jsonl.gz");
        assertThat(Delivered.lines(data.resolve("objects"))).containsExactly("{}");
    }

    @Test
    void aStreamThatPacksByItselfIsNotUsedAndItsBlocksStayInTheJournal(CleanLog.Expected log) throws Exception {
        moto.createBucket("wrong");
        moto.createStream("wrong-events", "wrong", "events/", ".jsonl.gz", CompressionFormat.GZIP);
        moto.createStream("wrong-rejected", "wrong", "rejected/", ".jsonl.gz");
        Path file = Files.writeString(data.resolve("sluice.yaml"), """
                delivery:
                  destination: firehose
                  drain-timeout: 100ms
                  manifests: {send: off}
                  firehose: {region: us-east-1, endpoint: "%s"}
                groups:
                  - {name: events, stream: wrong-events}
                  - {name: rejected, stream: wrong-rejected}
                """.formatted(moto.endpoint()));
        log.line("stream wrong-events is not used: its compression is GZIP, expected UNCOMPRESSED");

        try (Server server = Server.start(loader().file(file).load());
                BeaconClient client = new BeaconClient(server.httpPort())) {
            awaitOpen(server, 1);
            assertThat(client.post("/v1/events?k=demo", "{\"event\":\"a\"}").status())
                    .isEqualTo(200);
            server.stop();
            assertThat(server.metrics().value(Gauge.FIREHOSE_STREAMS_REFUSED)).isEqualTo(1);
            assertThat(server.metrics().total(Counter.DELIVERED_RECORDS)).isZero();
            assertThat(server.metrics().value(Gauge.JOURNAL_PENDING_RECORDS)).isEqualTo(1);
        }
    }

    private ConfigLoader loader() {
        return new ConfigLoader()
                .option("test", "data", data)
                .option("test", "http.port", 0)
                .option("test", "admin.port", 0);
    }

    /** Until the first check has failed, which is told in the log. */
    private static void awaitStreamAsked(Server server) throws InterruptedException {
        while (server.metrics().total(Counter.FIREHOSE_CHECKS) == 0) {
            // Polls a condition under the test's timeout: the checks run on threads of the SDK.
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void awaitOpen(Server server, int streams) throws InterruptedException {
        while (server.metrics().value(Gauge.FIREHOSE_STREAMS_OPEN) < streams) {
            // Polls a condition under the test's timeout: the checks run on threads of the SDK.
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
