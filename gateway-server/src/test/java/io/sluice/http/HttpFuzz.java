package io.sluice.http;

import io.sluice.metrics.Counter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/**
 * Any bytes on a real connection: nothing is answered 500, no request is forgotten, the connection comes to its end,
 * and the server goes on.
 *
 * <p>The first byte says whether the preface of HTTP/2 goes before, and whether all comes at once or byte by byte.
 */
public final class HttpFuzz {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes();
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final TestServer SERVER = start();

    private HttpFuzz() {}

    private static TestServer start() {
        try {
            return new TestServer();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), SERVER.server.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            if ((input[0] & 1) != 0) {
                socket.getOutputStream().write(PREFACE);
            }
            int step = (input[0] & 2) != 0 ? 1 : input.length;
            for (int i = 1; i < input.length; i += step) {
                socket.getOutputStream().write(input, i, Math.min(step, input.length - i));
            }
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            // A SocketTimeoutException is a connection that has not come to its end: it goes out.
            while (in.read() >= 0) {}
        } catch (SocketException e) {
            // The server has closed it, having seen enough.
        }
        SERVER.settle();
        synchronized (SERVER.intake.seen) {
            SERVER.intake.seen.clear();
        }
        SERVER.intake.admissions.clear();
        SERVER.checkLaw();
        if (SERVER.fatal.get() != null) {
            throw new AssertionError("fatal", SERVER.fatal.get());
        }
        if (SERVER.total(Counter.REQUESTS_5XX) != 0) {
            throw new AssertionError("answered 5xx");
        }
    }
}
