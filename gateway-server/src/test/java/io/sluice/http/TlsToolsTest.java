package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.testing.TestCertificate;
import io.sluice.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of TLS that others wrote, where the machine has them. */
@Timeout(120)
class TlsToolsTest {

    private static final String GET = "GET /p.gif?k=demo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @TempDir
    private Path directory;

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        TestCertificate first = TestCertificate.make(directory, "first", "localhost");
        TestCertificate rsa =
                TestCertificate.make(directory, "rsa", List.of("-keyalg", "RSA", "-keysize", "2048"), "rsa.example");
        server = new TestServer(TestServer.CONFIG.with(TlsContract.config(List.of(first, rsa))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    // curl.

    @ParameterizedTest
    @CsvSource({"--http1.1, 1.1", "--http2, 2", "--http2-prior-knowledge, 2", "--tlsv1.3, 2", "--tls-max=1.2, 2"})
    void curlSendsABatch(String option, String version) throws Exception {
        Tool.need("HTTP2", "curl", "--version");
        Path body = directory.resolve("body");
        Files.writeString(body, "x".repeat(90_000));
        List<String> command = new ArrayList<>(List.of(
                "curl", "-sS", "--cacert", directory.resolve("first.pem").toString()));
        command.addAll(List.of(option.split("=")));
        command.addAll(List.of("--resolve", "localhost:" + server.server.tlsPort() + ":127.0.0.1"));
        command.addAll(List.of("-w", "%{http_version} %{http_code}", "--data-binary", "@" + body));
        command.add("https://localhost:" + server.server.tlsPort() + "/v1/events?k=demo");
        assertThat(Tool.run("", command.toArray(String[]::new)))
                .contains("\"length\":90000,")
                .endsWith("}" + version + " 200");
    }

    // A browser.

    @Test
    void aBrowserShowsThePixelAndSendsItsBeacon() throws Exception {
        Tool.need("Chromium", "chromium", "--version");
        Path page = directory.resolve("page.html");
        String base = "https://localhost:" + server.server.tlsPort();
        Files.writeString(page, """
                <!doctype html>
                <title>not yet</title>
                <img id="pixel" src="%s/p.gif?k=demo&e=page_view"
                     onload="document.title = 'a pixel of ' + this.naturalWidth + ' by ' + this.naturalHeight">
                <script>
                  document.documentElement.id =
                      'queued-' + navigator.sendBeacon('%s/v1/events?k=demo', '{"event":"page_view"}');
                </script>
                """.formatted(base, base));
        String shown = Tool.run(
                "",
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--ignore-certificate-errors",
                "--user-data-dir=" + directory.resolve("profile"),
                "--dump-dom",
                page.toUri().toString());
        assertThat(shown).contains("<title>a pixel of 1 by 1</title>").contains("queued-true");
        // Which may come behind the end of the page, and nothing else does.
        while (server.total(Counter.REQUESTS_2XX) < 2) {
            server.settle();
        }
        assertThat(server.total(Counter.REQUESTS_HTTP2)).isEqualTo(2);
    }

    // openssl.

    private String client(String input, String... options) throws Exception {
        Tool.need("OpenSSL 3", "openssl", "version");
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect"));
        command.add("127.0.0.1:" + server.server.tlsPort());
        // Does not take lines that begin with Q or R for its own commands, and waits for the end.
        command.addAll(List.of("-ign_eof"));
        command.addAll(List.of(options));
        return Tool.run(input, command.toArray(String[]::new));
    }

    @Test
    void both12And13AreSpoken() throws Exception {
        assertThat(client(GET, "-tls1_2")).contains("TLSv1.2, Cipher is ECDHE-ECDSA-", "HTTP/1.1 200 OK");
        assertThat(client(GET, "-tls1_3")).contains("TLSv1.3, Cipher is TLS_", "HTTP/1.1 200 OK");
        assertThat(client(GET, "-tls1_2", "-servername", "rsa.example")).contains("Cipher is ECDHE-RSA-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1", "-tls1_1"})
    void olderVersionsAreRefused(String version) throws Exception {
        String output = client(GET, version, "-cipher", "ALL:@SECLEVEL=0");
        assertThat(output)
                .contains("Cipher is (NONE)")
                .contains("alert protocol version")
                .doesNotContain("HTTP/1.1");
        awaitCount(Counter.TLS_FAILED_PROTOCOL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256", "AES256-SHA"})
    void weakCiphersAreRefused(String cipher) throws Exception {
        String output = client(GET, "-tls1_2", "-servername", "rsa.example", "-cipher", cipher + ":@SECLEVEL=0");
        assertThat(output).contains("Cipher is (NONE)").doesNotContain("HTTP/1.1");
    }

    @Test
    void renegotiationAndCompressionAreNot() throws Exception {
        String output = client(GET, "-tls1_2", "-comp");
        assertThat(output).contains("Compression: NONE").contains("Secure Renegotiation IS supported");
        Tool.need("OpenSSL 3", "openssl", "version");
        String renegotiated = Tool.run(
                "R\n" + GET, "openssl", "s_client", "-connect", "127.0.0.1:" + server.server.tlsPort(), "-tls1_2");
        assertThat(renegotiated).contains("RENEGOTIATING").doesNotContain("HTTP/1.1 200");
        assertThat(server.total(Counter.TLS_HANDSHAKES)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void sessionsAreResumed(String version) throws Exception {
        String session = directory.resolve("session").toString();
        assertThat(client(GET, version, "-sess_out", session))
                .contains("New, TLSv1")
                .contains("HTTP/1.1 200 OK");
        assertThat(client(GET, version, "-sess_in", session))
                .contains("Reused, TLSv1")
                .contains("HTTP/1.1 200 OK");
    }

    @Test
    void whatLiesBesideACertificateIsStapled() throws Exception {
        server.close();
        Files.write(directory.resolve("first.pem.ocsp"), new byte[] {0x30, 3, 0x0A, 1, 6});
        TlsConfig config = new TlsConfig(
                "",
                0,
                List.of(directory.resolve("first.pem")),
                List.of(directory.resolve("first.key")),
                null,
                TlsConfig.ClientAuthentication.REQUIRE,
                Duration.ofSeconds(10),
                Duration.ZERO);
        server = new TestServer(TestServer.CONFIG.with(config));
        // An answer of "unauthorized", status 6, in as few bytes as can be.
        assertThat(client(GET, "-status")).contains("OCSP Response Status: unauthorized (0x6)");
        assertThat(client(GET)).contains("HTTP/1.1 200 OK");
    }

    private void awaitCount(Counter counter) throws InterruptedException {
        while (server.total(counter) < 1) {
            server.settle();
        }
    }

    /** What the command prints; nothing if there is no such command. */
}
