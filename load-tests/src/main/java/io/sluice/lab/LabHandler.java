package io.sluice.lab;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.sluice.common.Clock;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection: gathers a body, hands it on, and does with the answer what was decided. Event loop only.
 *
 * <p>One request at a time; none of the clients sends a second before it has the answer, and one that did is cut off.
 */
final class LabHandler extends SimpleChannelInboundHandler<HttpObject> {

    /** Base64 of the largest batch, with room for what stands around it. */
    static final int MOST_BODY_BYTES = 8 << 20;

    private static final String TARGET_PREFIX = "Firehose_20150804.";
    private static final String AWS_JSON = "application/x-amz-json-1.1";

    private final Firehose firehose;
    private final ControlPlane control;
    private final LabPages pages;
    private final Clock clock;
    private final BodyPool pool;
    private final PutScanner scanner;
    private final Consumer<IOException> fatal;

    private HttpRequest request;
    private byte[] body;
    private int length;
    private boolean tooLarge;
    /** The answer to a put that is not out yet; what of it was never sent is told when the connection ends. */
    private Answer late;

    LabHandler(
            Firehose firehose,
            ControlPlane control,
            LabPages pages,
            Clock clock,
            BodyPool pool,
            PutScanner scanner,
            Consumer<IOException> fatal) {
        this.firehose = firehose;
        this.control = control;
        this.pages = pages;
        this.clock = clock;
        this.pool = pool;
        this.scanner = scanner;
        this.fatal = fatal;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message instanceof HttpRequest head) {
            if (request != null || !head.decoderResult().isSuccess()) {
                ctx.close();
                return;
            }
            begin(ctx, head);
        }
        if (message instanceof HttpContent content && body != null) {
            if (!content.decoderResult().isSuccess()) {
                ctx.close();
                return;
            }
            gather(ctx, content.content());
            if (message instanceof LastHttpContent) {
                complete(ctx);
            }
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        request = head;
        length = 0;
        tooLarge = false;
        long announced = HttpUtil.getContentLength(head, 0L);
        body = pool.take((int) Math.min(announced, MOST_BODY_BYTES) + PutScanner.PADDING);
        if (HttpUtil.is100ContinueExpected(head)) {
            ctx.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private void gather(ChannelHandlerContext ctx, ByteBuf content) {
        int more = content.readableBytes();
        if (tooLarge || more > MOST_BODY_BYTES - length) {
            // Read to its end all the same: a client that is cut off in the middle of it never sees the answer.
            tooLarge = true;
            return;
        }
        if (body.length - PutScanner.PADDING < length + more) {
            byte[] larger = pool.take(2 * (length + more) + PutScanner.PADDING);
            System.arraycopy(body, 0, larger, 0, length);
            pool.give(body);
            body = larger;
        }
        content.readBytes(body, length, more);
        length += more;
        double slow = firehose.faults().readBytesPerSecond();
        if (slow > 0 && more > 0) {
            ctx.channel().config().setAutoRead(false);
            ctx.executor()
                    .schedule(
                            () -> ctx.channel().config().setAutoRead(true),
                            (long) (more / slow * 1e9),
                            TimeUnit.NANOSECONDS);
        }
    }

    private void complete(ChannelHandlerContext ctx) {
        String target = request.headers().get("X-Amz-Target");
        try {
            if (target == null) {
                respond(ctx, pages.answer(request, tooLarge ? 0 : length, body));
            } else if (!request.method().equals(HttpMethod.POST)) {
                aws(ctx, Answer.control(AwsError.unknownOperation()));
            } else if (tooLarge) {
                aws(ctx, Answer.control(new AwsError(413, "RequestEntityTooLargeException", null, null)));
            } else if (!isSigned()) {
                aws(ctx, Answer.control(AwsError.missingToken()));
            } else if (!target.startsWith(TARGET_PREFIX)) {
                aws(ctx, Answer.control(AwsError.unknownOperation()));
            } else {
                aws(ctx, operate(target.substring(TARGET_PREFIX.length())));
            }
        } catch (IOException e) {
            fatal.accept(e);
            ctx.close();
        } finally {
            releaseBody();
        }
    }

    /** Nobody's signature is checked, but a client that does not sign would fail at AWS. */
    private boolean isSigned() {
        String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
        return authorization != null && authorization.startsWith("AWS4-HMAC-SHA256 ");
    }

    private Answer operate(String operation) throws IOException {
        return switch (operation) {
            case "PutRecordBatch" -> firehose.put(scanner, body, length, true);
            case "PutRecord" -> firehose.put(scanner, body, length, false);
            default -> control.answer(operation, body, length);
        };
    }

    private void aws(ChannelHandlerContext ctx, Answer answer) {
        late = answer;
        if (answer.delayNanos() > 0) {
            ctx.executor().schedule(() -> act(ctx, answer), answer.delayNanos(), TimeUnit.NANOSECONDS);
        } else {
            act(ctx, answer);
        }
    }

    private void act(ChannelHandlerContext ctx, Answer answer) {
        if (late != answer) {
            // The connection ended before.
            return;
        }
        late = null;
        switch (answer.kind()) {
            case SEND -> send(ctx, answer);
            case RESET -> {
                firehose.settled(answer, false);
                ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                ctx.close();
            }
            // The request stays set, and with it the connection open and busy, until the client gives up.
            case SILENCE -> firehose.settled(answer, false);
        }
    }

    private void send(ChannelHandlerContext ctx, Answer answer) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.body()));
        String id = UUID.randomUUID().toString();
        response.headers()
                .set("x-amzn-RequestId", id)
                .set("x-amz-id-2", id)
                .set(HttpHeaderNames.CONTENT_TYPE, AWS_JSON)
                .set(
                        HttpHeaderNames.DATE,
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                ZonedDateTime.ofInstant(Instant.ofEpochMilli(clock.epochMillis()), ZoneOffset.UTC)));
        // Counted before it is written: who has the answer and looks at the counters finds it there. What cannot be
        // written, because the connection broke just now, counts as answered all the same.
        firehose.settled(answer, true);
        respond(ctx, response);
    }

    private void respond(ChannelHandlerContext ctx, FullHttpResponse response) {
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        request = null;
        HttpUtil.setKeepAlive(response, keepAlive);
        HttpUtil.setContentLength(response, response.content().readableBytes());
        ctx.writeAndFlush(response)
                .addListener(keepAlive ? ChannelFutureListener.CLOSE_ON_FAILURE : ChannelFutureListener.CLOSE);
    }

    private void releaseBody() {
        if (body != null) {
            pool.give(body);
            body = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        releaseBody();
        if (late != null) {
            Answer answer = late;
            late = null;
            firehose.settled(answer, false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Clients that go away in the middle of something are what the lab is for.
        if (!(cause instanceof IOException)) {
            System.err.print("sluice-lab: a connection is closed because of an error of the lab: ");
            cause.printStackTrace();
        }
        ctx.close();
    }
}
