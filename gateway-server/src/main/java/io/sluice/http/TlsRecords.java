package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Looks at the records of TLS before they are decrypted, of which nothing is handed on before one is whole.
 *
 * <p>It knows whether one has come in part: a request may have begun of which those behind TLS have not heard.
 *
 * <p>It keeps back what may be a client's close_notify while that client waits for answers. He says by it that he sends
 * no more (RFC 8446, section 6.1), but BoringSSL, as TLS 1.2 had it, answers in kind at once, and nothing can be sent
 * after that. From outside, TLS 1.2 shows that a record is an alert; in TLS 1.3 it looks like any that holds two bytes.
 * Nothing follows a close_notify, so what is followed by more is handed on with that; and what is none has waited for
 * an answer that was due before it.
 *
 * <p>Confined to its loop. Looks at five bytes a record, of at most 16 KiB; owns the record that it keeps back.
 */
final class TlsRecords extends ChannelInboundHandlerAdapter {

    /** Type, version, and in the last two bytes the length of what follows (RFC 8446, section 5.1). */
    private static final int HEADER_BYTES = 5;

    private static final int ALERT = 21;
    private static final int DATA = 23;

    /** Of an alert in TLS 1.3: level, description, the true type, and the tag that all of its ciphers have. */
    private static final int HIDDEN_ALERT_BYTES = 2 + 1 + 16;

    /** Whose answers are waited for. */
    private Connection connection;

    private ChannelHandlerContext context;

    /** Bytes that have come of a header. */
    private int header;

    private int type;
    private int length;
    /** Bytes that are to come of the record whose header was the last. */
    private int rest;
    /** The end of a record that may be a close_notify, or {@code null}. */
    private ByteBuf held;

    TlsRecords(Connection connection) {
        this.connection = connection;
    }

    /** From now on, the records are for this one. */
    void serve(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        handOn();
        ByteBuf in = (ByteBuf) message;
        int last = in.readerIndex();
        for (int at = last, end = in.writerIndex(); at < end; ) {
            if (rest > 0) {
                int bytes = Math.min(rest, end - at);
                rest -= bytes;
                at += bytes;
            } else {
                if (header == 0) {
                    last = at;
                    type = in.getUnsignedByte(at);
                }
                length = length << 8 & 0xFF00 | in.getUnsignedByte(at++);
                if (++header == HEADER_BYTES) {
                    header = 0;
                    rest = length;
                }
            }
        }
        if (!holdsPart() && (type == ALERT || type == DATA && length == HIDDEN_ALERT_BYTES)) {
            holdBack(ctx, in, last);
        } else {
            ctx.fireChannelRead(in);
        }
    }

    /** @param last where the record begins that the bytes end with, or goes on */
    private void holdBack(ChannelHandlerContext ctx, ByteBuf in, int last) {
        ByteBuf end = ctx.alloc().buffer(in.writerIndex() - last);
        end.writeBytes(in, last, in.writerIndex() - last);
        in.writerIndex(last);
        held = end;
        if (in.isReadable()) {
            // The requests that it brings are known when this returns.
            ctx.fireChannelRead(in);
        } else {
            in.release();
        }
        connectionMoved();
    }

    /** The connection may wait for no answer any more: then what was kept back is handed on. */
    void connectionMoved() {
        if (held != null && (connection.gone || !connection.awaitsAnswer() && !connection.paused())) {
            handOn();
            // What the connection waits for now is found out at the end of what was read.
            context.fireChannelReadComplete();
        }
    }

    private void handOn() {
        if (held != null) {
            ByteBuf record = held;
            held = null;
            context.fireChannelRead(record);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    /** Whether the last record is not whole. */
    boolean holdsPart() {
        return header > 0 || rest > 0;
    }
}
