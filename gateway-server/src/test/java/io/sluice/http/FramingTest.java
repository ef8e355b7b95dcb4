package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However the network cuts a stream of requests, the intake sees the same requests and the client the same answers. */
class FramingTest {

    private static final byte[] STREAM = ("GET /p.gif?k=demo&e=a%20b HTTP/1.1\r\nHost: x\r\nUser-Agent: Agent/1\r\n\r\n"
                    + "POST /v1/events?k=demo HTTP/1.1\r\nHost: x\r\nContent-Length: 27\r\n\r\n"
                    + "{\"e\":\"v\u00c3\u00a9\",\"x\":[1,2,3,4,5]}"
                    + "POST /v1/events HTTP/1.1\r\nHost: x\r\nX-Write-Key: demo\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "4\r\n[{},\r\n3;ext=1\r\n{}]\r\n0\r\n\r\n"
                    + "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nGET "
                    + "OPTIONS /v1/events HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.example\r\n"
                    + "Access-Control-Request-Method: POST\r\n\r\n"
                    + "GET /p.gif?k=demo&last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    private static final int REQUESTS = 6;

    /** Up to its last chunk. */
    private static final String CHUNKED =
            "POST /v1/events?k=demo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n";

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aStreamCutAtAnyOffsetHoldsTheSameRequests() throws Exception {
        List<String> whole = answersTo();
        List<FakeIntake.Seen> requests = server.intake.seen();
        assertThat(requests).hasSize(4);
        for (int cut = 1; cut < STREAM.length; cut++) {
            server.intake.seen.clear();
            assertThat(answersTo(cut)).as("cut at %s", cut).isEqualTo(whole);
            assertThat(server.intake.seen()).as("cut at %s", cut).isEqualTo(requests);
        }
    }

    @Test
    void aStreamThatComesByteByByteHoldsTheSameRequests() throws Exception {
        List<String> whole = answersTo();
        List<FakeIntake.Seen> requests = server.intake.seen();
        server.intake.seen.clear();
        int[] everywhere = new int[STREAM.length - 1];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i + 1;
        }
        assertThat(answersTo(everywhere)).isEqualTo(whole);
        assertThat(server.intake.seen()).isEqualTo(requests);
    }

    @Test
    void whatADraftOfWebSocketTookForABodyHidesNoRequest() throws Exception {
        String keys = "GET /p.gif?k=demo&e=a HTTP/1.1\r\nHost: x\r\n"
                + "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n";
        try (RawClient client = server.connect()) {
            client.send(keys + "GET /p.gif?k=demo&e=b HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.ended()).isTrue();
        }
        assertThat(server.intake.seen()).isEmpty();
    }

    @Test
    void aFieldThatGoesOnInTheNextLineIsRefused() throws Exception {
        for (String fields : List.of(
                "A: b\r\n\tTransfer-Encoding: chunked\r\n",
                "User-Agent: a\r\n b\r\n",
                "Connection: keep-alive,\r\n close\r\n",
                "X-Forwarded-For: 192.0.2.1,\r\n 192.0.2.2\r\n",
                "B: x\r\n \r\nC: d\r\n")) {
            String request = "GET /p.gif?k=demo&e=a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
            assertRefused(fields, request);
        }
        assertThat(server.intake.seen()).isEmpty();
    }

    @Test
    void aFieldBehindABodyThatGoesOnInTheNextLineIsRefused() throws Exception {
        for (String fields : List.of(
                "A: b\r\n c\r\n",
                "A: b\r\n\tTransfer-Encoding: chunked\r\n",
                " A: b\r\n",
                "Trailer: b\r\n c\r\nD: e\r\n",
                "B: x\r\n \r\nC: d\r\n")) {
            for (String last : List.of("0\r\n", "000;ext=1\r\n")) {
                String request = CHUNKED + last + fields + "\r\n";
                assertRefused(fields, request);
            }
        }
        assertThat(server.intake.seen()).isEmpty();
    }

    @Test
    void fieldsBehindABodyCountAsThoseBeforeIt() throws Exception {
        LimitsConfig limits = TestServer.CONFIG.limits();
        // Two stand in the head. Netty drops the names of framing, which count all the same.
        String one = "Content-Length: 1\r\n";
        int most = limits.fields() - 2;
        try (RawClient client = server.connect()) {
            client.send(CHUNKED + "0\r\n" + one.repeat(most) + "\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            // Those of another request do not.
            client.send("POST /v1/events?k=demo HTTP/1.1\r\nHost: x\r\nX-A: \u00e4\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(client.read().status()).isEqualTo(200);
            client.send(CHUNKED + "0\r\n" + one.repeat(most + 1) + "\r\n");
            assertThat(client.read().status()).isEqualTo(431);
            assertThat(client.ended()).isTrue();
        }
        int bytes = TestServer.CONFIG.maxHeaderBytes();
        String half = "X-Half: " + "x".repeat(bytes / 2 + 100) + "\r\n";
        try (RawClient client = server.connect()) {
            client.send(CHUNKED.replace("Host: x\r\n", "Host: x\r\n" + half) + "0\r\n" + half + "\r\n");
            assertThat(client.read().status()).isEqualTo(431);
            assertThat(client.ended()).isTrue();
        }
        assertThat(server.intake.seen()).hasSize(2);
    }

    @Test
    void aLineOfABodyMayBeginWithASpace() throws Exception {
        String request = "POST /v1/events?k=demo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "4\r\n[\r\n \r\n3\r\n{}]\r\n0\r\n\r\n";
        try (RawClient client = server.connect()) {
            client.send(request + "GET /p.gif?k=demo&e=b HTTP/1.1\r\nHost: x\r\nX-Odd: \u00e4\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(server.intake.seen()).hasSize(2);
    }

    /** Twice at once, and a byte at a time: answered with 400, once, and ended. */
    private void assertRefused(String what, String request) throws Exception {
        for (boolean piecemeal : new boolean[] {false, true}) {
            try (RawClient client = server.connect()) {
                if (piecemeal) {
                    for (int i = 0; i < request.length(); i++) {
                        client.send(request.substring(i, i + 1));
                        server.settle();
                    }
                } else {
                    client.send(request + request);
                }
                assertThat(client.read().status()).as(what).isEqualTo(400);
                assertThat(client.ended()).as(what).isTrue();
            }
        }
    }

    private List<String> answersTo(int... cuts) throws Exception {
        try (RawClient client = server.connect()) {
            int from = 0;
            for (int cut : cuts) {
                client.send(STREAM, from, cut);
                // The loop is idle again only when it has read what was sent: the next bytes come in a read of their
                // own.
                server.settle();
                from = cut;
            }
            client.send(STREAM, from, STREAM.length);
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                RawClient.Answer answer = client.read();
                answers.add(answer.status() + " " + answer.undated() + " " + answer.text());
            }
            assertThat(client.ended()).isTrue();
            return answers;
        }
    }
}
