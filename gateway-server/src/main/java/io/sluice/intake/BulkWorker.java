package io.sluice.intake;

import io.sluice.common.Clock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.record.LineBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Decodes what would hold up a loop: one request after the other, of all loops, on a thread that nobody else waits for.
 *
 * <p>Role: from a request's bytes to its lines, nothing more; the loop stages them, and so keeps the order of answers,
 * the credit, and the ticket. Threads: its own, which is started by the first request, and {@link #add} and
 * {@link #taken} from any loop, without a lock. Ownership: one pair of line buffers, lent to the loop of the request
 * that was done last until that has taken them; until then it rests, so that a disk that stands still holds it back,
 * too. Cost: allocates what a request's copy takes; takes no more than its share of a processor.
 *
 * <pre>
 *   loop: too dear ──add──▶ queue ──▶ decode ──handBack──▶ loop: lines to staging ──taken──▶ next
 * </pre>
 */
final class BulkWorker implements AutoCloseable {

    private final Clock clock;
    private final Decoding decoding;
    private final LineBuffer lines;
    private final LineBuffer rejected;
    private final Cells cells;
    private final int percent;
    private final Consumer<Throwable> fatal;
    private final ConcurrentLinkedQueue<BulkRequest> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean lent;
    private volatile boolean closed;

    /**
     * @param decoding its own, the sink of which has {@code rejected}
     * @param fatal gets what leaves it unable to go on
     * @param threads makes its one thread
     */
    BulkWorker(
            Clock clock,
            Decoding decoding,
            LineBuffer lines,
            LineBuffer rejected,
            Cells cells,
            int percent,
            Consumer<Throwable> fatal,
            ThreadFactory threads) {
        this.clock = clock;
        this.decoding = decoding;
        this.lines = lines;
        this.rejected = rejected;
        this.cells = cells;
        this.percent = percent;
        this.fatal = fatal;
        thread = threads.newThread(this::run);
    }

    /** Takes a request, and hands it back when it is decoded. Any loop. */
    void add(BulkRequest request) {
        queue.add(request);
        wake();
    }

    /** The lines of the request that was handed back last have been copied. */
    void taken() {
        lent = false;
        wake();
    }

    private void wake() {
        if (!started.get() && started.compareAndSet(false, true)) {
            thread.start();
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        try {
            while (!closed) {
                long began = clock.nanoTime();
                if (decodeNext()) {
                    long now = clock.nanoTime();
                    rest(now + (now - began) * (100 - percent) / percent);
                } else {
                    LockSupport.park(this);
                }
            }
        } catch (Throwable e) {
            fatal.accept(e);
        }
    }

    private void rest(long untilNanos) {
        for (long left; !closed && (left = untilNanos - clock.nanoTime()) > 0; ) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** Decodes a request and hands it back. @return false if there is none, or the last one has not been taken yet */
    boolean decodeNext() {
        BulkRequest next = lent ? null : queue.poll();
        if (next == null) {
            return false;
        }
        lines.clear();
        rejected.clear();
        try {
            decoding.decode(next.request, next.shop, lines, next.outcome, 0);
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError && !(e instanceof StackOverflowError)) {
                throw e;
            }
            // Of this request alone, as on a loop.
            next.failure = e;
        }
        next.lines = lines;
        next.rejected = rejected;
        cells.increment(Counter.BULK_REQUESTS);
        lent = true;
        next.handBack();
        return true;
    }

    /** Ends it, whatever it is at; requests that it has are not handed back. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
