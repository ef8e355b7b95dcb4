package io.sluice.delivery.firehose;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Takes every batch and looks at none, with the least work. It knows lengths in heads and no chunked bodies.
 *
 * <p>Threads: one that accepts, one a connection.
 */
final class AcceptingServer implements AutoCloseable {

    private static final String LENGTH = "content-length:";

    private final ServerSocket socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final byte[] answer;

    /** @param records in each batch */
    AcceptingServer(int records) throws IOException {
        String body = "{\"FailedPutCount\":0,\"RequestResponses\":[" + "{\"RecordId\":\"a\"},".repeat(records - 1)
                + "{\"RecordId\":\"a\"}]}";
        answer = ("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
        Thread.ofPlatform().daemon().name("accepting").start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                Thread.ofPlatform().daemon().name("accepted").start(() -> serve(connection));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket connection) {
        try (connection;
                InputStream in = new BufferedInputStream(connection.getInputStream(), 256 * 1024)) {
            for (long length; (length = head(in)) >= 0; ) {
                in.skipNBytes(length);
                connection.getOutputStream().write(answer);
            }
        } catch (IOException e) {
            // The client has gone, and asks for nothing more.
        }
    }

    /** Reads a head. @return how long its body is, or -1 at the end */
    private static long head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder(1024);
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int c = in.read();
            if (c < 0) {
                return -1;
            }
            head.append((char) c);
        }
        String text = head.toString().toLowerCase(Locale.ROOT);
        int at = text.indexOf(LENGTH);
        return Long.parseLong(
                text.substring(at + LENGTH.length(), text.indexOf('\r', at)).strip());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
