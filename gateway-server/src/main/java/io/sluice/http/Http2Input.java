package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.sluice.metrics.Counter;

/**
 * The frames that one connection of HTTP/2 receives (RFC 9113, section 6): what each means for the connection and its
 * windows, and to which request it belongs.
 *
 * <p>Confined to its loop. Owns nothing: a frame's bytes are the decoder's. Allocates nothing.
 *
 * <p>What the client could send for ever without bringing anything forward is paid for out of its allowances.
 */
final class Http2Input implements Http2FrameListener {

    private final Http2Connection connection;
    private final Http2Streams streams;
    private final Http2Requests requests;
    private final Http2Output output;
    private final Loop loop;
    private final HttpConfig config;
    private boolean settingsSeen;

    /** Bytes of DATA frames for which the client has not been given the window back. */
    private int consumed;

    Http2Input(Http2Connection connection, Http2Streams streams, Http2Requests requests, Http2Output output) {
        this.connection = connection;
        this.streams = streams;
        this.requests = requests;
        this.output = output;
        this.loop = connection.loop;
        this.config = loop.config;
    }

    /** Whether a frame of this type may come now: the first must be SETTINGS (RFC 9113, section 3.4). */
    boolean expects(byte type) {
        if (!settingsSeen && type != Http2Frames.SETTINGS) {
            connection.fail(Http2Error.PROTOCOL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
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
            connection.reset(stream, failure.error());
        } else if (streams.wasReset(streamId)) {
            connection.spendReset();
        } else {
            boolean flood = failure.error() == Http2Error.ENHANCE_YOUR_CALM;
            connection.fail(failure.error(), flood ? Counter.HTTP2_HEADER_FLOODS : Counter.HTTP2_PROTOCOL_ERRORS);
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
        connection.touch(loop.nanoTime());
        if (requests.isTooLarge() && !connection.spendLargeHead()) {
            return;
        }
        Http2Stream stream = streams.get(streamId);
        if (stream != null) {
            requests.trailers(stream, endStream);
        } else if ((streamId & 1) == 0) {
            connection.fail(Http2Error.PROTOCOL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
        } else if (!streams.isIdle(streamId)) {
            late(streamId);
        } else if (!connection.leavesFinally()) {
            if (streams.opened(streamId) == connection.limits().requests()) {
                loop.cells.increment(Counter.LIMIT_REQUESTS);
                connection.endIfIdle();
            }
            if (streams.used() >= config.maxStreams()) {
                loop.cells.increment(Counter.HTTP2_STREAMS_REFUSED);
                connection.reset(streamId, Http2Error.REFUSED_STREAM);
            } else {
                requests.open(streamId, endStream);
            }
        }
    }

    /** A frame of a stream that has ended: one that still was on its way, or an error (RFC 9113, section 5.1). */
    private void late(int streamId) {
        if (!streams.wasReset(streamId)) {
            // Where ids were left out, the stream may never have been: those are closed by the use of a higher one.
            connection.fail(
                    streams.hasGaps() ? Http2Error.PROTOCOL_ERROR : Http2Error.STREAM_CLOSED,
                    Counter.HTTP2_PROTOCOL_ERRORS);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end) {
        int bytes = data.readableBytes();
        int inFlow = bytes + padding;
        consume(inFlow);
        if (bytes == 0 && !end && !connection.spendControl()) {
            return inFlow;
        }
        Http2Stream stream = streams.get(streamId);
        if (stream != null) {
            connection.touch(loop.nanoTime());
            requests.data(stream, data, bytes, padding, end);
        } else if (!streams.isIdle(streamId) && (streamId & 1) == 1) {
            late(streamId);
        } else if (!connection.leavesFinally()) {
            connection.fail(Http2Error.PROTOCOL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
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

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
        Http2Stream stream = streams.get(streamId);
        if (stream == null) {
            closedOnly(streamId);
            return;
        }
        connection.touch(loop.nanoTime());
        loop.cells.increment(Counter.HTTP2_STREAMS_RESET);
        connection.drop(stream);
        connection.spendReset();
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int bytes) {
        if (!connection.spendControl()) {
            return;
        }
        if (streamId == 0) {
            if (!output.widen(bytes)) {
                connection.fail(Http2Error.FLOW_CONTROL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
            }
        } else {
            Http2Stream stream = streams.get(streamId);
            if (stream == null) {
                closedOnly(streamId);
                return;
            }
            if (!output.widen(stream, bytes)) {
                connection.reset(stream, Http2Error.FLOW_CONTROL_ERROR);
            }
        }
    }

    /** A frame that may still come for a closed stream, and not for an idle one (RFC 9113, section 5.1). */
    private void closedOnly(int streamId) {
        boolean idle = streams.isIdle(streamId) && !connection.leavesFinally() || (streamId & 1) == 0;
        if (idle) {
            connection.fail(Http2Error.PROTOCOL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
        } else {
            connection.spendControl();
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        if (!connection.spendControl()) {
            return;
        }
        Integer window = settings.initialWindowSize();
        if (window != null) {
            int more = window - output.initialWindow();
            output.initialWindow(window);
            for (Http2Stream stream : streams.all()) {
                if (!output.widen(stream, more)) {
                    connection.fail(Http2Error.FLOW_CONTROL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
                    return;
                }
            }
        }
        Http2Frames.settingsAck(output.room(Http2Frames.CONTROL_BYTES));
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long payload) {
        if (connection.spendControl()) {
            Http2Frames.ping(true, payload, output.room(Http2Frames.CONTROL_BYTES));
        }
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long payload) {
        if (connection.spendControl() && payload == Http2Connection.LEAVE_PING) {
            connection.leaveIfAnnounced();
        }
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext ctx, int streamId, int dependency, short weight, boolean exclusive) {
        connection.spendControl();
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
        connection.spendControl();
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf text) {
        connection.spendControl();
    }

    @Override
    public void onUnknownFrame(ChannelHandlerContext ctx, byte type, int streamId, Http2Flags flags, ByteBuf payload) {
        connection.spendControl();
    }

    @Override
    public void onPushPromiseRead(
            ChannelHandlerContext ctx, int streamId, int promisedId, Http2Headers headers, int padding) {
        // RFC 9113, section 8.4: a client cannot push.
        connection.fail(Http2Error.PROTOCOL_ERROR, Counter.HTTP2_PROTOCOL_ERRORS);
    }
}
