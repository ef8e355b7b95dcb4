package io.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonNodeParser;

/** Everybody in the race does the same work: the same call, signed, and an answer that is read. */
class ClientTest {

    private static final String TAKEN =
            "{\"FailedPutCount\":0,\"RequestResponses\":[{\"RecordId\":\"a\"},{\"RecordId\":\"b\"}]}";
    private static final String REFUSED =
            "{\"FailedPutCount\":1,\"RequestResponses\":[{\"RecordId\":\"a\"},{\"ErrorCode\":\"ServiceUnavailableException\"}]}";

    private record Called(JsonNode body, String target, String authorization) {}

    private final BlockingQueue<Called> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private volatile int status = 200;
    private volatile String answer = TAKEN;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        calls.add(new Called(
                JsonNodeParser.create().parse(body),
                exchange.getRequestHeaders().getFirst("X-Amz-Target"),
                exchange.getRequestHeaders().getFirst("Authorization")));
        byte[] bytes = answer.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Raced open(Client client) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return client.open(new AwsConfig("us-east-1", url, Duration.ofMinutes(1)));
    }

    private String put(Raced raced, byte[]... records) throws InterruptedException {
        raced.put(
                "sluice-events",
                List.of(records).stream().map(ByteBuffer::wrap).toList(),
                problem -> ends.add(problem == null ? "taken" : problem));
        return ends.poll(2, TimeUnit.MINUTES);
    }

    @ParameterizedTest
    @EnumSource
    void bringsBothRecordsUnderwaySignedAndReadsThatTheyWereTaken(Client client) throws InterruptedException {
        byte[] large = new byte[700_001];
        large[700_000] = 7;
        try (Raced raced = open(client)) {
            for (int call = 0; call < 3; call++) {
                assertThat(put(raced, large, new byte[] {1, 2})).isEqualTo("taken");

                Called called = calls.remove();
                assertThat(called.target).isEqualTo("Firehose_20150804.PutRecordBatch");
                assertThat(called.authorization)
                        .startsWith("AWS4-HMAC-SHA256 Credential=")
                        .contains("/us-east-1/firehose/aws4_request");
                assertThat(called.body.field("DeliveryStreamName").orElseThrow().text())
                        .isEqualTo("sluice-events");
                List<JsonNode> records =
                        called.body.field("Records").orElseThrow().asArray();
                assertThat(records).hasSize(2);
                assertThat(data(records.getFirst())).isEqualTo(large);
                assertThat(data(records.getLast())).containsExactly(1, 2);
            }
        }
    }

    private static byte[] data(JsonNode record) {
        return Base64.getDecoder().decode(record.field("Data").orElseThrow().text());
    }

    @ParameterizedTest
    @EnumSource
    void tellsRefusedRecordsAndRefusedCallsFromTakenOnes(Client client) throws InterruptedException {
        try (Raced raced = open(client)) {
            answer = REFUSED;
            assertThat(put(raced, new byte[1], new byte[1])).contains("refused");
            status = 400;
            answer = "{\"__type\":\"ResourceNotFoundException\"}";
            assertThat(put(raced, new byte[1], new byte[1])).isNotEqualTo("taken");
        }
    }

    @Test
    void isFoundByItsLabelAndByNoOther() {
        for (Client client : Client.values()) {
            assertThat(Client.of(client.label())).isSameAs(client);
        }
        assertThatThrownBy(() -> Client.of("apache"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("apache");
    }
}
