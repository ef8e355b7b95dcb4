package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.oracle.OracleCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Generator, the real server as a process of its own, and oracle. */
@Timeout(180)
class LoadEndToEndTest {

    @TempDir
    Path directory;

    @Test
    void whatIsAckedInAnyProtocolIsDeliveredOnceAndNothingElseIs() throws Exception {
        Path shops = directory.resolve("shops.yaml");
        assertThat(load("--write-shops", shops.toString(), "--shops", "20")).contains("exit 0");
        List<String> acks = new ArrayList<>();
        try (Sluice sluice = new Sluice(directory.resolve("data"), shops)) {
            int number = 0;
            for (String protocol : io.sluice.load.protocol.LoadProtocols.names()) {
                String run = "run0000" + number++;
                acks.addAll(List.of("--acks", directory.resolve(run + ".acks").toString()));
                String printed = load(
                        "--url",
                        sluice.url(),
                        "--protocol",
                        protocol,
                        "--shops",
                        "20",
                        "--rate",
                        "500",
                        "--duration",
                        "2s",
                        "--connections",
                        "6",
                        "--churn",
                        "7",
                        "--threads",
                        "2",
                        "--run",
                        run,
                        "--out",
                        directory.toString());
                assertThat(printed).contains("exit 0").contains("refused=0 unknown=0 unsent=0");
            }
            assertThat(sluice.stop()).isZero();
        }
        List<String> arguments = new ArrayList<>(acks);
        arguments.add(directory.resolve("data").toString());
        String verdict = execute(new CommandLine(new OracleCommand()), arguments);
        assertThat(verdict).contains("exit 0").contains("lost=0 duplicates=0 phantom=0");
        assertThat(verdict).contains("unacked=0 foreign=0 damaged=0").doesNotContain("found=0");
    }

    private static String load(String... arguments) {
        return execute(Main.commandLine(), List.of(arguments));
    }

    private static String execute(CommandLine line, List<String> arguments) {
        StringWriter printed = new StringWriter();
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(printed));
        int exit = line.execute(arguments.toArray(String[]::new));
        return printed + "exit " + exit;
    }

    private static final class Sluice implements AutoCloseable {

        private final Process process;
        private final Path log;
        private final int port = freePort();

        Sluice(Path data, Path shops) throws Exception {
            int adminPort = freePort();
            Files.createDirectories(data);
            log = data.resolve("log");
            Path config = Files.writeString(data.resolve("sluice.yaml"), "shops:\n  file: " + shops + "\n");
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
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
                    .redirectOutput(log.toFile())
                    .start();
            awaitReady(URI.create("http://127.0.0.1:" + adminPort + "/readyz"));
        }

        String url() {
            return "http://127.0.0.1:" + port;
        }

        int stop() throws Exception {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as(Files.readString(log))
                    .isTrue();
            return process.exitValue();
        }

        private void awaitReady(URI readyz) throws Exception {
            try (HttpClient client = HttpClient.newHttpClient()) {
                while (true) {
                    try {
                        if (client.send(HttpRequest.newBuilder(readyz).build(), HttpResponse.BodyHandlers.discarding())
                                        .statusCode()
                                == 200) {
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
        }

        private static int freePort() {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
