package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import java.io.IOException;
import java.time.Duration;

/** Servers with one limit within reach and all others far away, and what tests of limits ask of them. */
abstract class ConnectionLimitsFixture {

    static final String GET = "GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n";
    static final String POST = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n";
    static final Duration BRIEF = Duration.ofMillis(300);
    static final Duration LONG = Duration.ofMinutes(5);
    static final LimitsConfig WIDE = new LimitsConfig(1_000, 1_000, 1_000_000, 1_000, LONG, LONG, LONG, 0, 0, 0);

    static TestServer server(LimitsConfig limits) throws IOException {
        return new TestServer(TestServer.CONFIG.with(limits));
    }

    static LimitsConfig connections(int most, int ofAddress) {
        return new LimitsConfig(most, ofAddress, 1_000_000, 1_000, LONG, LONG, LONG, 0, 0, 0);
    }

    static LimitsConfig times(Duration firstByte, Duration head, Duration body, int rate) {
        return new LimitsConfig(1_000, 1_000, 1_000_000, 1_000, firstByte, head, body, rate, 0, 0);
    }

    static void assertServed(RawClient client) throws IOException {
        client.send(GET);
        assertThat(client.read().status()).isEqualTo(200);
    }

    static void await(TestServer server, Counter counter, long value) throws InterruptedException {
        while (server.total(counter) < value) {
            server.settle();
        }
        assertThat(server.total(counter)).isEqualTo(value);
    }
}
