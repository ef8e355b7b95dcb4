package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.common.Networks;
import io.sluice.intake.Intake;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import io.sluice.ring.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each number and each share of {@link LimitsConfig} is reached, counted, and leaves others served. */
@Timeout(60)
class ConnectionLimitsTest extends ConnectionLimitsFixture {

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

    /** However little of the loop's time it took, and be it that it waited for credit before. */
    @Test
    void whatIsGivenAwayHasItsConnectionRest() throws Exception {
        try (TestServer server = server(WIDE.with(new FloodConfig(10, 50, Duration.ofMinutes(1), 25)));
                RawClient http1 = server.connect();
                Http2Client http2 = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.NO_CREDIT;
            http1.send(POST + "x".repeat(20_000) + GET);
            assertThat(server.intake.admissions.take()).isEqualTo(Intake.Admission.NO_CREDIT);
            server.intake.mode = FakeIntake.Mode.GIVE_AWAY;
            server.intake.creditReturns();
            http2.send(Http2Client.post(1, "/v1/events"));
            http2.send(Http2Client.data(1, true, "x".repeat(10_000)));
            await(server, Counter.LIMIT_DEAR, 2);
            http2.send(Http2Client.get(3, "/p.gif"));
            server.intake.reply(server.intake.held.take());
            server.intake.reply(server.intake.held.take());
            assertThat(http1.read().status()).isEqualTo(200);
            assertThat(http2.answer(1).status()).isEqualTo(200);
            try (RawClient other = server.connect()) {
                server.intake.mode = FakeIntake.Mode.ANSWER;
                other.send(GET);
                assertThat(other.read().status()).isEqualTo(200);
            }
            assertThat(server.intake.seen())
                    .as("two dear ones, and the other's")
                    .hasSize(3);
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
