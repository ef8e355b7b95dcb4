package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        Tool.need("HTTP2", "curl", "--version");
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
        return Tool.run("", command.toArray(String[]::new));
    }

    @Test
    void curlThatOffersAnUpgradeIsServedOverHttp1() throws Exception {
        Tool.need("HTTP2", "curl", "--version");
        String answer = Tool.run(
                "", "curl", "-sS", "--http2", "-o", "/dev/null", "-w", "%{http_version} %{http_code}", url("/p.gif"));
        assertThat(answer).isEqualTo("1.1 200");
    }

    @Test
    void nghttpSendsManyAtOnce() throws Exception {
        Tool.need("nghttp2", "nghttp", "--version");
        String answer = Tool.run("", "nghttp", "-n", "-s", "-m", "12", url("/p.gif?k=demo"));
        assertThat(answer).contains(" 200 ").doesNotContain("not processed");
        assertThat(server.total(Counter.REQUESTS_2XX)).isEqualTo(12);
    }

    /** What the command prints; nothing if there is no such command. */
}
