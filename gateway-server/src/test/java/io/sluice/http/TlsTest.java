package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.OpenSsl;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
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
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Beacons over TLS. */
@Timeout(120)
class TlsTest {

    private static final String GET = "GET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n";

    /** About those at which a record of TLS (16 KiB) and a window of HTTP/2 (64 KiB) end, among others. */
    private static final int[] SIZES = {0, 1, 100, 8_192, 16_383, 16_384, 16_385, 32_768, 65_535, 65_536, 99_999};

    @TempDir
    private static Path directory;

    private static TestCertificate first;
    private static TestCertificate second;
    private static TestCertificate wild;
    /** Has the name of the second, which is why the JDK shows it where that is asked for. */
    private static TestCertificate impostor;

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

    private static TestServer server() throws IOException {
        return server(config(List.of(first)));
    }

    private static TestServer server(TlsConfig tls) throws IOException {
        return new TestServer(TestServer.CONFIG.with(tls));
    }

    private static RawClient connect(TestServer server, String... protocols) throws Exception {
        return new RawClient(TlsClient.connect(TlsClient.context(null), server.server.tlsPort(), null, protocols));
    }

    private static void await(TestServer server, Counter counter, long value) throws InterruptedException {
        while (server.total(counter) < value) {
            server.settle();
        }
        assertThat(server.total(counter)).isEqualTo(value);
    }

    @Test
    void boringSslLoadsHere() {
        assertThat(OpenSsl.unavailabilityCause()).isNull();
        assertThat(OpenSsl.versionString()).isEqualTo("BoringSSL");
    }

    @Test
    void bothPortsServe() throws Exception {
        try (TestServer server = server();
                RawClient plain = server.connect();
                RawClient tls = connect(server)) {
            assertThat(plain.send(GET).read().status()).isEqualTo(200);
            assertThat(tls.send(GET).read().status()).isEqualTo(200);
            assertThat(tls.send(GET + GET).read().status()).isEqualTo(200);
            assertThat(tls.read().status()).isEqualTo(200);
            assertThat(server.total(Counter.TLS_HANDSHAKES)).isEqualTo(1);
            assertThat(server.connections()).isEqualTo(2);
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

    // Which certificate.

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
    void theFirstCertificateToExpireShowsInTheGauge() throws Exception {
        try (TestServer server = server(config(List.of(first, second)))) {
            double days = server.metrics.value(Gauge.TLS_CERTIFICATE_SECONDS) / 86_400;
            assertThat(days).isBetween(29.9, 30.0);
        }
    }

    // Which clients.

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
    void aClientWithoutACertificateIsServedIfOneIsOptional() throws Exception {
        TlsConfig config = clients(config(List.of(first)), second.file(), TlsConfig.ClientAuthentication.OPTIONAL);
        try (TestServer server = server(config);
                RawClient none = connect(server)) {
            assertThat(none.send(GET).read().status()).isEqualTo(200);
            assertThatThrownBy(() -> {
                        try (RawClient client = new RawClient(
                                TlsClient.connect(TlsClient.context(impostor), server.server.tlsPort(), null))) {
                            client.send(GET).read();
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    // What was agreed upon.

    @Test
    void whoAgreedOnHttp2AndSpeaksHttp1IsSentAway() throws Exception {
        try (TestServer server = server();
                RawClient client = connect(server, "h2", "http/1.1")) {
            client.send(GET);
            assertThat(client.ended()).isTrue();
            assertThat(server.total(Counter.HTTP2_PROTOCOL_ERRORS)).isEqualTo(1);
            assertThat(server.total(Counter.REQUESTS_RECEIVED)).isZero();
        }
    }

    @Test
    void whoDidNotAgreeOnHttp2IsServedHttp1Only() throws Exception {
        String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        for (String[] protocols : new String[][] {{}, {"http/1.1"}, {"spdy/3"}}) {
            try (TestServer server = server();
                    RawClient client = connect(server, protocols)) {
                assertThat(client.send(preface).read().status()).isEqualTo(400);
                assertThat(server.total(Counter.CONNECTIONS_HTTP2)).isZero();
            }
        }
    }

    // Ends.

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
    void aClientThatEndsIsLetGoWithWhatItWaitsFor() throws Exception {
        try (TestServer server = server()) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            try (RawClient client = connect(server)) {
                client.send(GET);
                while (server.intake.held.isEmpty()) {
                    server.settle();
                }
            }
            await(server, Counter.REQUESTS_ABANDONED, 1);
            await(server, Counter.CONNECTIONS_CLOSED, 1);
            server.intake.reply(server.intake.held.take());
        }
    }

    @Test
    void drainingAnswersWhatIsInFlightAndEndsEveryConnection() throws Exception {
        try (TestServer server = server();
                RawClient idle = connect(server);
                RawClient busy = connect(server);
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort())) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            idle.send("GET /none HTTP/1.1\r\nHost: x\r\n\r\n").read();
            busy.send(GET);
            while (server.intake.held.isEmpty() || server.connections() < 3) {
                server.settle();
            }
            server.server.stopAccepting();
            CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> {
                try {
                    return server.server.drain(Duration.ofSeconds(60));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(idle.ended()).isTrue();
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            server.intake.reply(server.intake.held.take());
            assertThat(busy.read().header("Connection")).isEqualTo("close");
            assertThat(busy.ended()).isTrue();
            assertThat(drained.get()).isTrue();
            assertThat(server.total(Counter.REQUESTS_ABANDONED)).isZero();
        }
    }

    // What holds a connection up holds it up here too.

    /** Beneath TLS, to do to a connection what TLS would not. */
    private static Socket beneath(TestServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static RawClient over(Socket socket) throws Exception {
        return new RawClient(
                TlsClient.context(null).getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true));
    }

    @Test
    void aClientWhoseConnectionEndsHalfwayGetsTheAnswersThatItWaitsFor() throws Exception {
        try (TestServer server = server();
                Socket socket = beneath(server);
                RawClient client = over(socket)) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            client.send(GET + GET);
            while (server.intake.held.size() < 2) {
                server.settle();
            }
            socket.shutdownOutput();
            server.settle();
            server.intake.reply(server.intake.held.take());
            server.intake.reply(server.intake.held.take());
            assertThat(client.read().status()).isEqualTo(200);
            // It says that it is the last if the end had been seen by then.
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void noMoreThanTheLimitAreInFlightHoweverManyCameInOneRecord() throws Exception {
        int most = TestServer.CONFIG.maxPipelined();
        int requests = 5 * most + 3;
        try (TestServer server = server();
                RawClient client = connect(server)) {
            server.intake.mode = FakeIntake.Mode.HOLD;
            client.send(GET.repeat(requests));
            for (int i = 0; i < requests; i++) {
                var reply = server.intake.held.take();
                server.settle();
                assertThat(server.inFlight()).isLessThanOrEqualTo(most);
                server.intake.reply(reply);
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aClientThatDoesNotTakeItsAnswersIsNotReadFromAnyMore() throws Exception {
        try (TestServer server = server()) {
            // Closed beneath TLS, which would wait for the sender.
            Socket socket = beneath(server);
            RawClient client = over(socket);
            byte[] requests =
                    "GET /none HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; i < 2000; i++) {
                        client.send(requests);
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            long before;
            do {
                before = server.total(Counter.REQUESTS_RECEIVED);
                sender.join(200);
            } while (before == 0 || before < server.total(Counter.REQUESTS_RECEIVED));
            assertThat(sender.isAlive()).as("the sender is held up").isTrue();
            for (long i = 0; i < before; i++) {
                assertThat(client.read().status()).isEqualTo(404);
            }
            assertThat(client.read().status()).as("it is read from again").isEqualTo(404);
            socket.close();
            sender.join();
        }
    }

    @Test
    void aConnectionOnWhichNothingHappensIsClosed() throws Exception {
        HttpConfig c = TestServer.CONFIG;
        HttpConfig brief = new HttpConfig(
                c.host(),
                0,
                c.transport(),
                1,
                100,
                200,
                1000,
                Duration.ofSeconds(1),
                c.admissionTimeout(),
                64,
                16,
                TlsConfig.NONE);
        try (TestServer server = new TestServer(brief.with(config(List.of(first))));
                RawClient idle = connect(server);
                RawClient idleToo = connect(server, "h2")) {
            assertThat(idle.ended()).isTrue();
            await(server, Counter.CONNECTIONS_CLOSED, 2);
            assertThat(idleToo).isNotNull();
        }
    }

    // Failed handshakes.

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

    // Strict-Transport-Security.

    @Test
    void answersOverTlsTellBrowsersToStayWithIt() throws Exception {
        TlsConfig config = with(config(List.of(first)), Duration.ofSeconds(10), Duration.ofDays(365));
        try (TestServer server = server(config);
                RawClient plain = server.connect();
                RawClient tls = connect(server);
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(TlsClient.context(null))
                        .build()) {
            assertThat(plain.send(GET).read().header("Strict-Transport-Security"))
                    .isNull();
            assertThat(tls.send(GET).read().header("Strict-Transport-Security")).isEqualTo("max-age=31536000");
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.server.tlsPort() + "/p.gif"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.headers().firstValue("strict-transport-security")).contains("max-age=31536000");
            client.shutdownNow();
        }
    }
}
