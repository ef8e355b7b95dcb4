package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Error;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;

/**
 * The requests of one connection of HTTP/2 while they come in: head, body and trailers, until each is with the intake,
 * answered without it, or malformed (RFC 9113, section 8.1).
 *
 * <p>Confined to its loop. Owns nothing: the bodies are their streams'. Costs one copy of a body, two if it spans
 * frames, and no allocation of its own once as many streams as the client uses are there.
 */
final class Http2Requests {

    private final Http2Connection connection;
    private final Http2Streams streams;
    private final Http2Head fields;
    private final Http2Output output;
    private final BodyBudget bodies;
    private final Loop loop;
    private final HttpConfig config;

    /** Bytes of bodies since the client last completed one. */
    private long bodyBytes;

    Http2Requests(
            Http2Connection connection, Http2Streams streams, Http2Head fields, Http2Output output, BodyBudget bodies) {
        this.connection = connection;
        this.streams = streams;
        this.fields = fields;
        this.output = output;
        this.bodies = bodies;
        this.loop = connection.loop;
        this.config = loop.config;
    }

    /** Bytes of bodies since the client last completed one. */
    long bodyBytes() {
        return bodyBytes;
    }

    /** Whether the block that was read last is larger than may be. */
    boolean isTooLarge() {
        return fields.isTooLarge();
    }

    /** A request begins, whose head is read. */
    void open(int streamId, boolean end) {
        Http2Stream stream = streams.begin(streamId, output.initialWindow(), connection.lastNanos());
        loop.began();
        loop.cells.increment(Counter.REQUESTS_HTTP2);
        RequestHead head = stream.incoming.head;
        Slot slot = stream.slot;
        boolean wellFormed = fields.moveTo(head);
        stream.announced = fields.contentLength();
        loop.router.cors(slot, head);
        if (fields.isTooLarge()) {
            answerNow(stream, end, Reason.HEADERS_TOO_LARGE);
            return;
        }
        if (fields.fields() > connection.limits().fields()) {
            answerNow(stream, end, Reason.TOO_MANY_FIELDS);
            return;
        }
        if (!wellFormed || end && stream.announced > 0) {
            malformed(stream);
            return;
        }
        slot.headOnly = head.method == HttpMethod.HEAD;
        if (head.target.length() > config.maxLineBytes()) {
            answerNow(stream, end, Reason.URI_TOO_LONG);
        } else if (!loop.router.route(slot, head)) {
            stream.skips = true;
            if (stream.announced > config.maxBodyBytes() || head.expectation != null) {
                answerNow(stream, end, null);
            } else if (end) {
                complete(stream);
            }
        } else if (stream.announced > config.maxBodyBytes()) {
            answerNow(stream, end, Reason.BODY_TOO_LARGE);
        } else if (end) {
            complete(stream);
        } else if (head.expectation != null) {
            output.goOn(streamId);
        }
    }

    /** Fields behind the body, which must be its end. */
    void trailers(Http2Stream stream, boolean end) {
        if (stream.complete) {
            connection.reset(stream, Http2Error.STREAM_CLOSED);
        } else if (!end || fields.malformedTrailers() || fields.isTooLarge() || !lengthAgrees(stream)) {
            malformed(stream);
        } else if (stream.place == Http2Stream.Place.RECEIVING) {
            complete(stream);
        } else {
            received(stream);
        }
    }

    void data(Http2Stream stream, ByteBuf data, int bytes, int padding, boolean end) {
        stream.received += bytes;
        bodyBytes += bytes;
        if (stream.complete) {
            connection.reset(stream, Http2Error.STREAM_CLOSED);
        } else if (stream.place != Http2Stream.Place.RECEIVING) {
            // Answered already; this is what the client had sent before it knew.
            if (end) {
                received(stream);
            }
        } else if (stream.announced >= 0 && (end ? !lengthAgrees(stream) : stream.received > stream.announced)) {
            malformed(stream);
        } else {
            stream.sinceNanos = bytes > 0 ? connection.lastNanos() : stream.sinceNanos;
            if (stream.received > config.maxBodyBytes()) {
                answerNow(stream, end, stream.skips ? null : Reason.BODY_TOO_LARGE);
                return;
            }
            if (bytes > 0 && !stream.skips && !stream.incoming.body.add(data, end, connection.context.alloc())) {
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

    /** Everything that the client sends of this request has come. */
    private void received(Http2Stream stream) {
        stream.complete = true;
        streams.receivesNoMore();
        connection.retireIfDone();
    }

    private void complete(Http2Stream stream) {
        received(stream);
        connection.advanced();
        bodyBytes = 0;
        stream.slot.completeNanos = connection.lastNanos();
        if (stream.skips) {
            stream.incoming.forget();
            connection.settle(stream);
            return;
        }
        stream.place = Http2Stream.Place.INTAKE;
        connection.complete(stream.incoming, stream.slot, stream.received);
        if (stream.incoming.queued()) {
            streams.waits();
        }
        if (streams.waiting() || connection.resting()) {
            connection.pauseOrResume();
        }
    }

    /** Answers now, refusing if there is a reason; what of the request is still to come is not looked at. */
    private void answerNow(Http2Stream stream, boolean end, Reason reason) {
        if (reason != null) {
            loop.router.refuse(stream.slot, reason);
        }
        stream.incoming.forget();
        if (end) {
            received(stream);
        } else {
            stream.slot.close = true;
        }
        connection.settle(stream);
    }

    private void malformed(Http2Stream stream) {
        loop.cells.refuse(Reason.BAD_REQUEST, 1);
        connection.reset(stream, Http2Error.PROTOCOL_ERROR);
    }
}
