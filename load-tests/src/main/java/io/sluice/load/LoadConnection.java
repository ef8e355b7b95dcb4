package io.sluice.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One connection to the gateway and the requests under way on it, answered in their order.
 *
 * <p>Confined to its loop. A buffer that it writes is retained for the socket, which releases it.
 */
final class LoadConnection extends ChannelInboundHandlerAdapter implements AnswerParser.Listener {

    private final LoadLoop loop;
    private final int churn;
    private final AnswerParser parser = new AnswerParser(this);
    private final Queue<Request> underWay = new ArrayDeque<>();
    private Channel channel;
    private int requests;
    private boolean closing;

    LoadConnection(LoadLoop loop, int churn) {
        this.loop = loop;
        this.churn = churn;
    }

    /** Whether a request may be sent on it. */
    boolean isOpen() {
        return channel != null && !closing && channel.isActive();
    }

    void send(Request request, ByteBuf bytes) {
        requests++;
        if (churn > 0 && requests >= churn) {
            closing = true;
        }
        underWay.add(request);
        channel.writeAndFlush(bytes.retain(), channel.voidPromise());
    }

    /** Closes it in order: what is under way may still be answered until the loop gives up. */
    void close() {
        closing = true;
        channel.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        loop.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            parser.read(in);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        loop.pump();
    }

    @Override
    public void answer(int status, int retryAfterSeconds, boolean close, byte[] body, int bodyLength) {
        Request request = underWay.poll();
        if (request == null) {
            throw new IllegalStateException("an answer without a request, status " + status);
        }
        closing |= close;
        loop.answered(this, request, status, retryAfterSeconds, body, bodyLength);
        if (closing && underWay.isEmpty()) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        if (!underWay.isEmpty()) {
            loop.lost();
        }
        while (!underWay.isEmpty()) {
            loop.unanswered(underWay.poll());
        }
        loop.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        loop.failed(cause);
        context.close();
    }
}
