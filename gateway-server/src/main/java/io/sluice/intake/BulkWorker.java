package io.sluice.intake;

import io.sluice.common.Clock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.record.LineBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Decodes what would hold up a loop: one request after the other, of all loops, on a thread that nobody else waits for.
 *
 * <p>Role: from a request's bytes to its lines, nothing more; the loop stages them, and so keeps the order of answers,
 * the credit, and the ticket. Threads: its own, which is started by the first request, and {@link #add} and
 * {@link #taken} from any loop, without a lock. Ownership: one pair of line buffers, lent to the loop of the request
 * that was done last until that has taken them; until then it rests, so that a disk that stands still holds it back,
 * too. Cost: allocates what a request's copy takes, {@value BulkConfig#MOST_BYTES} bytes in all; takes no more than its
 * share of a processor. With nothing to do, its sink has forgotten what it saw.
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
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean lent;
    /** When the request was begun that it decodes, or 0. */
    private volatile long busySinceNanos;

    /** Its sink may know something of requests that it has decoded. */
    private boolean remembers;

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

    /** Whether a request of so many bytes may be copied and added; if so, they are its until it is taken. Any loop. */
    boolean reserve(int more) {
        if (bytes.addAndGet(more) > BulkConfig.MOST_BYTES) {
            bytes.addAndGet(-more);
            return false;
        }
        return true;
    }

    /** Takes a request that was reserved for, and hands it back when it is decoded. Any loop. */
    void add(BulkRequest request) {
        queue.add(request);
        wake();
    }

    /** The lines of this request, which was handed back last, have been copied. */
    void taken(BulkRequest request) {
        bytes.addAndGet(-request.request.bytes());
        lent = false;
        wake();
    }

    /** For how long it has been at one request; 0 if at none, be it that its lines are lent. Any thread. */
    long busyNanos() {
        long since = busySinceNanos;
        return since == 0 ? 0 : Math.max(0, clock.nanoTime() - since);
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
            if (remembers) {
                // The next one may come in weeks.
                remembers = false;
                decoding.forget();
            }
            return false;
        }
        remembers = true;
        // Odd, since 0 means none.
        busySinceNanos = clock.nanoTime() | 1;
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
        busySinceNanos = 0;
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
