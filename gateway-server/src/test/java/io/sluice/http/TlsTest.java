package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** Beacons over TLS by BoringSSL: what is so by the JDK as well, and the rest. */
class TlsTest extends TlsContract {

    TlsTest() {
        super(Tls.provider());
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

    @Test
    void theFirstCertificateToExpireShowsInTheGauge() throws Exception {
        try (TestServer server = server(config(List.of(first, second)))) {
            double days = server.metrics.value(Gauge.TLS_CERTIFICATE_SECONDS) / 86_400;
            assertThat(days).isBetween(29.9, 30.0);
        }
    }

    // Which clients.

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

    @Test
    void aClientIsToldWhyItsCertificateIsRefused() throws Exception {
        List<String> ec = List.of("-keyalg", "EC", "-groupname", "secp256r1");
        TestCertificate authority = TestCertificate.make(directory, "authority", and(ec, "-ext", "bc=ca:true"));
        TestCertificate right = authority.issue(directory, "right", and(ec, "-validity", "30"));
        TestCertificate expired =
                authority.issue(directory, "expired", and(ec, "-startdate", "-10d", "-validity", "5"));
        TestCertificate early = authority.issue(directory, "early", and(ec, "-startdate", "+5d", "-validity", "5"));
        TestCertificate stranger = TestCertificate.make(directory, "stranger", ec);
        // Has the name of the authority, and another key.
        TestCertificate namesake =
                TestCertificate.make(Files.createDirectory(directory.resolve("namesake")), "authority", ec);
        TlsConfig config = clients(config(List.of(first)), authority.file(), TlsConfig.ClientAuthentication.REQUIRE);
        try (TestServer server = server(config)) {
            int port = server.server.tlsPort();
            try (RawClient client = new RawClient(TlsClient.connect(TlsClient.context(right), port, null))) {
                assertThat(client.send(GET).read().status()).isEqualTo(200);
            }
            assertThat(alert(port, null)).contains("certificate_required");
            assertThat(alert(port, expired)).contains("certificate_expired");
            // "Has expired or is not currently valid" is one alert (RFC 8446, section 6.2).
            assertThat(alert(port, early)).contains("certificate_expired");
            assertThat(alert(port, stranger)).contains("unknown_ca");
            assertThat(alert(port, namesake)).contains("bad_certificate");
            await(server, Counter.CONNECTIONS_CLOSED, 6);
            assertThat(server.total(Counter.TLS_FAILED_CERTIFICATE)).isEqualTo(5);
        }
    }

    private static List<String> and(List<String> options, String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return all;
    }

    /** What a client that shows this is told instead of an answer. */
    private static String alert(int port, TestCertificate shown) {
        return catchThrowableOfType(SSLException.class, () -> {
                    SSLContext context = shown == null ? TlsClient.context(null) : TlsClient.showing(shown);
                    try (RawClient client = new RawClient(TlsClient.connect(context, port, null))) {
                        client.read();
                    }
                })
                .getMessage();
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
