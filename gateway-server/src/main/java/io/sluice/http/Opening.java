package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.sluice.metrics.Counter;
import java.nio.charset.StandardCharsets;

/**
 * Tells from the first bytes of a connection which version of HTTP it speaks (RFC 9113, section 3.4: with prior
 * knowledge), and leaves. Where TLS has agreed upon one before, it must be that.
 *
 * <p>Stands before the handlers of HTTP/1, which are there from the beginning and serve whatever does not begin with
 * the preface of HTTP/2. Confined to its loop. Owns what it has read until that is decided: at most 24 bytes and what
 * came with the last of them.
 */
final class Opening extends ChannelInboundHandlerAdapter {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Loop loop;
    private final Http1Decoder decoder;
    private final Http1Connection connection;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    /** The client has agreed to speak HTTP/2. */
    private boolean http2;

    Opening(Loop loop, Http1Decoder decoder, Http1Connection connection) {
        this.loop = loop;
        this.decoder = decoder;
        this.connection = connection;
    }

    /** What TLS has agreed upon, before any byte: from then on, nothing else is served (RFC 9113, section 3.2). */
    void agreed(ChannelPipeline pipeline, boolean http2) {
        this.http2 = http2;
        if (!http2) {
            pipeline.remove(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (held.isReadable()) {
            held.writeBytes(in);
            in.release();
            in = held;
            held = Unpooled.EMPTY_BUFFER;
        }
        int bytes = Math.min(in.readableBytes(), PREFACE.length);
        for (int i = 0; i < bytes; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
                if (http2) {
                    refuse(ctx, in);
                } else {
                    leave(ctx, in);
                }
                return;
            }
        }
        if (bytes == PREFACE.length && !connection.retired()) {
            Http2Connection.begin(ctx.pipeline(), loop, decoder, connection);
            leave(ctx, in.skipBytes(PREFACE.length));
        } else if (bytes == PREFACE.length) {
            leave(ctx, in);
        } else {
            held = ctx.alloc().buffer(PREFACE.length).writeBytes(in);
            connection.heldBack = true;
            in.release();
        }
    }

    private void refuse(ChannelHandlerContext ctx, ByteBuf in) {
        in.release();
        ctx.pipeline().remove(this);
        loop.cells.increment(Counter.HTTP2_PROTOCOL_ERRORS);
        connection.retire();
        connection.writeLater();
    }

    /** Whatever else happens while the bytes do not tell: it is for HTTP/1. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        leave(ctx, held);
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        leave(ctx, held);
        ctx.fireChannelInactive();
    }

    private void leave(ChannelHandlerContext ctx, ByteBuf in) {
        held = Unpooled.EMPTY_BUFFER;
        connection.heldBack = false;
        // First, since what comes of the bytes may be the end of the connection and its pipeline.
        ctx.pipeline().remove(this);
        if (in.isReadable()) {
            ctx.fireChannelRead(in);
        } else {
            in.release();
        }
    }
}
