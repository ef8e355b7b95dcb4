package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.Networks;
import io.sluice.metrics.Counter;
import io.sluice.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom events are said to come from: who is connected, or whom a proxy names, and nobody whom a client makes up. */
@Timeout(60)
class ClientAddressTest {

    private static final String GET = "GET /p.gif HTTP/1.1\r\nHost: x\r\n";
    private static final String LOCAL = "127.0.0.1";
    private static final String LINE = "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n";

    private static HttpConfig proxies(Networks protocol, Networks trusted, ProxyConfig.Field field) {
        return TestServer.CONFIG.with(new ProxyConfig(protocol, trusted, field));
    }

    private static HttpConfig behindBalancer() {
        return proxies(Networks.ALL, Networks.NONE, ProxyConfig.Field.X_FORWARDED_FOR);
    }

    private static String last(TestServer server) {
        return server.intake.seen().getLast().address();
    }

    private static void get(RawClient client, String fields) throws IOException {
        client.send(GET + fields + "\r\n");
        assertThat(client.read().status()).isEqualTo(200);
    }

    private static byte[] header() throws Exception {
        return ProxyHeaderTest.header(
                0x21, 0x21, ProxyHeaderTest.addresses("2001:db8::7", "::1"), ProxyHeaderTest.ofAmazon());
    }

    @Test
    void aForgedFieldChangesNothing() throws Exception {
        try (TestServer server = new TestServer();
                RawClient client = server.connect();
                Http2Client http2 = Http2Client.connect(server)) {
            get(client, "");
            assertThat(last(server)).isEqualTo(LOCAL);
            get(client, "X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\n");
            assertThat(last(server)).isEqualTo(LOCAL);
            http2.send(Http2Client.get(1, "/p.gif", "x-forwarded-for", "6.6.6.6", "forwarded", "for=6.6.6.6"));
            assertThat(http2.answer(1).status()).isEqualTo(200);
            assertThat(last(server)).isEqualTo(LOCAL);
        }
        // Nor does it where others are trusted.
        HttpConfig others = proxies(Networks.NONE, Networks.of("10.0.0.0/8"), ProxyConfig.Field.X_FORWARDED_FOR);
        try (TestServer server = new TestServer(others);
                RawClient client = server.connect()) {
            get(client, "X-Forwarded-For: 6.6.6.6\r\n");
            assertThat(last(server)).isEqualTo(LOCAL);
        }
    }

    @Test
    void aTrustedProxyNamesTheClientOfEachRequest() throws Exception {
        HttpConfig trusting =
                proxies(Networks.NONE, Networks.of("127.0.0.0/8", "10.0.0.0/8"), ProxyConfig.Field.X_FORWARDED_FOR);
        try (TestServer server = new TestServer(trusting);
                RawClient client = server.connect();
                Http2Client http2 = Http2Client.connect(server)) {
            get(client, "X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.0.0.1\r\nForwarded: for=6.6.6.6\r\n");
            assertThat(last(server)).isEqualTo("192.0.2.1");
            get(client, "X-Forwarded-For: 6.6.6.6\r\nAccept: */*\r\nx-forwarded-for: 2001:db8::7\r\n");
            assertThat(last(server)).isEqualTo("2001:db8:0:0:0:0:0:7");
            get(client, "X-Forwarded-For: 6.6.6.6, unknown\r\n");
            assertThat(last(server)).isEmpty();
            // The next request is nobody's but its own.
            get(client, "Forwarded: for=6.6.6.6\r\n");
            assertThat(last(server)).isEqualTo(LOCAL);

            http2.send(Http2Client.get(1, "/p.gif", "x-forwarded-for", "6.6.6.6, 192.0.2.1, 10.0.0.1"));
            assertThat(http2.answer(1).status()).isEqualTo(200);
            assertThat(last(server)).isEqualTo("192.0.2.1");
            http2.send(Http2Client.get(3, "/p.gif", "x-forwarded-for", "6.6.6.6", "x-forwarded-for", "192.0.2.3"));
            assertThat(http2.answer(3).status()).isEqualTo(200);
            assertThat(last(server)).isEqualTo("192.0.2.3");
            http2.send(Http2Client.get(5, "/p.gif"));
            assertThat(http2.answer(5).status()).isEqualTo(200);
            assertThat(last(server)).isEqualTo(LOCAL);
        }
    }

    @Test
    void requestsThatAreUnderWayTogetherKeepTheirClientsApart() throws Exception {
        HttpConfig trusting = proxies(Networks.NONE, Networks.of("127.0.0.0/8"), ProxyConfig.Field.FORWARDED);
        try (TestServer server = new TestServer(trusting);
                Http2Client client = Http2Client.connect(server)) {
            client.send(
                    Http2Client.post(1, "/v1/events", "forwarded", "for=192.0.2.1"),
                    Http2Client.post(3, "/v1/events", "forwarded", "for=\"[2001:db8::3]:99\""),
                    Http2Client.post(5, "/v1/events"),
                    Http2Client.data(5, true, "5"),
                    Http2Client.data(3, true, "3"),
                    Http2Client.data(1, true, "1"));
            for (int stream : new int[] {5, 3, 1}) {
                assertThat(client.answer(stream).status()).isEqualTo(200);
            }
            assertThat(server.intake.seen())
                    .extracting(FakeIntake.Seen::address)
                    .containsExactly(LOCAL, "2001:db8:0:0:0:0:0:3", "192.0.2.1");
        }
    }

    @Test
    void theClientIsWhomTheHeaderOfABalancerNames() throws Exception {
        try (TestServer server = new TestServer(behindBalancer())) {
            for (byte[] header : List.of(LINE.getBytes(StandardCharsets.US_ASCII), header())) {
                String client = header.length == LINE.length() ? "192.0.2.1" : "2001:db8:0:0:0:0:0:7";
                try (RawClient http1 = server.connect()) {
                    http1.send(header).send(GET + "X-Forwarded-For: 6.6.6.6\r\n\r\n");
                    assertThat(http1.read().status()).isEqualTo(200);
                    assertThat(last(server)).isEqualTo(client);
                    // A second header is none.
                    http1.send(header);
                    assertThat(http1.read().status()).isEqualTo(400);
                }
                try (Http2Client http2 = new Http2Client(server.server.port())) {
                    http2.send(
                            header,
                            Http2Client.PREFACE,
                            Http2Client.frame(Http2Client.SETTINGS, 0, 0),
                            Http2Client.get(1, "/p.gif"));
                    assertThat(http2.answer(1).status()).isEqualTo(200);
                    assertThat(last(server)).isEqualTo(client);
                }
            }
            assertThat(server.total(Counter.PROXY_HEADERS_MALFORMED)).isZero();
        }
    }

    @Test
    void theHeaderMayComeInAnyPieces() throws Exception {
        byte[] header = header();
        byte[] all = Arrays.copyOf(header, header.length + GET.length() + 2);
        System.arraycopy((GET + "\r\n").getBytes(StandardCharsets.US_ASCII), 0, all, header.length, GET.length() + 2);
        try (TestServer server = new TestServer(behindBalancer())) {
            for (int cut = 1; cut < all.length; cut++) {
                try (RawClient client = server.connect()) {
                    client.send(all, 0, cut);
                    server.settle();
                    client.send(all, cut, all.length);
                    assertThat(client.read().status()).as("cut at %d", cut).isEqualTo(200);
                    assertThat(last(server)).isEqualTo("2001:db8:0:0:0:0:0:7");
                }
            }
        }
    }

    @Test
    void aBalancerThatSpeaksForItselfIsTheClient() throws Exception {
        try (TestServer server = new TestServer(behindBalancer());
                RawClient client = server.connect()) {
            client.send(ProxyHeaderTest.header(0x20, 0x00));
            get(client, "");
            assertThat(last(server)).isEqualTo(LOCAL);
        }
    }

    @Test
    void withoutAHeaderNothingIsServed() throws Exception {
        try (TestServer server = new TestServer(behindBalancer());
                RawClient bare = server.connect();
                RawClient http2 = server.connect();
                RawClient gone = server.connect()) {
            gone.endOutput();
            assertThat(gone.ended()).isTrue();
            assertThat(server.total(Counter.PROXY_HEADERS_MALFORMED)).isZero();
            bare.send(GET + "\r\n");
            assertThat(bare.ended()).isTrue();
            http2.send(Http2Client.PREFACE);
            assertThat(http2.ended()).isTrue();
            assertThat(server.total(Counter.PROXY_HEADERS_MALFORMED)).isEqualTo(2);
            assertThat(server.total(Counter.REQUESTS_RECEIVED)).isZero();
        }
    }

    @Test
    void onlyTheNetworksOfTheBalancerBeginWithAHeader() throws Exception {
        HttpConfig config = proxies(Networks.of("127.0.0.2"), Networks.NONE, ProxyConfig.Field.X_FORWARDED_FOR);
        try (TestServer server = new TestServer(config);
                RawClient direct = server.connect();
                RawClient forger = server.connect();
                RawClient balancer = from("127.0.0.2", server)) {
            get(direct, "");
            assertThat(last(server)).isEqualTo(LOCAL);
            forger.send(LINE + GET + "\r\n");
            assertThat(forger.read().status()).isEqualTo(400);
            balancer.send(LINE);
            get(balancer, "");
            assertThat(last(server)).isEqualTo("192.0.2.1");
        }
    }

    static RawClient from(String address, TestServer server) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.server.port()));
        return new RawClient(socket);
    }

    @Test
    void aProxyBehindTheBalancerNamesItsClients() throws Exception {
        HttpConfig both = proxies(Networks.ALL, Networks.of("192.0.2.0/24"), ProxyConfig.Field.X_FORWARDED_FOR);
        try (TestServer server = new TestServer(both);
                RawClient proxy = server.connect();
                RawClient other = server.connect()) {
            proxy.send(LINE);
            get(proxy, "X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\n");
            assertThat(last(server)).isEqualTo("203.0.113.9");
            other.send(LINE.replace("192.0.2.1", "198.51.100.9"));
            get(other, "X-Forwarded-For: 6.6.6.6\r\n");
            assertThat(last(server)).isEqualTo("198.51.100.9");
        }
    }

    @Test
    void theHeaderComesBeforeTheHandshake(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "one", "one.example");
        HttpConfig config = behindBalancer().with(TlsContract.config(List.of(certificate)));
        SSLSocketFactory factory = TlsClient.context(null).getSocketFactory();
        try (TestServer server = new TestServer(config);
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort())) {
            plain.getOutputStream().write(header());
            try (SSLSocket socket = (SSLSocket) factory.createSocket(plain, "one.example", 443, true)) {
                socket.startHandshake();
                RawClient client = new RawClient(socket);
                get(client, "");
                assertThat(last(server)).isEqualTo("2001:db8:0:0:0:0:0:7");
            }
            try (Socket bare = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort());
                    SSLSocket socket = (SSLSocket) factory.createSocket(bare, "one.example", 443, true)) {
                socket.setSoTimeout(20_000);
                assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
            }
            assertThat(server.total(Counter.PROXY_HEADERS_MALFORMED)).isEqualTo(1);
        }
    }

    @Test
    void theTimeForTheHandshakeIsThatForTheHeaderToo(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.make(directory, "one", "one.example");
        TlsConfig tls =
                TlsContract.with(TlsContract.config(List.of(certificate)), Duration.ofMillis(200), Duration.ZERO);
        try (TestServer server = new TestServer(behindBalancer().with(tls));
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.server.tlsPort())) {
            silent.setSoTimeout(20_000);
            silent.getOutputStream().write(header(), 0, 20);
            assertThat(silent.getInputStream().read()).isNegative();
            assertThat(server.total(Counter.TLS_FAILED_TIMEOUT)).isEqualTo(1);
        }
    }
}
