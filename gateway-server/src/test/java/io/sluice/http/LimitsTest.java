package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is too long, too large, or takes too long. */
class LimitsTest {

    private static final HttpConfig SMALL = new HttpConfig(
            "127.0.0.1",
            0,
            HttpConfig.Transport.AUTO,
            1,
            100,
            200,
            1000,
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            64,
            16,
            TlsConfig.NONE);

    @Test
    void aRequestLineMayBeAsLongAsTheLimitAndNoLonger() throws IOException {
        String fits = "GET /p.gif?" + "q".repeat(100 - 20) + " HTTP/1.1";
        assertThat(fits).hasSize(100);
        try (TestServer server = new TestServer(SMALL);
                RawClient client = server.connect()) {
            client.send(fits + "\r\nHost: x\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            client.send(fits.replace("?", "?q") + "\r\nHost: x\r\n\r\n");
            RawClient.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(414);
            assertThat(answer.text()).contains("a request line longer than the limit of 100 bytes.");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void headersMayBeAsLargeAsTheLimitAndNoLarger() throws IOException {
        String head = "GET /p.gif HTTP/1.1\r\nOrigin: " + TestServer.ORIGIN + "\r\nHost: x\r\nA: ";
        int before = "Host: x".length() + "Origin: ".length() + TestServer.ORIGIN.length() + "A: ".length();
        try (TestServer server = new TestServer(SMALL);
                RawClient client = server.connect()) {
            client.send(head + "a".repeat(200 - before) + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            client.send(head + "a".repeat(201 - before) + "\r\n\r\n");
            RawClient.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(431);
            assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(TestServer.ORIGIN);
            assertThat(client.ended()).isTrue();
            assertThat(server.metrics.total(Reason.HEADERS_TOO_LARGE)).isEqualTo(1);
        }
    }

    @Test
    void aBodyMayBeAsLargeAsTheLimitAndIsRefusedByItsLengthBeforeItComes() throws IOException {
        try (TestServer server = new TestServer(SMALL);
                RawClient client = server.connect()) {
            client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + "b".repeat(1000));
            assertThat(client.read().text()).contains("\"length\":1000");
            client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
            RawClient.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text()).contains("a body larger than the limit of 1000 bytes.");
            // What it sends all the same does not destroy the answer.
            client.send("b".repeat(1001));
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aChunkedBodyIsRefusedAsSoonAsItIsTooLarge() throws IOException {
        String chunk = "1f4\r\n" + "c".repeat(500) + "\r\n";
        try (TestServer server = new TestServer(SMALL);
                RawClient client = server.connect()) {
            String head = "POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
            client.send(head + chunk + chunk + "0\r\n\r\n");
            assertThat(client.read().text()).contains("\"length\":1000");
            client.send(head + chunk + chunk + "1\r\nc");
            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aBodyOfARefusedRequestIsSkippedOnlyUpToTheLimit() throws IOException {
        String chunk = "1f4\r\n" + "c".repeat(500) + "\r\n";
        try (TestServer server = new TestServer(SMALL);
                RawClient client = server.connect()) {
            String head = "POST /none HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
            client.send(head + chunk + chunk + "0\r\n\r\n" + head);
            assertThat(client.read().header("Connection")).isNull();
            client.send(chunk + chunk + "1\r\nc");
            RawClient.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
        }
    }

    private static HttpConfig inFlight(long bytes) {
        LimitsConfig d = LimitsConfig.DEFAULT;
        return SMALL.with(new LimitsConfig(
                d.connections(),
                d.connectionsOfAddress(),
                d.requests(),
                d.fields(),
                d.firstByte(),
                d.head(),
                d.body(),
                d.bodyBytesPerSecond(),
                bytes,
                LimitsConfig.AUTO));
    }

    @ParameterizedTest
    @CsvSource({LimitsConfig.AUTO + ", 64", "5500, 5"})
    void unfinishedBodiesOfAllConnectionsTogetherAreBounded(long bytes, int room) throws Exception {
        String begun = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[";
        List<RawClient> halfway = new ArrayList<>();
        try (TestServer server = new TestServer(inFlight(bytes));
                RawClient refused = server.connect()) {
            for (int i = 0; i < room; i++) {
                halfway.add(server.connect().send(begun));
            }
            while (server.inFlight() < room) {
                server.settle();
            }
            server.settle();
            refused.send(begun);
            while (server.inFlight() < room + 1) {
                server.settle();
            }
            refused.send("]");
            RawClient.Answer answer = refused.read();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(server.metrics.total(Reason.OVERLOADED)).isEqualTo(1);
            assertThat(server.total(Counter.LIMIT_IN_FLIGHT)).isEqualTo(1);

            // Those that have room are served, and what they give back serves the next, on the same connection.
            assertThat(halfway.getFirst().send("]").read().status()).isEqualTo(200);
            refused.send(begun);
            while (server.inFlight() < room) {
                server.settle();
            }
            assertThat(refused.send("]").read().status()).isEqualTo(200);
            for (RawClient client : halfway) {
                client.close();
            }
        }
    }

    @Test
    void aLargeBodyInManyReadsArrivesWhole() throws IOException {
        int bytes = TestServer.CONFIG.maxBodyBytes();
        StringBuilder body = new StringBuilder();
        for (int i = 0; body.length() < bytes; i++) {
            body.append(i).append(',');
        }
        body.setLength(bytes);
        try (TestServer server = new TestServer();
                RawClient client = server.connect()) {
            client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: " + bytes + "\r\n\r\n" + body);
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(server.intake.seen().getFirst().body()).isEqualTo(body.toString());
        }
    }

    @Test
    void aConnectionOnWhichNothingHappensIsClosedButNotOneThatWaitsForItsAnswer() throws Exception {
        HttpConfig brief = new HttpConfig(
                SMALL.host(),
                0,
                SMALL.transport(),
                1,
                100,
                200,
                1000,
                Duration.ofSeconds(2),
                Duration.ofSeconds(9),
                64,
                16,
                TlsConfig.NONE);
        try (TestServer server = new TestServer(brief);
                RawClient silent = server.connect();
                RawClient halfway = server.connect();
                RawClient patient = server.connect()) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            patient.send("GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n");
            halfway.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{");
            assertThat(silent.ended()).isTrue();
            assertThat(halfway.ended()).isTrue();
            server.intake.reply(server.intake.held.take());
            assertThat(patient.read().status()).isEqualTo(200);
            assertThat(patient.ended()).isTrue();
            while (server.total(Counter.CONNECTIONS_CLOSED) < 3) {
                server.settle();
            }
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isEqualTo(1);
        }
    }

    @Test
    void aClientThatDoesNotTakeItsAnswersIsNotReadFromAnyMore() throws Exception {
        try (TestServer server = new TestServer();
                RawClient client = server.connect()) {
            // Refusals are answered by the front alone: only the client's own slowness can stop them.
            byte[] requests =
                    "GET /none HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000).getBytes();
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; i < 2000; i++) {
                        client.send(requests);
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            long before;
            do {
                before = server.total(Counter.REQUESTS_RECEIVED);
                sender.join(200);
            } while (before == 0 || before < server.total(Counter.REQUESTS_RECEIVED));
            assertThat(sender.isAlive()).as("the sender is held up").isTrue();
            for (long i = 0; i < before; i++) {
                assertThat(client.read().status()).isEqualTo(404);
            }
            assertThat(client.read().status()).as("it is read from again").isEqualTo(404);
            client.reset();
            sender.join();
        }
    }
}
