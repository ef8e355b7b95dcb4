package io.sluice.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The admin server. Listens from construction until {@link #close}, on one thread of its own, so that it answers when
 * the beacons' loops do not.
 */
public final class AdminServer implements AutoCloseable {

    private static final int MAX_LINE = 2048;
    private static final int MAX_HEADERS = 8192;
    private static final int MAX_CHUNK = 1024;
    private static final int MAX_CONNECTIONS = 128;
    private static final int IDLE_SECONDS = 30;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(loop.next());
    private final Metrics metrics;
    private final AdminTokens tokens;
    /** Made by its thread when metrics are first asked for: that takes time, and no start has to wait for it. */
    private volatile Exporter exporter;

    private final InetSocketAddress address;
    private volatile Supplier<List<String>> policies = List::of;

    /** @throws IOException if it cannot listen on the address, which the message names */
    public AdminServer(AdminConfig config, Metrics metrics, Health health, Readiness readiness) throws IOException {
        this.metrics = metrics;
        this.tokens = new AdminTokens(config);
        // A name may mean another address than when the configuration was looked at.
        InetSocketAddress where = new InetSocketAddress(config.host(), config.port());
        if (config.token().equals(AdminToken.NONE)
                && !where.isUnresolved()
                && !where.getAddress().isLoopbackAddress()) {
            close();
            throw new IOException("admin.host " + config.host()
                    + " is no loopback address, and there is no token in admin.token-file: others could read what is"
                    + " counted here");
        }
        var bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel, health, readiness);
                    }
                })
                .bind(where)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            throw new IOException(
                    "cannot listen on admin.host " + config.host() + ", admin.port " + config.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        address = (InetSocketAddress) bound.channel().localAddress();
        metrics.gauge(Gauge.ADMIN_TOKEN_REFUSED, () -> tokens.refused() ? 1 : 0);
        tokens.start();
    }

    /** Where the page learns by which policies shops are scrubbed, each with its version. Any thread. */
    public void policies(Supplier<List<String>> labels) {
        policies = labels;
    }

    /** Where it listens, the port found if 0 was asked for. */
    public InetSocketAddress address() {
        return address;
    }

    private void accept(SocketChannel channel, Health health, Readiness readiness) {
        if (connections.size() >= MAX_CONNECTIONS) {
            channel.close();
            return;
        }
        connections.add(channel);
        channel.pipeline()
                .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS, TimeUnit.SECONDS))
                .addLast(new HttpServerCodec(MAX_LINE, MAX_HEADERS, MAX_CHUNK))
                .addLast(new AdminHandler(
                        tokens::current, metrics, this::exporter, health, readiness, () -> policies.get()));
    }

    private Exporter exporter() {
        if (exporter == null) {
            exporter = new Exporter(metrics);
        }
        return exporter;
    }

    /** Closes every connection and ends the threads. */
    @Override
    public void close() {
        tokens.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        if (exporter != null) {
            exporter.close();
        }
    }
}
