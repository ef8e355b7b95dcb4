package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.protocol.AnswerRenderer;
import io.sluice.ring.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many requests of one connection in flight at once. */
class PipeliningTest {

    private static final int MOST = TestServer.CONFIG.maxPipelined();

    private TestServer server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        server.intake.mode = FakeIntake.Mode.HOLD;
        client = server.connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void answersComeInTheOrderOfRequestsInWhateverOrderTheyAreReady() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            int requests = 1 + random.nextInt(MOST);
            client.send(posts(0, requests));
            List<Reply> replies = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                replies.add(server.intake.held.take());
            }
            Collections.shuffle(replies, random);
            for (Reply reply : replies) {
                server.intake.reply(reply);
            }
            for (int i = 0; i < requests; i++) {
                assertThat(client.read().text())
                        .as("request %s of %s, seed %s", i, requests, seed)
                        .startsWith("{\"n\":\"" + i + "\"");
            }
        }
        assertThat(server.total(Counter.REQUESTS_2XX)).isEqualTo(server.total(Counter.REQUESTS_RECEIVED));
    }

    @Test
    void noMoreThanTheLimitAreInFlightHoweverManyCameInOneRead() throws Exception {
        int requests = 5 * MOST + 3;
        client.send(posts(0, requests));
        for (int i = 0; i < requests; i++) {
            Reply reply = server.intake.held.take();
            server.settle();
            assertThat(server.intake.held.size()).isLessThan(MOST);
            assertThat(server.inFlight()).isLessThanOrEqualTo(MOST);
            server.intake.reply(reply);
            assertThat(client.read().text()).startsWith("{\"n\":\"" + i + "\"");
        }
    }

    @Test
    void aClientThatEndsItsSideWhileItIsNotReadGetsEveryAnswer() throws Exception {
        int requests = 3 * MOST;
        client.send(posts(0, requests));
        client.endOutput();
        for (int i = 0; i < requests; i++) {
            server.intake.reply(server.intake.held.take());
            assertThat(client.read().text()).startsWith("{\"n\":\"" + i + "\"");
        }
        assertThat(client.ended()).isTrue();
    }

    @Test
    void refusedRequestsKeepTheirPlace() throws Exception {
        client.send(posts(0, 1) + "GET /none HTTP/1.1\r\nHost: x\r\n\r\n" + posts(1, 2) + "nonsense\r\n\r\n");
        Reply first = server.intake.held.take();
        server.intake.reply(server.intake.held.take());
        server.settle();
        server.intake.reply(first);
        assertThat(client.read().text()).startsWith("{\"n\":\"0\"");
        assertThat(client.read().status()).isEqualTo(404);
        assertThat(client.read().text()).startsWith("{\"n\":\"1\"");
        assertThat(client.read().status()).isEqualTo(400);
        assertThat(client.ended()).isTrue();
    }

    @Test
    void aClosedConnectionAbandonsWhatIsInFlightAndLateRepliesDoNoHarm() throws Exception {
        client.send(posts(0, 3) + "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\npart");
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            replies.add(server.intake.held.take());
        }
        client.reset();
        while (server.total(Counter.CONNECTIONS_CLOSED) == 0) {
            server.settle();
        }
        assertThat(server.total(Counter.REQUESTS_ABANDONED)).isEqualTo(4);
        for (Reply reply : replies) {
            server.intake.reply(reply);
        }
        server.settle();
        assertThat(server.inFlight()).isZero();
        assertThat(server.total(Counter.REQUESTS_2XX)).isZero();
    }

    @Test
    void imagesComeWholeToAClientThatLetsThemPileUp() throws Exception {
        server.intake.mode = FakeIntake.Mode.REPLY_AT_ONCE;
        int requests = 5_000;
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            try {
                // In small writes, so that many are alone when they are answered.
                for (int i = 0; i < requests; i++) {
                    client.send("GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (long before = -1, now; (now = server.total(Counter.REQUESTS_2XX)) != before && !sent.isDone(); ) {
            before = now;
            server.settle();
        }
        for (int i = 0; i < requests; i++) {
            assertThat(client.read().body()).as("answer %s", i).isEqualTo(AnswerRenderer.gif());
        }
        sent.get();
    }

    private static String posts(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append("POST /v1/events?").append(i).append(" HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
        }
        return text.toString();
    }
}
