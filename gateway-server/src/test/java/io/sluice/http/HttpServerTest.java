package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import io.sluice.protocol.Protocol;
import io.sluice.ring.Reply;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests in, answers out: what the intake sees of a request, and what the client sees of an answer. */
class HttpServerTest {

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
    void aPixelReachesTheIntakeAndIsAnsweredWithAnImage() throws IOException {
        client.send("GET /p.gif?k=demo&e=view HTTP/1.1\r\nHost: x\r\nUser-Agent: Agent/1\r\n\r\n");
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("image/gif");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.body()).hasSizeLessThanOrEqualTo(43).startsWith('G', 'I', 'F', '8', '9', 'a');
        assertThat(server.intake.seen())
                .containsExactly(
                        new FakeIntake.Seen(Protocol.PIXEL, "k=demo&e=view", "", "Agent/1", "", "", "127.0.0.1"));
    }

    @Test
    void aBatchIsAnsweredWithItsPositionLast() throws IOException {
        client.send("POST /v1/events?k=demo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n[{},{");
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.text()).matches("\\{\"n\":\"k=demo\",\"length\":5,\"pos\":\"[^\"]{34}\"}");
        assertThat(server.intake.seen().getFirst().body()).isEqualTo("[{},{");
    }

    @Test
    void theKeyIsReadFromItsHeaderOrFromTheBasicUser() throws IOException {
        String head = "GET /p.gif HTTP/1.1\r\nHost: x\r\n";
        client.send(head + "X-Write-Key: abc\r\nAuthorization: Basic ZGVtbzo=\r\n\r\n");
        client.send(head + "Authorization: Basic ZGVtbzo=\r\n\r\n"); // demo:
        client.send(head + "authorization: basic ZGVtbzpwYXNz\r\n\r\n"); // demo:pass
        client.send(head + "Authorization: Basic ZGVtbw==\r\n\r\n"); // demo
        client.send(head + "Authorization: Basic Z!Vtbzo=\r\n\r\n");
        client.send(head + "Authorization: Bearer ZGVtbzo=\r\n\r\n");
        client.send(head + "Authorization: Basic \r\n\r\n");
        for (int i = 0; i < 7; i++) {
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(server.intake.seen())
                .extracting(FakeIntake.Seen::key)
                .containsExactly("abc", "demo", "demo", "demo", "", "", "");
    }

    @Test
    void anAbsoluteTargetIsServedLikeItsPath() throws IOException {
        client.send("GET http://a.example:80/p.gif?k=1 HTTP/1.1\r\nHost: a.example\r\n\r\n");
        client.send("GET HTTPS://a.example/p.gif?u=http://b/c HTTP/1.1\r\nHost: a.example\r\n\r\n");
        client.send("GET http://a.example?/p.gif HTTP/1.1\r\nHost: a.example\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(client.read().status()).isEqualTo(404);
        assertThat(server.intake.seen()).extracting(FakeIntake.Seen::query).containsExactly("k=1", "u=http://b/c");
    }

    @Test
    void headIsAnsweredLikeGetWithoutABodyAndRecordsNothing() throws IOException {
        client.send("HEAD /p.gif?k=demo HTTP/1.1\r\nHost: x\r\n\r\nHEAD /none HTTP/1.1\r\nHost: x\r\n\r\n");
        RawClient.Answer image = client.readHead();
        assertThat(image.status()).isEqualTo(200);
        assertThat(image.header("Content-Length")).isEqualTo("43");
        RawClient.Answer none = client.readHead();
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.header("Content-Length")).isNotEqualTo("0");
        client.send("GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.read().body()).hasSize(43);
        assertThat(server.intake.seen()).hasSize(1);
    }

    @Test
    void aPathThatIsNotServedIsRefusedAndTheConnectionGoesOn() throws IOException {
        client.send("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text())
                .isEqualTo("{\"error\":{\"reason\":\"not-found\","
                        + "\"message\":\"The request names a path that is not served here.\"}}");
        client.send("GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(server.metrics.total(Reason.NOT_FOUND)).isEqualTo(1);
    }

    @Test
    void aMethodThatThePathDoesNotTakeIsToldWhichItTakes() throws IOException {
        client.send("DELETE /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("POST, OPTIONS");
        client.send("POST /p.gif HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.read().header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
        client.send("BREW /p.gif HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(405);
    }

    @Test
    void aChunkedBodyIsJoined() throws IOException {
        client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nTrailer: t\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(server.intake.seen().getFirst().body()).isEqualTo("hello world");
    }

    @Test
    void aClientThatAsksIsToldToSendItsBody() throws IOException {
        String head = "POST /v1/events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
        client.send(head);
        assertThat(client.read().status()).isEqualTo(100);
        client.send("{}");
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(server.intake.seen().getFirst().body()).isEqualTo("{}");
    }

    @Test
    void aClientIsNotToldToSendABodyThatWouldBeRefused() throws IOException {
        client.send("POST /none HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void theContinueComesAfterTheAnswersBeforeIt() throws Exception {
        server.intake.mode = FakeIntake.Mode.HOLD;
        client.send("GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\nPOST /v1/events HTTP/1.1\r\nHost: x\r\n"
                + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        server.intake.reply(server.intake.held.take());
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(client.read().status()).isEqualTo(100);
        client.send("{}");
        server.intake.reply(server.intake.held.take());
        assertThat(client.read().status()).isEqualTo(200);
    }

    @Test
    void anotherExpectationFails() throws IOException {
        client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\nContent-Length: 2\r\n\r\n");
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(417);
        assertThat(client.ended()).isTrue();
        assertThat(server.metrics.total(Reason.BAD_REQUEST)).isEqualTo(1);
    }

    @Test
    void connectionsStayOpenByTheRulesOfTheirVersion() throws IOException {
        assertThat(stays("HTTP/1.1\r\nHost: x\r\n")).isTrue();
        assertThat(stays("HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n")).isTrue();
        assertThat(stays("HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n")).isFalse();
        assertThat(stays("HTTP/1.0\r\n")).isFalse();
        assertThat(stays("HTTP/1.0\r\nConnection: Keep-Alive\r\n")).isTrue();
    }

    private boolean stays(String version) throws IOException {
        try (RawClient one = server.connect()) {
            one.send("GET /p.gif " + version + "\r\n");
            RawClient.Answer answer = one.read();
            if ("close".equals(answer.header("Connection"))) {
                assertThat(one.ended()).isTrue();
                return false;
            }
            assertThat(answer.header("Connection")).isEqualTo(version.startsWith("HTTP/1.0") ? "keep-alive" : null);
            one.send("GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n");
            return one.read().status() == 200;
        }
    }

    @Test
    void whatComesBehindAClosingRequestIsNotLookedAt() throws IOException {
        client.send(
                "GET /p.gif HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(client.ended()).isTrue();
        assertThat(server.intake.seen()).hasSize(1);
    }

    @Test
    void aClientThatHasEndedItsSideStillGetsItsAnswers() throws Exception {
        server.intake.mode = FakeIntake.Mode.HOLD;
        client.send("GET /p.gif?1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /v1/events?2 HTTP/1.1\r\nHost: x\r\n\r\n");
        client.endOutput();
        Reply first = server.intake.held.take();
        server.intake.reply(server.intake.held.take());
        server.intake.reply(first);
        assertThat(client.read().header("Content-Type")).isEqualTo("image/gif");
        RawClient.Answer last = client.read();
        assertThat(last.text()).startsWith("{\"n\":\"2\"");
        assertThat(last.header("Connection")).isEqualTo("close");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void aRequestThatIsCutOffIsRefused() throws IOException {
        client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{}");
        client.endOutput();
        assertThat(client.read().status()).isEqualTo(400);
        assertThat(client.ended()).isTrue();
        assertThat(server.intake.seen()).isEmpty();
    }

    @Test
    void aHeadThatIsCutOffIsNoRequest() throws IOException {
        client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\n");
        client.endOutput();
        assertThat(client.ended()).isTrue();
        assertThat(server.total(Counter.REQUESTS_RECEIVED)).isZero();
    }

    @Test
    void anErrorOfOneRequestIs500AndTheConnectionGoesOn(CleanLog.Expected log) throws IOException {
        log.line("Request answered 500: java.lang.IllegalStateException at io.sluice.http.FakeIntake");
        server.intake.mode = FakeIntake.Mode.THROW;
        client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text()).contains("\"internal\"").doesNotContain("secret");
        server.intake.mode = FakeIntake.Mode.REPLY_AT_ONCE;
        client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
        assertThat(client.read().status()).isEqualTo(200);
    }

    @Test
    void aCompressedBodyIsRefusedAndTheConnectionGoesOn() throws IOException {
        for (Protocol protocol : Protocol.values()) {
            String head = protocol.method() + " " + protocol.path() + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n";
            if (protocol.method() == Protocol.Method.POST) {
                for (String coding : new String[] {"gzip", "identity, br", "identity\r\nContent-Encoding: zstd", "x"}) {
                    client.send(head + "Content-Encoding: " + coding + "\r\n\r\n{}");
                    RawClient.Answer answer = client.read();
                    assertThat(answer.status()).as(coding).isEqualTo(415);
                    assertThat(answer.text()).contains("\"encoding-unsupported\"", "not taken yet");
                    assertThat(answer.header("Accept-Encoding")).isEqualTo("identity");
                }
            }
            for (String coding : new String[] {"identity", "Identity", ""}) {
                client.send(head + "Content-Encoding: " + coding + "\r\n\r\n{}");
                assertThat(client.read().status()).as(coding).isEqualTo(200);
            }
        }
        assertThat(server.metrics.total(Reason.ENCODING_UNSUPPORTED)).isPositive();
        assertThat(server.intake.seen()).hasSize(3 * Protocol.values().length);
    }

    @Test
    void whoAsksFirstNeedNotSendACompressedBody() throws IOException {
        client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n"
                + "Content-Encoding: gzip\r\n\r\n");
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.header("Connection")).isEqualTo("close");
    }

    @Test
    void whatIsAmbiguousInAHeadIsSaid() throws IOException {
        String head = "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1";
        String[][] cases = {
            {head + "\r\nContent-Length: 2\r\n\r\n", "more than one Content-Length"},
            {head + ", 1\r\n\r\n", "more than one Content-Length"},
            {head + "\r\nTransfer-Encoding: chunked\r\n\r\n", "both a Content-Length and a Transfer-Encoding"},
            {head + "x\r\n\r\n", "not a well-formed HTTP request"},
        };
        for (String[] one : cases) {
            try (RawClient asking = server.connect()) {
                RawClient.Answer answer = asking.send(one[0]).read();
                assertThat(answer.status()).as(one[0]).isEqualTo(400);
                assertThat(answer.text()).contains("\"bad-request\"", one[1]);
                assertThat(asking.ended()).isTrue();
            }
        }
        assertThat(server.metrics.total(Reason.BAD_REQUEST)).isEqualTo(cases.length);
    }

    @Test
    void malformedRequestsAreRefusedAndTheConnectionEnds() throws IOException {
        String[] requests = {
            "GET /p.gif HTTP/1.1\r\n\r\n",
            "GET /p.gif HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET /p.gif HTTP/1.1\r\nHost: a b\r\n\r\n",
            "GET /p.gif HTTP/2.0\r\nHost: a\r\n\r\n",
            "GET p.gif HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /p.gif\u0001 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /p.gif HTTP/1.1\nHost: a\n\n",
            "GET /p.gif HTTP/1.1\r\nHost : a\r\n\r\n",
            "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
            "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST /v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "POST /v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            "\u0000\u0001\u0002\r\n\r\n",
        };
        for (String request : requests) {
            try (RawClient one = server.connect()) {
                one.send(request);
                RawClient.Answer answer = one.read();
                assertThat(answer.status()).as(request).isEqualTo(400);
                assertThat(answer.header("Connection")).as(request).isEqualTo("close");
                assertThat(one.ended()).as(request).isTrue();
            }
        }
        assertThat(server.intake.seen()).isEmpty();
        assertThat(server.metrics.total(Reason.BAD_REQUEST)).isEqualTo(requests.length);
    }
}
