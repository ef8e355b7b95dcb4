package io.sluice.lab;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.sluice.common.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The listening socket and its event loops. */
final class LabServer {

    private static final int RECEIVE_BYTES = 512 * 1024;
    private static final int BACKLOG = 1024;

    private final EventLoopGroup loops;
    private final Channel listening;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    /** @throws IOException if the port cannot be had */
    LabServer(LabConfig config, Firehose firehose, Clock clock, Consumer<IOException> fatal) throws IOException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        loops = new MultiThreadIoEventLoopGroup(config.threads(), new DefaultThreadFactory("lab-loop"), io);
        ControlPlane control = new ControlPlane(firehose, config.account());
        LabPages pages = new LabPages(firehose);
        FastThreadLocal<BodyPool> pools = new FastThreadLocal<>() {
            @Override
            protected BodyPool initialValue() {
                return new BodyPool();
            }
        };
        FastThreadLocal<PutScanner> scanners = new FastThreadLocal<>() {
            @Override
            protected PutScanner initialValue() {
                return new PutScanner();
            }
        };
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(2048, 64 * 1024, RECEIVE_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(new HttpServerCodec(new HttpDecoderConfig().setMaxChunkSize(RECEIVE_BYTES)))
                                .addLast(new LabHandler(
                                        firehose, control, pages, clock, pools.get(), scanners.get(), fatal));
                    }
                });
        try {
            listening = bootstrap
                    .bind(new InetSocketAddress(config.host(), config.port()))
                    .awaitUninterruptibly()
                    .sync()
                    .channel();
        } catch (InterruptedException e) {
            throw new IOException(e);
        } catch (Exception e) {
            stopLoops();
            throw new IOException("cannot listen on " + config.host() + ":" + config.port() + ": " + e.getMessage(), e);
        }
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Takes no more and closes every connection. When it returns, no call is being worked on. */
    void stop() {
        listening.close().awaitUninterruptibly();
        // Each by itself: a loop that ends closes its channels too, but need not tell their handlers any more.
        connections.close().awaitUninterruptibly();
        stopLoops();
    }

    private void stopLoops() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
