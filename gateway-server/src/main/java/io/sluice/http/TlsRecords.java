package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Knows whether a record of TLS has come in part, of which nothing is handed on before it is whole: a request may have
 * begun of which those behind TLS have not heard.
 *
 * <p>Stands before TLS. Confined to its loop. Looks at five bytes a record, of at most 16 KiB, and keeps none.
 */
final class TlsRecords extends ChannelInboundHandlerAdapter {

    /** Type, version, and in the last two bytes the length of what follows (RFC 8446, section 5.1). */
    private static final int HEADER_BYTES = 5;

    /** Bytes that have come of a header. */
    private int header;

    private int length;
    /** Bytes that are to come of the record whose header was the last. */
    private int rest;

    private boolean begun;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        begun |= in.isReadable();
        for (int at = in.readerIndex(), end = in.writerIndex(); at < end; ) {
            if (rest > 0) {
                int bytes = Math.min(rest, end - at);
                rest -= bytes;
                at += bytes;
            } else {
                length = length << 8 & 0xFF00 | in.getUnsignedByte(at++);
                if (++header == HEADER_BYTES) {
                    header = 0;
                    rest = length;
                }
            }
        }
        ctx.fireChannelRead(message);
    }

    /** Whether anything has come at all. */
    boolean begun() {
        return begun;
    }

    /** Whether the last record is not whole. */
    boolean holdsPart() {
        return header > 0 || rest > 0;
    }
}
