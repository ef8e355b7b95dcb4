package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.protocol.FramedRequest;

/**
 * The body of one request while it comes in, and for as long as the request waits for credit.
 *
 * <p>Confined to its loop. Owns what it holds, and reads what it is given without taking it over: a body that came in
 * one piece is kept where it was read, one of several pieces is joined by a copy.
 */
final class RequestBody {

    /** First capacity of a joined body: honest ones grow it a few times, those that only announce much cost little. */
    private static final int FIRST_BYTES = 16 * 1024;

    private final int maxBytes;
    private ByteBuf held;

    RequestBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Adds a piece. The caller has made sure that all of them together are at most as large as may be. */
    void add(ByteBuf piece, boolean last, ByteBufAllocator allocator) {
        if (held == null && last) {
            held = piece.retain();
            return;
        }
        if (held == null) {
            held = allocator.buffer(Math.max(Math.min(FIRST_BYTES, maxBytes), piece.readableBytes()), maxBytes);
        }
        held.writeBytes(piece);
    }

    void copyTo(FramedRequest.Bytes bytes) {
        if (held != null) {
            int length = held.readableBytes();
            held.getBytes(held.readerIndex(), bytes.resize(length), 0, length);
        }
    }

    void release() {
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
