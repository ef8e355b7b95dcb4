package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslProvider;
import io.sluice.metrics.Counter;
import io.sluice.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for TLS whatever library does it. */
@Timeout(120)
abstract class TlsContract {

    static final String GET = "GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n";

    /** About those at which a record of TLS (16 KiB) and a window of HTTP/2 (64 KiB) end, among others. */
    private static final int[] SIZES = {0, 1, 100, 8_192, 16_383, 16_384, 16_385, 32_768, 65_535, 65_536, 99_999};

    @TempDir
    static Path directory;

    static TestCertificate first;
    static TestCertificate second;
    static TestCertificate wild;
    /** Has the name of the second, which is why the JDK shows it where that is asked for. */
    static TestCertificate impostor;

    private final SslProvider provider;

    TlsContract(SslProvider provider) {
        this.provider = provider;
    }

    @BeforeAll
    static void make() throws Exception {
        first = TestCertificate.make(directory, "first", "first.example");
        second = TestCertificate.make(
                directory, "second", List.of("-keyalg", "RSA", "-keysize", "2048"), "second.example", "a.wild.example");
        wild = TestCertificate.make(directory, "wild", "*.wild.example");
        impostor = TestCertificate.make(Files.createDirectory(directory.resolve("impostor")), "second");
    }

    static TlsConfig config(List<TestCertificate> certificates) {
        return new TlsConfig(
                "",
                0,
                certificates.stream().map(TestCertificate::file).toList(),
                certificates.stream().map(TestCertificate::keyFile).toList(),
                null,
                TlsConfig.ClientAuthentication.REQUIRE,
                Duration.ofSeconds(10),
                Duration.ZERO);
    }

    static TlsConfig clients(TlsConfig config, Path clientCa, TlsConfig.ClientAuthentication how) {
        return new TlsConfig(
                "",
                0,
                config.certificates(),
                config.keys(),
                clientCa,
                how,
                config.handshakeTimeout(),
                config.strictTransport());
    }

    static TlsConfig with(TlsConfig config, Duration handshake, Duration strictTransport) {
        return new TlsConfig(
                "",
                0,
                config.certificates(),
                config.keys(),
                config.clientCa(),
                config.clientAuth(),
                handshake,
                strictTransport);
    }

    final TestServer server() throws IOException {
        return server(config(List.of(first)));
    }

    final TestServer server(TlsConfig tls) throws IOException {
        return new TestServer(TestServer.CONFIG.with(tls), provider);
    }

    static RawClient connect(TestServer server, String... protocols) throws Exception {
        return new RawClient(TlsClient.connect(TlsClient.context(null), server.server.tlsPort(), null, protocols));
    }

    static void await(TestServer server, Counter counter, long value) throws InterruptedException {
        while (server.total(counter) < value) {
            server.settle();
        }
        assertThat(server.total(counter)).isEqualTo(value);
    }

    /** Pixels alone have a way of their own out of the server, which must keep in turn with that of all else. */
    @Test
    void answersComeInTurnWhicheverWayTheyTake() throws Exception {
        try (TestServer server = server();
                RawClient plain = server.connect();
                RawClient client = connect(server)) {
            RawClient.Answer image = plain.send(GET).read();
            for (int i = 0; i < 5; i++) {
                for (int pixel = 0; pixel < 3; pixel++) {
                    RawClient.Answer answer = client.send(GET).read();
                    assertThat(answer.undated()).isEqualTo(image.undated());
                    assertThat(answer.body()).isEqualTo(image.body());
                }
                String posted = "x".repeat(i);
                client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: " + i + "\r\n\r\n" + posted);
                assertThat(client.read().text()).contains("\"length\":" + i + ",");
                client.send(GET + GET);
                assertThat(client.read().body()).isEqualTo(image.body());
                assertThat(client.read().body()).isEqualTo(image.body());
            }
            assertThat(server.total(Counter.REQUESTS_2XX)).isEqualTo(1 + 5 * 6);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void postsOfAllSizesArriveWhole(HttpClient.Version version) throws Exception {
        try (TestServer server = server();
                HttpClient client = HttpClient.newBuilder()
                        .version(version)
                        .sslContext(TlsClient.context(null))
                        .build()) {
            for (int size : SIZES) {
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
        try (TestServer server = server(config(List.of(first, second, wild)))) {
            int port = server.server.tlsPort();
            assertThat(TlsClient.shown(port, "first.example")).isEqualTo("first");
            assertThat(TlsClient.shown(port, "second.example")).isEqualTo("second");
            assertThat(TlsClient.shown(port, "SECOND.example")).isEqualTo("second");
            assertThat(TlsClient.shown(port, "a.wild.example")).isEqualTo("second");
            assertThat(TlsClient.shown(port, "b.wild.example")).isEqualTo("wild");
            assertThat(TlsClient.shown(port, "c.b.wild.example")).isEqualTo("first");
            assertThat(TlsClient.shown(port, "wild.example")).isEqualTo("first");
            assertThat(TlsClient.shown(port, "other.example")).isEqualTo("first");
            assertThat(TlsClient.shown(port, null)).isEqualTo("first");
        }
    }

    @Test
    void onlyClientsWithTheRightCertificateAreServedIfSoAsked() throws Exception {
        TlsConfig config = clients(config(List.of(first)), second.file(), TlsConfig.ClientAuthentication.REQUIRE);
        try (TestServer server = server(config)) {
            int port = server.server.tlsPort();
            try (RawClient right = new RawClient(TlsClient.connect(TlsClient.context(second), port, null))) {
                assertThat(right.send(GET).read().status()).isEqualTo(200);
            }
            for (TestCertificate wrong : new TestCertificate[] {null, wild, impostor}) {
                assertThatThrownBy(() -> {
                            try (RawClient client =
                                    new RawClient(TlsClient.connect(TlsClient.context(wrong), port, null))) {
                                client.send(GET).read();
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
            await(server, Counter.CONNECTIONS_CLOSED, 4);
            assertThat(server.total(Counter.TLS_FAILED_CERTIFICATE)).isEqualTo(3);
            assertThat(server.total(Counter.TLS_HANDSHAKES)).isEqualTo(1);
            assertThat(server.total(Counter.REQUESTS_RECEIVED)).isEqualTo(1);
        }
    }

    @Test
    void theLastAnswerIsFollowedByAProperEnd() throws Exception {
        try (TestServer server = server();
                SSLSocket socket = TlsClient.connect(TlsClient.context(null), server.server.tlsPort(), null);
                RawClient client = new RawClient(socket)) {
            client.send(GET.replace("Host: x", "Host: x\r\nConnection: close"));
            assertThat(client.read().header("Connection")).isEqualTo("close");
            // The JDK reads on until it is told of the end, and fails where the connection ends without a word.
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aClientThatDoesNotGetToTheEndOfTheHandshakeIsCut() throws Exception {
        TlsConfig config = with(config(List.of(first)), Duration.ofMillis(200), Duration.ZERO);
        // The second has sent the beginning of a record, which may become a handshake yet.
        for (byte[] start : new byte[][] {{}, {22, 3, 1, 2, 0, 1, 0}}) {
            try (TestServer server = server(config);
                    Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort())) {
                silent.setSoTimeout(20_000);
                silent.getOutputStream().write(start);
                silent.getInputStream().readAllBytes();
                await(server, Counter.TLS_FAILED_TIMEOUT, 1);
                await(server, Counter.CONNECTIONS_CLOSED, 1);
            }
        }
    }

    @Test
    void aHelloThatIsTooLongIsCutOff() throws Exception {
        // The first record of a ClientHello that says that it takes 64 KiB.
        byte[] start = {22, 3, 1, 0, 6, 1, 0, (byte) 0xFF, (byte) 0xFF, 3, 3};
        try (TestServer server = server();
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort())) {
            client.setSoTimeout(20_000);
            client.getOutputStream().write(start);
            client.getInputStream().readAllBytes();
            await(server, Counter.TLS_FAILED_PROTOCOL, 1);
            await(server, Counter.CONNECTIONS_CLOSED, 1);
        }
    }

    @Test
    void aClientThatLeavesOrDoesNotSpeakTlsIsCountedAsSuch() throws Exception {
        try (TestServer server = server()) {
            try (Socket leaves = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort())) {
                leaves.shutdownOutput();
                assertThat(leaves.getInputStream().read()).isEqualTo(-1);
            }
            await(server, Counter.TLS_FAILED_CLOSED, 1);
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort())) {
                plain.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
                plain.getInputStream().readAllBytes();
            }
            await(server, Counter.TLS_FAILED_NOT_TLS, 1);
            await(server, Counter.CONNECTIONS_CLOSED, 2);
        }
    }
}
