package io.sluice.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.sluice.metrics.Counter;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What TLS has to say to the handlers behind it, which know nothing of it: the version of HTTP that was agreed upon,
 * and ends. Counts handshakes, and those that failed by their cause; what a client sent is never logged.
 *
 * <p>Confined to its loop. Costs nothing once the handshake is over.
 */
final class TlsEvents extends ChannelInboundHandlerAdapter {

    private final Loop loop;
    private final Opening opening;
    private final Http1Connection connection;
    private boolean done;
    private boolean failed;

    TlsEvents(Loop loop, Opening opening, Http1Connection connection) {
        this.loop = loop;
        this.opening = opening;
        this.connection = connection;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        switch (event) {
            case SslHandshakeCompletionEvent handshake when handshake.isSuccess() -> agreed(ctx);
            case SslHandshakeCompletionEvent handshake -> failed(handshake.cause());
            case SniCompletionEvent hello -> {
                if (!hello.isSuccess()) {
                    failed(hello.cause());
                }
            }
            // The client says that it is gone. BoringSSL answers in kind at once, so nothing can follow, as in TLS 1.2.
            case SslCloseCompletionEvent end -> ctx.close();
            case ChannelInputShutdownEvent end when !done -> ctx.close();
            default -> ctx.fireUserEventTriggered(event);
        }
    }

    private void agreed(ChannelHandlerContext ctx) {
        done = true;
        loop.cells.increment(Counter.TLS_HANDSHAKES);
        connection.handshakeDone();
        ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
        boolean http2 = ApplicationProtocolNames.HTTP_2.equals(((SslHandler) tls.handler()).applicationProtocol());
        if (!http2) {
            connection.sendThrough(tls);
        }
        opening.agreed(ctx.pipeline(), http2);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!done && !failed) {
            failed = true;
            loop.cells.increment(Counter.TLS_FAILED_CLOSED);
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        Throwable cause =
                failure instanceof DecoderException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof SSLException || cause instanceof TooLongFrameException) {
            if (done) {
                loop.cells.increment(Counter.TLS_BROKEN);
            } else {
                failed(cause);
            }
            ctx.close();
        } else {
            ctx.fireExceptionCaught(failure);
        }
    }

    private void failed(Throwable cause) {
        if (!failed && !done) {
            failed = true;
            loop.cells.increment(counter(cause));
        }
    }

    private static Counter counter(Throwable cause) {
        // Where there is no type for it, both libraries tell it in words only.
        String text = String.valueOf(cause.getMessage()).toUpperCase(Locale.ROOT);
        if (cause instanceof SslHandshakeTimeoutException) {
            return Counter.TLS_FAILED_TIMEOUT;
        } else if (cause instanceof NotSslRecordException) {
            return Counter.TLS_FAILED_NOT_TLS;
        } else if (cause instanceof TooLongFrameException) {
            return Counter.TLS_FAILED_PROTOCOL;
        } else if (!(cause instanceof SSLException) || text.contains("CONNECTION CLOSED")) {
            return Counter.TLS_FAILED_CLOSED;
        } else if (isOfCertificate(cause) || text.contains("CERT") || text.contains("UNKNOWN_CA")) {
            return Counter.TLS_FAILED_CERTIFICATE;
        } else if (text.contains("VERSION") || text.contains("PROTOCOL") || text.contains("CIPHER")) {
            return Counter.TLS_FAILED_PROTOCOL;
        }
        return Counter.TLS_FAILED_OTHER;
    }

    private static boolean isOfCertificate(Throwable failure) {
        Throwable cause = failure;
        while (cause != null
                && !(cause instanceof CertificateException)
                && !(cause instanceof SSLPeerUnverifiedException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }
}
