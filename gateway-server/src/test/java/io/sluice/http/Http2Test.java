package io.sluice.http;

import static io.sluice.http.Http2Client.*;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import io.sluice.protocol.Protocol;
import io.sluice.ring.Reply;
import io.sluice.testing.CleanLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests and answers over HTTP/2: the same that they are over HTTP/1.1. */
class Http2Test {

    private TestServer server;
    private Http2Client client;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        client = Http2Client.connect(server);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    @Test
    void aPixelReachesTheIntakeAndIsAnsweredWithAnImage() throws Exception {
        client.send(get(1, "/p.gif?k=demo&e=view", "user-agent", "Agent/1"));
        Http2Client.Answer answer = client.answer(1);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers())
                .containsOnly(
                        entry("content-type", "image/gif"),
                        entry("content-length", "43"),
                        entry("date", AnswerDateTest.soon(answer.header("date"))),
                        entry("cache-control", "no-store"),
                        entry("vary", "Origin"));
        assertThat(answer.body()).hasSize(43).startsWith('G', 'I', 'F', '8', '9', 'a');
        assertThat(server.intake.seen())
                .containsExactly(
                        new FakeIntake.Seen(Protocol.PIXEL, "k=demo&e=view", "", "Agent/1", "", "", "127.0.0.1"));
        assertThat(server.total(Counter.REQUESTS_HTTP2)).isEqualTo(1);
        assertThat(server.total(Counter.CONNECTIONS_HTTP2)).isEqualTo(1);
    }

    @Test
    void aBatchIsAnsweredWithItsPositionLast() throws Exception {
        client.send(post(1, "/v1/events?k=demo"), data(1, true, "[{},{"));
        Http2Client.Answer answer = client.answer(1);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.text()).matches("\\{\"n\":\"k=demo\",\"length\":5,\"pos\":\"[^\"]{34}\"}");
        assertThat(server.intake.seen().getFirst().body()).isEqualTo("[{},{");
    }

    @Test
    void aCompressedBodyIsRefusedAndTheConnectionGoesOn() throws Exception {
        client.send(post(1, "/v1/events", "content-encoding", "gzip"), data(1, true, "{}"));
        Http2Client.Answer answer = client.answer(1);
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.text()).contains("\"encoding-unsupported\"");
        assertThat(answer.header("accept-encoding")).isEqualTo("identity");
        assertThat(server.intake.seen()).isEmpty();
        client.send(post(3, "/v1/events", "content-encoding", "identity"), data(3, true, "{}"));
        assertThat(client.answer(3).status()).isEqualTo(200);
        // What one stream says is not said of the next.
        client.send(post(5, "/v1/events", "content-encoding", "br"), data(5, true, "{}"));
        assertThat(client.answer(5).status()).isEqualTo(415);
        client.send(post(7, "/v1/events"), data(7, true, "{}"));
        assertThat(client.answer(7).status()).isEqualTo(200);
    }

    @Test
    void aBodyMayComeInManyFramesWithPaddingAndTrailers() throws Exception {
        client.send(
                post(1, "/v1/events", "content-length", "10"),
                data(1, false, "12"),
                data(1, false, ""),
                padded(1, false, "345", 255),
                padded(1, false, "", 0),
                data(1, false, "6789"),
                padded(1, false, "0", 3),
                frame(HEADERS, END_STREAM | END_HEADERS, 1, fields("x-checksum", "1")));
        assertThat(client.answer(1).status()).isEqualTo(200);
        assertThat(server.intake.seen().getFirst().body()).isEqualTo("1234567890");
    }

    @Test
    void aHeadMayComeInPieces() throws Exception {
        byte[] block = head("GET", "/p.gif?k=1", "x-filler", "x".repeat(3000));
        client.send(
                frame(HEADERS, END_STREAM | PADDED, 1, new byte[] {7}, part(block, 0, 10), new byte[7]),
                frame(CONTINUATION, 0, 1, part(block, 10, 2000)),
                frame(CONTINUATION, 0, 1),
                frame(CONTINUATION, END_HEADERS, 1, part(block, 2000, block.length)));
        assertThat(client.answer(1).status()).isEqualTo(200);
        assertThat(server.intake.seen().getFirst().query()).isEqualTo("k=1");
    }

    @Test
    void fieldsThatHpackRemembersAreThoseOfEveryRequest() throws Exception {
        // 0x40: literal with incremental indexing; 0xBE: the newest entry of the table (RFC 7541, section 6).
        byte[] key = join(new byte[] {0x40}, part(fields("x-write-key", "abc"), 1, -1));
        client.send(
                frame(HEADERS, END_STREAM | END_HEADERS, 1, head("GET", "/p.gif?1"), key),
                frame(HEADERS, END_STREAM | END_HEADERS, 3, head("GET", "/p.gif?2"), new byte[] {(byte) 0xBE}));
        assertThat(client.answer(1).status()).isEqualTo(200);
        assertThat(client.answer(3).status()).isEqualTo(200);
        assertThat(server.intake.seen()).extracting(FakeIntake.Seen::key).containsExactly("abc", "abc");
    }

    @Test
    void answersGoOutAsTheyComeAndEachToItsStream() throws Exception {
        server.intake.mode = FakeIntake.Mode.HOLD;
        for (int i = 0; i < 8; i++) {
            client.send(post(2 * i + 1, "/v1/events?" + i));
        }
        for (int i = 7; i >= 0; i--) {
            client.send(data(2 * i + 1, true, "x".repeat(i)));
        }
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            replies.add(server.intake.held.take());
        }
        // They came with the last first; they are answered from the middle outwards.
        for (int i : new int[] {3, 4, 2, 5, 1, 6, 0, 7}) {
            server.intake.reply(replies.get(7 - i));
            assertThat(client.answer(2 * i + 1).text()).startsWith("{\"n\":\"" + i + "\",\"length\":" + i + ",");
        }
    }

    @Test
    void whatTheFrontAnswersByItselfIsAnswered() throws Exception {
        client.send(get(1, "/none"));
        assertThat(client.answer(1).status()).isEqualTo(404);
        client.send(get(3, "/v1/events"));
        Http2Client.Answer notAllowed = client.answer(3);
        assertThat(notAllowed.status()).isEqualTo(405);
        assertThat(notAllowed.header("allow")).contains("POST");
        client.send(frame(HEADERS, END_STREAM | END_HEADERS, 5, head("HEAD", "/p.gif")));
        Frame head = client.await(HEADERS, 5);
        assertThat(head.has(END_STREAM)).isTrue();
        assertThat(client.answerHead(head).header("content-length")).isEqualTo("43");
        client.send(frame(HEADERS, END_STREAM | END_HEADERS, 7, head("OPTIONS", "*")));
        assertThat(client.answer(7).status()).isEqualTo(204);
        client.send(frame(HEADERS, END_HEADERS, 9, head("POST", "/none")), data(9, true, "ignored"));
        assertThat(client.answer(9).status()).isEqualTo(404);
        assertThat(server.intake.seen()).isEmpty();
        assertThat(server.metrics.total(Reason.NOT_FOUND)).isEqualTo(2);
    }

    @Test
    void aPageOfAKnownOriginIsAllowedToRead() throws Exception {
        client.send(frame(
                HEADERS,
                END_STREAM | END_HEADERS,
                1,
                head("OPTIONS", "/v1/events", "origin", TestServer.ORIGIN, "access-control-request-method", "POST")));
        Http2Client.Answer preflight = client.answer(1);
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("access-control-allow-origin")).isEqualTo(TestServer.ORIGIN);
        assertThat(preflight.header("access-control-allow-methods")).isEqualTo("GET, POST");
        assertThat(preflight.header("access-control-max-age")).isEqualTo("7200");
        assertThat(preflight.header("content-length")).isNull();
        client.send(post(3, "/v1/events", "origin", TestServer.ORIGIN), data(3, true, "{}"));
        Http2Client.Answer answer = client.answer(3);
        assertThat(answer.header("access-control-allow-credentials")).isEqualTo("true");
        assertThat(server.intake.seen().getFirst().origin()).isEqualTo(TestServer.ORIGIN);
    }

    @Test
    void aClientThatAsksMayGoOnWithItsBody() throws Exception {
        client.send(post(1, "/v1/events", "expect", "100-continue"));
        Frame interim = client.await(HEADERS, 1);
        assertThat(client.answerHead(interim).status()).isEqualTo(100);
        assertThat(interim.has(END_STREAM)).isFalse();
        client.send(data(1, true, "{}"));
        assertThat(client.answer(1).status()).isEqualTo(200);
        client.send(post(3, "/v1/events", "expect", "miracles"));
        assertThat(client.answer(3).status()).isEqualTo(417);
        assertThat(client.resetOf(3)).isEqualTo(NO_ERROR);
        client.send(data(3, true, "late, not wrong"), get(5, "/p.gif"));
        assertThat(client.answer(5).status()).isEqualTo(200);
    }

    @Test
    void aRequestThatFailsInsideIsAnswered500(CleanLog.Expected log) throws Exception {
        log.line("Request answered 500");
        server.intake.mode = FakeIntake.Mode.THROW;
        client.send(get(1, "/p.gif"));
        assertThat(client.answer(1).status()).isEqualTo(500);
    }

    @Test
    void aPrefaceThatComesByteByByteIsOne() throws Exception {
        try (Http2Client slow = new Http2Client(server.server.port())) {
            byte[] all = join(PREFACE, frame(SETTINGS, 0, 0), get(1, "/p.gif?slow"));
            for (int i = 0; i < all.length; i++) {
                slow.send(all, i, i + 1);
                server.settle();
            }
            assertThat(slow.read().type()).isEqualTo(SETTINGS);
            assertThat(slow.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void whatOnlyBeginsLikeThePrefaceIsHttp1() throws Exception {
        try (RawClient raw = server.connect()) {
            raw.send("P");
            server.settle();
            raw.send("OST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(raw.read().status()).isEqualTo(200);
        }
        try (RawClient raw = server.connect()) {
            raw.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
            assertThat(raw.read().status()).isEqualTo(400);
            assertThat(raw.ended()).isTrue();
        }
        try (RawClient raw = server.connect()) {
            raw.send("PRI * HTTP/2.0\r\n");
            raw.endOutput();
            assertThat(raw.ended()).isTrue();
        }
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to < 0 ? bytes.length : to);
    }
}
