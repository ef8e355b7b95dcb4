package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.ReferenceCountUtil;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Probe;
import io.sluice.metrics.Reason;
import java.nio.ByteBuffer;

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
final class Http1Connection extends Connection implements Incoming.Owner {

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

    private final Http1Decoder decoder;
    private State state = State.HEAD;
    private boolean inputEnded;
    /** Where answers have a short way through TLS, else {@code null}. */
    private TlsSend tlsSend;

    private int requests;

    private final Incoming incoming;
    private int bodyBytes;
    /** Of the head, to which those behind the body are counted. */
    private int fields;

    private boolean continueDue;

    private final SlotQueue slots = new SlotQueue(this);
    private boolean lastWritten;

    Http1Connection(Loop loop, Http1Decoder decoder) {
        super(loop, decoder);
        this.decoder = decoder;
        this.incoming = new Incoming(loop, this, loop.bodies);
    }

    @Override
    void abandon() {
        loop.abandoned(slots.count());
        slots.clear();
        incoming.abandon();
    }

    // What the decoder hands over.

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        touch(loop.nanoTime());
        if (message instanceof PlainHead plain) {
            plain(plain);
            return;
        }
        try {
            if (message instanceof ByteBuf piece) {
                if (state == State.BODY || state == State.SKIP) {
                    piece(piece, decoder.bodyLeft() == 0);
                }
            } else if (message instanceof HttpRequest head && state != State.CLOSING) {
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
        Slot slot = begin();
        RequestHead parts = incoming.head;
        parts.read(head, loop.consent);
        if (proxied()) {
            Http1Head.readForwarded(head, loop.forwarded, loop.consent.country(), parts);
        }
        loop.router.cors(slot, parts);
        if (failure != null) {
            loop.router.refuseHead(slot, Http1Head.malformation(failure), head.headers());
            settleAndClose(slot);
            return;
        }
        slot.http10 = Http1Head.http10(head);
        slot.headOnly = head.method() == HttpMethod.HEAD;
        if (Http1Head.malformed(head)) {
            refuseAndClose(slot, Reason.BAD_REQUEST);
            return;
        }
        slot.close = !Http1Head.keepAlive(head);
        fields = head.headers().size();
        if (fields > limits().fields()) {
            refuseAndClose(slot, Reason.TOO_MANY_FIELDS);
            return;
        }
        endWithLast(slot);
        long length = HttpUtil.getContentLength(head, -1L);
        if (slot.http10) {
            parts.expectation = null;
        }
        boolean expectation = parts.expectation != null;
        bodyBytes = 0;
        if (!loop.router.route(slot, parts)) {
            if (length > loop.config.maxBodyBytes() || expectation) {
                // Either more than we care to skip, or nobody knows whether it will come (RFC 9110, section 10.1.1).
                settleAndClose(slot);
            } else {
                state = State.SKIP;
            }
        } else if (length > loop.config.maxBodyBytes()) {
            refuseAndClose(slot, Reason.BODY_TOO_LARGE);
        } else {
            state = State.BODY;
            continueDue = expectation;
            if (continueDue && slots.count() == 1) {
                writeLater();
            }
        }
    }

    /** The head of a request of which the length is known, and nothing is wrong with it. */
    private void plain(PlainHead plain) {
        Slot slot = begin();
        RequestHead parts = incoming.head;
        plain.lendTo(parts, loop.consent);
        if (proxied()) {
            plain.readForwarded(loop.forwarded, parts);
        }
        loop.router.cors(slot, parts);
        endWithLast(slot);
        bodyBytes = 0;
        state = loop.router.route(slot, parts) ? State.BODY : State.SKIP;
        if (plain.bodyBytes() == 0) {
            complete();
        } else if (!plain.whole()) {
            parts.keep();
        }
    }

    private Slot begin() {
        assert state == State.HEAD && !paused();
        Slot slot = slots.add(lastNanos());
        requests++;
        advanced();
        loop.began();
        return slot;
    }

    private void endWithLast(Slot slot) {
        if (requests == limits().requests()) {
            loop.cells.increment(Counter.LIMIT_REQUESTS);
            slot.close = true;
        }
    }

    private void piece(HttpContent piece) {
        if (piece.decoderResult().isFailure()) {
            boolean trailers = piece.decoderResult().cause() instanceof TooLongHttpHeaderException;
            spoil(trailers ? Reason.HEADERS_TOO_LARGE : Reason.BAD_REQUEST);
        } else if (piece instanceof LastHttpContent && fields + decoder.trailers() > limits().fields()) {
            spoil(Reason.TOO_MANY_FIELDS);
        } else {
            piece(piece.content(), piece instanceof LastHttpContent);
        }
    }

    /** Takes a piece of the body. */
    private void piece(ByteBuf piece, boolean last) {
        int bytes = piece.readableBytes();
        bodyBytes += bytes;
        if (bodyBytes > loop.config.maxBodyBytes()) {
            spoil(Reason.BODY_TOO_LARGE);
        } else {
            if (bytes > 0) {
                continueDue = false;
                if (state == State.BODY && !incoming.body.add(piece, last, context.alloc())) {
                    // Answered when the rest has come, which is skipped: it costs nothing but the wire.
                    loop.refuseForMemory(slots.newest(), incoming.body.limit());
                    incoming.forget();
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
        advanced();
        continueDue = false;
        slot.completeNanos = lastNanos();
        if (slot.close) {
            retire();
        }
        if (offer) {
            complete(incoming, slot, bodyBytes);
        } else {
            incoming.forget();
            settle(slot);
        }
        pauseOrResume();
    }

    @Override
    public void unqueued() {
        // At the end of the iteration, since what was read meanwhile may want to join the queue.
        writeLater();
    }

    // Answers.

    /** TLS is agreed upon: from now on, answers may take the short way through it. */
    void sendThrough(ChannelHandlerContext tls) {
        tlsSend = TlsSend.of(tls, loop.sealed);
    }

    private void refuseAndClose(Slot slot, Reason reason) {
        loop.router.refuse(slot, reason);
        settleAndClose(slot);
    }

    private void settleAndClose(Slot slot) {
        slot.close = true;
        incoming.forget();
        retire();
        settle(slot);
    }

    /** The answer in this slot is final. */
    @Override
    public void settle(Slot slot) {
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

    @Override
    void writeAnswers() {
        if (lastWritten) {
            return;
        }
        long now = loop.nanoTime();
        AnswerDate date = loop.date.at(now);
        ByteBuf out = null;
        boolean wrote = false;
        for (Slot slot; !lastWritten && (slot = slots.oldest()) != null && slot.done; ) {
            lastWritten = isLast(slot);
            if (slots.count() == 1 && out == null && AnswerEncoder.isPlainImage(slot, lastWritten, strictTransport)) {
                // Alone, as nearly always: with others before it, one copy more is cheaper than one buffer more.
                out = image(date);
                wrote = true;
            } else {
                out = room(out, slot);
                AnswerEncoder.encode(slot, lastWritten, date, strictTransport, out);
            }
            loop.answered(slot.reply.status());
            loop.cells.record(Probe.REQUEST, now - slot.completeNanos);
            slots.removeOldest();
        }
        if (continueDue && slots.count() == 1) {
            continueDue = false;
            out = out == null ? context.alloc().buffer(32) : out;
            AnswerEncoder.encodeContinue(out);
        }
        if (out != null || wrote) {
            touch(now);
        }
        if (lastWritten || slots.count() == 0 && state == State.CLOSING) {
            lastWritten = true;
            end(out == null ? Unpooled.EMPTY_BUFFER : out);
        } else {
            if (out != null) {
                context.writeAndFlush(out, context.voidPromise());
            }
            pauseOrResume();
        }
    }

    /** Sends the image. @return what is left of it to be written, or {@code null} */
    private ByteBuf image(AnswerDate date) {
        ByteBuffer bytes = date.imageBytes();
        int sent = 0;
        if (tlsSend != null) {
            sent = tlsSend.send(bytes);
        } else if (records == null) {
            sent = DirectSend.send(context.channel(), bytes);
        }
        return sent == bytes.limit() ? null : date.image(sent);
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
        if (gone) {
            return;
        }
        boolean full = slots.count() >= loop.config.maxPipelined();
        if (full && !paused()) {
            loop.cells.increment(Counter.LIMIT_PIPELINED);
        }
        pause(state == State.HEAD
                && (full || incoming.waits() || resting() || !context.channel().isWritable()));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent) || gone) {
            return;
        }
        // The client sends no more, but may well wait for what is in flight (RFC 9112, section 9.6).
        inputEnded = true;
        if (lastLeft()) {
            close();
        } else if (slots.count() == 0) {
            retire();
            writeLater();
        } else if (state == State.BODY || state == State.SKIP) {
            spoil(Reason.BAD_REQUEST);
        }
    }

    // Waiting for the client.

    @Override
    Awaits awaited() {
        return switch (state) {
            // Whoever waits for our consent need not send (RFC 9110, section 10.1.1).
            case BODY, SKIP -> continueDue ? Awaits.NOTHING : Awaits.BODY;
            case CLOSING -> Awaits.NOTHING;
            case HEAD -> {
                if (paused()) {
                    yield Awaits.NOTHING;
                }
                if (decoder.holdsBytes() || holdsRecord()) {
                    yield Awaits.HEAD;
                }
                yield requests == 0 ? awaits() : Awaits.NOTHING;
            }
        };
    }

    @Override
    Counter overdue(long now, long waitedNanos) {
        if (waitedNanos >= limits().body().toNanos()) {
            return Counter.LIMIT_BODY_TIME;
        }
        return tooFew(bodyBytes, waitedNanos) ? Counter.LIMIT_BODY_RATE : null;
    }

    @Override
    void tooSlow() {
        if (state == State.BODY || state == State.SKIP) {
            spoil(Reason.TOO_SLOW);
        } else if (slots.count() == 0) {
            close();
        } else {
            retire();
            writeLater();
        }
    }

    // The end.

    /** Looks at no further request. */
    @Override
    void retire() {
        state = State.CLOSING;
        decoder.ignoreRest();
        super.retire();
    }

    @Override
    boolean isIdle() {
        return slots.count() == 0 && state == State.HEAD && !decoder.holdsBytes();
    }

    @Override
    void endIfIdle() {
        if (isIdle()) {
            retire();
            writeLater();
        }
    }

    @Override
    boolean awaitsAnswer() {
        return slots.count() > (state == State.BODY || state == State.SKIP ? 1 : 0);
    }
}
