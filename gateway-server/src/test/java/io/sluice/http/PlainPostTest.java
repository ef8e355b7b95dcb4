package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Networks;
import io.sluice.metrics.Gauge;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A request is the same whether it is read without Netty's decoder or by it, which has all that comes byte by byte: no
 * head is whole then.
 */
class PlainPostTest {

    private static final int STREAMS = 20;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(TestServer.CONFIG
                .with(new ConsentConfig("CF-IPCountry", List.of()))
                .with(new ProxyConfig(
                        ProxyConfig.NONE.protocol(), Networks.of(List.of("127.0.0.0/8")), ProxyConfig.NONE.field())));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anyStreamInAnyPiecesHoldsWhatTheDecoderFindsInIt() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < STREAMS; i++) {
            byte[] stream = stream(random).getBytes(StandardCharsets.ISO_8859_1);
            String which = "seed " + seed + ", stream " + i + ": " + new String(stream, StandardCharsets.ISO_8859_1);
            List<String> decoded = outcome(stream, 1, random);
            assertThat(decoded).as(which).isNotEmpty();
            assertThat(outcome(stream, stream.length, random))
                    .as("at once, " + which)
                    .isEqualTo(decoded);
            assertThat(outcome(stream, 2 + random.nextInt(stream.length), random))
                    .as("in pieces, " + which)
                    .isEqualTo(decoded);
        }
    }

    @Test
    void aHeadIsKeptWhileItsBodyComes() throws Exception {
        try (RawClient slow = server.connect();
                RawClient other = server.connect()) {
            slow.send(head("slow", 4) + "[{");
            server.settle();
            other.send(head("other-and-longer", 2) + "[]");
            assertThat(other.read().status()).isEqualTo(200);
            slow.send("}]");
            assertThat(slow.read().status()).isEqualTo(200);
        }
        assertThat(server.intake.seen())
                .extracting(seen -> seen.userAgent() + seen.body())
                .containsExactly("other-and-longer[]", "slow[{}]");
        assertThat(server.intake.consents()).containsExactly("dnt other-and-longer ", "dnt slow ");
    }

    @Test
    void aHeadWithoutAnyOfItsBodyIsKept() throws Exception {
        try (RawClient slow = server.connect();
                RawClient other = server.connect()) {
            slow.send(head("slow", 2));
            server.settle();
            other.send(head("other", 2) + "[]");
            assertThat(other.read().status()).isEqualTo(200);
            slow.send("[]");
            assertThat(slow.read().status()).isEqualTo(200);
        }
        assertThat(server.intake.seen()).extracting(FakeIntake.Seen::userAgent).containsExactly("other", "slow");
    }

    @Test
    void aHeadIsKeptWhileItsRequestWaitsForCredit() throws Exception {
        server.intake.mode = FakeIntake.Mode.NO_CREDIT;
        try (RawClient first = server.connect();
                RawClient second = server.connect()) {
            first.send(head("first", 2) + "[]");
            server.intake.admissions.take();
            second.send(head("the-second", 2) + "[]");
            while (server.metrics.value(Gauge.REQUESTS_WAITING) < 2) {
                server.settle();
            }
            server.intake.mode = FakeIntake.Mode.ANSWER;
            server.intake.creditReturns();
            assertThat(first.read().status()).isEqualTo(200);
            assertThat(second.read().status()).isEqualTo(200);
        }
        assertThat(server.intake.seen()).extracting(FakeIntake.Seen::userAgent).containsExactly("first", "the-second");
        assertThat(server.intake.consents()).containsExactly("dnt first ", "dnt the-second ");
    }

    private static String head(String name, int bodyBytes) {
        return "POST /v1/events?k=demo HTTP/1.1\r\nHost: x\r\nDNT: 1\r\nUser-Agent: " + name + "\r\nCF-IPCountry: "
                + name + "\r\nContent-Length: " + bodyBytes + "\r\n\r\n";
    }

    /** What the intake saw, and what was answered until the connection ended. */
    private List<String> outcome(byte[] stream, int mostBytes, Random random) throws Exception {
        synchronized (server.intake.seen) {
            server.intake.seen.clear();
            server.intake.consents.clear();
        }
        List<String> outcome = new ArrayList<>();
        try (RawClient client = server.connect()) {
            for (int from = 0; from < stream.length; ) {
                int to = Math.min(
                        stream.length, from + (mostBytes == stream.length ? mostBytes : 1 + random.nextInt(mostBytes)));
                client.send(stream, from, to);
                // The next bytes come in a read of their own.
                server.settle();
                from = to;
            }
            while (true) {
                RawClient.Answer answer = client.read();
                outcome.add(answer.status() + " " + answer.undated() + " " + answer.text());
            }
        } catch (EOFException ended) {
            // All has come.
        }
        for (FakeIntake.Seen seen : server.intake.seen()) {
            outcome.add(seen.toString());
        }
        outcome.addAll(server.intake.consents());
        return outcome;
    }

    private static String stream(Random random) {
        StringBuilder stream = new StringBuilder();
        int requests = 1 + random.nextInt(5);
        for (int i = 1; i <= requests; i++) {
            request(random, i == requests && random.nextInt(3) == 0, stream);
        }
        // Its answer is the last, unless another was before.
        return stream.append("GET /p.gif?k=demo&last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .toString();
    }

    /** Fields in any order and case; an odd one makes it a request that may be refused. */
    private static void request(Random random, boolean odd, StringBuilder to) {
        String[] some = {
            "User-Agent: Agent \u00e4/" + random.nextInt(100),
            "Origin: " + (random.nextBoolean() ? TestServer.ORIGIN : "https://other.example"),
            "Referer: https://shop.example/a",
            "X-Write-Key: demo",
            "Authorization: Basic ZGVtbzo=",
            "Cookie: a=b; usprivacy=1YNN",
            "Cookie: euconsent-v2=" + random.nextInt(100),
            "DNT: " + random.nextInt(2),
            "Sec-GPC:1",
            "CF-IPCountry: FR",
            "X-Forwarded-For: 192.0.2." + random.nextInt(256) + ", 127.0.0.9",
            "X-Forwarded-For: 2001:db8::1",
            "Connection: keep-alive",
            "Connection: Keep-Alive, x",
            "Content-Type: text/plain;charset=UTF-8",
            "Content-Encoding: identity",
            "Accept: */*",
            "TE: trailers",
            "Keep-Alive: timeout=5"
        };
        String[] odds = {
            "Content-Length: 1",
            "Content-Length: 1, 1",
            "Content-Length: +1",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: identity",
            "Content-Encoding: gzip",
            "Connection: close",
            "Host: y",
            "Host : x",
            " folded",
            "A: b\rc",
            "A: b\u0000",
            "Upgrade: h2c",
            "Content-Length: 99999999",
            "Content-Length:"
        };
        boolean post = random.nextInt(4) > 0;
        String body = post ? "[" + "x".repeat(random.nextInt(random.nextBoolean() ? 10 : 200)) + "]" : "";
        if (random.nextInt(8) == 0) {
            body = "";
        }
        List<String> fields = new ArrayList<>(List.of("Host: x"));
        if (post) {
            fields.add("Content-Length: " + body.length());
        }
        for (int count = random.nextInt(7); count > 0; count--) {
            fields.add(some[random.nextInt(some.length)]);
        }
        Collections.shuffle(fields, random);
        if (odd) {
            fields.add(1 + random.nextInt(fields.size()), odds[random.nextInt(odds.length)]);
        }
        String path = post
                ? random.nextInt(6) == 0 ? "/nowhere" : random.nextInt(6) == 0 ? "/p.gif" : "/v1/events"
                : "/p.gif";
        to.append(post ? "POST " : "GET ").append(path).append("?k=demo&n=").append(random.nextInt(100));
        to.append(" HTTP/1.1\r\n");
        for (String field : fields) {
            to.append(cased(field, random)).append("\r\n");
        }
        to.append("\r\n").append(body);
    }

    private static String cased(String field, Random random) {
        int colon = field.indexOf(':');
        if (colon < 0 || random.nextBoolean()) {
            return field;
        }
        StringBuilder cased = new StringBuilder(field);
        for (int i = 0; i < colon; i++) {
            char c = field.charAt(i);
            cased.setCharAt(i, random.nextBoolean() ? Character.toUpperCase(c) : Character.toLowerCase(c));
        }
        return cased.toString();
    }
}
