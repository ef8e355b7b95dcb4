package io.sluice.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.sluice.process.Certificate;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BareServerTest {

    @TempDir
    private Path directory;

    private static final byte[] REQUESTS = ("POST /v1/events?k=demo HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\n"
                    + "a\r\n\r\nb: c\r\n\n"
                    + "GET /p.gif HTTP/1.1\r\nHost: h\r\n\r\n"
                    + "POST / HTTP/1.1\r\ncontent-length:3\r\nA: b\r\n\r\nxyz")
            .getBytes(StandardCharsets.US_ASCII);

    @Test
    void eachRequestIsAnsweredOnceHoweverItIsCut() {
        for (int cut = 0; cut <= REQUESTS.length; cut++) {
            EmbeddedChannel channel = new EmbeddedChannel(new BareServer.Handler(BareServer.json()));
            channel.writeInbound(part(0, cut));
            channel.writeInbound(part(cut, REQUESTS.length));
            assertThat(answers(channel)).as("cut at %d", cut).isEqualTo(3);
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void nothingIsAnsweredBeforeTheLastByte() {
        EmbeddedChannel channel = new EmbeddedChannel(new BareServer.Handler(BareServer.json()));
        int answers = 0;
        int[] expected = new int[REQUESTS.length];
        int first = new String(REQUESTS, StandardCharsets.US_ASCII).indexOf("GET");
        int second = new String(REQUESTS, StandardCharsets.US_ASCII).indexOf("POST", 1);
        expected[first - 1]++;
        expected[second - 1]++;
        expected[REQUESTS.length - 1]++;
        for (int i = 0; i < REQUESTS.length; i++) {
            channel.writeInbound(part(i, i + 1));
            answers = answers(channel);
            assertThat(answers).as("behind byte %d", i).isEqualTo(expected[i]);
        }
        channel.finishAndReleaseAll();
    }

    @Test
    void overTlsEachRequestGetsAnImage() throws Exception {
        assumeTrue(Certificate.canBeMade(), "openssl is not in the PATH");
        Certificate certificate = Certificate.make(directory, "localhost");
        SslContext tls =
                BareServer.tls(certificate.file().toFile(), certificate.key().toFile());
        Channel server = BareServer.listen(tls);
        try (SSLSocket client = trusting(certificate.file(), BareServer.port(server))) {
            client.getOutputStream().write(REQUESTS);
            byte[] image = bytes(BareServer.image());
            byte[] expected = new byte[3 * image.length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = image[i % image.length];
            }
            assertThat(client.getInputStream().readNBytes(expected.length)).isEqualTo(expected);
            assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(client.getApplicationProtocol()).isEqualTo("http/1.1");
        } finally {
            server.close().sync();
            ReferenceCountUtil.release(tls);
        }
    }

    @Test
    void theImageHasTheBytesOfAGateways() {
        assertThat(new String(bytes(BareServer.image()), StandardCharsets.ISO_8859_1))
                .contains("\r\nContent-Type: image/gif\r\nContent-Length: 43\r\n\r\nGIF89a")
                .endsWith(";");
    }

    /** One that takes this certificate and nothing else, and offers HTTP/2 first. */
    private static SSLSocket trusting(Path certificate, int port) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "it", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(60_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }

    private static ByteBuf part(int from, int to) {
        return Unpooled.wrappedBuffer(Arrays.copyOfRange(REQUESTS, from, to));
    }

    private static int answers(EmbeddedChannel channel) {
        int answers = 0;
        for (ByteBuf answer; (answer = channel.readOutbound()) != null; answer.release()) {
            assertThat(answer.toString(StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200 OK\r\n");
            answers++;
        }
        return answers;
    }
}
