package io.sluice.attack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Visitors of shops: pixels and small batches at a rate that does not wait for answers, each tenth on a new connection,
 * as of someone who has just come. Latency counts from when a request was due.
 *
 * <p>One platform thread a client, so that they do not queue behind the attackers' virtual ones.
 */
final class GoodClients implements AutoCloseable {

    /** What they saw of a part of the battle. */
    static final class Seen {

        private final Histogram micros = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(5), 3);
        private volatile long failed;
        private volatile long failedFirst;

        long served() {
            return micros.getTotalCount();
        }

        long failed() {
            return failed;
        }

        /** Those of them that were the first on their connection. */
        long failedFirst() {
            return failedFirst;
        }

        double share() {
            return served() == 0 ? 0 : (double) served() / (served() + failed);
        }

        double millisAt(double percentile) {
            return micros.getValueAtPercentile(percentile) / 1e3;
        }

        private synchronized void fail(boolean first) {
            failed++;
            if (first) {
                failedFirst++;
            }
        }
    }

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int REQUESTS_A_CONNECTION = 10;
    private static final byte[] PIXEL =
            "GET /p.gif?k=demo&e=page_view&url=https%3A%2F%2Fshop.example%2F HTTP/1.1\r\nHost: b.example\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BATCH = batch();

    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private volatile Seen seen;
    private volatile boolean ended;

    /** @param rate requests a second of all together */
    GoodClients(int port, int clients, double rate) {
        this.port = port;
        seen = new Seen();
        long periodNanos = (long) (clients * 1e9 / rate);
        long begin = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            long first = begin + i * periodNanos / clients;
            threads.add(Thread.ofPlatform().daemon().name("good-" + i).start(() -> visit(first, periodNanos)));
        }
    }

    private static byte[] batch() {
        StringBuilder events = new StringBuilder("[");
        for (int i = 0; i < 5; i++) {
            events.append(i == 0 ? "" : ",")
                    .append("{\"event\":\"click\",\"url\":\"https://shop.example/p/")
                    .append(i)
                    .append("\",\"props\":{\"button\":\"buy\",\"price\":12.5}}");
        }
        byte[] body = events.append(']').toString().getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("POST /v1/events?k=demo HTTP/1.1\r\nHost: b.example\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        return request.toByteArray();
    }

    /** From now on counts anew. Returns what was seen until now. */
    Seen turn() {
        Seen before = seen;
        seen = new Seen();
        return before;
    }

    private void visit(long firstNanos, long periodNanos) {
        Socket socket = null;
        int onConnection = 0;
        long due = firstNanos;
        for (int n = 0; !ended; n++, due += periodNanos) {
            while (due - System.nanoTime() > 0 && !ended) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            if (ended) {
                break;
            }
            Seen into = seen;
            try {
                if (socket == null || onConnection == REQUESTS_A_CONNECTION) {
                    close(socket);
                    onConnection = 0;
                    socket = new Socket();
                    socket.setTcpNoDelay(true);
                    socket.setSoTimeout(TIMEOUT_MILLIS);
                    socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
                }
                socket.getOutputStream().write(n % 2 == 0 ? PIXEL : BATCH);
                int status = answer(socket.getInputStream());
                if (status / 100 != 2) {
                    throw new IOException("status " + status);
                }
                into.micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - due));
                onConnection++;
            } catch (IOException e) {
                if (!ended) {
                    into.fail(onConnection == 0);
                }
                close(socket);
                socket = null;
                // What was due meanwhile would have failed as well: visitors do not all come back.
                due = Math.max(due, System.nanoTime());
            }
        }
        close(socket);
    }

    /** Reads one answer to its end. */
    static int answer(InputStream in) throws IOException {
        int status = 0;
        int length = 0;
        while (true) {
            String line = line(in);
            if (line.isEmpty()) {
                break;
            }
            if (status == 0) {
                status = Integer.parseInt(line.substring(9, 12));
            } else if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        in.readNBytes(length);
        return status;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c; (c = in.read()) != '\n'; ) {
            if (c < 0) {
                throw new IOException("the connection ended");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void close(Socket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is of no use any more.
            }
        }
    }

    @Override
    public void close() {
        end();
    }

    /** Lets every client end after the request that it is at. */
    void end() {
        ended = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }
}
