package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.sluice.intake.Intake.Admission;
import io.sluice.metrics.Probe;
import io.sluice.metrics.Reason;
import io.sluice.protocol.FramedRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * One connection of HTTP/1.x: requests in, one after the other, to the intake; answers out in the same order, however
 * late each comes.
 *
 * <p>Confined to its loop. Owns the body that is being received, and releases whatever the decoder hands over; the
 * intake gets copies. Costs one copy of the body (two if it spans reads) and, but for what the decoder makes, no
 * allocation.
 *
 * <pre>
 *              ┌───────────────── last piece ──────────────────┐
 *              ▼                                               │
 *   ──▶ HEAD ──┬─ to be offered ─▶ BODY ── last piece: offer ──┤
 *              ├─ answer known ─▶ SKIP ── last piece: settle ──┤
 *              └─ malformed, too large, last of the connection ─▶ CLOSING
 *
 *   slots   [ done | done | in flight | in flight | being received ]     a ring; written from the left, while done
 * </pre>
 *
 * <p>It is not read from while as many requests are in flight as may be, while one waits for credit, and while the
 * client does not take its answers.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    /** How long a client gets to read its last answer before the connection is cut. */
    private static final long LINGER_MILLIS = 2_000;

    private enum State {
        /** Nothing of the next request is known. */
        HEAD,
        /** A body is gathered, to be offered when it is whole. */
        BODY,
        /** The answer is known, and settled when the rest of the request has been skipped and was well-formed. */
        SKIP,
        /** No further request is looked at. */
        CLOSING
    }

    private final Loop loop;
    private final RequestDecoder decoder;
    private ChannelHandlerContext context;
    private byte[] address = {};

    private State state = State.HEAD;
    private boolean paused;
    private boolean inputEnded;
    private boolean gone;
    private Future<?> linger;

    /** The request that is being received, or that waits for credit; else {@code null}. */
    private HttpRequest request;

    private final RequestBody body;
    private int bodyBytes;
    private boolean continueDue;
    private boolean waits;
    private long waitingSinceNanos;
    private long receivedMillis;

    private final SlotQueue slots = new SlotQueue(this);
    private boolean unwritten;
    private boolean lastWritten;
    private boolean lastLeft;

    // Of the loop's list.
    Connection older;
    Connection newer;
    private long lastNanos;

    Connection(Loop loop, RequestDecoder decoder) {
        this.loop = loop;
        this.decoder = decoder;
        this.body = new RequestBody(loop.config.maxBodyBytes(), loop.bodies);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        if (ctx.channel().remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() != null) {
            address = remote.getAddress().getAddress();
        }
        lastNanos = loop.nanoTime();
        loop.opened(this);
        if (loop.draining()) {
            endIfIdle();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        retire();
        gone = true;
        waits = false;
        loop.abandoned(slots.count());
        slots.clear();
        forgetRequest();
        if (linger != null) {
            linger.cancel(false);
        }
        loop.gone(this);
    }

    // What the decoder hands over.

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        touch(loop.nanoTime());
        try {
            if (message instanceof HttpRequest head && state != State.CLOSING) {
                head(head);
            }
            if (message instanceof HttpContent piece && (state == State.BODY || state == State.SKIP)) {
                piece(piece);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void head(HttpRequest head) {
        Throwable failure = head.decoderResult().cause();
        if (failure instanceof PrematureChannelClosureException) {
            // Not a request, only the beginning of one. This alone may come while reading is paused.
            return;
        }
        assert state == State.HEAD && !paused;
        Slot slot = slots.add(lastNanos);
        loop.began();
        HttpHeaders headers = head.headers();
        loop.router.cors(slot, headers);
        if (failure != null) {
            refuseAndClose(slot, RequestHead.malformation(failure));
            return;
        }
        slot.http10 = RequestHead.http10(head);
        slot.headOnly = head.method() == HttpMethod.HEAD;
        if (RequestHead.malformed(head)) {
            refuseAndClose(slot, Reason.BAD_REQUEST);
            return;
        }
        slot.close = !RequestHead.keepAlive(head);
        long length = HttpUtil.getContentLength(head, -1L);
        String expectation = slot.http10 ? null : headers.get(HttpHeaderNames.EXPECT);
        bodyBytes = 0;
        if (!loop.router.route(slot, head, expectation)) {
            if (length > loop.config.maxBodyBytes() || expectation != null) {
                // Either more than we care to skip, or nobody knows whether it will come (RFC 9110, section 10.1.1).
                settleAndClose(slot);
            } else {
                state = State.SKIP;
            }
        } else if (length > loop.config.maxBodyBytes()) {
            refuseAndClose(slot, Reason.BODY_TOO_LARGE);
        } else {
            request = head;
            state = State.BODY;
            continueDue = expectation != null;
            if (continueDue && slots.count() == 1) {
                writeLater();
            }
        }
    }

    /** Takes a piece of the body. */
    private void piece(HttpContent piece) {
        int bytes = piece.content().readableBytes();
        bodyBytes += bytes;
        if (piece.decoderResult().isFailure()) {
            spoil(Reason.BAD_REQUEST);
        } else if (bodyBytes > loop.config.maxBodyBytes()) {
            spoil(Reason.BODY_TOO_LARGE);
        } else {
            boolean last = piece instanceof LastHttpContent;
            if (bytes > 0) {
                continueDue = false;
                if (state == State.BODY && !body.add(piece.content(), last, context.alloc())) {
                    // Answered when the rest has come, which is skipped: it costs nothing but the wire.
                    loop.router.refuse(slots.newest(), Reason.OVERLOADED);
                    forgetRequest();
                    state = State.SKIP;
                }
            }
            if (last) {
                complete();
            }
        }
    }

    /** The rest of the request cannot be taken. */
    private void spoil(Reason reason) {
        Slot slot = slots.newest();
        if (state == State.BODY || reason == Reason.BAD_REQUEST) {
            loop.router.refuse(slot, reason);
        }
        settleAndClose(slot);
    }

    private void complete() {
        Slot slot = slots.newest();
        boolean offer = state == State.BODY;
        state = State.HEAD;
        continueDue = false;
        slot.completeNanos = lastNanos;
        if (slot.close) {
            retire();
        }
        if (!offer) {
            settle(slot);
        } else if (loop.closed()) {
            loop.router.refuse(slot, Reason.DRAINING);
            forgetRequest();
            settle(slot);
        } else {
            receivedMillis = loop.receivedMillis();
            if (loop.othersWait() || !offer(slot)) {
                if (!body.hold()) {
                    loop.router.refuse(slot, Reason.OVERLOADED);
                    forgetRequest();
                    settle(slot);
                    pauseOrResume();
                    return;
                }
                waits = true;
                waitingSinceNanos = lastNanos;
                loop.enqueue(this);
            }
        }
        pauseOrResume();
    }

    // To the intake.

    /** Offers the request that is whole. Returns whether it has been taken or answered. */
    private boolean offer(Slot slot) {
        FramedRequest framed = loop.request;
        framed.begin(slot.protocol, receivedMillis);
        framed.address(address);
        RequestHead.copy(request, framed);
        body.copyTo(framed.body());
        Admission admission;
        try {
            admission = loop.intake().offer(framed, slot.reply);
        } catch (Throwable failure) {
            if (failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError)) {
                // Of the machine, not of the request: no answer mends it.
                loop.die(failure);
            }
            loop.failures.report("Request answered 500", failure);
            loop.router.refuse(slot, Reason.INTERNAL);
            forgetRequest();
            settle(slot);
            return true;
        }
        return switch (admission) {
            case NO_CREDIT -> false;
            case STAGED -> {
                forgetRequest();
                yield true;
            }
            case ANSWERED -> {
                forgetRequest();
                settle(slot);
                yield true;
            }
        };
    }

    boolean waits() {
        return waits;
    }

    long waitingSinceNanos() {
        return waitingSinceNanos;
    }

    /** Offers again what waits for credit. Returns whether nothing waits any more. */
    boolean offerWaiting() {
        if (waits && !offer(slots.newest())) {
            return false;
        }
        waits = false;
        pauseOrResume();
        return true;
    }

    void refuseWaiting(Reason reason) {
        if (waits) {
            waits = false;
            loop.router.refuse(slots.newest(), reason);
            forgetRequest();
            settle(slots.newest());
        }
    }

    private void forgetRequest() {
        request = null;
        body.release();
    }

    // Answers.

    private void refuseAndClose(Slot slot, Reason reason) {
        loop.router.refuse(slot, reason);
        settleAndClose(slot);
    }

    private void settleAndClose(Slot slot) {
        slot.close = true;
        forgetRequest();
        retire();
        settle(slot);
    }

    /** The answer in this slot is final. */
    void settle(Slot slot) {
        if (gone) {
            return;
        }
        assert !slot.done : "answered twice";
        slot.done = true;
        if (slot.refusal != null) {
            loop.cells.refuse(slot.refusal, 1);
        }
        writeLater();
    }

    private void writeLater() {
        if (!unwritten) {
            unwritten = true;
            loop.writeLater(this);
        }
    }

    /** Writes the answers that are due, flushes once, and goes on reading if it may. */
    void writeAnswers() {
        unwritten = false;
        if (gone || lastWritten) {
            return;
        }
        long now = loop.nanoTime();
        ByteBuf out = null;
        for (Slot slot; !lastWritten && (slot = slots.oldest()) != null && slot.done; ) {
            lastWritten = isLast(slot);
            out = room(out, slot);
            AnswerEncoder.encode(slot, lastWritten, out);
            loop.answered(slot.reply.status());
            loop.cells.record(Probe.REQUEST, now - slot.completeNanos);
            slots.removeOldest();
        }
        if (continueDue && slots.count() == 1) {
            continueDue = false;
            out = out == null ? context.alloc().buffer(32) : out;
            AnswerEncoder.encodeContinue(out);
        }
        if (out != null) {
            touch(now);
        }
        if (lastWritten || slots.count() == 0 && state == State.CLOSING) {
            lastWritten = true;
            retire();
            context.writeAndFlush(out == null ? Unpooled.EMPTY_BUFFER : out)
                    .addListener((ChannelFutureListener) this::lastAnswerLeft);
        } else {
            if (out != null) {
                context.writeAndFlush(out, context.voidPromise());
            }
            pauseOrResume();
        }
    }

    /** Whether the connection ends behind the answer in this slot, which is the oldest. */
    private boolean isLast(Slot slot) {
        return slot.close
                || slots.count() == 1
                        && (state == State.CLOSING || state == State.HEAD && (loop.draining() || inputEnded));
    }

    private ByteBuf room(ByteBuf out, Slot slot) {
        int bytes = AnswerEncoder.HEAD_BYTES + slot.reply.bodyLength();
        if (out == null) {
            return context.alloc().buffer(bytes);
        }
        return out.ensureWritable(bytes);
    }

    // Reading and not reading.

    private void pauseOrResume() {
        boolean pause = state == State.HEAD
                && (waits
                        || slots.count() >= loop.config.maxPipelined()
                        || !context.channel().isWritable());
        if (pause == paused || gone) {
            return;
        }
        paused = pause;
        if (!decoder.inputEnded()) {
            // Netty's epoll has forgotten a socket whose input has ended: asking it to read again would fail.
            context.channel().config().setAutoRead(!pause);
        }
        if (pause) {
            decoder.pause();
        } else {
            try {
                decoder.resume();
            } catch (Exception failure) {
                exceptionCaught(context, failure);
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        // From within a flush, perhaps in the middle of writing: the decision waits for the end of the iteration.
        writeLater();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent) || gone) {
            return;
        }
        // The client sends no more, but may well wait for what is in flight (RFC 9112, section 9.6).
        inputEnded = true;
        if (lastLeft) {
            close();
        } else if (slots.count() == 0) {
            retire();
            writeLater();
        } else if (state == State.BODY || state == State.SKIP) {
            spoil(Reason.BAD_REQUEST);
        }
    }

    // The end.

    /** Looks at no further request. */
    private void retire() {
        if (state != State.CLOSING) {
            state = State.CLOSING;
            decoder.ignoreRest();
            loop.retired();
        }
    }

    /** Ends our side, and waits a while for the client to end his: closing at once could destroy the last answer. */
    private void lastAnswerLeft(ChannelFuture written) {
        if (gone) {
            return;
        }
        lastLeft = true;
        if (decoder.inputEnded() || !written.isSuccess()) {
            close();
            return;
        }
        ((DuplexChannel) context.channel()).shutdownOutput();
        context.channel().config().setAutoRead(true);
        linger = context.executor().schedule(this::close, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    void close() {
        if (!gone) {
            context.close();
        }
    }

    /** For draining: ends the connection unless a request is under way. */
    void endIfIdle() {
        if (slots.count() == 0 && state == State.HEAD && !decoder.holdsBytes()) {
            retire();
            writeLater();
        }
    }

    /** Whether it stands still for our sake: a request is complete, its answer not yet due. */
    boolean awaitsAnswer() {
        return slots.count() > (state == State.BODY || state == State.SKIP ? 1 : 0);
    }

    void touch(long now) {
        lastNanos = now;
        loop.touch(this);
    }

    long lastNanos() {
        return lastNanos;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
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
