package io.sluice.delivery;

import io.sluice.journal.SealedBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Delivers at once, or when everything is due, and fails as often as it is told to. */
final class FakeDestination implements Destination {

    final List<SealedBlock> taken = new ArrayList<>();
    final List<SealedBlock> written = new ArrayList<>();
    volatile int failures;
    boolean onlyWhenAll;
    RuntimeException bug;
    /** Thrown once instead of taking a block. */
    RuntimeException acceptBug;
    /** Where a flush stands until told to go on, whoever interrupts. */
    volatile CountDownLatch hang;

    final CountDownLatch entered = new CountDownLatch(1);
    volatile boolean closed;
    String refusal;
    int room = Integer.MAX_VALUE;

    @Override
    public boolean hasRoom(String group) {
        return taken.size() < room;
    }

    @Override
    public void accept(SealedBlock block, long nowNanos) {
        if (acceptBug != null) {
            RuntimeException thrown = acceptBug;
            acceptBug = null;
            throw thrown;
        }
        taken.add(block);
    }

    @Override
    public void flush(long nowNanos, boolean all, Outcomes outcomes) throws IOException {
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
        for (SealedBlock block : now) {
            if (refusal == null) {
                outcomes.delivered(block, "here");
            } else {
                outcomes.parked(block, refusal);
            }
        }
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
