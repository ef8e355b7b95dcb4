package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.collection.IntObjectHashMap;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Probe;
import io.sluice.metrics.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/**
 * One connection of HTTP/2 (RFC 9113): the state of its streams, the windows, and the limits that keep a client from
 * costing more than his requests.
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
final class Http2Connection extends Connection implements Http2FrameListener {

    /** Streams that are kept for later when none is in use, so that a connection does not stay as large as its peak. */
    private static final int KEPT_STREAMS = 32;

    /** What a client that is told of the end has at least to answer before it counts (RFC 9113, section 6.8). */
    private static final long LEAVE_MILLIS = 1_000;

    private static final long LEAVE_PING = 0x736C756963650000L;

    private enum Leaving {
        NO,
        /** The client has been told; streams that it opened before it knew are served. */
        ANNOUNCED,
        /** Streams above the last are not looked at. */
        FINAL
    }

    private final Http2Decoder decoder;
    private final HttpConfig config;
    private final BodyBudget bodies;

    /** Streams that have not ended for one of the sides. */
    private final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>(8);

    private final ArrayDeque<Http2Stream> unused = new ArrayDeque<>();
    private final ArrayList<Http2Stream> due = new ArrayList<>();
    private final Resets resets = new Resets();

    /** Streams in use, those included that are reset and whose reply has not returned. */
    private int used;
    /** Streams of which the client has not sent everything. */
    private int receiving;
    /** Streams that wait for credit. */
    private int waiting;

    private int lastStreamId;
    private int created;
    private Leaving leaving = Leaving.NO;
    private boolean ended;
    private boolean settingsSeen;

    /** Bytes of bodies since the client last completed one. */
    private long bodyBytes;

    /** Bytes of DATA frames for which the client has not been given the window back. */
    private int consumed;

    private final Http2Allowances allowances;

    private final Http2Output output = new Http2Output(this);

    private Http2Connection(Loop loop, Http2Decoder decoder) {
        super(loop, decoder);
        this.decoder = decoder;
        this.config = loop.config;
        this.bodies = new BodyBudget(config.connectionBudgetBytes(), loop.bodies);
        allowances = new Http2Allowances(limits().floods(), config.maxStreams(), loop.nanoTime());
    }

    /** Puts a connection of HTTP/2 in the place of one that has only been opened, and sends our preface. */
    static void begin(ChannelPipeline pipeline, Loop loop, Http1Decoder before, Http1Connection from) {
        Http2Decoder decoder = new Http2Decoder(loop.config, loop.consent);
        Http2Connection connection = new Http2Connection(loop, decoder);
        decoder.connection(connection);
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

    // Frames.

    /** Whether a frame of this type may come now: the first must be SETTINGS (RFC 9113, section 3.4). */
    boolean expects(byte type) {
        if (!settingsSeen && type != Http2Frames.SETTINGS) {
            fail(Http2Error.PROTOCOL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
            return false;
        }
        settingsSeen = true;
        return true;
    }

    /** The reader cannot take a frame. */
    void failed(Http2Exception failure) {
        int streamId = Http2Exception.isStreamError(failure) ? Http2Exception.streamId(failure) : 0;
        Http2Stream stream = streams.get(streamId);
        if (stream != null) {
            reset(stream, failure.error());
        } else if (resets.contain(streamId)) {
            spendReset();
        } else {
            boolean flood = failure.error() == Http2Error.ENHANCE_YOUR_CALM;
            fail(failure.error(), flood ? Counter.HTTP2_HEADER_FLOODS : Counter.HTTP2_PROTOCOL_ERRORS);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endStream) {
        onHeadersRead(ctx, streamId, headers, padding, endStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endStream) {
        touch(loop.nanoTime());
        Http2Stream stream = streams.get(streamId);
        if (stream != null) {
            trailers(stream, endStream);
        } else if ((streamId & 1) == 0) {
            fail(Http2Error.PROTOCOL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
        } else if (streamId <= lastStreamId) {
            late(streamId);
        } else if (leaving != Leaving.FINAL) {
            lastStreamId = streamId;
            if (++created == limits().requests()) {
                loop.cells.increment(Counter.LIMIT_REQUESTS);
                endIfIdle();
            }
            if (used >= config.maxStreams()) {
                loop.cells.increment(Counter.HTTP2_STREAMS_REFUSED);
                reset(streamId, Http2Error.REFUSED_STREAM);
            } else {
                open(streamId, endStream);
            }
        }
    }

    /** A frame of a stream that has ended: one that still was on its way, or an error (RFC 9113, section 5.1). */
    private void late(int streamId) {
        if (!resets.contain(streamId)) {
            // Where ids were left out, the stream may never have been: those are closed by the use of a higher one.
            boolean skipped = lastStreamId != 2 * created - 1;
            fail(skipped ? Http2Error.PROTOCOL_ERROR : Http2Error.STREAM_CLOSED, Counter.HTTP2_PROTOCOL_ERRORS);
        }
    }

    private void open(int streamId, boolean end) {
        Http2Stream stream = unused.isEmpty() ? new Http2Stream(this, bodies) : unused.pop();
        used++;
        receiving++;
        stream.begin(streamId, output.initialWindow(), lastNanos());
        streams.put(streamId, stream);
        loop.began();
        loop.cells.increment(Counter.REQUESTS_HTTP2);
        Http2Head fields = decoder.head;
        RequestHead head = stream.incoming.head;
        Slot slot = stream.slot;
        boolean wellFormed = fields.moveTo(head);
        stream.announced = fields.contentLength();
        loop.router.cors(slot, head);
        if (fields.isTooLarge()) {
            finish(stream, end, Reason.HEADERS_TOO_LARGE);
            return;
        }
        if (fields.fields() > limits().fields()) {
            finish(stream, end, Reason.TOO_MANY_FIELDS);
            return;
        }
        if (!wellFormed || end && stream.announced > 0) {
            malformed(stream);
            return;
        }
        slot.headOnly = head.method == HttpMethod.HEAD;
        if (head.target.length() > config.maxLineBytes()) {
            finish(stream, end, Reason.URI_TOO_LONG);
        } else if (!loop.router.route(slot, head)) {
            stream.skips = true;
            if (stream.announced > config.maxBodyBytes() || head.expectation != null) {
                finish(stream, end, null);
            } else if (end) {
                complete(stream);
            }
        } else if (stream.announced > config.maxBodyBytes()) {
            finish(stream, end, Reason.BODY_TOO_LARGE);
        } else if (end) {
            complete(stream);
        } else if (head.expectation != null) {
            output.goOn(streamId);
        }
    }

    private void trailers(Http2Stream stream, boolean end) {
        if (stream.complete) {
            reset(stream, Http2Error.STREAM_CLOSED);
        } else if (!end || decoder.head.malformedTrailers() || decoder.head.isTooLarge() || !lengthAgrees(stream)) {
            malformed(stream);
        } else if (stream.place == Http2Stream.Place.RECEIVING) {
            complete(stream);
        } else {
            received(stream);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end) {
        int bytes = data.readableBytes();
        int inFlow = bytes + padding;
        consume(inFlow);
        if (bytes == 0 && !end && !control()) {
            return inFlow;
        }
        Http2Stream stream = streams.get(streamId);
        if (stream != null) {
            touch(loop.nanoTime());
            data(stream, data, bytes, padding, end);
        } else if (streamId <= lastStreamId && (streamId & 1) == 1) {
            late(streamId);
        } else if (leaving != Leaving.FINAL) {
            fail(Http2Error.PROTOCOL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
        }
        return inFlow;
    }

    /**
     * Lets the client send as many bytes again. At once, whatever becomes of them: bodies are held to a budget, and a
     * client whose window were kept shut by half of each of its bodies could not send the other halves. So nobody who
     * keeps to what it is told can pass this window, and the one of a stream not before its body is too large; what
     * holds a client back is that it is not read.
     */
    private void consume(int bytes) {
        consumed += bytes;
        if (consumed >= config.connectionWindowBytes() / 2) {
            Http2Frames.windowUpdate(0, consumed, output.room(Http2Frames.CONTROL_BYTES));
            consumed = 0;
        }
    }

    private void data(Http2Stream stream, ByteBuf data, int bytes, int padding, boolean end) {
        stream.received += bytes;
        bodyBytes += bytes;
        if (stream.complete) {
            reset(stream, Http2Error.STREAM_CLOSED);
        } else if (stream.place != Http2Stream.Place.RECEIVING) {
            // Answered already; this is what the client had sent before it knew.
            if (end) {
                received(stream);
            }
        } else if (stream.announced >= 0 && (end ? !lengthAgrees(stream) : stream.received > stream.announced)) {
            malformed(stream);
        } else {
            stream.sinceNanos = bytes > 0 ? lastNanos() : stream.sinceNanos;
            if (stream.received > config.maxBodyBytes()) {
                finish(stream, end, stream.skips ? null : Reason.BODY_TOO_LARGE);
                return;
            }
            if (bytes > 0 && !stream.skips && !stream.incoming.body.add(data, end, context.alloc())) {
                // Answered when the rest has come, which is skipped: it costs nothing but the wire.
                loop.refuseForMemory(stream.slot, bodies.limit());
                stream.incoming.forget();
                stream.skips = true;
            }
            if (end) {
                complete(stream);
            } else {
                giveBackPadding(stream, padding);
            }
        }
    }

    /** The window of a stream has room for the largest body, but padding would use it up. */
    private void giveBackPadding(Http2Stream stream, int padding) {
        stream.padding += padding;
        if (stream.padding >= (config.streamWindowBytes() - config.maxBodyBytes()) / 2) {
            Http2Frames.windowUpdate(stream.id, stream.padding, output.room(Http2Frames.CONTROL_BYTES));
            stream.padding = 0;
        }
    }

    private static boolean lengthAgrees(Http2Stream stream) {
        return stream.announced < 0 || stream.received == stream.announced;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
        Http2Stream stream = streams.get(streamId);
        if (stream == null) {
            closedOnly(streamId);
            return;
        }
        touch(loop.nanoTime());
        loop.cells.increment(Counter.HTTP2_STREAMS_RESET);
        drop(stream);
        spendReset();
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int bytes) {
        if (!control()) {
            return;
        }
        if (streamId == 0) {
            if (!output.widen(bytes)) {
                fail(Http2Error.FLOW_CONTROL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
            }
        } else {
            Http2Stream stream = streams.get(streamId);
            if (stream == null) {
                closedOnly(streamId);
                return;
            }
            if (!output.widen(stream, bytes)) {
                reset(stream, Http2Error.FLOW_CONTROL_ERROR);
            }
        }
    }

    /** A frame that may still come for a stream that was, but not for one that never was. */
    private void closedOnly(int streamId) {
        boolean idle = streamId > lastStreamId && leaving != Leaving.FINAL || (streamId & 1) == 0;
        if (idle) {
            fail(Http2Error.PROTOCOL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
        } else {
            control();
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        if (!control()) {
            return;
        }
        Integer window = settings.initialWindowSize();
        if (window != null) {
            int more = window - output.initialWindow();
            output.initialWindow(window);
            for (Http2Stream stream : streams.values()) {
                if (!output.widen(stream, more)) {
                    fail(Http2Error.FLOW_CONTROL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
                    return;
                }
            }
        }
        Http2Frames.settingsAck(output.room(Http2Frames.CONTROL_BYTES));
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long payload) {
        if (control()) {
            Http2Frames.ping(true, payload, output.room(Http2Frames.CONTROL_BYTES));
        }
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long payload) {
        if (control() && payload == LEAVE_PING && leaving == Leaving.ANNOUNCED) {
            leave();
        }
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext ctx, int streamId, int dependency, short weight, boolean exclusive) {
        control();
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
        control();
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf text) {
        control();
    }

    @Override
    public void onUnknownFrame(ChannelHandlerContext ctx, byte type, int streamId, Http2Flags flags, ByteBuf payload) {
        control();
    }

    @Override
    public void onPushPromiseRead(
            ChannelHandlerContext ctx, int streamId, int promisedId, Http2Headers headers, int padding) {
        // RFC 9113, section 8.4: a client cannot push.
        fail(Http2Error.PROTOCOL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
    }

    // Requests.

    /** Everything that the client sends of this request has come. */
    private void received(Http2Stream stream) {
        stream.complete = true;
        receiving--;
        retireIfDone();
    }

    private void complete(Http2Stream stream) {
        received(stream);
        advanced();
        bodyBytes = 0;
        stream.slot.completeNanos = lastNanos();
        if (stream.skips) {
            stream.incoming.forget();
            settle(stream);
            return;
        }
        stream.place = Http2Stream.Place.INTAKE;
        complete(stream.incoming, stream.slot, stream.received);
        if (stream.incoming.queued()) {
            waiting++;
        }
        if (waiting > 0 || resting()) {
            pauseOrResume();
        }
    }

    /** Answers now, refusing if there is a reason; what of the request is still to come is not looked at. */
    private void finish(Http2Stream stream, boolean end, Reason reason) {
        if (reason != null) {
            loop.router.refuse(stream.slot, reason);
        }
        stream.incoming.forget();
        if (end) {
            received(stream);
        } else {
            stream.slot.close = true;
        }
        settle(stream);
    }

    private void malformed(Http2Stream stream) {
        loop.cells.refuse(Reason.BAD_REQUEST, 1);
        reset(stream, Http2Error.PROTOCOL_ERROR);
    }

    void unqueued(Http2Stream stream) {
        if (stream.dead) {
            free(stream);
        } else {
            waiting--;
        }
        // At the end of the iteration, since what was read meanwhile may want to join the queue.
        writeLater();
    }

    // Ends of streams.

    private void reset(Http2Stream stream, Http2Error error) {
        int streamId = stream.id;
        drop(stream);
        reset(streamId, error);
    }

    private void reset(int streamId, Http2Error error) {
        Http2Frames.reset(streamId, error, output.room(Http2Frames.CONTROL_BYTES));
        resets.add(streamId);
        spendReset();
    }

    private void spendReset() {
        if (!allowances.spendReset(lastNanos())) {
            fail(Http2Error.ENHANCE_YOUR_CALM, Counter.HTTP2_RESET_FLOODS);
        }
    }

    /** Returns false if the client has sent more frames beside requests than it may, and is being sent away. */
    private boolean control() {
        if (ended) {
            return false;
        }
        if (allowances.spendControl(loop.nanoTime())) {
            return true;
        }
        fail(Http2Error.ENHANCE_YOUR_CALM, Counter.HTTP2_CONTROL_FLOODS);
        return false;
    }

    /** Nobody waits for this stream's answer any more. */
    private void drop(Http2Stream stream) {
        streams.remove(stream.id);
        loop.abandoned(1);
        letGo(stream);
        retireIfDone();
    }

    private void letGo(Http2Stream stream) {
        stream.dead = true;
        if (!stream.complete) {
            receiving--;
        }
        switch (stream.place) {
            case RECEIVING -> {
                stream.incoming.forget();
                free(stream);
            }
            case INTAKE -> {
                // The reply still comes, and the loop's queue still holds what waited there.
                if (stream.incoming.waits()) {
                    waiting--;
                    stream.incoming.abandon();
                    writeLater();
                }
            }
            case DUE -> {
                // Freed where it would have been written.
            }
            case BLOCKED -> {
                output.forget(stream);
                free(stream);
            }
        }
    }

    private void free(Http2Stream stream) {
        used--;
        unused.push(stream);
    }

    @Override
    void abandon() {
        loop.abandoned(streams.size());
        for (Http2Stream stream : streams.values()) {
            letGo(stream);
        }
        streams.clear();
        output.release();
    }

    // Answers.

    /** The answer of this stream is final. */
    void settle(Http2Stream stream) {
        if (stream.dead) {
            free(stream);
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
                    free(stream);
                } else {
                    output.answer(stream, now);
                }
            }
            due.clear();
            while (used == 0 && unused.size() > KEPT_STREAMS) {
                unused.pop();
            }
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
        streams.remove(stream.id);
        if (!stream.complete) {
            // RFC 9113, section 8.1: the answer is whole, and the client need not send the rest of its request.
            receiving--;
            Http2Frames.reset(stream.id, Http2Error.NO_ERROR, output.room(Http2Frames.CONTROL_BYTES));
            resets.add(stream.id);
            retireIfDone();
        }
        loop.answered(stream.slot.reply.status());
        loop.cells.record(Probe.REQUEST, now - stream.slot.completeNanos);
        allowances.earn();
        free(stream);
    }

    // Reading and not reading.

    private void pauseOrResume() {
        if (!ended && !gone) {
            pause(waiting > 0 || resting() || !context.channel().isWritable());
        }
    }

    @Override
    boolean awaitsAnswer() {
        return streams.size() > receiving + output.blocked();
    }

    // Waiting for the client.

    @Override
    Awaits awaited() {
        if (!ended && !paused()) {
            if (receiving > 0) {
                return Awaits.BODY;
            }
            if (decoder.holdsPart() || holdsRecord()) {
                return Awaits.HEAD;
            }
        }
        return !ended && output.blocked() > 0 ? Awaits.WINDOW : Awaits.NOTHING;
    }

    /** Resets streams that are late. The connection is if it opens no window, or sends too little in all. */
    @Override
    Counter overdue(long now, long waitedNanos) {
        ArrayList<Http2Stream> late = new ArrayList<>();
        for (Http2Stream stream : streams.values()) {
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
        return awaits() == Awaits.BODY && tooFew(bodyBytes, waitedNanos) ? Counter.LIMIT_BODY_RATE : null;
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

    /** What the client has opened up to here is served, nothing else. */
    private void leave() {
        if (leaving != Leaving.FINAL && !ended && !gone) {
            leaving = Leaving.FINAL;
            Http2Frames.goAway(lastStreamId, Http2Error.NO_ERROR, output.room(Http2Frames.CONTROL_BYTES));
            retireIfDone();
        }
    }

    private void retireIfDone() {
        if (leaving == Leaving.FINAL) {
            if (receiving == 0) {
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
            for (Http2Stream stream : streams.values().toArray(new Http2Stream[0])) {
                if (!stream.complete && stream.place == Http2Stream.Place.RECEIVING) {
                    drop(stream);
                }
            }
            retireIfDone();
        }
    }

    @Override
    boolean isIdle() {
        return !ended && used == 0 && !decoder.holdsPart() && output.isEmpty();
    }

    @Override
    void giveWay() {
        retire();
        ended = true;
        Http2Frames.goAway(lastStreamId, Http2Error.NO_ERROR, output.room(Http2Frames.CONTROL_BYTES));
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
    private void fail(Http2Error error, Counter counter) {
        if (ended || gone) {
            return;
        }
        ended = true;
        if (counter != null) {
            loop.cells.increment(counter);
        }
        Http2Frames.goAway(lastStreamId, error, output.room(Http2Frames.CONTROL_BYTES));
        loop.abandoned(streams.size());
        for (Http2Stream stream : streams.values()) {
            letGo(stream);
        }
        streams.clear();
        if (error == Http2Error.ENHANCE_YOUR_CALM) {
            goDeaf();
        }
        end(output.take());
    }
}
