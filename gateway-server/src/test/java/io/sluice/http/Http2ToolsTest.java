package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.metrics.Counter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of HTTP/2 that others wrote, where the machine has them. */
class Http2ToolsTest {

    @TempDir
    private Path directory;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.server.port() + path;
    }

    @Test
    void curlSendsABatchAndAPixel() throws Exception {
        assumeTrue(run("curl", "--version").contains("HTTP2"), "curl that speaks HTTP/2 is not here");
        Path body = directory.resolve("body");
        Files.writeString(body, "x".repeat(90_000));
        String batch = curl("--data-binary", "@" + body, url("/v1/events?k=demo"));
        assertThat(batch).contains("\"length\":90000,").endsWith("}2 200");
        // One process each: curl 7.88 cannot use such a connection twice, whoever the server is.
        String pixel = curl("-o", directory.resolve("gif").toString(), url("/p.gif?k=demo"));
        assertThat(pixel).isEqualTo("2 200");
        assertThat(Files.size(directory.resolve("gif"))).isEqualTo(43);
        assertThat(server.total(Counter.REQUESTS_HTTP2)).isEqualTo(2);
    }

    private static String curl(String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--http2-prior-knowledge"));
        command.addAll(List.of("-w", "%{http_version} %{http_code}"));
        command.addAll(List.of(more));
        return run(command.toArray(String[]::new));
    }

    @Test
    void curlThatOffersAnUpgradeIsServedOverHttp1() throws Exception {
        assumeTrue(run("curl", "--version").contains("HTTP2"), "curl that speaks HTTP/2 is not here");
        String answer =
                run("curl", "-sS", "--http2", "-o", "/dev/null", "-w", "%{http_version} %{http_code}", url("/p.gif"));
        assertThat(answer).isEqualTo("1.1 200");
    }

    @Test
    void nghttpSendsManyAtOnce() throws Exception {
        assumeTrue(run("nghttp", "--version").contains("nghttp2"), "nghttp is not here");
        String answer = run("nghttp", "-n", "-s", "-m", "12", url("/p.gif?k=demo"));
        assertThat(answer).contains(" 200 ").doesNotContain("not processed");
        assertThat(server.total(Counter.REQUESTS_2XX)).isEqualTo(12);
    }

    /** What the command prints; nothing if there is no such command. */
    private static String run(String... command) throws IOException, InterruptedException {
        boolean there = false;
        for (String path : System.getenv("PATH").split(File.pathSeparator)) {
            there |= Files.isExecutable(Path.of(path, command[0]));
        }
        if (!there) {
            return "";
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
