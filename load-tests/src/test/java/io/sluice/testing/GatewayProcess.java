package io.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The gateway as its users run it: a process of its own, from the classes under test. */
public final class GatewayProcess implements AutoCloseable {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final int port = freePort();
    private final int adminPort = freePort();

    /** Starts it with this configuration, and waits until it is ready; the test's own timeout is the deadline. */
    public GatewayProcess(Path data, String yaml) throws Exception {
        Files.createDirectories(data);
        log = data.resolve("log");
        Path config = Files.writeString(data.resolve("sluice.yaml"), yaml);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.sluice.bootstrap.Main",
                        "serve",
                        "--config",
                        config.toString(),
                        "--port",
                        Integer.toString(port),
                        "--admin-port",
                        Integer.toString(adminPort),
                        "--data",
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // No test machine should wait for the metadata of an instance that it is not.
        builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
        process = builder.start();
        awaitReady();
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** The value of a metric without labels. */
    public long metric(String name) throws Exception {
        List<String> values = admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .toList();
        assertThat(values).as(name).hasSize(1);
        return (long) Double.parseDouble(values.getFirst());
    }

    /** SIGTERM. @return the exit code */
    public int stop() throws Exception {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as(Files.readString(log))
                .isTrue();
        return process.exitValue();
    }

    private void awaitReady() throws Exception {
        while (true) {
            try {
                if (admin("/readyz").statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
            // Polls a condition; the test's own timeout is the deadline.
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private HttpResponse<String> admin(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + adminPort + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        process.destroyForcibly();
    }
}
