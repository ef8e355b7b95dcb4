package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.Clock;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.shop.ShopRegistry;
import io.sluice.shop.Shops;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Starting, draining and dying. */
class LifecycleTest {

    private static final String GET = "GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n";

    @Test
    void drainingAnswersWhatIsInFlightAndEndsEveryConnection() throws Exception {
        try (TestServer server = new TestServer();
                RawClient idle = server.connect();
                RawClient busy = server.connect();
                RawClient halfway = server.connect()) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            idle.send("GET /none HTTP/1.1\r\nHost: x\r\n\r\n").read();
            busy.send(GET + GET);
            while (server.intake.held.size() < 2) {
                server.settle();
            }
            halfway.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{");
            while (server.inFlight() < 3) {
                server.settle();
            }
            server.server.stopAccepting();
            assertThatThrownBy(server::connect).isInstanceOf(ConnectException.class);
            AtomicReference<Boolean> complete = new AtomicReference<>();
            Thread drainer = Thread.ofPlatform().start(() -> {
                try {
                    complete.set(server.server.drain(Duration.ofSeconds(60)));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(idle.ended()).isTrue();
            server.intake.reply(server.intake.held.take());
            assertThat(busy.read().header("Connection")).isNull();
            server.intake.reply(server.intake.held.take());
            assertThat(busy.read().header("Connection")).isEqualTo("close");
            assertThat(busy.ended()).isTrue();
            halfway.send("}");
            server.intake.reply(server.intake.held.take());
            assertThat(halfway.read().header("Connection")).isEqualTo("close");
            drainer.join();
            assertThat(complete.get()).isTrue();
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isZero();
        }
    }

    @Test
    void whatComesAfterTheDrainingTimeIsRefused() throws Exception {
        try (TestServer server = new TestServer();
                RawClient slow = server.connect()) {
            slow.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{");
            while (server.inFlight() == 0) {
                server.settle();
            }
            assertThat(server.server.drain(Duration.ofSeconds(3))).isTrue();
            slow.send("}");
            RawClient.Answer answer = slow.read();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).contains("\"draining\"");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(server.intake.seen()).isEmpty();
        }
    }

    @Test
    void whatIsStagedWhenTheDrainingTimeEndsIsStillAnswered() throws Exception {
        try (TestServer server = new TestServer();
                RawClient client = server.connect()) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            client.send(GET);
            while (server.intake.held.isEmpty()) {
                server.settle();
            }
            assertThat(server.server.drain(Duration.ofSeconds(3))).isTrue();
            server.server.close();
            assertThat(client.read().header("Connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
            assertThat(server.total(Counter.REQUESTS_2XX)).isEqualTo(1);
        }
    }

    @Test
    void aLoopThatHasEndedTakesTasksAndForgetsThem() throws Exception {
        TestServer server = new TestServer();
        server.close();
        AtomicReference<Boolean> ran = new AtomicReference<>(false);

        server.intake.loop.execute(() -> ran.set(true));

        assertThat(ran.get()).isFalse();
    }

    @Test
    void everyTransportThatIsThereServes() throws Exception {
        for (HttpConfig.Transport transport : HttpConfig.Transport.values()) {
            HttpConfig c = TestServer.CONFIG;
            HttpConfig config = new HttpConfig(
                    c.host(),
                    0,
                    transport,
                    2,
                    4096,
                    8192,
                    1000,
                    c.idleTimeout(),
                    c.admissionTimeout(),
                    64,
                    16,
                    TlsConfig.NONE);
            TestServer server;
            try {
                server = new TestServer(config);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("http.transport " + transport);
                continue;
            }
            try (server;
                    RawClient one = server.connect();
                    RawClient two = server.connect()) {
                assertThat(server.server.transport()).isNotEqualTo(HttpConfig.Transport.AUTO);
                assertThat(server.server.loops()).isEqualTo(2);
                assertThat(one.send(GET).read().status()).isEqualTo(200);
                one.endOutput();
                assertThat(one.ended()).isTrue();
                assertThat(two.send(GET.replace("Host: x", "Host: x\r\nConnection: close"))
                                .read()
                                .status())
                        .isEqualTo(200);
                assertThat(two.ended()).isTrue();
            }
        }
    }

    @Test
    void aPortThatIsTakenFailsTheStart() throws IOException {
        try (TestServer server = new TestServer()) {
            HttpConfig c = TestServer.CONFIG;
            HttpConfig same = new HttpConfig(
                    c.host(),
                    server.server.port(),
                    c.transport(),
                    1,
                    1,
                    1,
                    1,
                    c.idleTimeout(),
                    c.idleTimeout(),
                    1,
                    1,
                    TlsConfig.NONE);
            assertThatThrownBy(() -> new TestServer(same))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + server.server.port());
        }
    }

    @Test
    void aTaskThatThrowsOnALoopIsFatal() throws Exception {
        for (int kind = 0; kind < 3; kind++) {
            AtomicReference<Throwable> fatal = new AtomicReference<>();
            CountDownLatch died = new CountDownLatch(1);
            AtomicReference<FakeIntake> intake = new AtomicReference<>();
            try (HttpServer server = new HttpServer(
                    TestServer.CONFIG, ShopRegistry.of(Shops.demo()), new Metrics(), Clock.system(), failure -> {
                        fatal.set(failure);
                        died.countDown();
                    })) {
                server.start((index, loop) -> {
                    intake.set(new FakeIntake(loop));
                    return intake.get();
                });
                Error error = new AssertionError("on purpose");
                Runnable task = () -> {
                    throw error;
                };
                int how = kind;
                intake.get()
                        .loop
                        .execute(
                                how == 0
                                        ? task
                                        : how == 1
                                                ? () -> intake.get().loop.afterIteration(task)
                                                : () -> intake.get().loop.schedule(task, 1));
                assertThat(died.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(fatal.get()).isSameAs(error);
            }
        }
    }
}
