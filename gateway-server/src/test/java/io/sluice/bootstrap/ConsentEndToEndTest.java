package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigLoader;
import io.sluice.metrics.Counter;
import io.sluice.testing.BeaconClient;
import io.sluice.testing.BeaconClient.Answer;
import io.sluice.testing.Delivered;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a visitor has said decides what reaches the disk. */
@Timeout(120)
class ConsentEndToEndTest {

    private static final String MARK = "VISITOR-4711";
    private static final String EVENT =
            "{\"id\":\"e-" + MARK + "\",\"event\":\"purchase\",\"uid\":\"" + MARK + "\",\"aid\":\"" + MARK
                    + "\",\"sid\":\"" + MARK + "\",\"url\":\"https://shop.test/cart?sid=" + MARK
                    + "\",\"props\":{\"total\":19.9,"
                    + "\"client_id\":\"" + MARK + "\"}}";

    @TempDir
    private Path data;

    @Test
    void noByteOfAnIdIsOnDiskOfAVisitorWhoHasRefused() throws Exception {
        List<String[]> refusals = List.of(
                new String[] {"Sec-GPC: 1"},
                new String[] {"DNT: 1"},
                new String[] {"Cookie: theme=" + MARK + "; OptanonConsent=groups=C0001%3A1%2CC0002%3A0"},
                new String[] {"Cookie: usprivacy=1YYN"},
                new String[] {"Viewer-Country: FR"});
        try (Server server = Server.start(config().load());
                BeaconClient client = new BeaconClient(server.httpPort())) {
            for (String[] headers : refusals) {
                Answer answer = client.post("/v1/events?k=demo", EVENT, headers);
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                assertThat(answer.text()).contains("\"accepted\":1");
                Answer pixel = client.get("/p.gif?k=demo&e=view&uid=" + MARK + "&gcs=G111", headers);
                assertThat(pixel.status()).isEqualTo(200);
            }
            server.stop();
            // The pixel's consent goes before what is nobody's refusal: that nothing was said in France.
            assertThat(server.metrics().total(Counter.CONSENT_ANONYMISED)).isEqualTo(9);
            assertThat(server.metrics().total(Counter.CONSENT_KEPT)).isEqualTo(1);
            assertThat(server.metrics().total(Counter.EVENTS_ACCEPTED)).isEqualTo(10);
        }
        List<Map<String, Object>> kept = new ArrayList<>();
        for (Map<String, Object> record : Delivered.records(data.resolve("s3/events"))) {
            if (record.toString().contains(MARK)) {
                kept.add(record);
                continue;
            }
            assertThat(record).doesNotContainKeys("uid", "aid", "sid", "ip", "ua");
            assertThat((Long) record.get("rt") % 3_600_000).isZero();
            assertThat((String) record.get("consent")).startsWith("anonymised:");
        }
        assertThat(kept).hasSize(1);
        assertThat(kept.getFirst()).containsEntry("uid", MARK);
    }

    @Test
    void journalAndObjectsHoldNothingOfIt() throws Exception {
        try (Server server = Server.start(config().load());
                BeaconClient client = new BeaconClient(server.httpPort())) {
            assertThat(client.post("/v1/events?k=demo", EVENT, "Sec-GPC: 1").status())
                    .isEqualTo(200);
            server.stop();
        }
        int seen = 0;
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // All groups are plain, so what is in a file can be seen.
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(text.contains(MARK)).as(file.toString()).isFalse();
                seen += text.contains("\"total\":19.9") ? 1 : 0;
            }
        }
        assertThat(seen).as("files with the record").isGreaterThanOrEqualTo(2);
    }

    @Test
    void aCountedEventIsCountedAndNoMore() throws Exception {
        Path policy = Files.writeString(
                data.resolve("counting.yaml"), "name: counting\nversion: 1\nconsent: {default: count}\n");
        Path shops = Files.writeString(data.resolve("shops.yaml"), "shops: {demo: {keys: [demo], policy: counting}}\n");
        try (Server server = Server.start(config().option("test", "shops.file", shops)
                        .option("test", "privacy.policies", policy)
                        .load());
                BeaconClient client = new BeaconClient(server.httpPort())) {
            assertThat(client.post("/v1/events?k=demo", EVENT).text()).contains("\"accepted\":1");
            server.stop();
            assertThat(server.metrics().total(Counter.CONSENT_COUNTED)).isEqualTo(1);
            assertThat(server.metrics().total(Counter.EVENTS_ACCEPTED)).isEqualTo(1);
        }
        assertThat(Delivered.records(data.resolve("s3/events")).getFirst())
                .containsOnlyKeys("id", "event", "shop", "rt", "consent", "via", "pv", "pos")
                .containsEntry("event", "purchase")
                .containsEntry("consent", "counted:unsaid");
    }

    @Test
    void noAnswerEverSetsACookie() throws Exception {
        List<Answer> answers = new ArrayList<>();
        try (Server server = Server.start(config().load());
                BeaconClient client = new BeaconClient(server.httpPort())) {
            for (String header : List.of("X-Any: 1", "Sec-GPC: 1", "Cookie: a=b", "Origin: https://shop.test")) {
                answers.add(client.get("/p.gif?k=demo&e=view", header));
                answers.add(client.post("/v1/events?k=demo", EVENT, header));
                answers.add(client.post("/v1/events?k=nobody", EVENT, header));
                answers.add(client.post("/v1/events?k=demo", "none", header));
                answers.add(client.get("/nothing", header));
                client.send("OPTIONS", "/v1/events", null, header, "Access-Control-Request-Method: POST");
                answers.add(client.receive());
            }
            server.stop();
        }
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.headers())
                        .doesNotContainKeys("set-cookie", "set-cookie2", "accept-ch", "etag", "last-modified"));
    }

    private ConfigLoader config() {
        return new ConfigLoader()
                .option("test", "data", data)
                .option("test", "http.port", 0)
                .option("test", "admin.port", 0)
                .option("test", "http.loops", 1)
                .option("test", "http.country-header", "Viewer-Country")
                .option("test", "http.trusted-proxies", "127.0.0.0/8")
                .option("test", "journal.direct", "off")
                .option("test", "groups[0].encoding", "ndjson");
    }
}
