package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What browsers need to be told before they let a page send, and see what became of it. */
class CorsTest {

    private static final String ALLOWED = "Origin: " + TestServer.ORIGIN + "\r\n";
    private static final String OTHER = "Origin: https://other.example\r\n";

    private TestServer server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        client = server.connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void aPreflightFromAListedOriginIsToldEverythingThatClientsSend() throws IOException {
        RawClient.Answer answer = ask("OPTIONS /v1/events?k=demo", ALLOWED + "Access-Control-Request-Method: POST\r\n");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(TestServer.ORIGIN);
        assertThat(answer.header("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("GET, POST");
        assertThat(answer.header("Access-Control-Allow-Headers").split(", "))
                .containsExactlyInAnyOrder(
                        "content-type", "authorization", "x-retry-count", "sp-anonymous", "x-write-key");
        assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("7200");
        assertThat(answer.header("Vary")).isEqualTo("Origin");
        assertThat(answer.header("Content-Length")).isNull();
        assertThat(server.intake.seen()).isEmpty();
    }

    @Test
    void aPreflightFromAnotherOriginIsRefusedWithoutItsHeaders() throws IOException {
        RawClient.Answer answer = ask("OPTIONS /v1/events", OTHER + "Access-Control-Request-Method: POST\r\n");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("\"origin-refused\"");
        assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
        assertThat(answer.header("Vary")).isEqualTo("Origin");
    }

    @Test
    void everyAnswerToAListedOriginCarriesItsHeadersErrorsToo() throws IOException {
        String[] requests = {"GET /p.gif", "POST /v1/events", "GET /v1/events", "GET /none", "OPTIONS /p.gif"};
        int[] statuses = {200, 200, 405, 404, 204};
        for (int i = 0; i < requests.length; i++) {
            RawClient.Answer answer = ask(requests[i], ALLOWED);
            assertThat(answer.status()).as(requests[i]).isEqualTo(statuses[i]);
            assertThat(answer.header("Access-Control-Allow-Origin"))
                    .as(requests[i])
                    .isEqualTo(TestServer.ORIGIN);
            assertThat(answer.header("Access-Control-Allow-Credentials"))
                    .as(requests[i])
                    .isEqualTo("true");
            assertThat(answer.header("Access-Control-Expose-Headers"))
                    .as(requests[i])
                    .isEqualTo("Retry-After");
        }
    }

    @Test
    void anotherOriginIsServedWithoutTheHeadersAndLeftToTheShop() throws IOException {
        RawClient.Answer answer = ask("GET /p.gif", OTHER);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
        assertThat(server.intake.seen().getFirst().origin()).isEqualTo("https://other.example");
    }

    @Test
    void optionsWithoutPreflightListsTheMethods() throws IOException {
        assertThat(ask("OPTIONS /v1/events", "").header("Allow")).isEqualTo("POST, OPTIONS");
        RawClient.Answer star = ask("OPTIONS *", "");
        assertThat(star.status()).isEqualTo(204);
        assertThat(star.header("Allow")).isEqualTo("GET, HEAD, POST, OPTIONS");
    }

    private RawClient.Answer ask(String start, String headers) throws IOException {
        return client.send(start + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n")
                .read();
    }
}
