package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.intake.Intake.Admission;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What happens to requests for which the intake has no room. */
class CreditTest {

    private static final String POST = "POST /v1/events?%d HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";

    @Test
    void aRequestWaitsForCreditAndIsThenOfferedWithItsBody() throws Exception {
        try (TestServer server = new TestServer();
                RawClient client = server.connect()) {
            server.intake.mode = FakeIntake.Mode.NO_CREDIT;
            client.send(POST.formatted(1) + POST.formatted(2) + POST.formatted(3));
            assertThat(server.intake.admissions.take()).isEqualTo(Admission.NO_CREDIT);
            server.intake.mode = FakeIntake.Mode.ANSWER;
            server.settle();
            assertThat(server.intake.seen()).as("before credit has returned").isEmpty();
            server.intake.creditReturns();
            for (int i = 1; i <= 3; i++) {
                assertThat(client.read().text()).startsWith("{\"n\":\"" + i + "\",\"length\":2");
            }
            assertThat(server.intake.seen()).extracting(FakeIntake.Seen::body).containsOnly("{}");
            assertThat(server.total(Counter.READS_PAUSED)).isEqualTo(1);
        }
    }

    @Test
    void connectionsGetCreditInTheOrderInWhichTheyBeganToWait() throws Exception {
        try (TestServer server = new TestServer();
                RawClient one = server.connect();
                RawClient two = server.connect();
                RawClient three = server.connect()) {
            server.intake.mode = FakeIntake.Mode.NO_CREDIT;
            one.send(POST.formatted(1));
            server.intake.admissions.take();
            // There would be credit for a newcomer, but he is not to pass those who wait.
            server.intake.mode = FakeIntake.Mode.ANSWER;
            two.send(POST.formatted(2));
            while (server.total(Counter.READS_PAUSED) < 2) {
                server.settle();
            }
            three.send(POST.formatted(3));
            while (server.total(Counter.READS_PAUSED) < 3) {
                server.settle();
            }
            assertThat(server.metrics.value(Gauge.REQUESTS_WAITING)).isEqualTo(3);
            server.intake.creditReturns();
            assertThat(one.read().status()).isEqualTo(200);
            assertThat(two.read().status()).isEqualTo(200);
            assertThat(three.read().status()).isEqualTo(200);
            assertThat(server.metrics.value(Gauge.REQUESTS_WAITING)).isZero();
            assertThat(server.intake.seen()).extracting(FakeIntake.Seen::query).containsExactly("1", "2", "3");
        }
    }

    @Test
    void aRequestThatWaitsTooLongIsToldToComeAgain() throws Exception {
        HttpConfig c = TestServer.CONFIG;
        HttpConfig impatient = new HttpConfig(
                c.host(),
                0,
                c.transport(),
                1,
                4096,
                8192,
                1000,
                c.idleTimeout(),
                Duration.ofMillis(50),
                64,
                16,
                TlsConfig.NONE);
        try (TestServer server = new TestServer(impatient);
                RawClient client = server.connect()) {
            server.intake.mode = FakeIntake.Mode.NO_CREDIT;
            client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nOrigin: " + TestServer.ORIGIN
                    + "\r\nContent-Length: 2\r\n\r\n{}" + POST.formatted(2));
            for (int i = 0; i < 2; i++) {
                RawClient.Answer answer = client.read();
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.header("Retry-After")).isEqualTo("1");
                assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(i == 0 ? TestServer.ORIGIN : null);
                assertThat(answer.text()).contains("\"overloaded\"");
            }
            server.intake.mode = FakeIntake.Mode.ANSWER;
            client.send(POST.formatted(3));
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(server.metrics.total(Reason.OVERLOADED)).isEqualTo(2);
        }
    }

    @Test
    void aConnectionThatClosesWhileItWaitsLeavesNothing() throws Exception {
        try (TestServer server = new TestServer();
                RawClient client = server.connect();
                RawClient other = server.connect()) {
            server.intake.mode = FakeIntake.Mode.NO_CREDIT;
            client.send(POST.formatted(1));
            server.intake.admissions.take();
            other.send(POST.formatted(2));
            while (server.total(Counter.READS_PAUSED) < 2) {
                server.settle();
            }
            client.reset();
            server.intake.mode = FakeIntake.Mode.ANSWER;
            while (server.total(Counter.CONNECTIONS_CLOSED) == 0) {
                server.settle();
            }
            server.intake.creditReturns();
            assertThat(other.read().status()).isEqualTo(200);
            assertThat(server.intake.seen()).extracting(FakeIntake.Seen::query).containsExactly("2");
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isEqualTo(1);
        }
    }
}
