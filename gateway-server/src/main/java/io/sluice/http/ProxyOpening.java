package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.sluice.metrics.Counter;

/**
 * Takes the header of the PROXY protocol off the beginning of a connection, tells the connection who its client is, and
 * leaves. Without a header, nothing that follows is looked at.
 *
 * <p>Stands before everything else, TLS included. Confined to its loop. Owns what it has read until the header is
 * complete, at most {@link ProxyHeader#MOST_BYTES} and what came with the last of them. The time for it is that for the
 * handshake, or for the first byte.
 */
final class ProxyOpening extends ChannelInboundHandlerAdapter {

    private final Loop loop;
    private final Http1Connection connection;
    private final ConnectionCaps caps;
    private final ProxyHeader header = new ProxyHeader();
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private boolean refused;

    ProxyOpening(Loop loop, Http1Connection connection, ConnectionCaps caps) {
        this.loop = loop;
        this.connection = connection;
        this.caps = caps;
        connection.expectIntroduction();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (refused) {
            in.release();
            return;
        }
        if (held.isReadable()) {
            held.writeBytes(in);
            in.release();
            in = held;
            held = Unpooled.EMPTY_BUFFER;
        }
        switch (header.read(in)) {
            case INCOMPLETE -> {
                held = ctx.alloc().buffer(in.readableBytes()).writeBytes(in);
                connection.heldBack = true;
                in.release();
            }
            case CLIENT -> {
                byte[] address = header.address();
                connection.client(address);
                if (connection.proxied()) {
                    leave(ctx, in);
                } else if (caps.tryEnter(address)) {
                    caps.leavesWith(ctx.channel(), address);
                    leave(ctx, in);
                } else {
                    refuse(ctx, in, Counter.LIMIT_ADDRESS_CONNECTIONS);
                }
            }
            case NOBODY -> leave(ctx, in);
            case MALFORMED -> refuse(ctx, in, Counter.PROXY_HEADERS_MALFORMED);
        }
    }

    private void leave(ChannelHandlerContext ctx, ByteBuf in) {
        in.skipBytes(header.bytes());
        connection.heldBack = false;
        connection.introduced();
        // First, since what comes of the bytes may be the end of the connection and its pipeline.
        ctx.pipeline().remove(this);
        if (in.isReadable()) {
            ctx.fireChannelRead(in);
        } else {
            in.release();
        }
    }

    private void refuse(ChannelHandlerContext ctx, ByteBuf in, Counter counter) {
        refused = true;
        in.release();
        loop.cells.increment(counter);
        Door.reset(ctx.channel());
        ctx.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    private void release() {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
    }
}
