package io.sluice.ladder;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.protocol.AnswerRenderer;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * The ceiling of the loopback: it finds where each request ends, looks at no body, and answers 200.
 *
 * <p>As many loops as a gateway has. Requests have a Content-Length, as those of the load generator do. Over TLS, by
 * the library that a gateway has, each gets an empty image.
 */
public final class BareServer {

    private static final String BODY =
            "{\"accepted\":50,\"rejected\":0,\"pos\":\"0000000000000000000000000000000000\"}";

    private BareServer() {}

    /**
     * Prints the port that it listens on.
     *
     * @param arguments none, or the files of a certificate and its key, PEM: then over TLS
     */
    public static void main(String[] arguments) throws InterruptedException, SSLException {
        Channel listening =
                arguments.length == 0 ? listen(null) : listen(tls(new File(arguments[0]), new File(arguments[1])));
        System.out.println("listening on " + port(listening));
        listening.closeFuture().sync();
    }

    /**
     * TLS 1.3 and HTTP/1.1 by BoringSSL, on the loops, as a gateway does it.
     *
     * @throws UnsatisfiedLinkError if BoringSSL does not load here: the JDK's TLS would be another bound
     */
    static SslContext tls(File certificate, File key) throws SSLException {
        OpenSsl.ensureAvailability();
        return SslContextBuilder.forServer(certificate, key)
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .protocols("TLSv1.3")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_1_1))
                .option(OpenSslContextOption.USE_TASKS, false)
                .build();
    }

    /** To a batch. */
    static ByteBuf json() {
        return answer("application/json", BODY.getBytes(StandardCharsets.US_ASCII));
    }

    /** To a pixel: the 43 bytes that a gateway answers. */
    static ByteBuf image() {
        return answer("image/gif", AnswerRenderer.gif());
    }

    /** One for all loops: nobody counts who uses it, nor looks whether it leaks. */
    private static ByteBuf answer(String type, byte[] body) {
        byte[] head = ("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer answer = ByteBuffer.allocateDirect(head.length + body.length);
        answer.put(head).put(body).flip();
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(answer)).asReadOnly();
    }

    static int port(Channel listening) {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** On any port of the loopback; over TLS unless that is {@code null}. Whoever closes it ends its loops, too. */
    static Channel listen(SslContext tls) throws InterruptedException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        int loops = Runtime.getRuntime().availableProcessors();
        ByteBuf answer = tls == null ? json() : image();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory("loop"), io);
        Channel listening = new ServerBootstrap()
                .group(group)
                .channel(type)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new Handler(answer));
                    }
                })
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .sync()
                .channel();
        listening.closeFuture().addListener(closed -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        return listening;
    }

    /** Confined to its connection's loop. */
    static final class Handler extends ChannelInboundHandlerAdapter {

        private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

        private final ByteBuf answer;
        private final StringBuilder line = new StringBuilder();
        private int bodyBytes;
        /** Of the body, still to come. */
        private int rest;

        /** @param answer to each request, never released */
        Handler(ByteBuf answer) {
            this.answer = answer;
        }

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
                    context.write(answer.retainedDuplicate(), context.voidPromise());
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
