package io.sluice.delivery;

import io.sluice.journal.SealedBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Delivers at once, or when everything is due, and fails as often as it is told to. */
final class FakeDestination implements Destination {

    final List<SealedBlock> taken = new ArrayList<>();
    final List<SealedBlock> written = new ArrayList<>();
    volatile int failures;
    boolean onlyWhenAll;
    RuntimeException bug;
    /** Thrown once instead of taking a block. */
    RuntimeException refusal;
    /** Where a flush stands until told to go on, whoever interrupts. */
    volatile CountDownLatch hang;

    final CountDownLatch entered = new CountDownLatch(1);
    volatile boolean closed;

    @Override
    public void accept(SealedBlock block, long nowNanos) {
        if (refusal != null) {
            RuntimeException thrown = refusal;
            refusal = null;
            throw thrown;
        }
        taken.add(block);
    }

    @Override
    public void flush(long nowNanos, boolean all, Consumer<SealedBlock> delivered) throws IOException {
        if (taken.isEmpty() || onlyWhenAll && !all) {
            return;
        }
        if (hang != null) {
            entered.countDown();
            try {
                hang.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        if (bug != null) {
            RuntimeException thrown = bug;
            bug = null;
            throw thrown;
        }
        if (failures > 0) {
            failures--;
            throw new IOException("No space left on device");
        }
        List<SealedBlock> now = List.copyOf(taken);
        taken.clear();
        written.addAll(now);
        now.forEach(delivered);
    }

    @Override
    public long nanosUntilDue(long nowNanos) {
        return taken.isEmpty() || onlyWhenAll ? Long.MAX_VALUE : 0;
    }

    @Override
    public void close() {
        closed = true;
    }
}
