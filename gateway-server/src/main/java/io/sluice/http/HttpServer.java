package io.sluice.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.sluice.common.Clock;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.shop.ShopRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beacon server: event loops, each with its own intake, and a listening socket, two with TLS, whose connections are
 * dealt to them in turn.
 *
 * <p>Started, stopped and drained by one thread, never a loop's. In order: {@link #start}, {@link #stopAccepting},
 * {@link #drain}, {@link #close}; each of the last three may be left out.
 *
 * <p>A loop whose thread ends, or a task that throws on one, is given to the fatal handler: a node with a loop missing
 * would go on taking connections that nobody serves.
 */
public final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** A client that does not read its answers is not read from any more when this much waits for it. */
    private static final WriteBufferWaterMark WRITE_MARKS = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    /**
     * Of the kernel, for what a client has not taken yet: hundreds of answers. Left to itself it lets that grow to some
     * megabytes, which are thousands of requests for a client that reads nothing.
     */
    private static final int SEND_BUFFER_BYTES = 64 * 1024;

    private static final int READ_BYTES = 64 * 1024;
    private static final int TURN_READS = 4;

    /**
     * Bytes that are read of one connection before the others have their turn: four times 64 KiB, which is the largest
     * body. Requests of a turn are bounded by how many may be under way.
     */
    private static final RecvByteBufAllocator TURN =
            new AdaptiveRecvByteBufAllocator(64, 2048, READ_BYTES).maxMessagesPerRead(TURN_READS);

    private static final int BACKLOG = 4096;

    /** Time for each half of an end: cutting connections, and ending threads. */
    private static final long CLOSE_NANOS = 5_000_000_000L;

    private final HttpConfig config;
    private final ShopRegistry shops;
    private final Metrics metrics;
    private final Clock clock;
    private final Consumer<Throwable> fatal;
    private final Transports transport;

    private final List<Loop> loops = new ArrayList<>();
    private final List<SingleThreadEventLoop> eventLoops = new ArrayList<>();
    private MultiThreadIoEventLoopGroup group;
    private final Tls tls;
    private final StrictTransport strictTransport;
    private final ConnectionCaps caps;
    private Channel listener;
    private Channel tlsListener;
    private volatile boolean stopping;

    /**
     * A server that does nothing yet.
     *
     * @param fatal told, on any thread, of what no loop can go on from; it is expected to end the process
     * @throws IllegalArgumentException if the transport asked for does not work on this machine
     * @throws BadTlsException if the certificates cannot be used
     */
    public HttpServer(HttpConfig config, ShopRegistry shops, Metrics metrics, Clock clock, Consumer<Throwable> fatal)
            throws BadTlsException {
        // Not even looked for where there is no TLS: to load BoringSSL takes a tenth of a start.
        this(config, shops, metrics, clock, fatal, config.tls().on() ? Tls.provider() : SslProvider.JDK);
    }

    /** With another library for TLS than the best one. */
    HttpServer(
            HttpConfig config,
            ShopRegistry shops,
            Metrics metrics,
            Clock clock,
            Consumer<Throwable> fatal,
            SslProvider provider)
            throws BadTlsException {
        this.config = config;
        this.shops = shops;
        this.metrics = metrics;
        this.clock = clock;
        this.fatal = fatal;
        this.transport = Transports.choose(config.transport());
        this.tls = config.tls().on() ? new Tls(config.tls(), clock, provider) : null;
        this.strictTransport = StrictTransport.of(config.tls().strictTransport());
        this.caps = new ConnectionCaps(
                config.limits().connections(), config.limits().connectionsOfAddress());
    }

    /**
     * Looks at the certificates that a server would read.
     *
     * @return what a server would take and warn of, a line each
     * @throws BadTlsException with everything that is wrong with them
     */
    public static List<String> check(TlsConfig config) throws BadTlsException {
        // Where certificates are named and no port is, one is missing or wrong, and somebody wants to know all that is.
        return config.on() || !config.certificates().isEmpty() ? Tls.check(config) : List.of();
    }

    /**
     * Makes the loops and their intakes, then opens the port.
     *
     * @throws IOException if the address cannot be bound
     */
    public void start(IntakeFactory intakes) throws IOException {
        int count = config.loopCount();
        group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("loop"), transport.ioHandlers());
        try {
            for (EventExecutor executor : group) {
                SingleThreadEventLoop eventLoop = (SingleThreadEventLoop) executor;
                int index = loops.size();
                eventLoops.add(eventLoop);
                loops.add(eventLoop
                        .submit(() ->
                                new Loop(index, eventLoop, config, shops, metrics.newCells(), clock, fatal, intakes))
                        .get());
                eventLoop.terminationFuture().addListener(done -> loopEnded(index));
            }
            listener = listen(config.host(), config.port(), new PlainInitializer());
            if (tls != null) {
                tls.start();
                tlsListener = listen(tlsHost(), config.tls().port(), new TlsInitializer());
                metrics.gauge(Gauge.TLS_CERTIFICATE_SECONDS, this::certificateSeconds);
                metrics.gauge(Gauge.TLS_REFUSED_FILES, tls::refused);
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        } catch (ExecutionException e) {
            close();
            throw new IllegalStateException("no intake for loop " + loops.size(), e.getCause());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        metrics.gauge(Gauge.CONNECTIONS, this::openConnections);
        metrics.gauge(Gauge.REQUESTS_IN_FLIGHT, this::requestsInFlight);
        metrics.gauge(Gauge.REQUESTS_WAITING, this::requestsWaiting);
        metrics.gauge(Gauge.CLOCK_SKEW_MILLIS, this::clockSkewMillis);
        LOG.info("Beacons on {}:{}, {} loops over {}", config.host(), port(), count, transport.kind());
        if (tls != null) {
            LOG.info("TLS on {}:{} by {}", tlsHost(), tlsPort(), tls.library());
        }
    }

    private String tlsHost() {
        return config.tls().host().isEmpty() ? config.host() : config.tls().host();
    }

    private Channel listen(String host, int port, ChannelInitializer<Channel> initializer)
            throws IOException, InterruptedException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, TURN)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
                .handler(new DoorInitializer())
                .childHandler(initializer);
        var bound = bootstrap.bind(host, port).await();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + host + ":" + port + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return bound.channel();
    }

    private final class DoorInitializer extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new Door(loopOf(channel), caps, config.proxies(), loops));
        }
    }

    /** Puts before everything else what reads the header of the PROXY protocol, where one must come. */
    private void expectProxy(Channel channel, Loop loop, Http1Connection connection) {
        if (!config.proxies().protocol().isEmpty()) {
            byte[] address = Door.address(channel);
            if (config.proxies().protocol().contains(address, address.length)) {
                channel.pipeline().addFirst(new ProxyOpening(loop, connection, caps));
            }
        }
    }

    /**
     * What stands in the pipeline of a plain TCP connection until its first bytes have come: HTTP/1, which HTTP/2 takes
     * the place of if they say so.
     */
    private final class PlainInitializer extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel channel) {
            Loop loop = loopOf(channel);
            Http1Decoder decoder = new Http1Decoder(config, loop.plain);
            Http1Connection connection = new Http1Connection(loop, decoder);
            channel.pipeline().addLast(new Opening(loop, decoder, connection), decoder, connection);
            expectProxy(channel, loop, connection);
        }
    }

    /** The same behind TLS, which says what the first bytes will be. */
    private final class TlsInitializer extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel channel) {
            Loop loop = loopOf(channel);
            Http1Decoder decoder = new Http1Decoder(config, loop.plain);
            Http1Connection connection = new Http1Connection(loop, decoder);
            connection.strictTransport = strictTransport;
            TlsRecords records = new TlsRecords();
            connection.records = records;
            Opening opening = new Opening(loop, decoder, connection);
            channel.pipeline()
                    .addLast(
                            records,
                            new TlsOpening(tls, loop),
                            new TlsEvents(loop, opening, connection),
                            opening,
                            decoder,
                            connection);
            expectProxy(channel, loop, connection);
        }
    }

    private Loop loopOf(Channel channel) {
        return loops.get(eventLoops.indexOf(channel.eventLoop()));
    }

    private void loopEnded(int index) {
        if (!stopping) {
            fatal.accept(new IllegalStateException("the thread of loop " + index + " has ended"));
        }
    }

    /** The transport in use; never AUTO. */
    public HttpConfig.Transport transport() {
        return transport.kind();
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** The port that speaks TLS, or {@link TlsConfig#OFF}. */
    public int tlsPort() {
        return tlsListener == null ? TlsConfig.OFF : ((InetSocketAddress) tlsListener.localAddress()).getPort();
    }

    /** When the first certificate expires, epoch ms; only with TLS. */
    public long certificateExpiresMillis() {
        return tls.expiresMillis();
    }

    /** How many loops there are. */
    public int loops() {
        return loops.size();
    }

    /** Closes the listening sockets. Connections that are open go on. */
    public void stopAccepting() {
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
        if (tlsListener != null) {
            tlsListener.close().awaitUninterruptibly();
        }
    }

    /**
     * Answers what is in flight and ends every connection, then has the intakes seal and flush what they hold.
     *
     * <p>Connections without a request under way end at once; the others with their answer, which says so. Half of the
     * time is for them, at most; requests that come after it get 503.
     *
     * @return whether everything that was staged has come back in time
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        List<CompletableFuture<Void>> quiet = new ArrayList<>();
        for (Loop loop : loops) {
            quiet.add(loop.beginDrain());
        }
        boolean allEnded = await(quiet, System.nanoTime() + timeout.toNanos() / 2);
        List<CompletableFuture<Void>> drained = new ArrayList<>();
        for (Loop loop : loops) {
            drained.add(loop.drainIntake());
        }
        boolean allBack = await(drained, deadlineNanos);
        LOG.info(
                "Drained: {} connections and {} requests left{}",
                (long) openConnections(),
                (long) requestsInFlight(),
                allEnded && allBack ? "" : ", out of time");
        return allBack;
    }

    private static boolean await(List<CompletableFuture<Void>> futures, long deadlineNanos)
            throws InterruptedException {
        try {
            CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                    .get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Cuts what is still open and ends the loops. */
    @Override
    public void close() {
        stopping = true;
        stopAccepting();
        if (group != null && !group.isShuttingDown()) {
            endLoops();
        }
        if (tls != null) {
            tls.close();
        }
    }

    private void endLoops() {
        List<CompletableFuture<Void>> cut = new ArrayList<>();
        for (Loop loop : loops) {
            cut.add(loop.cut());
        }
        try {
            await(cut, System.nanoTime() + CLOSE_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        group.shutdownGracefully(0, CLOSE_NANOS, TimeUnit.NANOSECONDS).awaitUninterruptibly();
    }

    private double certificateSeconds() {
        return (tls.expiresMillis() - clock.epochMillis()) / 1e3;
    }

    private double openConnections() {
        long sum = 0;
        for (Loop loop : loops) {
            sum += loop.openConnections();
        }
        return sum;
    }

    private double requestsInFlight() {
        long sum = 0;
        for (Loop loop : loops) {
            sum += loop.requestsInFlight();
        }
        return sum;
    }

    private double requestsWaiting() {
        long sum = 0;
        for (Loop loop : loops) {
            sum += loop.requestsWaiting();
        }
        return sum;
    }

    private double clockSkewMillis() {
        long most = 0;
        for (Loop loop : loops) {
            most = Math.max(most, loop.clockSkewMillis());
        }
        return most;
    }
}
