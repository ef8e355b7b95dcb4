package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslProvider;
import io.sluice.metrics.Counter;
import io.sluice.testing.CleanLog;
import io.sluice.testing.TestCertificate;
import io.sluice.testing.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where BoringSSL does not load, the JDK does the same, so far as it can. */
@Timeout(120)
class JdkTlsTest {

    private static final String GET = "GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n";

    @TempDir
    private static Path directory;

    private static TestCertificate first;
    private static TestCertificate second;
    private static TestCertificate other;

    @BeforeAll
    static void make() throws Exception {
        first = TestCertificate.make(directory, "first", "first.example");
        second = TestCertificate.make(
                directory, "second", List.of("-keyalg", "RSA", "-keysize", "2048"), "second.example");
        other = TestCertificate.make(directory, "other", "*.wild.example");
    }

    @BeforeEach
    void expectTheWarning(CleanLog.Expected log) {
        log.line("so the JDK does TLS");
    }

    private static TestServer server(TlsConfig tls) throws IOException {
        return new TestServer(TestServer.CONFIG.with(tls), SslProvider.JDK);
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void bothVersionsOfHttpAreAgreedUpon(HttpClient.Version version) throws Exception {
        try (TestServer server = server(TlsTest.config(List.of(first)));
                HttpClient client = HttpClient.newBuilder()
                        .version(version)
                        .sslContext(TlsClient.context(null))
                        .build()) {
            for (int size : new int[] {0, 100, 16_384, 99_999}) {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("https://127.0.0.1:" + server.server.tlsPort() + "/v1/events?k=demo"))
                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(size)))
                        .build();
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.body()).contains("\"length\":" + size + ",");
            }
            client.shutdownNow();
        }
    }

    @Test
    void eachHostIsShownTheCertificateThatIsForIt() throws Exception {
        try (TestServer server = server(TlsTest.config(List.of(first, second, other)))) {
            int port = server.server.tlsPort();
            assertThat(TlsClient.shown(port, "first.example")).isEqualTo("first");
            assertThat(TlsClient.shown(port, "second.example")).isEqualTo("second");
            assertThat(TlsClient.shown(port, "a.wild.example")).isEqualTo("other");
            assertThat(TlsClient.shown(port, null)).isEqualTo("first");
        }
    }

    @Test
    void onlyClientsWithTheRightCertificateAreServedIfSoAsked() throws Exception {
        TlsConfig config =
                TlsTest.clients(TlsTest.config(List.of(first)), second.file(), TlsConfig.ClientAuthentication.REQUIRE);
        try (TestServer server = server(config)) {
            int port = server.server.tlsPort();
            try (RawClient right = new RawClient(TlsClient.connect(TlsClient.context(second), port, null))) {
                assertThat(right.send(GET).read().status()).isEqualTo(200);
            }
            for (TestCertificate wrong : new TestCertificate[] {null, other}) {
                assertThatThrownBy(() -> {
                            try (RawClient client =
                                    new RawClient(TlsClient.connect(TlsClient.context(wrong), port, null))) {
                                client.send(GET).read();
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
            await(server, Counter.CONNECTIONS_CLOSED, 3);
            assertThat(server.total(Counter.TLS_FAILED_CERTIFICATE)).isEqualTo(2);
            assertThat(server.total(Counter.REQUESTS_RECEIVED)).isEqualTo(1);
        }
    }

    @Test
    void theLastAnswerIsFollowedByAProperEnd() throws Exception {
        try (TestServer server = server(TlsTest.config(List.of(first)));
                SSLSocket socket = TlsClient.connect(TlsClient.context(null), server.server.tlsPort(), null);
                RawClient client = new RawClient(socket)) {
            client.send(GET.replace("Host: x", "Host: x\r\nConnection: close"));
            assertThat(client.read().header("Connection")).isEqualTo("close");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void handshakesThatFailAreCountedByTheirCause() throws Exception {
        TlsConfig config = TlsTest.with(TlsTest.config(List.of(first)), Duration.ofMillis(300), Duration.ZERO);
        try (TestServer server = server(config);
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort());
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort())) {
            plain.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            plain.getInputStream().readAllBytes();
            silent.setSoTimeout(20_000);
            silent.getInputStream().readAllBytes();
            await(server, Counter.TLS_FAILED_NOT_TLS, 1);
            await(server, Counter.TLS_FAILED_TIMEOUT, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_1", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0"})
    void oldVersionsAndWeakCiphersAreRefused(String options) throws Exception {
        Tool.need("OpenSSL 3", "openssl", "version");
        try (TestServer server = server(TlsTest.config(List.of(first)))) {
            String command = "openssl s_client -connect 127.0.0.1:" + server.server.tlsPort() + " " + options;
            assertThat(Tool.run(GET, command.split(" "))).contains("Cipher is (NONE)");
            await(server, Counter.TLS_FAILED_PROTOCOL, 1);
        }
    }

    private static void await(TestServer server, Counter counter, long value) throws InterruptedException {
        while (server.total(counter) < value) {
            server.settle();
        }
        assertThat(server.total(counter)).isEqualTo(value);
    }
}
