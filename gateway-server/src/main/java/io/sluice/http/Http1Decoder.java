package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's request decoder behind a shortcut for what is plain, with a gate: while it is paused, bytes that were read
 * already stay undecoded, so that a client that pipelines a thousand requests in one packet still has only as many in
 * flight as it may.
 *
 * <p>Confined to its loop. Owns the bytes that are read and not yet decoded, and drops them when told to ignore the
 * rest. Every strict choice of Netty 4.2 is kept: CRLF only, no whitespace before colons, no Content-Length beside
 * Transfer-Encoding, chunked last and once (RFC 9112, sections 2.2, 5.1, 6.1 and 6.3). What it lets through besides is
 * refused here: other white space in a request line, and fields that go on in the next line (section 5.2), in a head
 * and behind a body.
 */
final class Http1Decoder extends HttpRequestDecoder implements Gate {

    private static final IllegalArgumentException FOLDED =
            new IllegalArgumentException("a field that goes on in the next line");

    private final PlainHead plain;
    private ChannelHandlerContext context;
    /** Whether Netty's decoder has completed what it began, so that the next byte is not for it. */
    private boolean between = true;
    /** Whether it is a head that is to be decoded next, or the rest of one. */
    private boolean headDue = true;
    /** Whether lines of it have been decoded. */
    private boolean headBegun;

    private boolean folded;
    /** Whether what is to be decoded next are fields behind a body in chunks. */
    private boolean trailing;
    /** How many lines of them have been decoded. */
    private int trailers;

    /** Of the body behind a plain head, how many bytes are still to come. */
    private int bodyLeft;

    private boolean paused;
    private boolean ignoring;
    private boolean inputEnded;
    /** The end of input, kept back until what came before it is decoded. */
    private Object inputEnd;

    Http1Decoder(HttpConfig config, PlainHead plain) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(config.maxLineBytes())
                .setMaxHeaderSize(config.maxHeaderBytes())
                // A body that arrives in one read shall come as one piece: it is copied once.
                .setMaxChunkSize(Math.max(1, config.maxBodyBytes()))
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true));
        this.plain = plain;
    }

    /**
     * Hands on the heads that are plain, and the bodies behind them, as they are read, and leaves the rest to the
     * decoder.
     */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        ByteBuf in = (ByteBuf) message;
        boolean owned = true;
        try {
            while (between && !paused && !ignoring && in.isReadable() && !holdsBytes()) {
                if (bodyLeft >= in.readableBytes()) {
                    bodyLeft -= in.readableBytes();
                    owned = false;
                    ctx.fireChannelRead(in);
                    return;
                } else if (bodyLeft > 0) {
                    ByteBuf rest = in.readRetainedSlice(bodyLeft);
                    bodyLeft = 0;
                    ctx.fireChannelRead(rest);
                    continue;
                }
                int head = plain.read(in);
                if (head == 0) {
                    break;
                }
                in.skipBytes(head);
                bodyLeft = plain.bodyBytes();
                ctx.fireChannelRead(plain);
            }
            if (!between || in.isReadable() || holdsBytes()) {
                owned = false;
                super.channelRead(ctx, in);
            }
        } finally {
            if (owned) {
                in.release();
            }
        }
    }

    /** How many bytes of the body behind a plain head are still to come. */
    int bodyLeft() {
        return bodyLeft;
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

    /** Whether the beginning of a request has been read that is not decoded yet. */
    boolean holdsBytes() {
        return actualReadableBytes() > 0;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (ignoring) {
            in.skipBytes(in.readableBytes());
        } else if (!paused) {
            int from = in.readerIndex();
            between = false;
            super.decode(ctx, in, out);
            between = !out.isEmpty() && out.getLast() instanceof LastHttpContent;
            if (headDue) {
                refuseFolded(in, from, out);
            } else if (trailing) {
                lookAtTrailers(in, from, out);
            } else {
                trailing = out.isEmpty() && isLastChunk(in, from);
            }
            headDue = between || headDue && out.isEmpty();
        }
    }

    /**
     * Netty takes a line that begins with white space for more of the field before it. Whoever does not, or cuts it
     * away, sees another request (RFC 9112, section 5.2). It decodes whole lines, which are still there.
     *
     * @param from where the lines begin that were decoded just now
     */
    private void refuseFolded(ByteBuf in, int from, List<Object> out) {
        int to = in.readerIndex();
        for (int at = headBegun ? from : lineBehind(in, from, to); at < to; at = lineBehind(in, at, to)) {
            byte first = in.getByte(at);
            folded |= first == ' ' || first == '\t';
        }
        headBegun |= to > from;
        if (!out.isEmpty()) {
            if (folded
                    && out.getFirst() instanceof HttpRequest request
                    && request.decoderResult().isSuccess()) {
                request.setDecoderResult(DecoderResult.failure(FOLDED));
            }
            headBegun = false;
            folded = false;
            trailers = 0;
        }
    }

    /** Counts them, and refuses what {@link #refuseFolded} does, which Netty takes here for more of a field, too. */
    private void lookAtTrailers(ByteBuf in, int from, List<Object> out) {
        for (int at = from, to = in.readerIndex(); at < to; at = lineBehind(in, at, to)) {
            byte first = in.getByte(at);
            folded |= first == ' ' || first == '\t';
            trailers++;
        }
        if (!out.isEmpty()) {
            if (folded
                    && out.getLast() instanceof LastHttpContent last
                    && !last.decoderResult().isFailure()) {
                last.setDecoderResult(DecoderResult.failure(FOLDED));
            }
            // The empty line that ends them is none.
            trailers--;
            trailing = false;
            folded = false;
        }
    }

    /** Whether Netty has decoded the size of a chunk just now that says that it is the last. */
    private static boolean isLastChunk(ByteBuf in, int from) {
        int at = from;
        int to = in.readerIndex();
        while (at < to && (in.getByte(at) == ' ' || in.getByte(at) == '\t')) {
            at++;
        }
        int digits = at;
        while (at < to && in.getByte(at) == '0') {
            at++;
        }
        return at > digits && Character.digit(in.getByte(at), 16) < 0;
    }

    /** How many fields came behind the body that was handed on last, whatever they are. */
    int trailers() {
        return trailers;
    }

    /** Where the line behind this one begins, or {@code to}. */
    private static int lineBehind(ByteBuf in, int at, int to) {
        int end = in.indexOf(at, to, (byte) '\n');
        return end < 0 ? to : end + 1;
    }

    /**
     * Netty splits a request line at any white space. A single space is what RFC 9112, section 3, has; whoever takes
     * others may see another target than the balancer before us did.
     */
    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        int end = start + length;
        boolean single = start >= 2
                && line[start - 1] == ' '
                && !isSpace(line[start - 2])
                && end + 1 < line.length
                && line[end] == ' '
                && !isSpace(line[end + 1]);
        if (!single) {
            throw new IllegalArgumentException("request line with other white space than single spaces");
        }
        return super.splitSecondWordInitialLine(line, start, length);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (paused) {
            // The decoder would ask for more, since it has decoded nothing of what was read.
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
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
}
