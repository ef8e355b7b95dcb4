package io.sluice.attack;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What an attack has at hand: the ports, connections from addresses of its own, and a time to end. Any thread. */
final class Field {

    /** What one attacker does with one connection. */
    interface Client {
        void with(Socket socket) throws Exception;
    }

    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 2_000;
    /** After a refusal: an attacker that is turned away at once would only measure how fast that goes. */
    private static final long PAUSE_MILLIS = 10;

    private final int port;
    private final int tlsPort;
    private final long endNanos;
    private final int addresses;
    private final AtomicInteger next = new AtomicInteger();
    private final LongAdder connections = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** @param addresses that connections come from, in turn */
    Field(int port, int tlsPort, long endNanos, int addresses) {
        this.port = port;
        this.tlsPort = tlsPort;
        this.endNanos = endNanos;
        this.addresses = addresses;
    }

    boolean isOver() {
        return System.nanoTime() - endNanos >= 0;
    }

    void pause(long millis) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        TimeUnit.MILLISECONDS.sleep(Math.clamp(left, 0, millis));
    }

    int port() {
        return port;
    }

    /** Connections that stood. */
    long connections() {
        return connections.sum();
    }

    /** Connections that were not taken, or ended by the gateway. */
    long refused() {
        return refused.sum();
    }

    Socket connect() throws IOException {
        return connect(port, 0);
    }

    /** @param receiveBuffer bytes that the kernel takes for it, 0 for what it wants */
    Socket connect(int port, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        try {
            if (receiveBuffer != 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            int n = next.getAndIncrement() % addresses;
            byte[] from = {127, 1, (byte) (n >> 8), (byte) (1 + (n & 0x7f))};
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_MILLIS);
            socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
            connections.increment();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    void swarm(int size, Client client) throws InterruptedException {
        swarm(size, port, 0, client);
    }

    void tlsSwarm(int size, Client client) throws InterruptedException {
        swarm(size, tlsPort, 0, client);
    }

    /** As many attackers, each with one connection after the other, until it is over. */
    void swarm(int size, int port, int receiveBuffer, Client client) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        Set<Socket> open = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < size; i++) {
            threads.add(Thread.ofVirtual().name("attacker").start(() -> {
                while (!isOver()) {
                    try {
                        try (Socket socket = connect(port, receiveBuffer)) {
                            open.add(socket);
                            try {
                                client.with(socket);
                            } finally {
                                open.remove(socket);
                            }
                        }
                    } catch (InterruptedException e) {
                        return;
                    } catch (Exception e) {
                        if (isOver()) {
                            return;
                        }
                        refused.increment();
                        try {
                            pause(PAUSE_MILLIS);
                        } catch (InterruptedException ended) {
                            return;
                        }
                    }
                }
            }));
        }
        while (!isOver()) {
            pause(Long.MAX_VALUE);
        }
        // Who is at a write that the gateway does not read would be so for ever.
        open.forEach(Field::close);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed, one way or another.
        }
    }

    /** Reads whatever comes and throws it away, on a thread of its own; closes when the gateway has ended its side. */
    static void discard(Socket socket) {
        read(socket, true);
    }

    /** The same, but does not close: whoever writes goes on until the connection is cut. */
    static void ignore(Socket socket) {
        read(socket, false);
    }

    private static void read(Socket socket, boolean close) {
        Thread.ofVirtual().start(() -> {
            byte[] buffer = new byte[8192];
            try {
                InputStream in = socket.getInputStream();
                socket.setSoTimeout(0);
                while (in.read(buffer) >= 0) {}
            } catch (IOException e) {
                // Closed, by one side or the other.
            }
            if (close) {
                close(socket);
            }
        });
    }
}
