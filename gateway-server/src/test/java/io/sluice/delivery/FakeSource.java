package io.sluice.delivery;

import io.sluice.journal.BlockManifest;
import io.sluice.journal.BlockSource;
import io.sluice.journal.Receipt;
import io.sluice.journal.SealedBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A journal in memory: hands out each block once, and remembers the marks. */
final class FakeSource implements BlockSource {

    private final LinkedBlockingDeque<SealedBlock> blocks = new LinkedBlockingDeque<>();
    private final AtomicInteger pending = new AtomicInteger();
    final List<SealedBlock> marked = new ArrayList<>();
    /** Whether poll waits; a test that drives the rounds itself does not. */
    boolean waits;

    void seal(SealedBlock... sealed) {
        for (SealedBlock block : sealed) {
            pending.incrementAndGet();
            blocks.add(block);
        }
    }

    @Override
    public SealedBlock poll(long timeoutNanos) throws InterruptedException {
        return waits ? blocks.poll(timeoutNanos, TimeUnit.NANOSECONDS) : blocks.poll();
    }

    @Override
    public synchronized void delivered(SealedBlock block, Receipt receipt) {
        marked.add(block);
        pending.decrementAndGet();
    }

    @Override
    public BlockManifest pollManifest() {
        return null;
    }

    @Override
    public void manifested(BlockManifest manifest) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void giveBack(SealedBlock block) {
        blocks.add(block);
    }

    @Override
    public long pendingBlocks() {
        return pending.get();
    }
}
