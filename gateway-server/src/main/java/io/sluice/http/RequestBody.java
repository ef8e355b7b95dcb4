package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.metrics.Counter;
import io.sluice.protocol.FramedRequest;

/**
 * The body of one request while it comes in, and for as long as the request waits for credit.
 *
 * <p>Confined to its loop. Owns what it holds, and reads what it is given without taking it over: a body that came in
 * one piece stays where it was read, one of several pieces is joined by a copy. What it holds for longer comes out of
 * the loop's {@link BodyBudget}, all of it: never does it keep a buffer from being freed for which it has not paid.
 */
final class RequestBody {

    /** First capacity of a joined body: honest ones grow it a few times, those that only announce much cost little. */
    private static final int FIRST_BYTES = 16 * 1024;

    private final int maxBytes;
    private final BodyBudget budget;
    private ByteBuf held;
    private int taken;

    RequestBody(int maxBytes, BodyBudget budget) {
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /**
     * Adds a piece. The caller has made sure that all of them together are at most as large as may be.
     *
     * @return false if there is no memory for it; {@link #release} follows
     */
    boolean add(ByteBuf piece, boolean last, ByteBufAllocator allocator) {
        if (held == null && last) {
            // Most are offered and released at once; the others pass hold.
            held = piece.retain();
            return true;
        }
        try {
            if (!makeRoom(piece.readableBytes(), allocator)) {
                return false;
            }
        } catch (OutOfMemoryError failure) {
            if (BodyBudget.exhausted(failure)) {
                return false;
            }
            throw failure;
        }
        held.writeBytes(piece);
        return true;
    }

    private boolean makeRoom(int bytes, ByteBufAllocator allocator) {
        if (held == null) {
            int first = Math.max(Math.min(FIRST_BYTES, maxBytes), bytes);
            if (!take(first)) {
                return false;
            }
            held = allocator.buffer(first, maxBytes);
        } else if (bytes > held.writableBytes()) {
            int more = Math.min(maxBytes, Math.max(2 * held.capacity(), held.readableBytes() + bytes));
            if (!take(more - held.capacity())) {
                return false;
            }
            held.capacity(more);
        }
        return true;
    }

    /**
     * Whether the body may be held for longer than this moment. If not, {@link #release} follows. One that is the
     * lesser part of what it was read into is copied, so that it does not keep the rest with it.
     */
    boolean hold() {
        if (held == null || taken > 0) {
            return true;
        }
        int length = held.readableBytes();
        int pinned = pinnedBytes(held);
        if (length >= pinned / 2) {
            return take(pinned);
        }
        if (!take(length)) {
            return false;
        }
        try {
            ByteBuf copy = held.alloc().buffer(length, length);
            copy.writeBytes(held, held.readerIndex(), length);
            held.release();
            held = copy;
            return true;
        } catch (OutOfMemoryError failure) {
            if (BodyBudget.exhausted(failure)) {
                return false;
            }
            throw failure;
        }
    }

    /** Bytes of the buffer of which this is a part: as long as this is held, all of them are. */
    private static int pinnedBytes(ByteBuf part) {
        ByteBuf whole = part;
        while (whole.unwrap() != null) {
            whole = whole.unwrap();
        }
        return Math.max(whole.capacity(), part.readableBytes());
    }

    /** What to count when there was no memory. */
    Counter limit() {
        return budget.limit();
    }

    private boolean take(int bytes) {
        if (!budget.tryTake(bytes)) {
            return false;
        }
        taken += bytes;
        return true;
    }

    void copyTo(FramedRequest.Bytes bytes) {
        if (held != null) {
            int length = held.readableBytes();
            held.getBytes(held.readerIndex(), bytes.resize(length), 0, length);
        }
    }

    void release() {
        budget.give(taken);
        taken = 0;
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
