package io.sluice.ladder;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * The ceiling of the loopback: it finds where each request ends, looks at no body, and answers 200.
 *
 * <p>As many loops as a gateway has. Requests have a Content-Length, as those of the load generator do.
 */
public final class BareServer {

    private static final String BODY =
            "{\"accepted\":50,\"rejected\":0,\"pos\":\"0000000000000000000000000000000000\"}";

    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    + BODY.length() + "\r\n\r\n" + BODY)
            .getBytes(StandardCharsets.US_ASCII);

    private BareServer() {}

    /** Prints the port that it listens on. */
    public static void main(String[] arguments) throws InterruptedException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        int loops = Runtime.getRuntime().availableProcessors();
        Channel listening = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory("loop"), io))
                .channel(type)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Handler());
                    }
                })
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .sync()
                .channel();
        System.out.println("listening on " + ((InetSocketAddress) listening.localAddress()).getPort());
        listening.closeFuture().sync();
    }

    /** Confined to its connection's loop. */
    static final class Handler extends ChannelInboundHandlerAdapter {

        private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

        private static final ByteBuf ENCODED = Unpooled.unreleasableBuffer(
                        Unpooled.directBuffer(ANSWER.length).writeBytes(ANSWER))
                .asReadOnly();

        private final StringBuilder line = new StringBuilder();
        private int bodyBytes;
        /** Of the body, still to come. */
        private int rest;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            try {
                int answers = 0;
                while (in.isReadable()) {
                    if (rest > 0) {
                        int skipped = Math.min(rest, in.readableBytes());
                        in.skipBytes(skipped);
                        rest -= skipped;
                        answers += rest == 0 ? 1 : 0;
                    } else if (readHead(in)) {
                        rest = bodyBytes;
                        bodyBytes = 0;
                        answers += rest == 0 ? 1 : 0;
                    }
                }
                for (; answers > 0; answers--) {
                    context.write(ENCODED.duplicate(), context.voidPromise());
                }
            } finally {
                ReferenceCountUtil.release(in);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        /** Whether the head has come to its end. */
        private boolean readHead(ByteBuf in) {
            int at = in.readerIndex();
            int end = in.indexOf(at, in.writerIndex(), (byte) '\n');
            int until = end < 0 ? in.writerIndex() : end;
            // Most lines lie in one buffer; only the length and what was cut are looked at closer.
            boolean cut = end < 0 || !line.isEmpty();
            if (cut || isLength(in, at, until)) {
                line.append(in.toString(at, until - at, StandardCharsets.US_ASCII));
            }
            in.readerIndex(end < 0 ? until : end + 1);
            if (end < 0) {
                return false;
            }
            boolean empty = cut ? line.toString().isBlank() : until - at <= 1;
            if (line.length() > LENGTH.length && startsWithLength()) {
                bodyBytes = Integer.parseInt(line.substring(LENGTH.length).strip());
            }
            line.setLength(0);
            return empty;
        }

        private static boolean isLength(ByteBuf in, int at, int until) {
            if (until - at < LENGTH.length) {
                return false;
            }
            for (int i = 0; i < LENGTH.length; i++) {
                if ((in.getByte(at + i) | 0x20) != (LENGTH[i] | 0x20)) {
                    return false;
                }
            }
            return true;
        }

        private boolean startsWithLength() {
            for (int i = 0; i < LENGTH.length; i++) {
                if ((line.charAt(i) | 0x20) != (LENGTH[i] | 0x20)) {
                    return false;
                }
            }
            return true;
        }
    }
}
