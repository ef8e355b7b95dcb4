package io.sluice.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.sluice.load.LoadOptions.Retry;
import io.sluice.load.acks.AckFile;
import io.sluice.load.acks.Ledger;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's part of a run: every {@code threads}th request of the schedule, on its own connections.
 *
 * <p>Everything is confined to the loop but the constructor and what says so. It owns its connections, templates and
 * ledger. Cost of a request: one write and one read of the socket, a few small objects, no lock.
 *
 * <p>A request that is due and finds no connection free waits in the schedule, not in memory: its latency counts from
 * the time at which it was due.
 */
final class LoadLoop {

    private static final Logger LOG = LoggerFactory.getLogger(LoadLoop.class);

    /** Timers are not set finer than this: at most 10,000 a second, and so much may a request be late by the clock. */
    private static final long TICK_NANOS = 100_000;

    private static final long FIRST_RECONNECT_MILLIS = 5;
    /** A gateway that comes back is found within this. */
    private static final long MAX_RECONNECT_MILLIS = 250;

    /** Asks again for a block of numbers. */
    private static final long DEAL_AGAIN_NANOS = 1_000_000;

    private final LoadOptions options;
    private final int index;
    private final EventLoop eventLoop;
    private final Bootstrap bootstrap;
    private final int connections;
    private final Templates templates;
    private final Ledger ledger;
    private final LoopStats stats = new LoopStats();
    private final SplittableRandom random;

    /** Connections that can take a request, once for each that they can take; a closed one is passed over. */
    private final Deque<LoadConnection> free = new ArrayDeque<>();

    /** To be sent again as soon as a connection is free. */
    private final Deque<Request> again = new ArrayDeque<>();

    /** Refused, and not to be sent again before a timer has gone off. */
    private final Deque<Request> resting = new ArrayDeque<>();

    private final List<LoadConnection> open = new ArrayList<>();
    /** Counts up, modulo the number of targets. */
    private int nextTarget;

    private long reconnectMillis = FIRST_RECONNECT_MILLIS;
    private long beginNanos;
    private long measureNanos;
    private long endNanos;
    private long requestsPlanned;
    private volatile boolean sending;
    private boolean closed;
    private boolean pumping;
    /** When the timer that is set goes off. */
    private long armedNanos = Long.MAX_VALUE;

    private boolean failureLogged;
    private volatile int openConnections;
    private volatile long behindNanos;
    private volatile long threadId;

    LoadLoop(LoadOptions options, int index, EventLoop eventLoop, Class<? extends Channel> channel, AckFile acks) {
        this.options = options;
        this.index = index;
        this.eventLoop = eventLoop;
        connections =
                options.connections() / options.threads() + (index < options.connections() % options.threads() ? 1 : 0);
        templates = new Templates(options, index);
        ledger = new Ledger(acks);
        random = new SplittableRandom(options.seed() ^ index);
        bootstrap = new Bootstrap()
                .group(eventLoop)
                .channel(channel)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5_000)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new LoadConnection(LoadLoop.this, options.churn()));
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                        failed(cause);
                        context.close();
                    }
                });
    }

    /** Any thread. */
    LoopStats stats() {
        return stats;
    }

    /** Connections wanted. Any thread. */
    int connections() {
        return connections;
    }

    /** Connections there are. Any thread. */
    int openConnections() {
        return openConnections;
    }

    /** How long the request that is due has been due, 0 if none is. Any thread. */
    long behindNanos() {
        return behindNanos;
    }

    /** Processor time that the loop has taken. Any thread. */
    long cpuNanos() {
        return Math.max(0, ManagementFactory.getThreadMXBean().getThreadCpuTime(threadId));
    }

    /** Opens the connections. Any thread. */
    void connect() {
        eventLoop.execute(() -> {
            threadId = Thread.currentThread().threadId();
            for (int i = 0; i < connections; i++) {
                connectOne();
            }
        });
    }

    /**
     * Sends from {@code beginNanos} on, measures from {@code measureNanos}, ends with the schedule and at {@code
     * endNanos}
     * at the latest. Any thread.
     */
    void begin(long beginNanos, long measureNanos, long endNanos) {
        sending = true;
        eventLoop.execute(() -> {
            this.beginNanos = beginNanos;
            this.measureNanos = measureNanos;
            this.endNanos = endNanos;
            eventLoop.scheduleAtFixedRate(ledger::snapshot, 1, 1, TimeUnit.SECONDS);
            pump();
        });
    }

    /** Whether there is something to be sent yet. Any thread. */
    boolean isSending() {
        return sending;
    }

    /** Sends nothing new. Any thread. */
    void stop() {
        eventLoop.execute(this::stopSending);
    }

    /** Closes everything; what is not answered by now is unknown, what waited to be sent again is refused. */
    void close() throws InterruptedException {
        eventLoop
                .submit(() -> {
                    stopSending();
                    closed = true;
                    List.copyOf(open).forEach(LoadConnection::close);
                })
                .sync();
        // What closing fires is behind us in the loop's queue.
        eventLoop
                .submit(() -> {
                    ledger.close();
                    templates.close();
                })
                .sync();
    }

    private void stopSending() {
        sending = false;
        behindNanos = 0;
        again.forEach(this::refuse);
        again.clear();
        resting.forEach(this::refuse);
        resting.clear();
    }

    /** Sends what is due, as far as there are connections free. */
    void pump() {
        if (!sending || pumping) {
            return;
        }
        pumping = true;
        try {
            sendDue();
        } finally {
            pumping = false;
        }
    }

    private void sendDue() {
        long now = System.nanoTime();
        while (true) {
            if (now - endNanos >= 0) {
                stopSending();
                return;
            }
            Request request = again.poll();
            if (request == null) {
                long due = due(now);
                if (due == Schedule.NEVER) {
                    behindNanos = 0;
                    if (resting.isEmpty()) {
                        stopSending();
                    } else {
                        arm(now, endNanos - now);
                    }
                    return;
                }
                behindNanos = Math.max(0, now - due);
                if (due - now > 0) {
                    arm(now, due - now);
                    return;
                }
                LoadConnection connection = takeFree();
                if (connection == null) {
                    arm(now, endNanos - now);
                    return;
                }
                Ledger.Range range = ledger.tryDeal(options.batch());
                if (range == null) {
                    free.addFirst(connection);
                    arm(now, DEAL_AGAIN_NANOS);
                    return;
                }
                requestsPlanned++;
                stats.add(Tally.SENT, range.count());
                send(connection, new Request(range, due, due - measureNanos >= 0, false));
            } else {
                LoadConnection connection = takeFree();
                if (connection == null) {
                    again.addFirst(request);
                    arm(now, endNanos - now);
                    return;
                }
                stats.add(Tally.RETRIED, 1);
                send(connection, request);
            }
            if (options.flatOut()) {
                now = System.nanoTime();
            }
        }
    }

    /** When the next request is to be sent, or {@link Schedule#NEVER}. */
    private long due(long now) {
        if (options.flatOut()) {
            return Math.max(now, beginNanos);
        }
        double event = (double) (requestsPlanned * options.threads() + index) * options.batch();
        long nanos = options.schedule().nanosOf(event);
        return nanos == Schedule.NEVER ? nanos : beginNanos + nanos;
    }

    private void send(LoadConnection connection, Request request) {
        ByteBuf bytes = templates.take(request.range().first(), System.currentTimeMillis());
        stats.add(Tally.REQUESTS, 1);
        stats.add(Tally.BYTES, bytes.readableBytes());
        connection.send(request, bytes);
    }

    private LoadConnection takeFree() {
        for (LoadConnection connection = free.poll(); connection != null; connection = free.poll()) {
            if (connection.isOpen()) {
                return connection;
            }
        }
        return null;
    }

    private void arm(long now, long delayNanos) {
        long delay = Math.max(TICK_NANOS, delayNanos);
        if (now + delay - armedNanos >= 0 && armedNanos - now > 0) {
            return;
        }
        armedNanos = now + delay;
        long set = armedNanos;
        eventLoop.schedule(
                () -> {
                    if (armedNanos == set) {
                        armedNanos = Long.MAX_VALUE;
                    }
                    pump();
                },
                delay,
                TimeUnit.NANOSECONDS);
    }

    // From the connections.

    void opened(LoadConnection connection) {
        stats.add(Tally.CONNECTED, 1);
        openConnections++;
        reconnectMillis = FIRST_RECONNECT_MILLIS;
        open.add(connection);
        for (int i = 0; i < options.pipeline(); i++) {
            free.add(connection);
        }
        pump();
    }

    void closed(LoadConnection connection) {
        openConnections--;
        open.remove(connection);
        if (!closed) {
            connectOne();
        }
    }

    void lost() {
        stats.add(Tally.LOST, 1);
    }

    void failed(Throwable cause) {
        if (!failureLogged) {
            failureLogged = true;
            LOG.warn("a connection failed, further ones are counted only: {}", cause.toString());
        }
    }

    void answered(
            LoadConnection connection, Request request, int status, int retryAfterSeconds, byte[] body, int length) {
        stats.add(Tally.ANSWERS, 1);
        stats.status(status);
        Ledger.Range range = request.range();
        if (status >= 200 && status < 300) {
            if (options.protocol().takesAll(body, length)) {
                long now = System.nanoTime();
                ledger.acked(range);
                stats.add(Tally.ACKED, range.count());
                stats.ackedAt(now);
                if (request.measured()) {
                    stats.latency(now - request.intendedNanos());
                }
            } else {
                stats.add(Tally.PART_TAKEN, 1);
                forget(request);
            }
        } else if ((status == 503 || status == 429) && retryAfterSeconds >= 0 && options.retry() != Retry.NONE) {
            rest(connection, request, retryAfterSeconds);
            return;
        } else {
            refuse(request);
        }
        free.add(connection);
    }

    /** The connection is its client: it sends nothing until it may come again. */
    private void rest(LoadConnection connection, Request request, int retryAfterSeconds) {
        // All that were refused together shall not come again together.
        long millis = retryAfterSeconds * 1_000L + random.nextInt(100);
        long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        if (!sending || millis >= left) {
            refuse(request);
            return;
        }
        resting.add(request);
        eventLoop.schedule(
                () -> {
                    free.add(connection);
                    if (resting.remove(request)) {
                        again.add(request);
                    }
                    pump();
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    void unanswered(Request request) {
        if (options.retry() == Retry.ALL && sending) {
            again.add(request.unanswered());
            pump();
        } else {
            forget(request);
        }
    }

    /** Nothing will come of it, unless an earlier try that was never answered was taken all the same. */
    private void refuse(Request request) {
        if (request.wasUnanswered()) {
            forget(request);
            return;
        }
        ledger.refused(request.range());
        stats.add(Tally.REFUSED, request.range().count());
    }

    private void forget(Request request) {
        ledger.unknown(request.range());
        stats.add(Tally.UNKNOWN, request.range().count());
    }

    private void connectOne() {
        if (closed) {
            return;
        }
        ChannelFuture future = bootstrap.connect(
                options.targets().get(nextTarget++ % options.targets().size()));
        future.addListener(done -> {
            if (!done.isSuccess()) {
                stats.add(Tally.CONNECT_FAILED, 1);
                failed(done.cause());
                reconnectMillis = Math.min(MAX_RECONNECT_MILLIS, 2 * reconnectMillis);
                eventLoop.schedule(this::connectOne, reconnectMillis, TimeUnit.MILLISECONDS);
            }
        });
    }
}
