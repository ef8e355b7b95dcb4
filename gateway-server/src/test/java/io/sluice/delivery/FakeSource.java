package io.sluice.delivery;

import io.sluice.journal.BlockManifest;
import io.sluice.journal.BlockSource;
import io.sluice.journal.Receipt;
import io.sluice.journal.SealedBlock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** A journal in memory: hands out each block once, and remembers the marks. */
public final class FakeSource implements BlockSource {

    private final LinkedBlockingDeque<SealedBlock> blocks = new LinkedBlockingDeque<>();
    private final AtomicInteger pending = new AtomicInteger();
    final List<SealedBlock> marked = new ArrayList<>();
    final List<Receipt> receipts = new ArrayList<>();
    /** Whether each block that is delivered gets a manifest. */
    boolean keepsManifests;

    final Deque<BlockManifest> manifests = new ArrayDeque<>();
    final List<BlockManifest> manifested = new ArrayList<>();
    int maintained;
    /** Whether a poll is a mistake. */
    volatile boolean closed;

    /** How long the last poll was to wait. */
    long timeoutNanos;

    /** Whether poll waits; a test that drives the rounds itself does not. */
    boolean waits;

    /** By group, what was not wanted. */
    private final Map<String, Deque<SealedBlock>> aside = new LinkedHashMap<>();

    private final AtomicLong pendingRecords = new AtomicLong();

    void seal(SealedBlock... sealed) {
        for (SealedBlock block : sealed) {
            pending.incrementAndGet();
            pendingRecords.addAndGet(block.records());
            blocks.add(block);
        }
    }

    @Override
    public SealedBlock poll(long timeoutNanos, Predicate<String> wanted) throws InterruptedException {
        if (closed) {
            throw new IllegalStateException("polled although closed");
        }
        this.timeoutNanos = timeoutNanos;
        for (Map.Entry<String, Deque<SealedBlock>> group : aside.entrySet()) {
            if (!group.getValue().isEmpty() && wanted.test(group.getKey())) {
                return group.getValue().poll();
            }
        }
        SealedBlock block = waits ? blocks.poll(timeoutNanos, TimeUnit.NANOSECONDS) : blocks.poll();
        while (block != null && !wanted.test(block.group())) {
            aside.computeIfAbsent(block.group(), g -> new ArrayDeque<>()).add(block);
            block = blocks.poll();
        }
        return block;
    }

    @Override
    public void maintain() {
        maintained++;
    }

    @Override
    public synchronized void delivered(SealedBlock block, Receipt receipt) {
        marked.add(block);
        receipts.add(receipt);
        if (keepsManifests) {
            manifests.add(manifest(block, receipt));
        }
        pending.decrementAndGet();
        pendingRecords.addAndGet(-block.records());
    }

    static BlockManifest manifest(SealedBlock block, Receipt receipt) {
        return new BlockManifest(
                block.incarnation(),
                block.log(),
                block.block(),
                block.group(),
                block.encoding(),
                block.bytes().remaining(),
                block.records(),
                block.rawLength(),
                block.crc32(),
                block.firstReceivedMillis(),
                block.summary(),
                receipt);
    }

    @Override
    public synchronized BlockManifest pollManifest() {
        return manifests.poll();
    }

    @Override
    public synchronized void manifested(BlockManifest manifest) {
        manifested.add(manifest);
    }

    @Override
    public void giveBack(SealedBlock block) {
        blocks.add(block);
    }

    long pendingRecords() {
        return pendingRecords.get();
    }

    @Override
    public long pendingBlocks() {
        return pending.get();
    }
}
