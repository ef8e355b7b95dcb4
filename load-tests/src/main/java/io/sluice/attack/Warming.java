package io.sluice.attack;

import io.sluice.bench.traffic.Body;
import io.sluice.bench.traffic.Traffic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Good load before it begins, as much as a few clients get through, until the gateway's compilers have little left to
 * do: single events and batches of every size. A gateway that has run for a minute has had more.
 */
final class Warming {

    private static final int CLIENTS = 3;
    private static final int[] EVENTS = {1, 1, 1, 10, 50, 400};
    private static final int TIMEOUT_MILLIS = 5_000;

    private static final double LEAST_SECONDS = 2;
    private static final double LOOK_SECONDS = 0.5;
    /** Of one processor that the compilers take when they are about done. */
    private static final double QUIET = 0.2;

    private final int port;
    private volatile boolean ended;

    private Warming(int port) {
        this.port = port;
    }

    /** Returns when the compilers are about done, or that has taken as long as it may. */
    static void warm(Gateway gateway, double mostSeconds) throws IOException, InterruptedException {
        Warming warming = new Warming(gateway.port());
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int seed = i;
            clients.add(Thread.ofPlatform().daemon().name("warming-" + i).start(() -> warming.send(seed)));
        }
        long began = System.nanoTime();
        try {
            long compiled = gateway.compilerNanos();
            for (double passed = 0, quiet = 0; passed < mostSeconds && (passed < LEAST_SECONDS || quiet < 2); ) {
                long from = System.nanoTime();
                TimeUnit.NANOSECONDS.sleep((long) (LOOK_SECONDS * 1e9));
                long before = compiled;
                compiled = gateway.compilerNanos();
                quiet = compiled - before < QUIET * (System.nanoTime() - from) ? quiet + 1 : 0;
                passed = (System.nanoTime() - began) / 1e9;
            }
        } finally {
            warming.ended = true;
        }
        for (Thread client : clients) {
            client.join();
        }
    }

    private void send(int seed) {
        Traffic traffic = new Traffic(seed);
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            requests.add(request(traffic.next(EVENTS[i % EVENTS.length])));
        }
        while (!ended) {
            try (Socket socket = new Socket()) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
                for (int i = 0; i < requests.size() && !ended; i++) {
                    socket.getOutputStream().write(requests.get(i));
                    GoodClients.answer(socket.getInputStream());
                }
            } catch (IOException e) {
                // A gateway that cannot be warmed shows that in what is measured.
                continue;
            }
        }
    }

    private static byte[] request(Body body) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("POST /v1/events?k=demo HTTP/1.1\r\nHost: b.example\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.bytes().length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body.bytes());
        return request.toByteArray();
    }
}
