package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import io.sluice.common.Clock;
import io.sluice.common.LoopHandle;
import io.sluice.intake.Intake;
import io.sluice.metrics.Metrics;
import io.sluice.protocol.FramedRequest;
import io.sluice.ring.Reply;
import io.sluice.shop.ShopRegistry;
import io.sluice.shop.Shops;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a POST costs the loop in garbage, from the socket to the intake and back. */
class LoopAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 3_000;
    private static final int REQUESTS = 5_000;
    private static final long MOST_BYTES = 200;

    /** Answers at once, and allocates nothing. */
    private static final class Answering implements Intake {

        private static final byte[] BODY = "{\"accepted\":50}".getBytes(StandardCharsets.US_ASCII);
        volatile long threadId;

        @Override
        public Admission offer(FramedRequest request, Reply reply) {
            threadId = Thread.currentThread().threadId();
            reply.begin(200);
            reply.append(BODY);
            return Admission.ANSWERED;
        }

        @Override
        public void onCredit(Runnable callback) {}

        @Override
        public void drain(Runnable done) {
            done.run();
        }
    }

    private final Answering intake = new Answering();
    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        // It makes a record of each buffer and of each touch of it.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        server = new HttpServer(
                TestServer.CONFIG,
                ShopRegistry.of(Shops.demo()),
                new Metrics(),
                Clock.system(),
                failure -> {},
                Tls.provider());
        server.start((int index, LoopHandle loop) -> intake);
    }

    @AfterEach
    void stop() {
        server.close();
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    void aPostLeavesHardlyAnyGarbage() throws IOException {
        assertThat(bytesEach(request("POST /v1/events?k=demo", "x".repeat(12_000))))
                .isLessThan(MOST_BYTES);
    }

    private static String request(String line, String body) {
        return line + " HTTP/1.1\r\nHost: beacons.example\r\nUser-Agent: " + "u".repeat(110)
                + "\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: " + body.length()
                + "\r\nAccept: */*\r\nOrigin: https://shop.example\r\nReferer: https://shop.example/\r\n\r\n" + body;
    }

    private long bytesEach(String text) throws IOException {
        byte[] request = text.getBytes(StandardCharsets.ISO_8859_1);
        try (RawClient client = new RawClient(server.port())) {
            send(client, request, WARM_UP);
            long before = THREADS.getThreadAllocatedBytes(intake.threadId);
            send(client, request, REQUESTS);
            return (THREADS.getThreadAllocatedBytes(intake.threadId) - before) / REQUESTS;
        }
    }

    private static void send(RawClient client, byte[] request, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            client.send(request);
            assertThat(client.read().status()).isEqualTo(200);
        }
    }
}
