package io.sluice.bootstrap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.ConfigLoader;
import io.sluice.config.SluiceConfig;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.record.Encoding;
import io.sluice.testing.BeaconClient;
import io.sluice.testing.BeaconClient.Answer;
import io.sluice.testing.Delivered;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From a socket to the objects on disk, through the whole server and nothing else. */
@Timeout(120)
class EndToEndTest {

    @TempDir
    Path data;

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void whatIsSentIsFoundCleanedInEveryEncoding(Encoding encoding) throws Exception {
        int batches = 50;
        int perBatch = 40;
        try (Server server = start(encoding);
                BeaconClient client = new BeaconClient(server.httpPort())) {
            for (int batch = 0; batch < batches; batch++) {
                int b = batch;
                String body = "["
                        + String.join(
                                ",",
                                IntStream.range(0, perBatch)
                                        .mapToObj(i -> "{\"id\":\"" + b + "-" + i
                                                + "\",\"event\":\"search\",\"url\":\"https://shop.test/?q=jane%40example.com\","
                                                + "\"props\":{\"term\":\"jane.doe@example.com shoes\",\"n\":" + i
                                                + "}}")
                                        .toList())
                        + "]";
                Answer answer = client.post("/v1/events?k=demo", body, "User-Agent: test/1.0");
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                assertThat(Delivered.parse(answer.text())).containsEntry("accepted", (long) perBatch);
            }
            server.stop();
            assertThat(server.metrics().total(Counter.EVENTS_ACCEPTED)).isEqualTo(batches * perBatch);
            assertLaws(server);
        }
        List<Path> objects = Delivered.objects(data.resolve("s3/events"));
        assertThat(objects).isNotEmpty().allMatch(o -> o.toString().endsWith(encoding.extension()));
        Set<Object> ids = new HashSet<>();
        for (Map<String, Object> record : Delivered.records(data.resolve("s3/events"))) {
            assertThat(record)
                    .containsEntry("event", "search")
                    .containsEntry("shop", "demo")
                    .containsEntry("via", "v1");
            assertThat(record).containsEntry("ip", "127.0.0.0").containsEntry("ua", "test/1.0");
            assertThat(record.toString()).doesNotContain("example.com").contains("shoes");
            assertThat(ids.add(record.get("id"))).isTrue();
        }
        assertThat(ids).hasSize(batches * perBatch);
    }

    @Test
    void everyGaugeOfAStartedServerHasAValue() throws Exception {
        try (Server server = start(Encoding.GZIP)) {
            for (Gauge gauge : Gauge.values()) {
                // What only Firehose or TLS has shows no value while neither is in use.
                if (!gauge.name().startsWith("FIREHOSE_") && !gauge.name().startsWith("TLS_")) {
                    assertThat(server.metrics().value(gauge)).as(gauge.metric()).isNotNaN();
                }
            }
        }
    }

    @Test
    void aShopThatIsAddedToTheFileIsTakenWithoutARestart() throws Exception {
        Path shops = Files.writeString(data.resolve("shops.yaml"), "shops: {demo: {keys: [demo]}}\n");
        SluiceConfig config =
                config(Encoding.GZIP).option("test", "shops.file", shops).load();
        try (Server server = Server.start(config);
                BeaconClient client = new BeaconClient(server.httpPort())) {
            assertThat(client.get("/p.gif?k=added&e=a").status()).isEqualTo(403);
            Files.writeString(shops, "shops: {demo: {keys: [demo]}, other: {keys: [added]}}\n");
            while (client.get("/p.gif?k=added&e=a").status() != 200) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void everythingIsClosedEvenIfTheDrainCannotComplete() throws Exception {
        try (Server server = start(Encoding.GZIP);
                Socket halfway = new Socket("127.0.0.1", server.httpPort())) {
            halfway.getOutputStream()
                    .write("POST /v1/events?k=demo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
                            .getBytes(US_ASCII));
            while (server.metrics().value(Gauge.REQUESTS_IN_FLIGHT) == 0) {
                Thread.onSpinWait();
            }
            Thread.currentThread().interrupt();
            assertThatThrownBy(server::stop).isInstanceOf(InterruptedException.class);
            assertThatThrownBy(() -> new Socket("127.0.0.1", server.adminPort()).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aPixelIsAnsweredWithAnImageAndRecorded() throws Exception {
        try (Server server = start(Encoding.GZIP);
                BeaconClient client = new BeaconClient(server.httpPort())) {
            Answer answer = client.get("/p.gif?k=demo&e=page_view&url=https%3A%2F%2Fshop.test%2F&color=blue");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("content-type", "image/gif");
            assertThat(answer.headers().get("cache-control")).contains("no-store");
            assertThat(answer.body()).hasSizeLessThanOrEqualTo(43).startsWith('G', 'I', 'F', '8', '9', 'a');
            server.stop();
            assertLaws(server);
        }
        List<Map<String, Object>> records = Delivered.records(data.resolve("s3/events"));
        assertThat(records).hasSize(1);
        assertThat(records.getFirst()).containsEntry("event", "page_view").containsEntry("url", "https://shop.test/");
        assertThat(records.getFirst().get("props")).isEqualTo(Map.of("color", "blue"));
    }

    @Test
    void badEventsAreQuarantinedAndTheRestIsTaken() throws Exception {
        try (Server server = start(Encoding.GZIP);
                BeaconClient client = new BeaconClient(server.httpPort())) {
            Answer answer =
                    client.post("/v1/events?k=demo", "{\"event\":\"a\"}\n{bad\n{\"noname\":1}\n{\"event\":\"b\"}\n");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text())
                    .contains("\"accepted\":2,\"rejected\":2")
                    .contains("malformed-json", "event-missing");
            assertThat(client.post("/v1/events?k=demo", "[]").text())
                    .isEqualTo("{\"accepted\":0,\"rejected\":0,\"pos\":\"\"}");
            assertThat(client.post("/v1/events?k=demo", "hello").status()).isEqualTo(400);
            assertThat(client.post("/v1/events?k=nobody", "{\"event\":\"a\"}").status())
                    .isEqualTo(403);
            assertThat(client.post("/v1/events?k=demo", "[{\"event\":\"a\"},").status())
                    .isEqualTo(400);
            server.stop();
            assertLaws(server);
        }
        assertThat(Delivered.records(data.resolve("s3/events"))).hasSize(2);
        assertThat(Delivered.records(data.resolve("s3/rejected")))
                .extracting(record -> record.get("reason"))
                .containsExactly("malformed-json", "event-missing");
    }

    @Test
    void aCompressedBodyIsNotInflatedButRefused() throws Exception {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write("{\"event\":\"a\"}\n".repeat(1_000).getBytes(US_ASCII));
        }
        Map<String, byte[]> bodies = Map.of("gzip", gzip.toByteArray(), "zstd", new byte[] {
            0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 0x38, 3, 0, 16, '{'
        });
        try (Server server = start(Encoding.GZIP);
                BeaconClient client = new BeaconClient(server.httpPort())) {
            for (Map.Entry<String, byte[]> body : bodies.entrySet()) {
                client.sendRaw(("POST /v1/events?k=demo HTTP/1.1\r\nHost: b.example\r\nContent-Encoding: "
                                + body.getKey() + "\r\nContent-Length: " + body.getValue().length + "\r\n\r\n")
                        .getBytes(US_ASCII));
                client.sendRaw(body.getValue());
                Answer answer = client.receive();
                assertThat(answer.status()).as(body.getKey()).isEqualTo(415);
                assertThat(answer.text()).contains("\"encoding-unsupported\"");
            }
            server.stop();
            assertThat(server.metrics().total(Counter.EVENTS_DECODED)).isZero();
            assertLaws(server);
        }
    }

    @Test
    void pipelinedAnswersComeInTheOrderOfTheRequests() throws Exception {
        int requests = 50;
        try (Server server = start(Encoding.ZSTD);
                BeaconClient client = new BeaconClient(server.httpPort())) {
            for (int i = 0; i < requests; i++) {
                if (i % 3 == 0) {
                    client.send("GET", "/p.gif?k=demo&e=e" + i, null);
                } else {
                    client.send("POST", "/v1/events?k=demo", i % 3 == 1 ? "{\"event\":\"e" + i + "\"}" : "no json");
                }
            }
            for (int i = 0; i < requests; i++) {
                Answer answer = client.receive();
                assertThat(answer.status()).as("answer %d", i).isEqualTo(i % 3 == 2 ? 400 : 200);
                assertThat(answer.headers().get("content-type"))
                        .as("answer %d", i)
                        .startsWith(i % 3 == 0 ? "image/gif" : "application/json");
            }
            server.stop();
            assertLaws(server);
        }
        assertThat(Delivered.records(data.resolve("s3/events"))).hasSize(34);
    }

    private Server start(Encoding encoding) throws Exception {
        return Server.start(config(encoding).load());
    }

    private ConfigLoader config(Encoding encoding) {
        return new ConfigLoader()
                .option("test", "data", data)
                .option("test", "http.port", 0)
                .option("test", "admin.port", 0)
                .option("test", "groups[0].encoding", encoding.name().toLowerCase(Locale.ROOT));
    }

    private static void assertLaws(Server server) {
        long answered = total(server, Counter.REQUESTS_2XX)
                + total(server, Counter.REQUESTS_4XX)
                + total(server, Counter.REQUESTS_5XX);
        assertThat(total(server, Counter.REQUESTS_RECEIVED))
                .isEqualTo(answered + total(server, Counter.REQUESTS_ABANDONED));
        assertThat(server.metrics().value(Gauge.REQUESTS_IN_FLIGHT)).isZero();
        assertThat(total(server, Counter.EVENTS_DECODED))
                .isEqualTo(total(server, Counter.EVENTS_ACCEPTED) + total(server, Counter.EVENTS_REJECTED));
        assertThat(total(server, Counter.COMMITTED_RECORDS) + total(server, Counter.EVENTS_UNKEPT))
                .isEqualTo(total(server, Counter.EVENTS_DECODED));
        assertThat(server.metrics().value(Gauge.EVENTS_UNDER_WAY)).isZero();
        assertThat(total(server, Counter.DELIVERED_RECORDS)).isEqualTo(total(server, Counter.COMMITTED_RECORDS));
    }

    private static long total(Server server, Counter counter) {
        return server.metrics().total(counter);
    }
}
