package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionStats;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.sluice.delivery.HandClock;
import io.sluice.testing.TestCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a ticket can be used to come back, as its key is followed by others. Clients are the JDK's, in memory. */
class TlsTicketsTest {

    private static final Duration SESSION = TlsContexts.SESSION;

    /** What a server made of what its client brought. */
    private enum Ticket {
        NONE,
        TAKEN,
        /** Given under a key before the present one, and followed by a new one. */
        TAKEN_AND_RENEWED,
        REFUSED
    }

    @TempDir
    private Path directory;

    private HandClock clock;
    private TlsConfig config;

    @BeforeEach
    void files() throws Exception {
        TestCertificate it = TestCertificate.make(directory, "it");
        // Not before the certificate, which counts from when it was made.
        clock = new HandClock(Instant.now());
        config = new TlsConfig(
                "",
                0,
                List.of(it.file()),
                List.of(it.keyFile()),
                null,
                TlsConfig.ClientAuthentication.REQUIRE,
                Duration.ofSeconds(10),
                Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aTicketIsTakenUnderItsKeyAndTheNextOneAndNoLonger(String version) throws Exception {
        // Over TLS 1.3 they get two tickets a handshake, so each comes back no more than once with what it got first.
        SSLContext atOnce = TlsClient.context(null);
        SSLContext soon = TlsClient.context(null);
        SSLContext later = TlsClient.context(null);
        SSLContext last = TlsClient.context(null);
        SSLContext late = TlsClient.context(null);
        try (Tls tls = new Tls(config, clock, Tls.provider())) {
            for (SSLContext client : List.of(atOnce, soon, later, last)) {
                assertThat(connect(tls, client, version)).isEqualTo(Ticket.NONE);
            }
            clock.advanceMillis(SESSION.toMillis() - 1);
            tls.check();
            assertThat(connect(tls, atOnce, version)).as("under its key").isEqualTo(Ticket.TAKEN);

            clock.advanceMillis(1);
            tls.check();
            assertThat(connect(tls, soon, version)).as("after a change").isEqualTo(Ticket.TAKEN_AND_RENEWED);
            assertThat(connect(tls, late, version)).isEqualTo(Ticket.NONE);
            clock.advanceMillis(SESSION.toMillis() - 1);
            tls.check();
            assertThat(connect(tls, later, version)).as("still after one").isEqualTo(Ticket.TAKEN_AND_RENEWED);

            clock.advanceMillis(1);
            tls.check();
            assertThat(connect(tls, last, version)).as("after two").isEqualTo(Ticket.REFUSED);
            assertThat(connect(tls, late, version)).as("came in between").isEqualTo(Ticket.TAKEN_AND_RENEWED);
        }
    }

    /** A handshake, and as much more as it takes for the client to get its ticket. */
    private static Ticket connect(Tls tls, SSLContext client, String version) {
        SSLEngine engine = client.createSSLEngine("one.example", 443);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        SslHandler serverTls = tls.newHandler(null, UnpooledByteBufAllocator.DEFAULT);
        OpenSslSessionStats stats =
                ((OpenSslSessionContext) serverTls.engine().getSession().getSessionContext()).stats();
        long taken = stats.ticketKeyResume();
        long renewed = stats.ticketKeyRenew();
        long refused = stats.ticketKeyFail();

        EmbeddedChannel server = new EmbeddedChannel(serverTls);
        SslHandler clientTls = new SslHandler(engine);
        EmbeddedChannel one = new EmbeddedChannel(clientTls);
        exchange(one, server);
        assertThat(serverTls.handshakeFuture().isSuccess()).isTrue();
        assertThat(clientTls.handshakeFuture().isSuccess()).isTrue();
        // Of TLS 1.3, BoringSSL sends the ticket before the first bytes that the application has to send.
        server.writeOutbound(Unpooled.wrappedBuffer(new byte[1]));
        exchange(one, server);
        assertThat(ReferenceCountUtil.release(one.readInbound())).isTrue();
        // Told, not cut: the JDK does not resume what ended without a word.
        clientTls.closeOutbound();
        exchange(one, server);
        one.finishAndReleaseAll();
        server.finishAndReleaseAll();

        if (stats.ticketKeyFail() > refused) {
            return Ticket.REFUSED;
        } else if (stats.ticketKeyRenew() > renewed) {
            return Ticket.TAKEN_AND_RENEWED;
        }
        return stats.ticketKeyResume() > taken ? Ticket.TAKEN : Ticket.NONE;
    }

    /** Carries bytes both ways until there are none. */
    private static void exchange(EmbeddedChannel one, EmbeddedChannel other) {
        while (carry(one, other) | carry(other, one)) {
            // Each may have an answer to what came.
        }
    }

    private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
        from.runPendingTasks();
        boolean some = false;
        for (Object bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            if (to.isOpen()) {
                to.writeInbound(bytes);
            } else {
                ReferenceCountUtil.release(bytes);
            }
            some = true;
        }
        return some;
    }
}
