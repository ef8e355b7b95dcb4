package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.sluice.intake.Intake;
import io.sluice.metrics.Counter;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a connection is whatever it speaks: a member of its loop's list, read from or not, writing once an iteration,
 * and ending in a way that does not destroy its last answer.
 *
 * <p>Confined to its loop. Allocates nothing after it was opened, but for its end.
 */
abstract class Connection extends ChannelInboundHandlerAdapter {

    /** How long a client gets to end its side behind its last answer before the connection is cut. */
    private static final long LINGER_MILLIS = 2_000;

    final Loop loop;
    private final Gate gate;
    ChannelHandlerContext context;
    /** Whom it is with: who connected to us, or whom the PROXY protocol names; 4 or 16 bytes, or none. */
    byte[] address = {};

    private boolean proxied;
    /** The handshake of TLS is not over. */
    private boolean handshaking;
    /** The client has not said anything yet, though nothing keeps it from speaking. */
    private boolean mute = true;
    /** Who stands before us holds the first bytes, which do not tell yet what they are. */
    boolean heldBack;
    /** Of TLS, else {@code null}. */
    TlsRecords records;

    /** What the client keeps us waiting for. */
    enum Awaits {
        NOTHING,
        FIRST_BYTE,
        /** The rest of the head of a request. */
        HEAD,
        /** The rest of the body of a request. */
        BODY,
        /** Room for an answer. */
        WINDOW
    }

    /** Dear requests whose time is not over yet. */
    private int rests;

    private Awaits awaits = Awaits.NOTHING;
    private long awaitsSinceNanos;
    /** Something was completed since then: what is awaited now is another one of its kind. */
    private boolean advanced;

    StrictTransport strictTransport = StrictTransport.NONE;

    boolean gone;
    private boolean retired;
    private boolean paused;
    private boolean unwritten;
    private boolean lastLeft;
    private boolean deaf;
    private Future<?> linger;

    // Of the loop's lists.
    Connection older;
    Connection newer;
    /** Which one it is in. */
    ConnectionList list;
    /** Its place among those that are awaited, or -1. */
    int awaitedIndex = -1;

    private long lastNanos;

    Connection(Loop loop, Gate gate) {
        this.loop = loop;
        this.gate = gate;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
        client(Door.address(ctx.channel()));
        loop.opened(this);
        handshaking = records != null;
        if (handshaking) {
            loop.place(this);
        } else {
            begin();
        }
        if (loop.draining()) {
            endIfIdle();
        }
    }

    /** Becomes the connection that another was until now, and that nothing has happened on. */
    final void takeOver(Connection from) {
        assert !from.retired && !from.gone;
        begin(from.context.pipeline().context(this));
        client(from.address);
        strictTransport = from.strictTransport;
        records = from.records;
        mute = false;
        loop.replaced(from, this);
        from.await(Awaits.NOTHING);
        from.gone = true;
        context.pipeline().remove(from);
    }

    /** The handshake of TLS is over. */
    final void handshakeDone() {
        handshaking = false;
        touch(loop.nanoTime());
        begin();
    }

    /** A proxy has to say first whom the connection is for, and what it waits for before it does is its affair. */
    final void expectIntroduction() {
        mute = false;
    }

    /** It has: from now on, the client may be heard. */
    final void introduced() {
        lastNanos = loop.nanoTime();
        loop.touch(this);
        mute = true;
        loop.place(this);
    }

    private void begin() {
        await(Awaits.FIRST_BYTE);
        loop.place(this);
    }

    private void begin(ChannelHandlerContext ctx) {
        context = ctx;
        lastNanos = loop.nanoTime();
    }

    /** Who it is that the connection is with. */
    final void client(byte[] address) {
        this.address = address;
        proxied = loop.trusted.contains(address, address.length);
    }

    /** Whether it is with a proxy, whose requests say whom they are from. */
    final boolean proxied() {
        return proxied;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        retire();
        gone = true;
        abandon();
        if (linger != null) {
            linger.cancel(false);
        }
        loop.gone(this);
    }

    /** Lets go of every request: the connection is gone. */
    abstract void abandon();

    // Writing.

    final void writeLater() {
        if (!unwritten) {
            unwritten = true;
            loop.writeLater(this);
        }
    }

    /** Called by the loop at the end of an iteration. */
    final void write() {
        unwritten = false;
        if (!gone) {
            writeAnswers();
            loop.place(this);
        }
    }

    /** Writes the answers that are due, flushes once, and goes on reading if it may. */
    abstract void writeAnswers();

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext ctx) {
        // From within a flush, perhaps in the middle of writing: the decision waits for the end of the iteration.
        writeLater();
    }

    // Reading and not reading.

    /** Reads or does not read from now on; never to be called from within a decoded message but to pause. */
    final void pause(boolean pause) {
        if (pause == paused || gone) {
            return;
        }
        paused = pause;
        if (!gate.inputEnded()) {
            // Netty's epoll has forgotten a socket whose input has ended: asking it to read again would fail.
            context.channel().config().setAutoRead(!pause);
        }
        if (pause) {
            gate.pause();
        } else {
            try {
                gate.resume();
            } catch (Exception failure) {
                exceptionCaught(context, failure);
            }
        }
    }

    final boolean paused() {
        return paused;
    }

    /**
     * Hands a request to the intake that has come whole. One that is dear, as only bodies are that were made for it,
     * has the connection wait its turn among others of that kind, be it that it held up the loop or was given away.
     */
    final void complete(Incoming incoming, Slot slot, long bodyBytes) {
        if (bodyBytes < Intake.LEAST_DEAR_BYTES) {
            incoming.complete(slot, address, lastNanos());
            return;
        }
        int restsBefore = rests;
        long began = loop.nanoTime();
        incoming.complete(slot, address, lastNanos());
        long cost = loop.nanoTime() - began;
        if (rests == restsBefore && cost > limits().floods().dear().toNanos()) {
            rest(cost);
        }
    }

    /** A request of it was given away, which took a turn of the loop at most; that is what it rests for. */
    public final void givenAway() {
        rest(limits().floods().dear().toNanos());
    }

    private void rest(long costNanos) {
        rests++;
        loop.cells.increment(Counter.LIMIT_DEAR);
        long nanos = loop.restsUntil(costNanos) - loop.nanoTime();
        context.executor().schedule(this::rested, nanos, TimeUnit.NANOSECONDS);
    }

    /** Not to be read from, since it has had its share of the loop. */
    final boolean resting() {
        return rests > 0;
    }

    private void rested() {
        rests--;
        if (!gone) {
            writeLater();
        }
    }

    // Waiting for the client.

    /** What the client keeps us waiting for now, which is nothing that we hold up ourselves. */
    abstract Awaits awaited();

    /** Gives the client its time for what it keeps us waiting for, from now on unless it is the same as before. */
    final void await(Awaits what) {
        if (what == Awaits.NOTHING) {
            if (awaits != Awaits.NOTHING) {
                loop.awaitNoLonger(this);
            }
        } else if (what != awaits || advanced) {
            awaitsSinceNanos = loop.nanoTime();
            if (awaits == Awaits.NOTHING) {
                loop.await(this);
            }
        }
        awaits = what;
        advanced = false;
    }

    final Awaits awaits() {
        return awaits;
    }

    /** The client has completed something. */
    final void advanced() {
        advanced = true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        await(gone ? Awaits.NOTHING : awaited());
        loop.place(this);
    }

    /** Whether a record of TLS has come in part, and with it perhaps the beginning of a request. */
    final boolean holdsRecord() {
        return records != null && records.holdsPart();
    }

    /** Sees to it that the client has not taken longer than it may. */
    final void checkTime(long now) {
        long waitedNanos = now - awaitsSinceNanos;
        Counter limit = switch (awaits) {
            case NOTHING -> null;
            case FIRST_BYTE -> passed(waitedNanos, limits().firstByte(), Counter.LIMIT_FIRST_BYTE);
            case HEAD -> passed(waitedNanos, limits().head(), Counter.LIMIT_HEADER_TIME);
            case BODY, WINDOW -> overdue(now, waitedNanos);
        };
        if (limit != null) {
            loop.cells.increment(limit);
            await(Awaits.NOTHING);
            tooSlow();
        }
    }

    private static Counter passed(long nanos, Duration limit, Counter counter) {
        return nanos >= limit.toNanos() ? counter : null;
    }

    /** The limit that a request has passed on whose body, or for whose answer, we have waited for so long, if any. */
    abstract Counter overdue(long now, long waitedNanos);

    /** Whether so few bytes of body in so long are fewer than must come. */
    final boolean tooFew(long bytes, long nanos) {
        long countedNanos = nanos - LimitsConfig.RATE_GRACE.toNanos();
        return countedNanos > 0 && bytes < limits().bodyBytesPerSecond() * countedNanos / 1_000_000_000;
    }

    /** The client has taken too long: ends what waits for it. */
    abstract void tooSlow();

    final LimitsConfig limits() {
        return loop.config.limits();
    }

    // Idle or not.

    final void touch(long now) {
        mute = false;
        lastNanos = now;
        loop.touch(this);
    }

    final long lastNanos() {
        return lastNanos;
    }

    /** Whether it stands still for our sake: a request is complete, its answer not yet due. */
    abstract boolean awaitsAnswer();

    /** Whether it has brought all that it began and got its answers, and may yet bring more: nothing ends with it. */
    abstract boolean isIdle();

    /**
     * Whether it may make room for others: it is idle, nothing has come in part, and what was answered has left. Never
     * one with a proxy, which has requests of many, and would tell their clients of a bad gateway.
     */
    final boolean mayGiveWay() {
        return !retired && !proxied && !atHandshake() && !heldBack && !holdsRecord() && isIdle() && allSent();
    }

    private boolean atHandshake() {
        return handshaking && records.begun();
    }

    /**
     * Whether the client has said nothing since it came, where it is for the client to speak first: not even a byte of
     * a handshake.
     */
    final boolean mute() {
        return mute;
    }

    private boolean allSent() {
        ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
        return out != null && out.totalPendingWriteBytes() == 0;
    }

    /** Makes room for others: it may, and has been mute or idle for longer than any other of its loop. */
    void giveWay() {
        retire();
        close();
    }

    /** Nothing has happened on it for as long as may be. */
    void expire() {
        close();
    }

    // The end.

    /** For draining: ends the connection with the requests that are under way. */
    abstract void endIfIdle();

    /** Brings no further request. */
    void retire() {
        if (!retired) {
            retired = true;
            loop.retired();
        }
    }

    final boolean retired() {
        return retired;
    }

    /** Writes what is left, ends our side, and waits a while for the client to end his. */
    final void end(ByteBuf last) {
        retire();
        gate.ignoreRest();
        if (deaf) {
            // From now on: whoever floods us need not read either, and this would never be written.
            linger();
        }
        context.writeAndFlush(last).addListener((ChannelFutureListener) this::lastAnswerLeft);
    }

    private void linger() {
        if (linger == null) {
            linger = context.executor().schedule(this::close, LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Reads nothing more, not even to throw it away: whoever floods us shall wait for his buffers, not we for him to
     * notice that he was sent away.
     */
    final void goDeaf() {
        deaf = true;
        context.channel().config().setAutoRead(false);
    }

    private void lastAnswerLeft(ChannelFuture written) {
        if (gone) {
            return;
        }
        lastLeft = true;
        if (gate.inputEnded() || !written.isSuccess()) {
            close();
            return;
        }
        // Closing at once could destroy the last answer: what the client still sends would be met by a reset.
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls == null) {
            endOutput();
        } else {
            tls.closeOutbound().addListener(closed -> endOutput());
        }
        context.channel().config().setAutoRead(!deaf);
        linger();
    }

    private void endOutput() {
        if (!gone) {
            ((DuplexChannel) context.channel()).shutdownOutput();
        }
    }

    final boolean lastLeft() {
        return lastLeft;
    }

    final void close() {
        if (!gone) {
            context.close();
        }
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (BodyBudget.exhausted(failure)) {
            loop.failures.report("Connection closed for want of memory", failure);
        } else if (failure instanceof Error) {
            loop.die(failure);
        } else if (!(failure instanceof IOException)) {
            loop.failures.report("Connection closed", failure);
        }
        close();
    }
}
