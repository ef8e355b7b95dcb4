package io.sluice.http;

import io.netty.channel.SingleThreadEventLoop;
import io.sluice.common.Clock;
import io.sluice.common.FailureLog;
import io.sluice.common.MonotoneMillis;
import io.sluice.common.Networks;
import io.sluice.intake.Intake;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import io.sluice.protocol.FramedRequest;
import io.sluice.shop.ShopRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What the connections of one event loop share: the intake and the request that is handed to it, the queue of
 * requests that wait for credit, the list of those that have answers to write, and the clocks.
 *
 * <p>Confined to its loop, but for the two gauges and the futures. Owns no buffer. Nothing here blocks; per request it
 * costs two readings of a clock and no allocation.
 */
final class Loop {

    /** How often connections are looked at that wait for their clients: often enough for a second to mean one. */
    private static final long MOST_SWEEP_NANOS = 1_000_000_000;

    private static final long LEAST_SWEEP_NANOS = 10_000_000;

    final HttpConfig config;
    final Cells cells;
    final FramedRequest request = new FramedRequest();
    final Router router;
    final FailureLog failures;
    final BodyBudget bodies;
    final Networks trusted;
    final ForwardedClient forwarded;
    final ConsentFields consent;
    final PlainHead plain;
    /** What {@link TlsSend} encrypts into, to be sent at once. */
    final ByteBuffer sealed = TlsSend.buffer(AnswerEncoder.HEAD_BYTES);

    private final NettyLoop handle;
    private final Clock clock;
    /** Until then the time is given away that dear requests may have. */
    private long dearUntilNanos = Long.MIN_VALUE;

    private final MonotoneMillis received;
    final AnswerDate date;
    private final Consumer<Throwable> fatal;
    private final Intake intake;

    private final Crowd crowd = new Crowd();

    private final ArrayDeque<Incoming> waiting = new ArrayDeque<>();
    /** Connections that wait for their client, in no order. */
    private final ArrayList<Connection> awaited = new ArrayList<>();

    private final ArrayList<Connection> unwritten = new ArrayList<>();
    private final Runnable writeTask = this::writeAnswers;
    private final Runnable expiryTask = this::expireWaiting;
    private final Runnable idleTask = this::closeIdle;
    private final Runnable awaitedTask = this::checkAwaited;
    private final Runnable giveWayTask = this::lookOnceMore;
    private final Runnable lookedTask = this::looked;
    private final Runnable makeRoomTask = this::makeRoom;
    private final long sweepNanos;
    private final long awaitedNanos;
    private boolean writeArmed;
    private boolean expiryArmed;
    private boolean offering;
    private boolean awaitedArmed;

    /** New requests are the last of their connections. */
    private boolean draining;
    /** New requests are refused. */
    private boolean closed;
    /** Connections are being closed. */
    private boolean cutting;
    /** Connections that may still bring a request. */
    private int live;

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger inQueue = new AtomicInteger();
    /** When it was last asked for places, and had not looked yet at what has arrived meanwhile. */
    private long askedNanos;
    /** Places that are asked for by those who come. */
    private final AtomicInteger placesWanted = new AtomicInteger();

    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private final CompletableFuture<Void> cut = new CompletableFuture<>();

    /** On the loop's own thread. */
    Loop(
            int index,
            SingleThreadEventLoop eventLoop,
            HttpConfig config,
            ShopRegistry shops,
            Cells cells,
            Clock clock,
            Consumer<Throwable> fatal,
            IntakeFactory intakes) {
        assert eventLoop.inEventLoop();
        this.config = config;
        this.cells = cells;
        this.clock = clock;
        this.fatal = fatal;
        router = new Router(config, shops);
        received = new MonotoneMillis(clock);
        date = new AnswerDate(clock);
        failures = new FailureLog(clock);
        consent = new ConsentFields(config.consent());
        bodies = new BodyBudget(config.bodyBudgetBytes());
        trusted = config.proxies().trusted();
        forwarded = new ForwardedClient(config.proxies());
        plain = new PlainHead(config, consent, forwarded);
        handle = new NettyLoop(eventLoop, fatal);
        intake = intakes.create(index, handle);
        intake.onCredit(this::offerWaiting);
        // A connection lives at most a quarter longer than it should: nobody is hurt by that.
        sweepNanos = Math.max(1_000_000, config.idleTimeout().toNanos() / 4);
        awaitedNanos = Math.clamp(sweepNanos / 4, LEAST_SWEEP_NANOS, MOST_SWEEP_NANOS);
        handle.schedule(idleTask, sweepNanos);
    }

    Intake intake() {
        return intake;
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    /**
     * When the connection may be read again on which a request took so long that all others of the loop waited for it.
     * Such connections queue behind one another, so that together they have their share of the loop, however many.
     */
    long restsUntil(long costNanos) {
        dearUntilNanos = Math.max(dearUntilNanos, clock.nanoTime())
                + config.limits().floods().restNanos(costNanos);
        return dearUntilNanos;
    }

    /** How far the wall clock stands behind the received time. Any thread; as of about now. */
    long clockSkewMillis() {
        return received.skewMillis();
    }

    long receivedMillis() {
        return received.next();
    }

    /** The loop cannot go on. */
    void die(Throwable failure) {
        fatal.accept(failure);
    }

    boolean draining() {
        return draining;
    }

    /** Whether requests are no longer looked at. */
    boolean closed() {
        return closed;
    }

    // Connections and requests, counted.

    void opened(Connection connection) {
        crowd.add(connection);
        cells.increment(Counter.CONNECTIONS_OPENED);
        add(open, 1);
        live++;
    }

    /** A connection has turned out to be of another protocol. */
    void replaced(Connection before, Connection now) {
        crowd.replace(before, now);
    }

    void gone(Connection connection) {
        crowd.remove(connection);
        connection.await(Connection.Awaits.NOTHING);
        cells.increment(Counter.CONNECTIONS_CLOSED);
        add(open, -1);
        if (cutting && open.getPlain() == 0) {
            cut.complete(null);
        }
    }

    void touch(Connection connection) {
        crowd.touch(connection);
    }

    /** Sees to it that a connection stands among those that may give way if, and only if, it may. */
    void place(Connection connection) {
        if (!connection.gone) {
            crowd.place(connection);
        }
    }

    /** A connection will bring no further request. */
    void retired() {
        live--;
        if (draining && live == 0) {
            quiet.complete(null);
        }
    }

    void began() {
        cells.increment(Counter.REQUESTS_RECEIVED);
        add(inFlight, 1);
    }

    void answered(int status) {
        cells.increment(
                status < 400 ? Counter.REQUESTS_2XX : status < 500 ? Counter.REQUESTS_4XX : Counter.REQUESTS_5XX);
        add(inFlight, -1);
    }

    void abandoned(int requests) {
        cells.add(Counter.REQUESTS_ABANDONED, requests);
        add(inFlight, -requests);
    }

    /** Any thread. */
    int openConnections() {
        return open.get();
    }

    /** Any thread. */
    int requestsInFlight() {
        return inFlight.get();
    }

    /** Any thread. */
    int requestsWaiting() {
        return inQueue.get();
    }

    // Answers.

    /** Has the connection write its answers at the end of this iteration: one flush, however many there are. */
    void writeLater(Connection connection) {
        unwritten.add(connection);
        if (!writeArmed) {
            writeArmed = true;
            handle.afterIteration(writeTask);
        }
    }

    private void writeAnswers() {
        // Writing can let a connection go on with what it has read, and so add to the list: by index.
        for (int i = 0; i < unwritten.size(); i++) {
            Connection connection = unwritten.get(i);
            try {
                connection.write();
            } catch (RuntimeException | Error failure) {
                connection.exceptionCaught(connection.context, failure);
            }
        }
        unwritten.clear();
        writeArmed = false;
    }

    // Credit.

    /** Whether a request must queue behind others, so that newcomers do not take the credit that these wait for. */
    boolean othersWait() {
        // While these are offered, the first of the queue is the one that has just got its credit.
        return waiting.size() > (offering ? 1 : 0);
    }

    void enqueue(Incoming request) {
        cells.increment(Counter.READS_PAUSED);
        waiting.add(request);
        add(inQueue, 1);
        if (!expiryArmed) {
            expiryArmed = true;
            handle.schedule(expiryTask, config.admissionTimeout().toNanos());
        }
    }

    private void offerWaiting() {
        if (offering) {
            return;
        }
        offering = true;
        try {
            for (Incoming next; (next = waiting.peek()) != null; ) {
                if (!next.offerWaiting()) {
                    return;
                }
                leaveQueue();
            }
        } finally {
            offering = false;
        }
    }

    private void expireWaiting() {
        expiryArmed = false;
        long timeoutNanos = config.admissionTimeout().toNanos();
        long now = nanoTime();
        for (Incoming next; (next = waiting.peek()) != null; ) {
            long leftNanos = timeoutNanos - (now - next.waitingSinceNanos());
            if (next.waits() && leftNanos > 0) {
                expiryArmed = true;
                handle.schedule(expiryTask, leftNanos);
                return;
            }
            leaveQueue();
            next.refuseWaiting(Reason.OVERLOADED);
        }
    }

    private void leaveQueue() {
        waiting.remove();
        add(inQueue, -1);
    }

    // Those that keep us waiting.

    /** Looks now and then whether the connection has been waiting for too long. */
    void await(Connection connection) {
        connection.awaitedIndex = awaited.size();
        awaited.add(connection);
        if (!awaitedArmed) {
            awaitedArmed = true;
            handle.schedule(awaitedTask, awaitedNanos);
        }
    }

    void awaitNoLonger(Connection connection) {
        Connection last = awaited.removeLast();
        if (last != connection) {
            awaited.set(connection.awaitedIndex, last);
            last.awaitedIndex = connection.awaitedIndex;
        }
        connection.awaitedIndex = -1;
    }

    private void checkAwaited() {
        long now = nanoTime();
        // From the end, since whoever leaves gives its place to the last.
        for (int i = awaited.size() - 1; i >= 0; i--) {
            if (i < awaited.size()) {
                awaited.get(i).checkTime(now);
            }
        }
        awaitedArmed = !awaited.isEmpty();
        if (awaitedArmed) {
            handle.schedule(awaitedTask, awaitedNanos);
        }
    }

    /** There is no memory for more of this request's body, since the limit was reached that is to be counted. */
    void refuseForMemory(Slot slot, Counter limit) {
        cells.increment(limit);
        router.refuse(slot, Reason.OVERLOADED);
    }

    // Ends.

    private void closeIdle() {
        long now = nanoTime();
        crowd.eachSilent(now - config.idleTimeout().toNanos(), connection -> closeSilent(connection, now));
        handle.schedule(idleTask, sweepNanos);
    }

    private void closeSilent(Connection connection, long now) {
        if (connection.awaitsAnswer()) {
            connection.touch(now);
            return;
        }
        if (!connection.retired()) {
            cells.increment(Counter.LIMIT_IDLE);
        }
        connection.expire();
    }

    /**
     * Has a connection give its place to another: the one that has been mute for longest, or else the one that has been
     * idle for longest, if there are any who may. Any thread.
     */
    void giveWay() {
        if (placesWanted.getAndIncrement() == 0) {
            handle.execute(giveWayTask);
        }
    }

    /**
     * What has arrived while the loop was at something else lies unread, and its connection is as silent as it was:
     * silence counts up to the end of this iteration, and is looked for when the next one has read.
     */
    private void lookOnceMore() {
        handle.afterIteration(lookedTask);
    }

    private void looked() {
        askedNanos = nanoTime();
        handle.execute(makeRoomTask);
    }

    private void makeRoom() {
        cells.add(Counter.CONNECTIONS_GAVE_WAY, crowd.makeRoom(placesWanted.getAndSet(0), askedNanos));
    }

    /** Lets every connection end with the request that it is at. Any thread; the future says that all have. */
    CompletableFuture<Void> beginDrain() {
        handle.execute(() -> {
            draining = true;
            crowd.each(Connection::endIfIdle);
            if (live == 0) {
                quiet.complete(null);
            }
        });
        return quiet;
    }

    /** Takes no further request, and has the intake bring back everything that is staged. Any thread. */
    CompletableFuture<Void> drainIntake() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        handle.execute(() -> {
            closed = true;
            for (Incoming next; (next = waiting.peek()) != null; ) {
                leaveQueue();
                next.refuseWaiting(Reason.DRAINING);
            }
            // The last answers are written at the end of the iteration in which their ticket came back; this is behind.
            intake.drain(() -> handle.afterIteration(() -> drained.complete(null)));
        });
        return drained;
    }

    /** Closes every connection. Any thread; the future says that all are closed and counted. */
    CompletableFuture<Void> cut() {
        handle.execute(() -> {
            cutting = true;
            crowd.each(Connection::close);
            if (open.getPlain() == 0) {
                cut.complete(null);
            }
        });
        return cut;
    }

    private static void add(AtomicInteger gauge, int amount) {
        gauge.setRelease(gauge.getPlain() + amount);
    }
}
