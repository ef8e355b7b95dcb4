package io.sluice.http;

import static io.sluice.http.Http2Client.NO_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.common.Networks;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import io.sluice.ring.Reply;
import io.sluice.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit of {@link LimitsConfig} is reached, counted, and leaves others served. */
@Timeout(60)
class ConnectionLimitsTest {

    private static final String GET = "GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String POST = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n";
    private static final Duration BRIEF = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final LimitsConfig WIDE =
            new LimitsConfig(1_000, 1_000, 1_000_000, 1_000, LONG, LONG, LONG, 0, 0, 0);

    private static TestServer server(LimitsConfig limits) throws IOException {
        return new TestServer(TestServer.CONFIG.with(limits));
    }

    private static LimitsConfig connections(int most, int ofAddress) {
        return new LimitsConfig(most, ofAddress, 1_000_000, 1_000, LONG, LONG, LONG, 0, 0, 0);
    }

    private static LimitsConfig times(Duration firstByte, Duration head, Duration body, int rate) {
        return new LimitsConfig(1_000, 1_000, 1_000_000, 1_000, firstByte, head, body, rate, 0, 0);
    }

    private static void assertServed(RawClient client) throws IOException {
        client.send(GET);
        assertThat(client.read().status()).isEqualTo(200);
    }

    private static void await(TestServer server, Counter counter, long value) throws InterruptedException {
        while (server.total(counter) < value) {
            server.settle();
        }
        assertThat(server.total(counter)).isEqualTo(value);
    }

    // Connections.

    @Test
    void connectionsBeyondTheLimitAreResetAndOthersGoOn() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        // Those that are refused do not count for their address either.
        try (TestServer server = server(connections(3, 4))) {
            // None of them can give way: each waits for its answer.
            server.intake.mode = FakeIntake.Mode.HOLD;
            List<Reply> replies = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(server.connect().send(GET));
                replies.add(server.intake.held.take());
            }
            for (int i = 0; i < 5; i++) {
                try (RawClient refused = server.connect()) {
                    assertThat(refused.ended()).isTrue();
                }
            }
            await(server, Counter.LIMIT_CONNECTIONS, 5);
            assertThat(server.connections()).isEqualTo(3);
            assertThat(server.total(Counter.CONNECTIONS_GAVE_WAY)).isZero();
            server.intake.mode = FakeIntake.Mode.ANSWER;
            server.intake.reply(replies.getFirst());
            assertThat(clients.getFirst().read().status()).isEqualTo(200);
            assertServed(clients.getFirst());
            // Room that is given back is taken again.
            clients.removeLast().reset();
            await(server, Counter.CONNECTIONS_CLOSED, 1);
            try (RawClient next = server.connect()) {
                assertServed(next);
            }
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    /** Until then, nobody has to give way. */
    private static void becomeIdle() throws InterruptedException {
        Thread.sleep(1_001);
    }

    @Test
    void whereRoomGetsScarceTheLongestIdleGiveWayToNewcomers() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (TestServer server = server(connections(8, 1_000));
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
            becomeIdle();

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
        try (TestServer server = server(connections(3, 1_000))) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            for (int i = 0; i < 3; i++) {
                clients.add(server.connect().send(GET));
            }
            for (int i = 0; i < 3; i++) {
                server.intake.reply(server.intake.held.take());
                assertThat(clients.get(i).read().status()).isEqualTo(200);
            }
            becomeIdle();
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
        try (TestServer server = server(connections(places, 1));
                RawClient idle = ClientAddressTest.from("127.0.0.2", server);
                RawClient greedy = server.connect()) {
            assertServed(idle);
            assertServed(greedy);
            becomeIdle();
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
        try (TestServer server = server(connections(70, 1_000))) {
            for (int i = 0; i < 65; i++) {
                Http2Client client = Http2Client.connect(server, Http2Client.setting(4, 0));
                client.send(Http2Client.get(1, "/p.gif"));
                client.await(Http2Client.HEADERS, 1);
                blocked.add(client);
            }
            try (RawClient idle = server.connect()) {
                assertServed(idle);
                becomeIdle();
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
            becomeIdle();
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
        try (TestServer server = server(connections(3, 1_000));
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
            becomeIdle();
            try (RawClient next = server.connect()) {
                assertServed(next);
                assertThat(http2.sentAway()).isEqualTo(NO_ERROR);
            }
            server.intake.reply(other);
            assertThat(busy.read().status()).isEqualTo(200);
        }
    }

    @Test
    void theConnectionsOfATrustedProxyDoNotGiveWay() throws Exception {
        ProxyConfig proxy = new ProxyConfig(Networks.NONE, Networks.of("127.0.0.1"), ProxyConfig.Field.X_FORWARDED_FOR);
        try (TestServer server = new TestServer(
                        TestServer.CONFIG.with(connections(3, 1_000)).with(proxy));
                RawClient proxied = server.connect();
                RawClient visitor = ClientAddressTest.from("127.0.0.2", server)) {
            assertServed(proxied);
            assertServed(visitor);
            becomeIdle();
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
        try (TestServer server = server(connections(3, 1_000));
                Http2Client begun = new Http2Client(server.server.port());
                RawClient idle = server.connect()) {
            begun.send(Http2Client.PREFACE, 0, 5);
            assertServed(idle);
            becomeIdle();
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
        try (TestServer server = new TestServer(config);
                Socket shaking = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort());
                TlsClient.Halting halting = new TlsClient.Halting(server.server.tlsPort());
                RawClient halfway = new RawClient(TlsClient.over(halting));
                RawClient idle = new RawClient(
                        TlsClient.connect(TlsClient.context(null), server.server.tlsPort(), "one.example"))) {
            assertServed(halfway);
            assertServed(idle);
            halting.haltAfter(10);
            halfway.send(GET);
            becomeIdle();
            try (RawClient next = server.connect()) {
                assertServed(next);
                assertThat(idle.ended()).isTrue();
                await(server, Counter.CONNECTIONS_GAVE_WAY, 1);
                await(server, Counter.CONNECTIONS_CLOSED, 1);
                halting.goOn();
                assertThat(halfway.read().status()).isEqualTo(200);
                assertThat(shaking.isConnected()).isTrue();
                assertThat(server.connections()).isEqualTo(3);
            }
        }
    }

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
    void oneAddressCannotTakeThePlacesOfOthers() throws Exception {
        try (TestServer server = server(connections(1_000, 2));
                RawClient one = server.connect();
                RawClient two = server.connect();
                RawClient refused = server.connect();
                RawClient other = ClientAddressTest.from("127.0.0.2", server)) {
            assertServed(one);
            assertServed(two);
            assertThat(refused.ended()).isTrue();
            assertServed(other);
            await(server, Counter.LIMIT_ADDRESS_CONNECTIONS, 1);
            two.reset();
            await(server, Counter.CONNECTIONS_CLOSED, 1);
            try (RawClient next = server.connect()) {
                assertServed(next);
            }
        }
    }

    @Test
    void behindABalancerItIsTheClientThatIsCounted() throws Exception {
        ProxyConfig balancer = new ProxyConfig(Networks.ALL, Networks.NONE, ProxyConfig.Field.X_FORWARDED_FOR);
        String line = "PROXY TCP6 2001:db8:0:%d::%d ::1 1000 443\r\n";
        try (TestServer server = new TestServer(
                        TestServer.CONFIG.with(connections(1_000, 2)).with(balancer));
                RawClient one = server.connect();
                RawClient two = server.connect();
                RawClient refused = server.connect();
                RawClient other = server.connect()) {
            // One network of 64 bits is one customer.
            assertServed(one.send(line.formatted(1, 1)));
            assertServed(two.send(line.formatted(1, 2)));
            refused.send(line.formatted(1, 3));
            assertThat(refused.ended()).isTrue();
            assertServed(other.send(line.formatted(2, 1)));
            assertThat(server.total(Counter.LIMIT_ADDRESS_CONNECTIONS)).isEqualTo(1);
            one.reset();
            await(server, Counter.CONNECTIONS_CLOSED, 2);
            try (RawClient next = server.connect()) {
                assertServed(next.send(line.formatted(1, 4)));
            }
        }
    }

    @Test
    void aTrustedProxyIsNotCounted() throws Exception {
        ProxyConfig proxy = new ProxyConfig(Networks.NONE, Networks.of("127.0.0.1"), ProxyConfig.Field.X_FORWARDED_FOR);
        try (TestServer server = new TestServer(
                        TestServer.CONFIG.with(connections(1_000, 1)).with(proxy));
                RawClient one = server.connect();
                RawClient two = server.connect()) {
            assertServed(one);
            assertServed(two);
        }
    }

    @Test
    void theTableOfAddressesForgetsWhoIsGone() {
        ConnectionCaps caps = new ConnectionCaps(10, 3);
        byte[] address = {10, 0, 0, 1};
        for (int round = 0; round < 100; round++) {
            List<EmbeddedChannel> channels = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                channels.add(new EmbeddedChannel());
                assertThat(caps.tryEnter(address)).isTrue();
                caps.leavesWith(channels.getLast(), address);
            }
            assertThat(caps.tryEnter(address)).isFalse();
            for (EmbeddedChannel channel : channels) {
                channel.close();
            }
        }
    }

    // Requests.

    @Test
    void theLastRequestOfAConnectionIsAnsweredAndSaysSo() throws Exception {
        LimitsConfig three = new LimitsConfig(1_000, 1_000, 3, 1_000, LONG, LONG, LONG, 0, 0, 0);
        try (TestServer server = server(three);
                RawClient client = server.connect()) {
            client.send(GET + GET);
            assertThat(client.read().header("Connection")).isNull();
            assertThat(client.read().header("Connection")).isNull();
            client.send(GET + GET);
            RawClient.Answer last = client.read();
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
            assertThat(server.total(Counter.LIMIT_REQUESTS)).isEqualTo(1);
            assertThat(server.total(Counter.REQUESTS_RECEIVED)).isEqualTo(3);
        }
        try (TestServer server = server(three);
                Http2Client client = Http2Client.connect(server)) {
            for (int stream = 1; stream <= 5; stream += 2) {
                client.send(Http2Client.get(stream, "/p.gif"));
                if (stream < 5) {
                    assertThat(client.answer(stream).status()).isEqualTo(200);
                }
            }
            assertThat(client.await(Http2Client.GOAWAY, 0).number(0)).isEqualTo(Integer.MAX_VALUE);
            byte[] ping = client.await(Http2Client.PING, 0).payload();
            assertThat(client.answer(5).status()).isEqualTo(200);
            // What it had sent before it knew is served.
            client.send(Http2Client.get(7, "/p.gif"));
            assertThat(client.answer(7).status()).isEqualTo(200);
            client.send(Http2Client.frame(Http2Client.PING, Http2Client.ACK, 0, ping));
            assertThat(client.await(Http2Client.GOAWAY, 0).number(0)).isEqualTo(7);
            assertThat(client.read()).isNull();
            assertThat(server.total(Counter.LIMIT_REQUESTS)).isEqualTo(1);
        }
    }

    @Test
    void headersMayBeAsManyAsTheLimitAndNoMore() throws Exception {
        LimitsConfig sixteen = new LimitsConfig(1_000, 1_000, 1_000, 16, LONG, LONG, LONG, 0, 0, 0);
        try (TestServer server = server(sixteen);
                RawClient client = server.connect();
                Http2Client http2 = Http2Client.connect(server)) {
            client.send(GET.replace("\r\n\r\n", "\r\nA: b".repeat(15) + "\r\n\r\n"));
            assertThat(client.read().status()).isEqualTo(200);
            client.send(GET.replace("\r\n\r\n", "\r\nA: b".repeat(16) + "\r\n\r\n"));
            RawClient.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(431);
            assertThat(answer.text()).contains("too-many-fields", "more header fields than the limit of 16.");
            assertThat(client.ended()).isTrue();

            String[] fields = new String[32];
            for (int i = 0; i < fields.length; i += 2) {
                fields[i] = "a";
                fields[i + 1] = "b";
            }
            http2.send(Http2Client.get(1, "/p.gif", fields));
            assertThat(http2.answer(1).status()).isEqualTo(200);
            http2.send(Http2Client.frame(
                    Http2Client.HEADERS,
                    Http2Client.END_STREAM | Http2Client.END_HEADERS,
                    3,
                    Http2Client.head("GET", "/p.gif", fields),
                    Http2Client.fields("a", "b")));
            assertThat(http2.answer(3).status()).isEqualTo(431);
            // Cookies come in as many pieces as the client likes.
            http2.send(Http2Client.frame(
                    Http2Client.HEADERS,
                    Http2Client.END_STREAM | Http2Client.END_HEADERS,
                    5,
                    Http2Client.head("GET", "/p.gif", fields),
                    Http2Client.fields("cookie", "a=b", "cookie", "c=d")));
            assertThat(http2.answer(5).status()).isEqualTo(200);
            assertThat(server.metrics.total(Reason.TOO_MANY_FIELDS)).isEqualTo(2);
        }
    }

    /** However fast they are sent: behind one that held up the loop, three times as long belongs to the others. */
    @Test
    void requestsThatHoldUpALoopHaveAQuarterOfIt() throws Exception {
        try (TestServer server = server(WIDE);
                RawClient http1 = server.connect();
                RawClient other = server.connect();
                Http2Client http2 = Http2Client.connect(server)) {
            server.intake.work = Duration.ofMillis(20);
            String dear = POST + "x".repeat(20_000);
            http1.send(dear.repeat(2));
            other.send(dear);
            for (int stream = 1; stream <= 3; stream += 2) {
                http2.send(Http2Client.post(stream, "/v1/events"));
                http2.send(Http2Client.data(stream, false, "x".repeat(10_000)));
                http2.send(Http2Client.data(stream, true, "x".repeat(10_000)));
            }
            assertThat(http1.read().status()).isEqualTo(200);
            assertThat(http1.read().status()).isEqualTo(200);
            assertThat(other.read().status()).isEqualTo(200);
            assertThat(http2.answer(1).status()).isEqualTo(200);
            assertThat(http2.answer(3).status()).isEqualTo(200);
            await(server, Counter.LIMIT_DEAR, 5);

            // The first of each connection is not known for what it is; the fourth has three to wait for.
            List<Long> offered = server.intake.offeredNanos;
            assertThat(offered).hasSize(5);
            assertThat(offered.get(4) - offered.get(0)).isGreaterThan(8 * 20_000_000L);
            assertThat(offered.get(3) - offered.get(0)).isGreaterThan(4 * 20_000_000L);
        }
    }

    @Test
    void whatIsDearAndWhatShareItHasIsForTheOperatorToSay() throws Exception {
        String dear = POST + "x".repeat(20_000);
        try (TestServer server = server(WIDE.with(new FloodConfig(10, 50, Duration.ofMillis(2), 5)));
                RawClient client = server.connect()) {
            server.intake.work = Duration.ofMillis(20);
            client.send(dear.repeat(2));
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(200);
            List<Long> offered = server.intake.offeredNanos;
            assertThat(offered.get(1) - offered.get(0)).isGreaterThan(20 * 20_000_000L);
        }
        try (TestServer server = server(WIDE.with(new FloodConfig(10, 50, Duration.ofMinutes(1), 25)));
                RawClient client = server.connect()) {
            server.intake.work = Duration.ofMillis(20);
            client.send(dear.repeat(2));
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(server.total(Counter.LIMIT_DEAR)).isZero();
        }
    }

    @Test
    void smallRequestsAreNotLookedAt() throws Exception {
        try (TestServer server = server(WIDE);
                RawClient client = server.connect()) {
            server.intake.work = Duration.ofMillis(20);
            client.send(GET.repeat(2));
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(server.total(Counter.LIMIT_DEAR)).isZero();
        }
    }

    @Test
    void aConnectionThatHasAsManyRequestsInFlightAsMayBeIsNotReadFrom() throws Exception {
        try (TestServer server = server(WIDE);
                RawClient client = server.connect()) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            client.send(GET.repeat(100));
            await(server, Counter.LIMIT_PIPELINED, 1);
            assertThat(server.inFlight()).isEqualTo(TestServer.CONFIG.maxPipelined());
            server.intake.mode = FakeIntake.Mode.ANSWER;
            for (int i = 0; i < TestServer.CONFIG.maxPipelined(); i++) {
                server.intake.reply(server.intake.held.take());
            }
            for (int i = 0; i < 100; i++) {
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
    }

    // Times.

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

    // Work.

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneConnectionThatBringsMuchDoesNotKeepOthersWaiting(boolean manyRequests) throws Exception {
        int body = manyRequests ? 1_000 : 100_000;
        byte[] post = ("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: " + body + "\r\n\r\n" + "b".repeat(body))
                .repeat(4_000_000 / body)
                .getBytes();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (TestServer server = server(WIDE);
                RawClient greedy = server.connect();
                RawClient other = server.connect()) {
            assertServed(other);
            server.intake.loop.execute(() -> {
                blocked.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            blocked.await();
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                try {
                    greedy.send(post);
                } catch (IOException e) {
                    // The test is over.
                }
            });
            // What its buffers take: from now on, it has more for the loop than a turn.
            sender.join(200);
            other.send(GET);
            go.countDown();
            assertThat(other.read().status()).isEqualTo(200);
            int before = 0;
            int pixels = 0;
            for (FakeIntake.Seen seen : server.intake.seen()) {
                pixels += seen.body().isEmpty() ? 1 : 0;
                before += pixels < 2 ? seen.body().length() : 0;
            }
            // Whichever had the first turn, the other had the next one.
            assertThat(before).isLessThanOrEqualTo(2 * 256 * 1024);
            greedy.reset();
            sender.join();
        }
    }
}
