package io.sluice.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Error;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Probe;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/**
 * One connection of HTTP/2 (RFC 9113): how its streams end, when it is read, and how it ends itself. Frames come by
 * {@link Http2Input}, requests are put together by {@link Http2Requests}, and answers leave by {@link Http2Output}.
 *
 * <p>Confined to its loop. Owns the streams and the frames that it has to send, which leave at the end of the iteration
 * in one write. Costs per request what {@link Http2Decoder} makes, one copy of the body (two if it spans frames), and
 * no allocation of its own once as many streams as the client uses are there.
 *
 * <pre>
 *   HEADERS ──▶ RECEIVING ── DATA … END_STREAM ──▶ INTAKE ── reply ──▶ DUE ──▶ HEADERS, DATA … ──▶ (used again)
 *                   └─ answer known: skipped, then ──────────────────▶  │          ▲
 *                                                                       └─▶ BLOCKED┘  until a window opens
 * </pre>
 *
 * <p>What a client could do for ever without bringing anything forward is an {@link Allowance}: resets, his own and
 * those that he has us send, and frames beside requests. Who uses it up is sent away with ENHANCE_YOUR_CALM.
 */
final class Http2Connection extends Connection {

    /**
     * From the first GOAWAY, which lets the client open streams until it has heard of it, to the second, which does not
     * (RFC 9113, section 6.8), for a client that does not answer the PING behind the first.
     */
    private static final long LEAVE_MILLIS = 1_000;

    /** What that PING holds: "sluice". */
    static final long LEAVE_PING = 0x736C756963650000L;

    private enum Leaving {
        NO,
        /** The client has been told; streams that it opened before it knew are served. */
        ANNOUNCED,
        /** Streams above the last are not looked at. */
        FINAL
    }

    private final Http2Decoder decoder;
    private final HttpConfig config;
    private final Http2Streams streams;
    private final Http2Requests requests;
    private final Http2Input input;
    private final Http2Output output = new Http2Output(this);
    private final Http2Allowances allowances;
    private final ArrayList<Http2Stream> due = new ArrayList<>();

    private Leaving leaving = Leaving.NO;
    private boolean ended;

    private Http2Connection(Loop loop, Http2Decoder decoder) {
        super(loop, decoder);
        this.decoder = decoder;
        this.config = loop.config;
        BodyBudget bodies = new BodyBudget(config.connectionBudgetBytes(), loop.bodies);
        streams = new Http2Streams(this, bodies, limits().floods().resetBurst() + config.maxStreams());
        requests = new Http2Requests(this, streams, decoder.head, output, bodies);
        input = new Http2Input(this, streams, requests, output);
        allowances = new Http2Allowances(limits().floods(), config.maxStreams(), loop.nanoTime());
    }

    /** Puts a connection of HTTP/2 in the place of one that has only been opened, and sends our preface. */
    static void begin(ChannelPipeline pipeline, Loop loop, Http1Decoder before, Http1Connection from) {
        Http2Decoder decoder = new Http2Decoder(loop.config, loop.consent);
        Http2Connection connection = new Http2Connection(loop, decoder);
        decoder.input(connection.input);
        pipeline.addLast(decoder, connection);
        pipeline.remove(before);
        connection.takeOver(from);
        if (connection.proxied()) {
            decoder.head.readForwarded(loop.forwarded);
        }
        connection.greet();
    }

    private void greet() {
        loop.cells.increment(Counter.CONNECTIONS_HTTP2);
        Http2Frames.settings(
                config.maxStreams(),
                config.streamWindowBytes(),
                config.maxHeaderListBytes(),
                output.room(Http2Frames.CONTROL_BYTES * 2));
        Http2Frames.windowUpdate(
                0, config.connectionWindowBytes() - Http2Output.FIRST_WINDOW, output.room(Http2Frames.CONTROL_BYTES));
    }

    // Ends of streams.

    void unqueued(Http2Stream stream) {
        if (stream.dead) {
            streams.free(stream);
        } else {
            streams.waitsNoMore();
        }
        // At the end of the iteration, since what was read meanwhile may want to join the queue.
        writeLater();
    }

    void reset(Http2Stream stream, Http2Error error) {
        int streamId = stream.id;
        drop(stream);
        reset(streamId, error);
    }

    void reset(int streamId, Http2Error error) {
        Http2Frames.reset(streamId, error, output.room(Http2Frames.CONTROL_BYTES));
        streams.rememberReset(streamId);
        spendReset();
    }

    /** One more stream ends by reset; a client with too many of them is sent away. */
    void spendReset() {
        if (!allowances.spendReset(lastNanos())) {
            fail(Http2Error.ENHANCE_YOUR_CALM, Counter.HTTP2_RESET_FLOODS);
        }
    }

    /** Returns false if the client has sent more frames beside requests than it may, and is being sent away. */
    boolean spendControl() {
        if (ended) {
            return false;
        }
        if (allowances.spendControl(loop.nanoTime())) {
            return true;
        }
        fail(Http2Error.ENHANCE_YOUR_CALM, Counter.HTTP2_CONTROL_FLOODS);
        return false;
    }

    /** Returns false if too many of the client's heads were too large, and it is being sent away. */
    boolean spendLargeHead() {
        if (ended) {
            return false;
        }
        if (allowances.spendLargeHead(loop.nanoTime())) {
            return true;
        }
        fail(Http2Error.ENHANCE_YOUR_CALM, Counter.HTTP2_HEADER_FLOODS);
        return false;
    }

    /** Nobody waits for this stream's answer any more. */
    void drop(Http2Stream stream) {
        streams.remove(stream);
        loop.abandoned(1);
        letGo(stream);
        retireIfDone();
    }

    private void letGo(Http2Stream stream) {
        stream.dead = true;
        if (!stream.complete) {
            streams.receivesNoMore();
        }
        switch (stream.place) {
            case RECEIVING -> {
                stream.incoming.forget();
                streams.free(stream);
            }
            case INTAKE -> {
                // The reply still comes, and the loop's queue still holds what waited there.
                if (stream.incoming.waits()) {
                    streams.waitsNoMore();
                    stream.incoming.abandon();
                    writeLater();
                }
            }
            case DUE -> {
                // Freed where it would have been written.
            }
            case BLOCKED -> {
                output.forget(stream);
                streams.free(stream);
            }
        }
    }

    @Override
    void abandon() {
        loop.abandoned(streams.size());
        for (Http2Stream stream : streams.all()) {
            letGo(stream);
        }
        streams.removeAll();
        output.release();
    }

    // Answers.

    /** The answer of this stream is final. */
    void settle(Http2Stream stream) {
        if (stream.dead) {
            streams.free(stream);
            // Perhaps the last one: at the end of the iteration, it is seen whether the connection is idle.
            writeLater();
            return;
        }
        assert stream.place != Http2Stream.Place.DUE && !stream.slot.done : "answered twice";
        stream.place = Http2Stream.Place.DUE;
        stream.slot.done = true;
        if (stream.slot.refusal != null) {
            loop.cells.refuse(stream.slot.refusal, 1);
        }
        due.add(stream);
        writeLater();
    }

    @Override
    void writeAnswers() {
        if (ended) {
            return;
        }
        long now = loop.nanoTime();
        output.sendBlocked(now);
        if (!due.isEmpty()) {
            touch(now);
            for (int i = 0; i < due.size(); i++) {
                Http2Stream stream = due.get(i);
                if (stream.dead) {
                    streams.free(stream);
                } else {
                    output.answer(stream, now);
                }
            }
            due.clear();
            streams.trim();
        }
        if (leaving == Leaving.FINAL && streams.isEmpty()) {
            ended = true;
            end(output.take());
            return;
        }
        if (!output.isEmpty()) {
            context.writeAndFlush(output.take(), context.voidPromise());
        }
        pauseOrResume();
        await(awaited());
    }

    /** The last byte of this stream's answer has been written. */
    void answered(Http2Stream stream, long now) {
        streams.remove(stream);
        if (!stream.complete) {
            // RFC 9113, section 8.1: the answer is whole, and the client need not send the rest of its request.
            streams.receivesNoMore();
            Http2Frames.reset(stream.id, Http2Error.NO_ERROR, output.room(Http2Frames.CONTROL_BYTES));
            streams.rememberReset(stream.id);
            retireIfDone();
        }
        loop.answered(stream.slot.reply.status());
        loop.cells.record(Probe.REQUEST, now - stream.slot.completeNanos);
        allowances.earn();
        streams.free(stream);
    }

    // Reading and not reading.

    void pauseOrResume() {
        if (!ended && !gone) {
            pause(streams.waiting() || resting() || !context.channel().isWritable());
        }
    }

    @Override
    boolean awaitsAnswer() {
        return streams.size() > streams.receiving() + output.blocked();
    }

    // Waiting for the client.

    @Override
    Awaits awaited() {
        if (!ended && !paused()) {
            if (streams.receiving() > 0) {
                return Awaits.BODY;
            }
            if (decoder.holdsPart() || holdsRecord()) {
                return Awaits.HEAD;
            }
        }
        return !ended && output.blocked() > 0 ? Awaits.WINDOW : Awaits.NOTHING;
    }

    /** Resets streams that are late. The connection is late if it opens no window, or sends too little in all. */
    @Override
    Counter overdue(long now, long waitedNanos) {
        ArrayList<Http2Stream> late = new ArrayList<>();
        for (Http2Stream stream : streams.all()) {
            boolean silent = now - stream.sinceNanos >= config.idleTimeout().toNanos();
            if (silent && stream.place == Http2Stream.Place.BLOCKED) {
                return Counter.HTTP2_STALLS;
            }
            if (!stream.complete
                    && (silent || now - stream.begunNanos >= limits().body().toNanos())) {
                late.add(stream);
            }
        }
        for (int i = 0; i < late.size() && !ended; i++) {
            loop.cells.increment(Counter.LIMIT_BODY_TIME);
            reset(late.get(i), Http2Error.CANCEL);
        }
        return awaits() == Awaits.BODY && tooFew(requests.bodyBytes(), waitedNanos) ? Counter.LIMIT_BODY_RATE : null;
    }

    @Override
    void tooSlow() {
        fail(Http2Error.ENHANCE_YOUR_CALM, null);
    }

    // The end.

    @Override
    void endIfIdle() {
        if (leaving == Leaving.NO && !ended) {
            leaving = Leaving.ANNOUNCED;
            Http2Frames.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR, output.room(Http2Frames.CONTROL_BYTES));
            Http2Frames.ping(false, LEAVE_PING, output.room(Http2Frames.CONTROL_BYTES));
            context.executor().schedule(this::leave, LEAVE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The client has answered the PING that went out with the announcement. */
    void leaveIfAnnounced() {
        if (leaving == Leaving.ANNOUNCED) {
            leave();
        }
    }

    /** Whether streams that the client opens now are not looked at. */
    boolean leavesFinally() {
        return leaving == Leaving.FINAL;
    }

    /** What the client has opened up to here is served, nothing else. */
    private void leave() {
        if (leaving != Leaving.FINAL && !ended && !gone) {
            leaving = Leaving.FINAL;
            Http2Frames.goAway(streams.lastId(), Http2Error.NO_ERROR, output.room(Http2Frames.CONTROL_BYTES));
            retireIfDone();
        }
    }

    void retireIfDone() {
        if (leaving == Leaving.FINAL) {
            if (streams.receiving() == 0) {
                retire();
            }
            writeLater();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent) || gone) {
            return;
        }
        if (lastLeft()) {
            close();
        } else if (!ended) {
            // The client sends no more, but may well wait for what is in flight.
            leaving = Leaving.FINAL;
            ArrayList<Http2Stream> unfinished = new ArrayList<>();
            for (Http2Stream stream : streams.all()) {
                if (!stream.complete && stream.place == Http2Stream.Place.RECEIVING) {
                    unfinished.add(stream);
                }
            }
            unfinished.forEach(this::drop);
            retireIfDone();
        }
    }

    @Override
    boolean isIdle() {
        return !ended && streams.used() == 0 && !decoder.holdsPart() && output.isEmpty();
    }

    @Override
    void giveWay() {
        retire();
        ended = true;
        Http2Frames.goAway(streams.lastId(), Http2Error.NO_ERROR, output.room(Http2Frames.CONTROL_BYTES));
        context.writeAndFlush(output.take(), context.voidPromise());
        close();
    }

    @Override
    void expire() {
        if (ended) {
            // The client does not even take that.
            close();
        }
        if (output.blocked() > 0) {
            fail(Http2Error.ENHANCE_YOUR_CALM, Counter.HTTP2_STALLS);
        } else {
            fail(Http2Error.NO_ERROR, null);
        }
    }

    /** Sends the client away. What is with the intake stays there, and its answer has nowhere to go. */
    void fail(Http2Error error, Counter counter) {
        if (ended || gone) {
            return;
        }
        ended = true;
        if (counter != null) {
            loop.cells.increment(counter);
        }
        Http2Frames.goAway(streams.lastId(), error, output.room(Http2Frames.CONTROL_BYTES));
        loop.abandoned(streams.size());
        for (Http2Stream stream : streams.all()) {
            letGo(stream);
        }
        streams.removeAll();
        if (error == Http2Error.ENHANCE_YOUR_CALM) {
            goDeaf();
        }
        end(output.take());
    }
}
