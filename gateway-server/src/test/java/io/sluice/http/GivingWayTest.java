package io.sluice.http;

import static io.sluice.http.Http2Client.NO_ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.Networks;
import io.sluice.delivery.HandClock;
import io.sluice.metrics.Counter;
import io.sluice.ring.Reply;
import io.sluice.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where places for connections get scarce, those that are idle give way, and nobody else does. */
@Timeout(60)
class GivingWayTest extends ConnectionLimitsFixture {

    /** Later than the certificates that a test makes: they count already. */
    private final HandClock clock = new HandClock(Instant.now().plus(Duration.ofHours(1)));

    private TestServer server(HttpConfig config) throws IOException {
        return new TestServer(config, clock);
    }

    /** With so many places, of which each address may have as many. */
    private TestServer server(int places, int ofAddress) throws IOException {
        return server(TestServer.CONFIG.with(connections(places, ofAddress)));
    }

    /** Until then, nobody has to give way. */
    private void becomeIdle(TestServer server) throws InterruptedException {
        server.settle();
        clock.advanceMillis(1_000);
    }

    /** Until then, nobody has to give way who has said nothing; so many have been opened. */
    private void beMute(TestServer server, int opened) throws InterruptedException {
        await(server, Counter.CONNECTIONS_OPENED, opened);
        server.settle();
        clock.advanceMillis(200);
    }

    @Test
    void whereRoomGetsScarceTheLongestIdleGiveWayToNewcomers() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (TestServer server = server(8, 1_000);
                Http2Client http2 = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            RawClient busy = server.connect().send(GET);
            Reply reply = server.intake.held.take();
            server.intake.mode = FakeIntake.Mode.ANSWER;
            RawClient halfway = server.connect().send(GET.substring(0, 10));
            for (int i = 0; i < 4; i++) {
                clients.add(server.connect());
                assertServed(clients.get(i));
            }
            assertServed(clients.getFirst());
            assertThat(server.connections()).isEqualTo(7);
            assertThat(server.total(Counter.CONNECTIONS_GAVE_WAY)).isZero();
            becomeIdle(server);

            clients.add(server.connect());
            assertServed(clients.getLast());
            assertThat(http2.sentAway())
                    .as("the one that has been idle for longest")
                    .isEqualTo(NO_ERROR);
            await(server, Counter.CONNECTIONS_CLOSED, 1);
            clients.add(server.connect());
            assertServed(clients.getLast());
            assertThat(clients.get(1).ended())
                    .as("the next, since the first has asked again")
                    .isTrue();
            await(server, Counter.CONNECTIONS_GAVE_WAY, 2);

            for (int i : new int[] {0, 2, 3, 4, 5}) {
                assertServed(clients.get(i));
            }
            server.intake.reply(reply);
            assertThat(busy.read().status()).isEqualTo(200);
            halfway.send(GET.substring(10));
            assertThat(halfway.read().status()).isEqualTo(200);
            assertThat(server.total(Counter.LIMIT_CONNECTIONS)).isZero();
            clients.addAll(List.of(busy, halfway));
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void whoIsRefusedAtTheLimitHasMadeRoomForTheNext() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (TestServer server = server(3, 1_000)) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            for (int i = 0; i < 3; i++) {
                clients.add(server.connect().send(GET));
            }
            for (int i = 0; i < 3; i++) {
                server.intake.reply(server.intake.held.take());
                assertThat(clients.get(i).read().status()).isEqualTo(200);
            }
            becomeIdle(server);
            server.intake.mode = FakeIntake.Mode.ANSWER;
            try (RawClient refused = server.connect()) {
                assertThat(refused.ended()).isTrue();
            }
            await(server, Counter.CONNECTIONS_GAVE_WAY, 1);
            await(server, Counter.CONNECTIONS_CLOSED, 1);
            try (RawClient next = server.connect()) {
                assertServed(next);
            }
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void whoMayHaveNoMoreTakesNobodysPlaceEvenIfAllAreTaken(int places) throws Exception {
        try (TestServer server = server(places, 1);
                RawClient idle = ClientAddressTest.from("127.0.0.2", server);
                RawClient greedy = server.connect()) {
            assertServed(idle);
            assertServed(greedy);
            becomeIdle(server);
            for (int i = 0; i < 5; i++) {
                try (RawClient refused = server.connect()) {
                    assertThat(refused.ended()).isTrue();
                }
            }
            await(server, Counter.LIMIT_ADDRESS_CONNECTIONS, 5);
            assertThat(server.total(Counter.CONNECTIONS_GAVE_WAY)).isZero();
            assertServed(idle);
        }
    }

    @Test
    void thoseThatAreNotIdleDoNotKeepOthersFromGivingWay() throws Exception {
        List<Http2Client> blocked = new ArrayList<>();
        try (TestServer server = server(70, 1_000)) {
            for (int i = 0; i < 65; i++) {
                Http2Client client = Http2Client.connect(server, Http2Client.setting(4, 0));
                client.send(Http2Client.get(1, "/p.gif"));
                client.await(Http2Client.HEADERS, 1);
                blocked.add(client);
            }
            try (RawClient idle = server.connect()) {
                assertServed(idle);
                becomeIdle(server);
                assertThat(server.total(Counter.CONNECTIONS_GAVE_WAY)).isZero();
                try (RawClient next = server.connect()) {
                    assertServed(next);
                    assertThat(idle.ended()).isTrue();
                    await(server, Counter.CONNECTIONS_GAVE_WAY, 1);
                }
            }
            // Who takes his answer is idle again.
            Http2Client last = blocked.removeLast();
            last.send(Http2Client.windowUpdate(1, 1_000));
            last.await(Http2Client.DATA, 1);
            becomeIdle(server);
            try (RawClient one = server.connect();
                    RawClient two = server.connect()) {
                assertServed(one);
                assertServed(two);
                assertThat(last.sentAway()).isEqualTo(NO_ERROR);
                await(server, Counter.CONNECTIONS_GAVE_WAY, 2);
            }
            blocked.add(last);
            for (Http2Client client : blocked) {
                client.close();
            }
        }
    }

    @Test
    void aStreamThatIsResetLeavesTheConnectionIdle() throws Exception {
        try (TestServer server = server(3, 1_000);
                Http2Client http2 = Http2Client.connect(server);
                RawClient busy = server.connect()) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            http2.send(Http2Client.get(1, "/p.gif"));
            Reply reply = server.intake.held.take();
            busy.send(GET);
            Reply other = server.intake.held.take();
            http2.send(Http2Client.reset(1));
            await(server, Counter.HTTP2_STREAMS_RESET, 1);
            server.intake.reply(reply);
            server.intake.mode = FakeIntake.Mode.ANSWER;
            becomeIdle(server);
            try (RawClient next = server.connect()) {
                assertServed(next);
                assertThat(http2.sentAway()).isEqualTo(NO_ERROR);
            }
            server.intake.reply(other);
            assertThat(busy.read().status()).isEqualTo(200);
        }
    }

    @Test
    void whoSaysNothingGivesWayBeforeThoseWhoHaveSpoken() throws Exception {
        try (TestServer server = server(4, 1_000);
                RawClient visitor = server.connect()) {
            assertServed(visitor);
            becomeIdle(server);
            try (RawClient mute = server.connect();
                    RawClient begun = server.connect().send(GET.substring(0, 10))) {
                beMute(server, 3);
                try (RawClient next = server.connect()) {
                    assertServed(next);
                    assertThat(mute.ended()).isTrue();
                    await(server, Counter.CONNECTIONS_GAVE_WAY, 1);
                    assertServed(visitor);
                    begun.send(GET.substring(10));
                    assertThat(begun.read().status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void newcomersFindRoomAmongAFloodOfThoseWhoSayNothing() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (TestServer server = server(16, 1_000)) {
            for (int i = 0; i < 15; i++) {
                clients.add(server.connect());
            }
            beMute(server, 15);
            for (int i = 0; i < 7; i++) {
                // Each that goes comes back at once, and a visitor with it, who is served.
                clients.add(server.connect());
                await(server, Counter.CONNECTIONS_GAVE_WAY, 2 * i + 1);
                await(server, Counter.CONNECTIONS_CLOSED, 2 * i + 1);
                clients.add(server.connect());
                assertServed(clients.getLast());
                await(server, Counter.CONNECTIONS_GAVE_WAY, 2 * i + 2);
                await(server, Counter.CONNECTIONS_CLOSED, 2 * i + 2);
            }
            for (int i = 16; i < clients.size(); i += 2) {
                assertServed(clients.get(i));
            }
            assertThat(server.total(Counter.LIMIT_CONNECTIONS)).isZero();
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void behindABalancerSilenceCountsFromItsHeader() throws Exception {
        ProxyConfig proxy = new ProxyConfig(Networks.of("127.0.0.1"), Networks.NONE, ProxyConfig.Field.X_FORWARDED_FOR);
        String header = "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n";
        try (TestServer server =
                        server(TestServer.CONFIG.with(connections(4, 1_000)).with(proxy));
                RawClient waiting = server.connect();
                RawClient mute = server.connect();
                RawClient visitor = server.connect().send(header)) {
            assertServed(visitor);
            beMute(server, 3);
            mute.send(header);
            server.settle();
            try (RawClient early = server.connect().send(header)) {
                assertServed(early);
                server.settle();
                assertThat(server.total(Counter.CONNECTIONS_GAVE_WAY)).isZero();
            }
            await(server, Counter.CONNECTIONS_CLOSED, 1);
            clock.advanceMillis(200);
            try (RawClient next = server.connect().send(header)) {
                assertServed(next);
                assertThat(mute.ended()).isTrue();
                await(server, Counter.CONNECTIONS_GAVE_WAY, 1);
                waiting.send(header);
                assertServed(waiting);
                assertServed(visitor);
            }
        }
    }

    @Test
    void nobodyGivesWayWhoHasOnlyJustCome() throws Exception {
        try (TestServer server = server(3, 1_000);
                RawClient visitor = server.connect()) {
            assertServed(visitor);
            clock.advanceMillis(800);
            try (RawClient mute = server.connect()) {
                await(server, Counter.CONNECTIONS_OPENED, 2);
                server.settle();
                clock.advanceMillis(199);
                for (int i = 0; i < 2; i++) {
                    try (RawClient next = server.connect()) {
                        assertServed(next);
                    }
                    await(server, Counter.CONNECTIONS_CLOSED, i + 1);
                }
                assertThat(server.total(Counter.CONNECTIONS_GAVE_WAY)).isZero();
                assertServed(mute);
                assertServed(visitor);
            }
        }
    }

    @Test
    void whatLiesUnreadIsNoSilence() throws Exception {
        try (TestServer server = server(3, 1_000);
                RawClient late = server.connect();
                RawClient dear = server.connect()) {
            assertServed(dear);
            await(server, Counter.CONNECTIONS_OPENED, 2);
            CountDownLatch go = new CountDownLatch(1);
            server.intake.loop.execute(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            server.intake.work = Duration.ofSeconds(30);
            try (RawClient next = server.connect()) {
                next.send(GET);
                dear.send(GET);
                // The loop meets both at once: a newcomer who needs a place, and a request that takes its time.
                go.countDown();
                while (server.intake.offeredNanos.size() < 2) {
                    Thread.sleep(1);
                }
                late.send(GET);
                clock.advanceMillis(200);
                server.intake.work = Duration.ZERO;
                assertThat(dear.read().status()).isEqualTo(200);
                assertThat(late.read().status()).isEqualTo(200);
                assertThat(next.read().status()).isEqualTo(200);
                assertThat(server.total(Counter.CONNECTIONS_GAVE_WAY)).isZero();
            }
        }
    }

    @Test
    void theConnectionsOfATrustedProxyDoNotGiveWay() throws Exception {
        ProxyConfig proxy = new ProxyConfig(Networks.NONE, Networks.of("127.0.0.1"), ProxyConfig.Field.X_FORWARDED_FOR);
        try (TestServer server =
                        server(TestServer.CONFIG.with(connections(3, 1_000)).with(proxy));
                RawClient proxied = server.connect();
                RawClient visitor = ClientAddressTest.from("127.0.0.2", server)) {
            assertServed(proxied);
            assertServed(visitor);
            becomeIdle(server);
            try (RawClient next = server.connect()) {
                assertServed(next);
                assertThat(visitor.ended()).isTrue();
                assertServed(proxied);
                await(server, Counter.CONNECTIONS_GAVE_WAY, 1);
            }
        }
    }

    @Test
    void whoHasBegunToSayWhatHeSpeaksDoesNotGiveWay() throws Exception {
        try (TestServer server = server(3, 1_000);
                Http2Client begun = new Http2Client(server.server.port());
                RawClient idle = server.connect()) {
            begun.send(Http2Client.PREFACE, 0, 5);
            assertServed(idle);
            becomeIdle(server);
            try (RawClient next = server.connect()) {
                assertServed(next);
                assertThat(idle.ended()).isTrue();
                await(server, Counter.CONNECTIONS_GAVE_WAY, 1);
            }
            begun.send(Http2Client.PREFACE, 5, Http2Client.PREFACE.length);
            begun.send(Http2Client.frame(Http2Client.SETTINGS, 0, 0), Http2Client.get(1, "/p.gif"));
            assertThat(begun.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void whoIsAtItsHandshakeOrInARecordOfTlsDoesNotGiveWay(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "one", "one.example");
        HttpConfig config =
                TestServer.CONFIG.with(connections(4, 1_000)).with(TlsContract.config(List.of(certificate)));
        try (TestServer server = server(config);
                Socket shaking = begin(server);
                TlsClient.Halting halting = new TlsClient.Halting(server.server.tlsPort());
                RawClient halfway = new RawClient(TlsClient.over(halting));
                RawClient idle = new RawClient(
                        TlsClient.connect(TlsClient.context(null), server.server.tlsPort(), "one.example"))) {
            assertServed(halfway);
            assertServed(idle);
            halting.haltAfter(10);
            halfway.send(GET);
            becomeIdle(server);
            try (RawClient next = server.connect()) {
                assertServed(next);
                assertThat(idle.ended()).isTrue();
                await(server, Counter.CONNECTIONS_GAVE_WAY, 1);
                await(server, Counter.CONNECTIONS_CLOSED, 1);
                halting.goOn();
                assertThat(halfway.read().status()).isEqualTo(200);
                assertOpen(shaking);
                assertThat(server.connections()).isEqualTo(3);
            }
        }
    }

    /** Whether the other side keeps it: nothing comes on it, not even its end. */
    private static void assertOpen(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    /** Sends the first byte of a handshake. */
    private static Socket begin(TestServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort());
        socket.getOutputStream().write(0x16);
        return socket;
    }

    @Test
    void whoDoesNotBeginItsHandshakeGivesWay(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "one", "one.example");
        HttpConfig config =
                TestServer.CONFIG.with(connections(3, 1_000)).with(TlsContract.config(List.of(certificate)));
        try (TestServer server = server(config);
                Socket mute = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort());
                Socket shaking = begin(server)) {
            beMute(server, 2);
            try (RawClient next = server.connect()) {
                assertServed(next);
                assertThat(mute.getInputStream().read()).isNegative();
                await(server, Counter.CONNECTIONS_GAVE_WAY, 1);
                await(server, Counter.CONNECTIONS_CLOSED, 1);
                assertOpen(shaking);
                assertThat(server.connections()).isEqualTo(2);
            }
        }
    }
}
