package io.sluice.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * The short way of {@link DirectSend} through TLS: an answer is encrypted into a buffer that all connections of the
 * loop share, and sent from there, past the pipeline and two queues of what is to be written.
 *
 * <p>For one connection, confined to its loop. Allocates nothing but what the engine returns. Only with BoringSSL, and
 * once Netty's handler has encrypted an answer itself: session tickets leave with the first, and may be larger than it.
 * That handler keeps nothing behind a flush that we would have to wait for, since the engine encrypts whatever it is
 * given once the handshake is over.
 */
final class TlsSend {

    /**
     * Of a record more than its content: header, type, and what authenticates it (RFC 8446, section 5.2), some twenty;
     * and the engine's own record before it, which says that its keys have changed. It stops and goes on where more is
     * needed.
     */
    private static final int MOST_OVERHEAD_BYTES = 512;

    private final ChannelHandlerContext tls;
    private final ReferenceCountedOpenSslEngine engine;
    private final ByteBuffer sealed;
    /** One answer has gone the usual way. */
    private boolean ticketsSent;

    private TlsSend(ChannelHandlerContext tls, ReferenceCountedOpenSslEngine engine, ByteBuffer sealed) {
        this.tls = tls;
        this.engine = engine;
        this.sealed = sealed;
    }

    /** A buffer for answers of at most so many bytes, to be shared by the connections of a loop. */
    static ByteBuffer buffer(int answerBytes) {
        return ByteBuffer.allocateDirect(answerBytes + MOST_OVERHEAD_BYTES);
    }

    /**
     * The short way of the connection whose handshake is over.
     *
     * @param tls of Netty's handler
     * @param sealed from {@link #buffer}
     * @return {@code null} where there is none, as with the JDK's TLS
     */
    static TlsSend of(ChannelHandlerContext tls, ByteBuffer sealed) {
        return ((SslHandler) tls.handler()).engine() instanceof ReferenceCountedOpenSslEngine engine
                ? new TlsSend(tls, engine, sealed)
                : null;
    }

    /**
     * Encrypts and sends, if nothing else waits to be sent on this channel.
     *
     * @param bytes a direct buffer, sent from its beginning to its limit, whatever its position, which is 0 afterwards
     * @return how many bytes are on their way; the rest, which may be all of it, is to be written the usual way, which
     *     is also where it shows what is wrong with a connection
     */
    int send(ByteBuffer bytes) {
        bytes.position(0);
        if (!ticketsSent || !DirectSend.isFree(tls.channel())) {
            ticketsSent = true;
            return 0;
        }
        SSLEngineResult result;
        try {
            result = engine.wrap(bytes, sealed.clear());
        } catch (SSLException failed) {
            // The engine has shut itself down, and tells nobody a second time.
            tls.fireExceptionCaught(failed);
            return 0;
        } finally {
            bytes.position(0);
        }
        if (sealed.flip().hasRemaining()) {
            int sent = DirectSend.sendNow(tls.channel(), sealed);
            if (sent < sealed.limit()) {
                // It is a record now, whose place among the others is fixed.
                sealed.position(sent);
                tls.writeAndFlush(tls.alloc().buffer(sealed.remaining()).writeBytes(sealed), tls.voidPromise());
            }
        }
        return result.bytesConsumed();
    }
}
