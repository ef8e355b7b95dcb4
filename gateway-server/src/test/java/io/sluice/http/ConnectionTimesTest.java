package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Networks;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import io.sluice.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each time that {@link LimitsConfig} gives a client runs out, is counted, and leaves others served. */
@Timeout(60)
class ConnectionTimesTest extends ConnectionLimitsFixture {

    @Test
    void aRecordOfTlsIsAHeadThatMustEnd(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "one", "one.example");
        HttpConfig config =
                TestServer.CONFIG.with(times(LONG, BRIEF, LONG, 0)).with(TlsContract.config(List.of(certificate)));
        try (TestServer server = new TestServer(config);
                TlsClient.Halting halting = new TlsClient.Halting(server.server.tlsPort());
                RawClient halfway = new RawClient(TlsClient.over(halting))) {
            assertServed(halfway);
            halting.haltAfter(3);
            halfway.send(GET);
            assertThat(halfway.ended()).isTrue();
            await(server, Counter.LIMIT_HEADER_TIME, 1);
        }
    }

    @Test
    void aConnectionThatBringsNothingIsClosed() throws Exception {
        try (TestServer server = server(times(BRIEF, LONG, LONG, 0));
                RawClient silent = server.connect();
                RawClient halfPreface = server.connect();
                RawClient served = server.connect();
                Http2Client http2 = Http2Client.connect(server)) {
            assertServed(served);
            halfPreface.send("PRI * HTTP/2.0\r\n");
            assertThat(silent.ended()).isTrue();
            assertThat(halfPreface.ended()).isTrue();
            await(server, Counter.LIMIT_FIRST_BYTE, 2);
            // It counts for the first byte only.
            assertServed(served);
            http2.send(Http2Client.get(1, "/p.gif"));
            assertThat(http2.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void theTimeForTheFirstByteIsThatForTheHeaderOfABalancerToo() throws Exception {
        ProxyConfig balancer = new ProxyConfig(Networks.ALL, Networks.NONE, ProxyConfig.Field.X_FORWARDED_FOR);
        HttpConfig config = TestServer.CONFIG.with(times(BRIEF, LONG, LONG, 0)).with(balancer);
        try (TestServer server = new TestServer(config);
                RawClient client = server.connect()) {
            client.send("PROXY TCP4 192.0.2.1");
            assertThat(client.ended()).isTrue();
            assertThat(server.total(Counter.LIMIT_FIRST_BYTE)).isEqualTo(1);
        }
    }

    @Test
    void overTlsTheTimeForTheFirstByteBeginsWithTheEndOfTheHandshake(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "one", "one.example");
        HttpConfig config =
                TestServer.CONFIG.with(times(BRIEF, LONG, LONG, 0)).with(TlsContract.config(List.of(certificate)));
        try (TestServer server = new TestServer(config);
                Socket shaking = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort());
                SSLSocket socket = TlsClient.connect(TlsClient.context(null), server.server.tlsPort(), "one.example")) {
            assertThat(socket.getInputStream().read()).isNegative();
            assertThat(server.total(Counter.LIMIT_FIRST_BYTE)).isEqualTo(1);
            // Whoever is still at the handshake has that time.
            await(server, Counter.CONNECTIONS_CLOSED, 1);
            assertThat(shaking.isClosed()).isFalse();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aHeadThatDoesNotEndIsCutHoweverOftenAByteOfItComes() throws Exception {
        try (TestServer server = server(times(LONG, BRIEF, LONG, 0));
                RawClient slow = server.connect();
                RawClient second = server.connect();
                RawClient idle = server.connect()) {
            slow.send("GET /p.gif HTTP/1.1\r\nHost: x\r\nA: ");
            assertServed(second);
            second.send(GET + "G");
            assertThat(second.read().status()).isEqualTo(200);
            trickle(slow, "a".getBytes());
            assertThat(slow.ended()).isTrue();
            assertThat(second.ended()).isTrue();
            await(server, Counter.LIMIT_HEADER_TIME, 2);
            assertServed(idle);
        }
    }

    /** Sends a little again and again from a thread of its own, until the server no longer takes it. */
    private static void trickle(RawClient client, byte[] bytes) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                for (; ; Thread.sleep(20)) {
                    client.send(bytes);
                }
            } catch (IOException | InterruptedException e) {
                // Cut off.
            }
        });
    }

    @Test
    void aHeadOfHttp2MustEndAsWell() throws Exception {
        byte[] block = Http2Client.head("GET", "/p.gif");
        try (TestServer server = server(times(LONG, BRIEF, LONG, 0));
                Http2Client inBlock = Http2Client.connect(server);
                Http2Client inFrame = Http2Client.connect(server);
                Http2Client idle = Http2Client.connect(server)) {
            inBlock.send(Http2Client.frame(Http2Client.HEADERS, Http2Client.END_STREAM, 1, block));
            inFrame.send(Http2Client.get(1, "/p.gif"), 0, 5);
            assertThat(inBlock.sentAway()).isEqualTo(Http2Client.ENHANCE_YOUR_CALM);
            assertThat(inFrame.sentAway()).isEqualTo(Http2Client.ENHANCE_YOUR_CALM);
            assertThat(server.total(Counter.LIMIT_HEADER_TIME)).isEqualTo(2);
            idle.send(Http2Client.get(1, "/p.gif"));
            assertThat(idle.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatDoesNotEndIsAnsweredHoweverOftenAByteOfItComes() throws Exception {
        try (TestServer server = server(times(LONG, LONG, BRIEF, 0));
                RawClient slow = server.connect();
                RawClient skipped = server.connect();
                Http2Client http2 = Http2Client.connect(server)) {
            slow.send(POST);
            skipped.send(POST.replace("/v1/events", "/none"));
            http2.send(Http2Client.post(1, "/v1/events"), Http2Client.data(1, false, "["));
            trickle(slow, "a".getBytes());
            RawClient.Answer answer = slow.read();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.text()).contains("too-slow");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(skipped.read().status()).isEqualTo(404);
            assertThat(skipped.ended()).isTrue();
            assertThat(http2.resetOf(1)).isEqualTo(Http2Client.CANCEL);
            assertThat(server.total(Counter.LIMIT_BODY_TIME)).isEqualTo(3);
            assertThat(server.metrics.total(Reason.TOO_SLOW)).isEqualTo(1);
            // The connection of HTTP/2 serves other streams.
            http2.send(Http2Client.get(3, "/p.gif"));
            assertThat(http2.answer(3).status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyWhoseBeginningWaitedBehindOtherRequestsHasItsTimeToo() throws Exception {
        try (TestServer server = server(times(LONG, LONG, BRIEF, 0));
                RawClient client = server.connect()) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            int most = TestServer.CONFIG.maxPipelined();
            client.send(GET.repeat(most) + POST + "a");
            await(server, Counter.LIMIT_PIPELINED, 1);
            for (int i = 0; i < most; i++) {
                server.intake.reply(server.intake.held.take());
            }
            for (int i = 0; i < most; i++) {
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(server.total(Counter.LIMIT_BODY_TIME)).isEqualTo(1);
        }
    }

    @Test
    void whoWaitsForOurConsentIsNotSlow() throws Exception {
        try (TestServer server = server(times(LONG, LONG, BRIEF, 0));
                RawClient client = server.connect();
                RawClient clock = server.connect()) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            client.send(GET + POST.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
            clock.send(POST);
            assertThat(clock.read().status()).isEqualTo(408);
            assertThat(server.total(Counter.LIMIT_BODY_TIME)).isEqualTo(1);
            server.intake.reply(server.intake.held.take());
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.readHead().status()).isEqualTo(100);
        }
    }

    @Test
    void aBodyThatComesTooSlowlyIsRefusedAfterAWhile() throws Exception {
        try (TestServer server = server(times(LONG, LONG, LONG, 1024));
                RawClient slow = server.connect();
                RawClient fast = server.connect();
                Http2Client http2 = Http2Client.connect(server)) {
            long began = System.nanoTime();
            slow.send(POST + "a");
            fast.send(POST + "a".repeat(19_999));
            http2.send(Http2Client.post(1, "/v1/events"), Http2Client.data(1, false, "["));
            RawClient.Answer answer = slow.read();
            assertThat(answer.status()).isEqualTo(408);
            // A beginning may be slow; how much later than that it ends is the machine's affair.
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(5));
            assertThat(http2.sentAway()).isEqualTo(Http2Client.ENHANCE_YOUR_CALM);
            assertThat(server.total(Counter.LIMIT_BODY_RATE)).isEqualTo(2);
            fast.send("a");
            assertThat(fast.read().status()).isEqualTo(200);
        }
    }

    @Test
    void silenceIsCounted() throws Exception {
        HttpConfig c = TestServer.CONFIG;
        HttpConfig brief = new HttpConfig(
                        c.host(),
                        0,
                        c.transport(),
                        1,
                        c.maxLineBytes(),
                        c.maxHeaderBytes(),
                        c.maxBodyBytes(),
                        Duration.ofMillis(500),
                        c.admissionTimeout(),
                        c.maxPipelined(),
                        c.maxStreams(),
                        TlsConfig.NONE)
                .with(WIDE);
        try (TestServer server = new TestServer(brief);
                RawClient idle = server.connect();
                Http2Client http2 = Http2Client.connect(server)) {
            assertServed(idle);
            assertThat(idle.ended()).isTrue();
            assertThat(http2.sentAway()).isEqualTo(Http2Client.NO_ERROR);
            assertThat(server.total(Counter.LIMIT_IDLE)).isEqualTo(2);
        }
    }
}
