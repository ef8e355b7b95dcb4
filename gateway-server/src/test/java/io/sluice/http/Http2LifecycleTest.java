package io.sluice.http;

import static io.sluice.http.Http2Client.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.intake.Intake.Admission;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Cuts, waits and ends of connections of HTTP/2. */
class Http2LifecycleTest {

    private static final String BODY = "{\"e\":\"view\",\"x\":[1,2,3]}";

    private static HttpConfig with(Duration idle, Duration admission) {
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
                admission,
                c.maxPipelined(),
                c.maxStreams(),
                TlsConfig.NONE);
    }

    private static CompletableFuture<Boolean> drain(TestServer server, Duration timeout) {
        CompletableFuture<Boolean> complete = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                complete.complete(server.server.drain(timeout));
            } catch (InterruptedException e) {
                complete.completeExceptionally(e);
            }
        });
        return complete;
    }

    @Test
    void aStreamOfFramesCutAtAnyOffsetHoldsTheSameRequests() throws Exception {
        byte[] all = join(
                PREFACE,
                frame(SETTINGS, 0, 0, setting(4, 100_000)),
                get(1, "/p.gif?k=demo&e=a%20b", "user-agent", "Agent/1"),
                post(3, "/v1/events?k=demo", "content-length", Integer.toString(BODY.length())),
                post(5, "/v1/events"),
                data(3, false, BODY.substring(0, 5)),
                padded(5, false, "[{}", 9),
                data(3, true, BODY.substring(5)),
                frame(HEADERS, 0, 7, fields(":method", "GET")),
                frame(CONTINUATION, 0, 7, fields(":scheme", "http", ":authority", "x")),
                frame(CONTINUATION, END_HEADERS, 7, fields(":path", "/none")),
                data(7, true, "skipped"),
                data(5, false, ",{}]"),
                frame(HEADERS, END_STREAM | END_HEADERS, 5, fields("x-sum", "1")));
        try (TestServer server = new TestServer()) {
            List<String> whole = answers(server, all, 0);
            List<FakeIntake.Seen> requests = server.intake.seen();
            assertThat(requests).hasSize(3);
            for (int cut = 1; cut < all.length; cut++) {
                server.intake.seen.clear();
                assertThat(answers(server, all, cut)).as("cut at %s", cut).containsExactlyInAnyOrderElementsOf(whole);
                assertThat(server.intake.seen()).as("cut at %s", cut).containsExactlyInAnyOrderElementsOf(requests);
            }
        }
    }

    private static List<String> answers(TestServer server, byte[] all, int cut) throws Exception {
        try (Http2Client client = new Http2Client(server.server.port())) {
            client.send(all, 0, cut);
            server.settle();
            client.send(all, cut, all.length);
            List<String> answers = new ArrayList<>();
            for (int ended = 0; ended < 4; ) {
                Frame frame = client.read();
                if (frame.type() == HEADERS) {
                    Answer head = client.answerHead(frame);
                    answers.add(frame.stream() + " " + head.status() + " " + head.undated());
                } else if (frame.type() == DATA) {
                    answers.add(frame.stream() + " " + new String(frame.payload()));
                }
                ended += frame.type() <= HEADERS && frame.has(END_STREAM) ? 1 : 0;
            }
            return answers;
        }
    }

    @Test
    void drainingLetsTheClientEndWhatItHasBegun() throws Exception {
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            client.send(get(1, "/p.gif"), post(3, "/v1/events"), data(3, false, "{"));
            while (server.inFlight() < 2) {
                server.settle();
            }
            CompletableFuture<Boolean> complete = drain(server, Duration.ofSeconds(60));
            Frame notice = client.read();
            assertThat(notice.type()).isEqualTo(GOAWAY);
            assertThat(notice.number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(notice.number(4)).isEqualTo(NO_ERROR);
            Frame ping = client.read();
            assertThat(ping.type()).isEqualTo(PING);
            // On its way before the client knew.
            client.send(post(5, "/v1/events"), frame(PING, ACK, 0, ping.payload()));
            Frame last = client.await(GOAWAY, 0);
            assertThat(last.number(0)).isEqualTo(5);
            // Behind it nothing is looked at, and what came before is answered.
            client.send(get(7, "/p.gif"), post(9, "/v1/events"), data(9, true, "{}"), windowUpdate(9, 1), reset(9));
            client.send(data(3, true, "}"), data(5, true, "{}"));
            // The intake brings back what it holds as soon as nothing more can come.
            for (int stream : new int[] {1, 3, 5}) {
                assertThat(client.answer(stream).status()).isEqualTo(200);
            }
            assertThat(client.read()).isNull();
            assertThat(complete.get()).isTrue();
            assertThat(server.total(Counter.REQUESTS_RECEIVED)).isEqualTo(3);
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isZero();
        }
    }

    @Test
    void drainingDoesNotWaitForAClientThatDoesNotAnswer() throws Exception {
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            CompletableFuture<Boolean> complete = drain(server, Duration.ofSeconds(60));
            assertThat(client.await(GOAWAY, 0).number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(client.await(GOAWAY, 0).number(0)).isZero();
            assertThat(client.read()).isNull();
            assertThat(complete.get()).isTrue();
        }
    }

    @Test
    void whatIsWholeAfterTheDrainingTimeIsRefused() throws Exception {
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            client.send(post(1, "/v1/events"), data(1, false, "{"));
            while (server.inFlight() == 0) {
                server.settle();
            }
            assertThat(server.server.drain(Duration.ofSeconds(3))).isTrue();
            client.send(data(1, true, "}"));
            Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).contains("\"draining\"");
            assertThat(client.read()).isNull();
            assertThat(server.intake.seen()).isEmpty();
        }
    }

    @Test
    void aConnectionOnWhichNothingHappensIsToldAndClosedButNotOneThatWaitsForItsAnswer() throws Exception {
        try (TestServer server = new TestServer(with(Duration.ofMillis(500), Duration.ofSeconds(9)));
                Http2Client silent = Http2Client.connect(server);
                Http2Client pinging = Http2Client.connect(server);
                Http2Client patient = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            patient.send(get(1, "/p.gif"));
            assertThat(silent.sentAway()).isEqualTo(NO_ERROR);
            pinging.send(ping("12345678"));
            assertThat(pinging.sentAway()).as("a PING is no request").isEqualTo(NO_ERROR);
            server.intake.reply(server.intake.held.take());
            assertThat(patient.answer(1).status()).isEqualTo(200);
            assertThat(patient.sentAway()).isEqualTo(NO_ERROR);
        }
    }

    @Test
    void aClientThatEndsItsSideStillGetsItsAnswers() throws Exception {
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            client.send(get(1, "/p.gif"), post(3, "/v1/events"), data(3, false, "{"));
            client.endOutput();
            server.intake.reply(server.intake.held.take());
            assertThat(client.answer(1).status()).isEqualTo(200);
            while (client.read() != null) {
                // The end must come.
            }
            while (server.connections() > 0) {
                server.settle();
            }
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isEqualTo(1);
        }
    }

    @Test
    void aRequestWaitsForCreditAndTheConnectionIsNotRead() throws Exception {
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.NO_CREDIT;
            client.send(post(1, "/v1/events?1"), data(1, true, "{}"), post(3, "/v1/events?2"), data(3, true, "{}"));
            assertThat(server.intake.admissions.take()).isEqualTo(Admission.NO_CREDIT);
            server.intake.mode = FakeIntake.Mode.ANSWER;
            server.settle();
            assertThat(server.total(Counter.REQUESTS_RECEIVED))
                    .as("the second is not read yet")
                    .isEqualTo(1);
            server.intake.creditReturns();
            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(client.answer(3).status()).isEqualTo(200);
            assertThat(server.intake.seen()).extracting(FakeIntake.Seen::query).containsExactly("1", "2");
            assertThat(server.total(Counter.READS_PAUSED)).isEqualTo(1);
        }
    }

    @Test
    void aRequestThatWaitsTooLongIsToldToComeAgain() throws Exception {
        try (TestServer server = new TestServer(with(Duration.ofSeconds(60), Duration.ofMillis(50)));
                Http2Client client = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.NO_CREDIT;
            client.send(post(1, "/v1/events"), data(1, true, "{}"), get(3, "/p.gif"));
            for (int stream : new int[] {1, 3}) {
                Answer answer = client.answer(stream);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.header("retry-after")).isEqualTo("1");
            }
            assertThat(server.metrics.total(Reason.OVERLOADED)).isEqualTo(2);
            server.intake.mode = FakeIntake.Mode.ANSWER;
            client.send(get(5, "/p.gif"));
            assertThat(client.answer(5).status()).isEqualTo(200);
        }
    }

    @Test
    void aConnectionThatClosesWhileItWaitsLeavesNothing() throws Exception {
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server);
                Http2Client other = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.NO_CREDIT;
            client.send(post(1, "/v1/events?1"), data(1, true, "{}"));
            server.intake.admissions.take();
            other.send(post(1, "/v1/events?2"), data(1, true, "{}"));
            while (server.total(Counter.READS_PAUSED) < 2) {
                server.settle();
            }
            client.reset();
            while (server.total(Counter.CONNECTIONS_CLOSED) == 0) {
                server.settle();
            }
            server.intake.mode = FakeIntake.Mode.ANSWER;
            server.intake.creditReturns();
            assertThat(other.answer(1).status()).isEqualTo(200);
            assertThat(server.intake.seen()).extracting(FakeIntake.Seen::query).containsExactly("2");
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isEqualTo(1);
        }
    }

    @Test
    void repliesToAConnectionThatIsGoneGoNowhere() throws Exception {
        try (TestServer server = new TestServer();
                Http2Client client = Http2Client.connect(server)) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            client.send(get(1, "/p.gif"), get(3, "/p.gif"));
            while (server.intake.held.size() < 2) {
                server.settle();
            }
            client.reset();
            while (server.total(Counter.CONNECTIONS_CLOSED) == 0) {
                server.settle();
            }
            server.intake.reply(server.intake.held.take());
            server.intake.reply(server.intake.held.take());
            server.settle();
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isEqualTo(2);
        }
    }
}
