package io.sluice.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** S3 as moto has it, in a process of its own; filled by plain HTTP. */
final class MotoServer implements AutoCloseable {

    private static final String COMMAND = "moto_server";
    /** That there is a signature is all that moto asks for. */
    private static final String SIGNED = "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request,"
            + " SignedHeaders=host, Signature=0";

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final URI endpoint;

    /** Starts it. Without it, a test is skipped on a machine of a developer, and fails where CI is set. */
    MotoServer(Path directory) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        endpoint = URI.create("http://127.0.0.1:" + port);
        Path log = directory.resolve("moto.log");
        Process started = null;
        try {
            started = new ProcessBuilder(COMMAND, "-H", "127.0.0.1", "-p", Integer.toString(port))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            assertThat(System.getenv("CI")).as(COMMAND + " is not in the PATH").isNull();
            Assumptions.abort(COMMAND + " is not in the PATH: pip install 'moto[server]'");
        }
        process = started;
        awaitListening(log);
    }

    String endpoint() {
        return endpoint.toString();
    }

    /** @param path of a bucket, or of an object in it */
    void put(String path, byte[] bytes) throws Exception {
        send(HttpRequest.newBuilder(endpoint.resolve(path)).PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)), 200);
    }

    void delete(String path) throws Exception {
        send(HttpRequest.newBuilder(endpoint.resolve(path)).DELETE(), 204);
    }

    private void send(HttpRequest.Builder request, int expected) throws Exception {
        HttpResponse<String> response =
                client.send(request.header("Authorization", SIGNED).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(expected);
    }

    private void awaitListening(Path log) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                client.send(HttpRequest.newBuilder(endpoint).build(), HttpResponse.BodyHandlers.discarding());
                return;
            } catch (IOException e) {
                // Not listening yet.
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new AssertionError("moto does not listen:\n" + Files.readString(log));
            }
            // Polls a condition with a deadline; there is no event to wait for in another process.
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Override
    public void close() {
        client.close();
        // The command may be a script that has started the server as its child.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
