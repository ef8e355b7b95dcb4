package io.sluice.http;

import static io.sluice.http.Http2Client.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What took others down: each costs us no more than it may, is counted, and leaves other clients served. */
class Http2AttackTest {

    private static final int MOST = TestServer.CONFIG.maxStreams();

    /** Far more than any allowance, and still a moment's work. */
    private static final int MANY = 20_000;

    private static HttpConfig with(Duration idle, int maxStreams) {
        HttpConfig c = TestServer.CONFIG;
        return new HttpConfig(
                c.host(),
                0,
                c.transport(),
                1,
                c.maxLineBytes(),
                c.maxHeaderBytes(),
                c.maxBodyBytes(),
                idle,
                c.admissionTimeout(),
                c.maxPipelined(),
                maxStreams,
                TlsConfig.NONE);
    }

    /** Sends what is given again and again from a thread of its own, until the server no longer takes it. */
    private static void flood(Http2Client client, byte[] frames) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                for (int i = 0; i < MANY; i++) {
                    client.send(frames);
                }
            } catch (IOException e) {
                // Sent away.
            }
        });
    }

    private static void assertServed(TestServer server) throws Exception {
        server.intake.mode = FakeIntake.Mode.ANSWER;
        try (Http2Client good = Http2Client.connect(server)) {
            good.send(get(1, "/p.gif"));
            assertThat(good.answer(1).status()).isEqualTo(200);
        }
    }

    /** CVE-2023-44487. */
    @Test
    void rapidResetEndsTheConnectionAndNeverHoldsMoreThanMayBeOpen() throws Exception {
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; i < MANY; i++) {
                        client.send(get(2 * i + 1, "/p.gif"), reset(2 * i + 1));
                    }
                } catch (IOException e) {
                    // Sent away.
                }
            });
            assertThat(client.sentAway()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(server.total(Counter.HTTP2_RESET_FLOODS)).isEqualTo(1);
            assertThat(server.total(Counter.HTTP2_STREAMS_RESET)).isLessThanOrEqualTo(MOST);
            assertThat(server.intake.held).hasSize(MOST);
            for (int i = 0; i < MOST; i++) {
                server.intake.reply(server.intake.held.take());
            }
            assertServed(server);
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isEqualTo(MOST);
        }
    }

    /** CVE-2025-8671: a client that has us reset its streams. */
    @Test
    void resetsThatAClientBringsAboutAreItsOwn() throws Exception {
        for (int kind = 0; kind < 3; kind++) {
            try (TestServer server = new TestServer();
                    Http2Client client = Http2Client.connect(server)) {
                server.intake.mode = FakeIntake.Mode.HOLD;
                int how = kind;
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        for (int i = 0; i < MANY; i++) {
                            int stream = 2 * i + 1;
                            client.send(
                                    get(stream, "/p.gif"),
                                    switch (how) {
                                        case 0 -> windowUpdate(stream, 0);
                                        case 1 -> windowUpdate(stream, Integer.MAX_VALUE);
                                        default -> data(stream, true, "");
                                    });
                        }
                    } catch (IOException e) {
                        // Sent away.
                    }
                });
                assertThat(client.sentAway()).as("kind %s", kind).isEqualTo(ENHANCE_YOUR_CALM);
                assertThat(server.total(Counter.HTTP2_RESET_FLOODS)).isEqualTo(1);
                assertThat(server.intake.held).hasSizeLessThanOrEqualTo(MOST);
                assertServed(server);
            }
        }
    }

    @Test
    void aStreamThatWasResetAfterItWasStagedCountsUntilItsTicketReturns() throws Exception {
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            for (int i = 0; i < MOST; i++) {
                client.send(get(2 * i + 1, "/p.gif"), reset(2 * i + 1));
            }
            int next = 2 * MOST + 1;
            client.send(get(next, "/p.gif"));
            assertThat(client.resetOf(next)).isEqualTo(REFUSED_STREAM);
            assertThat(server.inFlight()).isZero();
            for (int i = 0; i < MOST; i++) {
                server.intake.reply(server.intake.held.take());
            }
            server.settle();
            client.send(get(next + 2, "/p.gif"));
            server.intake.reply(server.intake.held.take());
            Frame first = client.read();
            assertThat(first.stream()).as("no answer to the dead").isEqualTo(next + 2);
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isEqualTo(MOST);
        }
    }

    /** CVE-2024-27316. */
    @Test
    void aHeadThatNeverEndsIsCutOff() throws Exception {
        try (TestServer server = new TestServer();
                Http2Client small = Http2Client.connect(server);
                Http2Client large = Http2Client.connect(server)) {
            small.send(frame(HEADERS, 0, 1, head("GET", "/p.gif")));
            flood(small, frame(CONTINUATION, 0, 1, fields("a", "b")));
            assertThat(small.sentAway()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(server.total(Counter.HTTP2_HEADER_FLOODS)).isEqualTo(1);
            large.send(frame(HEADERS, 0, 1, head("GET", "/p.gif")));
            flood(large, frame(CONTINUATION, 0, 1, new byte[10_000]));
            assertThat(large.sentAway()).isEqualTo(PROTOCOL_ERROR);
            assertThat(server.total(Counter.HTTP2_PROTOCOL_ERRORS)).isEqualTo(1);
            assertServed(server);
            assertThat(server.total(Counter.REQUESTS_RECEIVED)).isEqualTo(1);
        }
    }

    enum Idle {
        PINGS(ping("12345678")),
        SETTINGS(frame(Http2Client.SETTINGS, 0, 0, setting(3, 100))),
        ACKNOWLEDGEMENTS(frame(Http2Client.SETTINGS, ACK, 0)),
        WINDOW_UPDATES(windowUpdate(0, 1)),
        STREAM_UPDATES(windowUpdate(1, 1)),
        PRIORITIES(frame(PRIORITY, 0, 1, number(0), new byte[1])),
        EMPTY_DATA(data(1, false, "")),
        EMPTY_PADDED_DATA(padded(1, false, "", 255)),
        UNKNOWN(frame(0xBB, 0, 0)),
        LATE_RESETS(reset(3));

        final byte[] frame;

        Idle(byte[] frame) {
            this.frame = frame;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFloodOfFramesThatBringNothingForwardEndsTheConnection(Idle kind) throws Exception {
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            client.send(post(1, "/v1/events"), get(3, "/p.gif"));
            client.answer(3);
            flood(client, kind.frame);
            assertThat(client.sentAway()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(server.total(Counter.HTTP2_CONTROL_FLOODS)).isEqualTo(1);
            assertServed(server);
        }
    }

    private static HttpConfig with(FloodConfig floods) {
        return with(Duration.ofSeconds(60), 16).with(LimitsConfig.DEFAULT.with(floods));
    }

    /** Twenty seconds' worth at once, of which the greetings take two, and four more for an answer. */
    @Test
    void howManyFramesBesideRequestsMayComeIsForTheOperatorToSay() throws Exception {
        try (TestServer server = new TestServer(with(new FloodConfig(10, 2, Duration.ofMillis(2), 25)));
                Http2Client client = Http2Client.connect(server)) {
            for (int i = 0; i < 35; i++) {
                client.send(ping("12345678"));
                assertThat(client.await(PING, 0).has(ACK)).isTrue();
            }
            client.send(get(1, "/p.gif"));
            assertThat(client.answer(1).status()).isEqualTo(200);
            for (int i = 0; i < 6; i++) {
                client.send(ping("12345678"));
                assertThat(client.await(PING, 0).has(ACK)).isTrue();
            }
            for (int i = 0; i < 60; i++) {
                client.send(ping("12345678"));
            }
            assertThat(client.sentAway()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(server.total(Counter.HTTP2_CONTROL_FLOODS)).isEqualTo(1);
            assertServed(server);
        }
    }

    /** Ten seconds' worth at once, and as many as may be open. */
    @Test
    void howManyStreamsMayEndByResetIsForTheOperatorToSay() throws Exception {
        try (TestServer server = new TestServer(with(new FloodConfig(1, 50, Duration.ofMillis(2), 25)));
                Http2Client client = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            int stream = 1;
            for (int i = 0; i < 16; i++, stream += 2) {
                client.send(get(stream, "/p.gif"), reset(stream));
            }
            for (int i = 0; i < 10; i++, stream += 2) {
                client.send(get(stream, "/p.gif"));
                assertThat(client.resetOf(stream)).isEqualTo(REFUSED_STREAM);
            }
            assertThat(server.total(Counter.HTTP2_RESET_FLOODS)).isZero();
            for (int i = 0; i < 60; i++, stream += 2) {
                client.send(get(stream, "/p.gif"));
            }
            assertThat(client.sentAway()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(server.total(Counter.HTTP2_RESET_FLOODS)).isEqualTo(1);
            for (int i = 0; i < 16; i++) {
                server.intake.reply(server.intake.held.take());
            }
            assertServed(server);
        }
    }

    @Test
    void whoGoesOnWhenItHasBeenSentAwayIsNotReadAnyMore() throws Exception {
        long much = 256L << 20;
        byte[] pings = new byte[1 << 16];
        byte[] one = ping("12345678");
        for (int i = 0; i + one.length <= pings.length; i += one.length) {
            System.arraycopy(one, 0, pings, i, one.length);
        }
        long sent = 0;
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            try {
                for (; sent < much; sent += pings.length) {
                    client.send(pings);
                }
            } catch (IOException e) {
                // The connection was cut at last.
            }
            assertThat(server.total(Counter.HTTP2_CONTROL_FLOODS)).isEqualTo(1);
            assertServed(server);
        }
        // What the buffers of both kernels hold; the loop would have thrown away all of it in the same time.
        assertThat(sent).isLessThan(much / 4);
    }

    @Test
    void aClientThatDoesNotReadWhatItAsksForIsNotReadEither() throws Exception {
        try (TestServer server = new TestServer(with(Duration.ofSeconds(60), 1024));
                Http2Client client = Http2Client.connect(server, setting(4, Integer.MAX_VALUE))) {
            client.send(windowUpdate(0, 1_000_000_000));
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; i < 10_000_000; i++) {
                        client.send(get(2 * i + 1, "/none"));
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
            assertServed(server);
            assertThat(client.answer(1).status()).isEqualTo(404);
        }
    }

    @Test
    void answersThatFindNoWindowAreNotKeptForEver() throws Exception {
        try (TestServer server = new TestServer(with(Duration.ofMillis(500), 16))) {
            try (Http2Client closed = Http2Client.connect(server, setting(4, 0))) {
                closed.send(get(1, "/p.gif"));
                assertThat(closed.await(HEADERS, 1).has(END_STREAM)).isFalse();
                assertThat(closed.sentAway()).isEqualTo(ENHANCE_YOUR_CALM);
            }
            try (Http2Client drop = Http2Client.connect(server, setting(4, 0))) {
                drop.send(get(1, "/p.gif"));
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        for (int i = 0; i < 43; i++) {
                            drop.send(windowUpdate(1, 1));
                            Thread.sleep(100);
                        }
                    } catch (IOException | InterruptedException e) {
                        // Sent away.
                    }
                });
                assertThat(drop.sentAway()).isEqualTo(ENHANCE_YOUR_CALM);
            }
            assertThat(server.total(Counter.HTTP2_STALLS)).isEqualTo(2);
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isEqualTo(2);
        }
    }

    @Test
    void aRequestThatDoesNotComeForwardIsResetWhileOthersGoOn() throws Exception {
        try (TestServer server = new TestServer(with(Duration.ofMillis(500), 16));
                Http2Client client = Http2Client.connect(server)) {
            client.send(windowUpdate(0, 1_000_000_000), post(1, "/v1/events"), data(1, false, "{"));
            for (int stream = 3; ; stream += 2) {
                client.send(get(stream, "/p.gif"));
                Frame frame = client.read();
                if (frame.type() == RST_STREAM) {
                    assertThat(frame.stream()).isEqualTo(1);
                    assertThat(frame.number(0)).isEqualTo(CANCEL);
                    break;
                }
                assertThat(frame.type()).isEqualTo(HEADERS);
                assertThat(client.read().type()).isEqualTo(DATA);
                server.settle();
            }
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isEqualTo(1);
        }
    }

    @Test
    void aBlockThatGrowsWhenItIsDecodedIsAnswered431() throws Exception {
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            // An entry of 3,900 bytes, named ten thousand times by a byte each.
            byte[] entry = join(new byte[] {0x40}, fields("bomb", "x".repeat(3_900)));
            byte[] bomb = new byte[10_000];
            Arrays.fill(bomb, (byte) 0xBE);
            client.send(
                    get(1, "/p.gif"), frame(HEADERS, END_STREAM | END_HEADERS, 3, head("GET", "/p.gif"), cut(entry)));
            client.send(frame(HEADERS, END_STREAM | END_HEADERS, 5, head("GET", "/p.gif"), bomb));
            assertThat(client.answer(5).status()).isEqualTo(431);
            client.send(frame(HEADERS, END_HEADERS, 7, head("POST", "/v1/events"), bomb));
            assertThat(client.answer(7).status()).isEqualTo(431);
            assertThat(client.resetOf(7)).isEqualTo(NO_ERROR);
            client.send(get(9, "/p.gif?" + "x".repeat(4_100)));
            assertThat(client.answer(9).status()).isEqualTo(414);
            client.send(get(11, "/p.gif"));
            assertThat(client.answer(11).status()).isEqualTo(200);
            assertThat(server.metrics.total(Reason.HEADERS_TOO_LARGE)).isEqualTo(2);
            assertThat(server.metrics.total(Reason.URI_TOO_LONG)).isEqualTo(1);
        }
    }

    /** CVE-2016-6581: each head is a byte a field, and has to be decoded to its end. */
    @Test
    void whoSendsHeadsThatAreTooLargeAgainAndAgainIsSentAway() throws Exception {
        byte[] bomb = new byte[10_000];
        Arrays.fill(bomb, (byte) 0xBE);
        byte[] entry = join(new byte[] {0x40}, fields("bomb", "x".repeat(3_900)));
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            client.send(frame(HEADERS, END_STREAM | END_HEADERS, 1, head("GET", "/p.gif"), cut(entry)));
            assertThat(client.answer(1).status()).isEqualTo(200);
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int stream = 3; stream < 2 * MANY; stream += 2) {
                        client.send(frame(HEADERS, END_STREAM | END_HEADERS, stream, head("GET", "/p.gif"), bomb));
                    }
                } catch (IOException e) {
                    // Sent away.
                }
            });
            assertThat(client.sentAway()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(server.total(Counter.HTTP2_HEADER_FLOODS)).isEqualTo(1);
            assertThat(server.metrics.total(Reason.HEADERS_TOO_LARGE)).isBetween(1L, MANY / 2L);
            assertServed(server);
        }
    }

    /** Without the first byte of a literal, which says how it is indexed, since another stands before it. */
    private static byte[] cut(byte[] entry) {
        return join(new byte[] {entry[0]}, Arrays.copyOfRange(entry, 2, entry.length));
    }

    /** A quarter of 64 bodies by default; each has been given all that it may need when it has passed half of it. */
    @ParameterizedTest
    @CsvSource({LimitsConfig.AUTO + ", 16", "300000, 3"})
    void bodiesOfOneConnectionCannotTakeTheMemoryOfTheRest(long bytes, int served) throws Exception {
        LimitsConfig d = LimitsConfig.DEFAULT;
        LimitsConfig limits = new LimitsConfig(
                d.connections(),
                d.connectionsOfAddress(),
                d.requests(),
                d.fields(),
                d.firstByte(),
                d.head(),
                d.body(),
                d.bodyBytesPerSecond(),
                LimitsConfig.AUTO,
                bytes);
        try (TestServer server = new TestServer(with(Duration.ofSeconds(60), 64).with(limits));
                Http2Client greedy = Http2Client.connect(server);
                Http2Client other = Http2Client.connect(server)) {
            String half = "x".repeat(10_000);
            for (int i = 0; i < 64; i++) {
                int stream = 2 * i + 1;
                greedy.send(post(stream, "/v1/events"));
                for (int piece = 0; piece < 7; piece++) {
                    greedy.send(data(stream, false, half));
                }
            }
            other.send(post(1, "/v1/events"), data(1, false, half), data(1, true, half));
            assertThat(other.answer(1).status()).isEqualTo(200);
            int refused = 0;
            for (int i = 0; i < 64; i++) {
                greedy.send(data(2 * i + 1, true, ""));
                int status = greedy.answer(2 * i + 1).status();
                assertThat(status).isIn(200, 503);
                refused += status == 503 ? 1 : 0;
            }
            assertThat(refused).isEqualTo(64 - served);
            assertThat(server.total(Counter.LIMIT_CONNECTION_IN_FLIGHT)).isEqualTo(refused);
            assertThat(server.total(Counter.LIMIT_IN_FLIGHT)).isZero();
            assertThat(server.metrics.total(Reason.OVERLOADED)).isEqualTo(refused);
        }
    }

    @Test
    void randomFramesAndBytesEndNothingButTheirConnection() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (TestServer server = new TestServer()) {
            for (int round = 0; round < 300; round++) {
                try (Http2Client client = new Http2Client(server.server.port())) {
                    client.send(PREFACE, frame(SETTINGS, 0, 0));
                    for (int i = 0; i < 20; i++) {
                        byte[] payload = new byte[random.nextInt(40)];
                        random.nextBytes(payload);
                        int type = random.nextInt(11);
                        client.send(
                                random.nextInt(4) == 0
                                        ? payload
                                        : random.nextBoolean()
                                                ? get(2 * i + 1, "/p.gif")
                                                : frame(type, random.nextInt(256), random.nextInt(20), payload));
                    }
                    client.endOutput();
                    while (client.read() != null) {
                        // Until the end, whatever comes.
                    }
                } catch (IOException e) {
                    // Sent away while it was still sending.
                }
            }
            server.intake.mode = FakeIntake.Mode.ANSWER;
            assertServed(server);
            while (server.connections() > 0) {
                server.settle();
            }
            server.checkLaw();
            assertThat(server.fatal.get()).as("seed %s", seed).isNull();
        } catch (Throwable failure) {
            throw new AssertionError("seed " + seed, failure);
        }
    }
}
