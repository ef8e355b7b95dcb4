package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/**
 * Netty's reader of HTTP/2 frames with a gate: it is given one frame after the other, and none while it is paused.
 *
 * <p>Confined to its loop. Owns the bytes that are read and not yet decoded: at most one frame of 16 KiB beside what
 * came in one read, and one header block of little more than may be. The reader checks what a frame shows by itself
 * (RFC 9113, sections 4 and 6); the connection what follows from those before. HPACK is Netty's, but for the map: a
 * field goes straight to {@link Http2Head}.
 */
final class Http2Decoder extends ByteToMessageDecoder implements Gate {

    /** The least that an endpoint must take, and enough for us (RFC 9113, section 4.2). */
    static final int MAX_FRAME_BYTES = 16 * 1024;

    private static final int HEAD_BYTES = 9;
    private static final int TYPE_OFFSET = 3;
    private static final int FLAGS_OFFSET = 4;

    /** Frames below 8 KiB that a header block may consist of beside its first and last (CVE-2024-27316). */
    private static final int SMALL_CONTINUATIONS = 16;

    final Http2Head head;
    private final DefaultHttp2FrameReader reader;
    private Http2Input input;

    private ChannelHandlerContext context;
    private boolean paused;
    private boolean ignoring;
    private boolean inputEnded;
    /** The last frame has left a header block unfinished. */
    private boolean inBlock;
    /** The end of input, kept back until what came before it is decoded. */
    private Object inputEnd;

    Http2Decoder(HttpConfig config, ConsentFields consent) {
        head = new Http2Head(consent);
        reader = new DefaultHttp2FrameReader(new HeadDecoder(config.maxHeaderListBytes()), SMALL_CONTINUATIONS);
    }

    /** Fills {@link #head}, and turns a list that is too long into a property of it: the request gets its answer. */
    private final class HeadDecoder extends DefaultHttp2HeadersDecoder {

        HeadDecoder(long maxHeaderListBytes) {
            super(false, false, maxHeaderListBytes);
        }

        @Override
        protected Http2Headers newHeaders() {
            return head.begin();
        }

        @Override
        public Http2Headers decodeHeaders(int streamId, ByteBuf block) throws Http2Exception {
            try {
                return super.decodeHeaders(streamId, block);
            } catch (Http2Exception failure) {
                if (!Http2Exception.isStreamError(failure)) {
                    throw failure;
                }
                return head.tooLarge();
            }
        }
    }

    void input(Http2Input input) {
        this.input = input;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        reader.close();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (ignoring) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (paused || in.readableBytes() < HEAD_BYTES) {
            return;
        }
        int length = in.getUnsignedMedium(in.readerIndex());
        if (length <= MAX_FRAME_BYTES && in.readableBytes() < HEAD_BYTES + length) {
            return;
        }
        // One that is too long is refused for its head.
        ByteBuf frame = in.readSlice(Math.min(in.readableBytes(), HEAD_BYTES + length));
        byte type = frame.getByte(frame.readerIndex() + TYPE_OFFSET);
        if (input.expects(type)) {
            inBlock = (type == Http2Frames.HEADERS || type == Http2Frames.CONTINUATION)
                    && (frame.getByte(frame.readerIndex() + FLAGS_OFFSET) & Http2Frames.END_HEADERS) == 0;
            try {
                reader.readFrame(ctx, frame, input);
            } catch (Http2Exception failure) {
                input.failed(failure);
            }
        }
    }

    /** Whether part of a frame or of a header block has come, and the rest has not. */
    boolean holdsPart() {
        return inBlock || actualReadableBytes() > 0;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Not the decoder's own, which would ask for more where nothing has been decoded for the gate.
        discardSomeReadBytes();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        ignoring = true;
        super.channelInactive(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        inputEnded |= event instanceof ChannelInputShutdownEvent;
        if (paused && event instanceof ChannelInputShutdownEvent) {
            // The decoder would drop what it holds; the client has ended its requests, not its wish for answers.
            inputEnd = event;
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() throws Exception {
        paused = false;
        channelRead(context, Unpooled.EMPTY_BUFFER);
        if (!paused && inputEnd != null) {
            Object event = inputEnd;
            inputEnd = null;
            super.userEventTriggered(context, event);
        }
    }

    @Override
    public void ignoreRest() {
        ignoring = true;
    }

    @Override
    public boolean inputEnded() {
        return inputEnded;
    }
}
