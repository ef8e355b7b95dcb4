package io.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.metrics.Probe;
import io.sluice.metrics.Reason;
import io.sluice.metrics.Rule;
import io.sluice.metrics.ShopCells;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {

    private final Metrics metrics = new Metrics();
    private final Cells cells = metrics.newCells();
    private volatile List<String> failures = List.of();
    private volatile List<String> reasons = List.of();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = new AdminServer(
                new AdminConfig("127.0.0.1", 0, null, AdminToken.NONE), metrics, () -> failures, () -> reasons);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void metricsHoldEveryConstantUnderItsPrometheusName() throws IOException {
        String text = body(get("/metrics"));

        for (Counter counter : Counter.values()) {
            String name = Exporter.prometheusName(counter.metric(), counter.unit(), true);
            String label = counter.tag() == null ? " " : "{" + counter.tag() + "=\"" + counter.tagValue() + "\"} ";
            assertThat(text).contains("\n" + name + label).contains("# HELP " + name + " " + counter.help());
        }
        for (Reason reason : Reason.values()) {
            assertThat(text).contains("\nsluice_refused_total{reason=\"" + reason.code() + "\"} ");
        }
        for (Gauge gauge : Gauge.values()) {
            assertThat(text).contains("\n" + Exporter.prometheusName(gauge.metric(), gauge.unit(), false) + " ");
        }
        for (Probe probe : Probe.values()) {
            assertThat(text).contains("# TYPE " + Exporter.prometheusName(probe) + " summary");
        }
    }

    @Test
    void metricsShowWhatWasCounted() throws IOException {
        cells.add(Counter.EVENTS_DECODED, 12);
        metrics.newCells().add(Counter.EVENTS_DECODED, 30);
        cells.refuse(Reason.TOO_DEEP, 3);
        metrics.gauge(Gauge.CONNECTIONS, () -> 7);
        for (int i = 0; i < 100; i++) {
            cells.record(Probe.SYNC, i < 98 ? 1_000_000 : 64_000_000);
        }

        String text = body(get("/metrics"));

        assertThat(text)
                .contains("\nsluice_events_decoded_total 42.0\n")
                .contains("\nsluice_refused_total{reason=\"too-deep\"} 3.0\n")
                .contains("\nsluice_connections_open 7.0\n")
                .contains("\nsluice_journal_sync_seconds_count 100\n");
        assertThat(value(text, "sluice_journal_sync_seconds{quantile=\"0.5\"}")).isBetween(0.0009, 0.0011);
        assertThat(value(text, "sluice_journal_sync_seconds{quantile=\"0.999\"}"))
                .isBetween(0.063, 0.065);
        assertThat(value(text, "sluice_journal_sync_max_seconds")).isBetween(0.063, 0.065);
        assertThat(value(text, "sluice_journal_sync_seconds_sum")).isBetween(0.21, 0.24);
    }

    @Test
    void whatWasScrubbedIsShownByShopAndForPrometheusOfABoundedNumber() throws IOException {
        List<Rule> rules = List.of(new Rule("email", "hash"), new Rule("ip", "truncate"));
        ShopCells one = metrics.newShopCells(rules);
        ShopCells other = metrics.newShopCells(rules);
        one.add("shop-a", new int[] {2, 0});
        other.add("shop-a", new int[] {3, 1});

        assertThat(body(get("/scrubbed")))
                .isEqualTo("{\"shop\":\"shop-a\",\"kind\":\"email\",\"action\":\"hash\",\"count\":5}\n"
                        + "{\"shop\":\"shop-a\",\"kind\":\"ip\",\"action\":\"truncate\",\"count\":1}\n");
        assertThat(body(get("/metrics")))
                .contains("\nsluice_scrubbed_by_shop_total{action=\"hash\",kind=\"email\",shop=\"shop-a\"} 5.0\n")
                .doesNotContain("shop=\"(other)\"");

        for (int i = 0; i < ScrubbedByShop.MOST_SHOPS + 1; i++) {
            one.add("shop-" + i, new int[] {10 + i, 0});
        }
        // shop-a has its place, and of the others those with the fewest findings get none.
        assertThat(body(get("/metrics")))
                .contains("shop=\"shop-a\"", "shop=\"shop-2\"", "shop=\"shop-50\"")
                .contains("\nsluice_scrubbed_by_shop_total{action=\"hash\",kind=\"email\",shop=\"(other)\"} 21.0\n")
                .doesNotContain("shop=\"shop-0\"", "shop=\"shop-1\"");

        one.add("shop-0", new int[] {1000, 0});
        assertThat(body(get("/metrics"))).contains("shop=\"(other)\"} 1021.0\n").doesNotContain("shop=\"shop-0\"");
        assertThat(body(get("/scrubbed")).lines()).hasSize(ScrubbedByShop.MOST_SHOPS + 3);
    }

    @Test
    void healthAndReadinessTellWhatIsWrong() throws IOException {
        assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ").endsWith("{\"healthy\":true,\"failures\":[]}\n");
        assertThat(get("/readyz?x")).startsWith("HTTP/1.1 200 ").endsWith("{\"ready\":true,\"reasons\":[]}\n");

        failures = List.of("loop 1 is \"stuck\"\n");
        reasons = List.of("starting", "journal full");

        assertThat(get("/healthz"))
                .startsWith("HTTP/1.1 503 ")
                .contains("content-type: application/json")
                .endsWith("{\"healthy\":false,\"failures\":[\"loop 1 is \\\"stuck\\\"\\u000a\"]}\n");
        assertThat(get("/readyz"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("{\"ready\":false,\"reasons\":[\"starting\",\"journal full\"]}\n");
    }

    @Test
    void thePageShowsWhetherTheLawsHold() throws IOException {
        cells.add(Counter.EVENTS_DECODED, 1_500);
        cells.add(Counter.EVENTS_ACCEPTED, 1_400);
        cells.add(Counter.EVENTS_REJECTED, 100);
        cells.add(Counter.REQUESTS_RECEIVED, 9);
        cells.add(Counter.REQUESTS_2XX, 5);
        metrics.gauge(Gauge.REQUESTS_IN_FLIGHT, () -> 1);
        reasons = List.of("<draining>");

        String page = get("/");

        assertThat(page)
                .startsWith("HTTP/1.1 200 ")
                .contains("content-type: text/html")
                .contains("default-src 'none'")
                .contains("Healthy", "Not ready: &lt;draining&gt;")
                .contains("<b>1,500</b> decoded<td>= <b>1,400</b> accepted + <b>100</b> rejected<td class=good>holds")
                .contains("<b>9</b> received", "<b>1</b> in flight<td class=bad>off by 3")
                .contains("href=\"/metrics\"", "href=\"/healthz\"", "href=\"/readyz\"");
    }

    @Test
    void thePageNamesThePoliciesAndWhereItIsToldWhatTheyFound() throws IOException {
        assertThat(get("/")).doesNotContain("Scrubbed by").contains("<a href=\"/scrubbed\">/scrubbed</a>");
        server.policies(() -> List.of("gdpr version 1", "shop-a version 7"));
        assertThat(get("/"))
                .contains("Scrubbed by gdpr version 1, shop-a version 7: <a href=\"/scrubbed\">what was found</a>");
    }

    @Test
    void thePageShowsWhatBecomesOfThoseWhoCome() throws IOException {
        assertThat(get("/")).contains("<p class=good>Open</p>");
        metrics.gauge(Gauge.REQUESTS_WAITING, () -> 3);
        metrics.gauge(Gauge.ADMISSION_REFUSED, () -> 0);
        assertThat(get("/"))
                .contains("Reads are paused: 3 requests wait for room")
                .doesNotContain("Open");
        metrics.gauge(Gauge.ADMISSION_REFUSED, () -> 0.125);
        assertThat(get("/")).contains("Sheds: 13 % of the work is refused").doesNotContain("paused");
    }

    @Test
    void whatMovesWhileALawIsReadDoesNotBreakIt() {
        Metrics moving = new Metrics();
        Cells writer = moving.newCells();
        writer.add(Counter.REQUESTS_RECEIVED, 5);
        long[] pending = {0};
        // Each look at the gauge finds ten more in flight, of which the counter then knows.
        moving.gauge(Gauge.REQUESTS_IN_FLIGHT, () -> {
            writer.add(Counter.REQUESTS_RECEIVED, 10);
            return pending[0] += 10;
        });

        assertThat(Laws.read(moving))
                .allSatisfy(law -> assertThat(law.holds()).as(law.title()).isTrue());
        assertThat(Laws.read(moving).getFirst().difference()).isEqualTo(5);
    }

    @Test
    void headAnswersAsGetWithoutTheBody() throws IOException {
        String get = get("/readyz");
        String head = exchange("HEAD /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");

        assertThat(head).isEqualTo(get.substring(0, get.indexOf("\r\n\r\n") + 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"})
    void otherMethodsAreRefused(String method) throws IOException {
        assertThat(exchange(method + " /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("allow: GET, HEAD");
    }

    @Test
    void otherPathsAreNotFound() throws IOException {
        assertThat(get("/metrics/")).startsWith("HTTP/1.1 404 ");
        assertThat(get("//")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void largeAndBrokenRequestsEndTheConnection() throws IOException {
        String path = "/" + "x".repeat(10_000);

        assertThat(refusal("GET " + path + " HTTP/1.1\r\nhost: x\r\n\r\n")).isIn("", "HTTP/1.1 400");
        assertThat(refusal("GET / HTTP/1.1\r\na: " + path + "\r\n\r\n")).isIn("", "HTTP/1.1 400");
        assertThat(refusal("GET / HTTP/1.1\r\ncontent-length: 9\r\n\r\n" + "y".repeat(9)))
                .isIn("", "HTTP/1.1 413");
        assertThat(refusal("GET / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"))
                .isEqualTo("HTTP/1.1 413");
        assertThat(refusal("\u0001\u0002\r\n\r\n")).isEqualTo("HTTP/1.1 400");
        assertThat(get("/readyz")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void requestsOfOneConnectionAreAnsweredInOrder() throws IOException {
        String answers = exchange("GET /readyz HTTP/1.1\r\nhost: x\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
                + "GET /none HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");

        assertThat(answers).containsSubsequence("\"ready\":true", "\"healthy\":true", "404");
    }

    @Test
    void nothingMayBeReadByPagesOfOtherOrigins() throws IOException {
        assertThat(exchange(
                        "GET /metrics HTTP/1.1\r\nhost: x\r\norigin: https://e.example\r\nconnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContainIgnoringCase("access-control");
        assertThat(exchange("OPTIONS /metrics HTTP/1.1\r\nhost: x\r\norigin: https://e.example\r\n"
                        + "access-control-request-method: GET\r\naccess-control-request-headers: authorization\r\n"
                        + "connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .doesNotContainIgnoringCase("access-control");
    }

    @Test
    void othersThanThisMachineAreNotServedWithoutAToken() {
        for (String host : new String[] {"0.0.0.0", "::"}) {
            assertThatThrownBy(() -> new AdminServer(
                            new AdminConfig(host, 0, null, AdminToken.NONE), metrics, () -> failures, () -> reasons))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("admin.token-file");
        }
    }

    @Test
    void aPortInUseIsSaidWithItsKey() {
        assertThatThrownBy(() -> new AdminServer(
                        new AdminConfig("127.0.0.1", server.address().getPort(), null, AdminToken.NONE),
                        metrics,
                        () -> failures,
                        () -> reasons))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("admin.port " + server.address().getPort());
    }

    private String get(String path) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    }

    /** Sends all, and reads until the server closes. */
    private String exchange(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The status, or nothing where the kernel reset the connection, since not all that was sent had been read. */
    private String refusal(String request) throws IOException {
        try {
            String answer = exchange(request);
            return answer.substring(0, Math.min(12, answer.length()));
        } catch (SocketException e) {
            return "";
        }
    }

    private static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    private static double value(String text, String series) {
        return text.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + series));
    }
}
