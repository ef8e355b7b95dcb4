package io.sluice.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Reads which host a client asks for, has the certificate for it begin the handshake, and leaves. The time that a
 * client has counts from its connection to the end of the handshake.
 *
 * <p>Confined to its loop.
 */
final class TlsOpening extends AbstractSniHandler<String> {

    /** That of a browser takes 0.5 to 2 KiB, with keys that withstand quantum computers. */
    private static final int MOST_HELLO_BYTES = 16 * 1024;

    private final Tls tls;
    private final Loop loop;
    private final long startNanos;

    TlsOpening(Tls tls, Loop loop) {
        super(MOST_HELLO_BYTES, tls.config().handshakeTimeout().toMillis());
        this.tls = tls;
        this.loop = loop;
        this.startNanos = loop.nanoTime();
    }

    @Override
    protected Future<String> lookup(ChannelHandlerContext ctx, String host) {
        return ctx.executor().newSucceededFuture(host);
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, String host, Future<String> found) {
        if (!found.isSuccess()) {
            throw new DecoderException(found.cause());
        }
        SslHandler handler = tls.newHandler(host, ctx.alloc());
        long spentMillis = TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - startNanos);
        handler.setHandshakeTimeoutMillis(
                Math.max(1, tls.config().handshakeTimeout().toMillis() - spentMillis));
        handler.setCloseNotifyFlushTimeoutMillis(1_000);
        ctx.pipeline().replace(this, null, handler);
    }
}
