package io.sluice.delivery.firehose;

import io.sluice.record.Encoding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/** Blocks of one stream group that wait for a call, and the streams that may take them. Delivery thread only. */
final class Lane {

    /** Blocks of a call: so many of the largest fit one. */
    static final int MAX_BLOCKS = 4;

    final Encoding encoding;
    /** Changed by the destination alone. */
    final List<Stream> streams;

    /** Never sent, in the order in which they came. */
    private final Deque<Outgoing> fresh = new ArrayDeque<>();
    /** To be sent again, the one that is due first in front. */
    private final PriorityQueue<Outgoing> again = new PriorityQueue<>(Comparator.comparingLong(o -> o.dueNanos));

    // Kept by the destination.

    /** Blocks taken and not settled, and their bytes. */
    int windowBlocks;

    long windowBytes;
    /** Under way. */
    int calls;

    private int turn;

    Lane(Encoding encoding, List<Stream> streams) {
        this.encoding = encoding;
        this.streams = streams;
    }

    void add(Outgoing block) {
        fresh.add(block);
    }

    void again(Outgoing block, long dueNanos) {
        block.dueNanos = dueNanos;
        again.add(block);
    }

    /** The stream of this name, or {@code null}. */
    Stream stream(String name) {
        for (Stream stream : streams) {
            if (stream.name.equals(name)) {
                return stream;
            }
        }
        return null;
    }

    /** Makes everything due. */
    void hurry(long nowNanos) {
        List<Outgoing> all = new ArrayList<>(again);
        again.clear();
        for (Outgoing block : all) {
            block.pauseNanos = 0;
            again(block, Math.min(block.dueNanos, nowNanos));
        }
        for (Stream stream : streams) {
            stream.hurry(nowNanos);
        }
    }

    /** The next stream in turn that may be called now, or {@code null}. */
    Stream nextStream(long nowNanos) {
        for (int i = 0; i < streams.size(); i++) {
            int at = (turn + i) % streams.size();
            Stream stream = streams.get(at);
            if (stream.nanosUntilReady(nowNanos) == 0) {
                turn = at + 1;
                return stream;
            }
        }
        return null;
    }

    boolean hasDue(long nowNanos) {
        return nanosUntilDue(nowNanos) == 0;
    }

    /** What the stream is to be sent in one call; empty if nothing is due. What was sent before goes first. */
    List<Outgoing> nextBatch(Stream stream, long nowNanos) {
        List<Outgoing> batch = new ArrayList<>(MAX_BLOCKS);
        int limit = stream.pacer.batchBytes();
        int most = stream.isProbed() ? 1 : MAX_BLOCKS;
        int bytes = 0;
        while (batch.size() < most) {
            boolean repeated = !again.isEmpty() && again.peek().dueNanos - nowNanos <= 0;
            Outgoing next = repeated ? again.peek() : fresh.peek();
            boolean first = batch.isEmpty();
            if (next == null || !first && (next.alone || bytes + next.bytes > limit)) {
                break;
            }
            if (repeated) {
                again.remove();
            } else {
                fresh.remove();
            }
            batch.add(next);
            bytes += next.bytes;
            if (next.alone) {
                break;
            }
        }
        return batch;
    }

    /** Nanoseconds until a block may be sent, if there is a stream for it; {@link Long#MAX_VALUE} if there is none. */
    private long nanosUntilDue(long nowNanos) {
        if (!fresh.isEmpty()) {
            return 0;
        }
        return again.isEmpty() ? Long.MAX_VALUE : Math.max(0, again.peek().dueNanos - nowNanos);
    }

    /** Nanoseconds until a call may be made; {@link Long#MAX_VALUE} if something else has to happen first. */
    long nanosUntilCall(long nowNanos) {
        long due = nanosUntilDue(nowNanos);
        if (due == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long ready = Long.MAX_VALUE;
        for (Stream stream : streams) {
            ready = Math.min(ready, stream.nanosUntilReady(nowNanos));
        }
        return Math.max(due, ready);
    }
}
