package io.sluice.journal;

import io.sluice.record.Encoding;
import io.sluice.ring.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The open blocks of a log, and how far each reaches: as staged, as of the last good sync, and as before the ticket
 * under way.
 *
 * <p>Role: refuses a frame that would leave a gap; knows after a failure where each block ends; publishes the blocks
 * that a sync has completed. Confined to the committer, but for the lock of {@link LiveBlocks}, taken once a sync.
 * Ownership: an open block's until it is published. Cost: no allocation a frame.
 */
final class BlockLedger {

    private final SegmentPool pool;
    private final LiveBlocks live;
    private final OpenBlocks blocks = new OpenBlocks();
    /** Blocks that no producer will continue, to be ended by a SEAL of ours. */
    private final ArrayDeque<BlockState> orphans = new ArrayDeque<>();

    // The ticket under way.
    private long ticketNumber;
    private BlockState[] touched = new BlockState[64];
    private int touchedBlocks;
    private int dirtyBefore;
    private int sealedBefore;

    /** Blocks that changed since the last good sync. */
    private BlockState[] dirty = new BlockState[64];

    private int dirtyBlocks;

    /** Blocks that were sealed since then, in the order of their SEALs: delivery reads the log in that order. */
    private BlockState[] sealed = new BlockState[64];

    private int sealedBlocks;

    BlockLedger(SegmentPool pool, LiveBlocks live) {
        this.pool = pool;
        this.live = live;
    }

    /** Blocks that will need a SEAL, be it their producer's or ours. */
    int unended() {
        return blocks.size() + orphans.size();
    }

    boolean hasOrphans() {
        return !orphans.isEmpty();
    }

    /** Those to be ended; each stays listed until the sync of its SEAL. */
    Iterable<BlockState> orphans() {
        return orphans;
    }

    /** Begins a ticket, which {@link #keepTicket} or {@link #undoTicket} ends. */
    void beginTicket() {
        ticketNumber++;
        touchedBlocks = 0;
        dirtyBefore = dirtyBlocks;
        sealedBefore = sealedBlocks;
    }

    void keepTicket() {
        for (int i = 0; i < touchedBlocks; i++) {
            touched[i].fresh = false;
        }
    }

    /** Takes back what the ticket under way did to its blocks. */
    void undoTicket() {
        while (sealedBlocks > sealedBefore) {
            sealed[--sealedBlocks] = null;
        }
        while (dirtyBlocks > dirtyBefore) {
            dirty[--dirtyBlocks].dirty = false;
            dirty[dirtyBlocks] = null;
        }
        for (int i = 0; i < touchedBlocks; i++) {
            BlockState block = touched[i];
            block.now.copyFrom(block.before);
            if (block.fresh) {
                blocks.remove(block);
                drop(block);
            }
        }
    }

    /**
     * Takes up a DATA frame of the ticket under way.
     *
     * @param frames where it lies, as its producer wrote it
     * @param offset where it will lie in the segment
     * @throws IllegalStateException if it does not go on where its block stands
     */
    void data(ByteBuffer frames, int at, int payload, Segment segment, int offset) {
        long id = Frame.block(frames, at);
        BlockState block = blocks.get(id);
        int chunk = Frame.chunk(frames, at);
        if (block == null && chunk == 0) {
            block = begin(id, frames, at, segment, offset);
        }
        checkNext(block, chunk);
        touch(block);
        Extent now = block.now;
        int bytes = Frame.blockBytes(frames, at);
        if (bytes != now.bytes + payload) {
            throw new IllegalStateException("a block of " + bytes + " bytes, expected " + (now.bytes + payload));
        }
        block.assemble(now.bytes, frames, at + Frame.HEADER_BYTES, payload);
        now.chunks = chunk + 1;
        now.records = Frame.blockRecords(frames, at);
        now.rawLength = Frame.blockRawLength(frames, at);
        now.crc32 = Frame.blockCrc32(frames, at);
        now.bytes = bytes;
        block.policyVersion = Frame.policyVersion(frames, at);
    }

    /** Takes up a SEAL of the ticket under way; as {@link #data}. */
    void seal(ByteBuffer frames, int at, int payload, Segment segment, int offset) {
        BlockState block = blocks.get(Frame.block(frames, at));
        checkNext(block, Frame.chunk(frames, at));
        int trailer = payload < Short.BYTES ? -1 : frames.getShort(at + Frame.HEADER_BYTES) & 0xffff;
        int summary = payload - Short.BYTES - trailer;
        if (trailer < 0 || summary < 0 || Frame.blockBytes(frames, at) != block.now.bytes + trailer) {
            throw new IllegalStateException("a SEAL of " + payload + " bytes that does not add up");
        }
        touch(block);
        Extent now = block.now;
        // Trailer and summary lie one behind the other, as in the frame.
        block.assemble(now.bytes, frames, at + Frame.HEADER_BYTES + Short.BYTES, trailer + summary);
        now.bytes += trailer;
        now.summaryBytes = (Frame.flags(frames, at) & Frame.FLAG_NO_SUMMARY) != 0 ? 0 : summary;
        markSealed(block, segment, offset);
    }

    /** Takes up our own SEAL of an orphan. */
    void end(BlockState orphan, byte[] trailer, Segment segment, int offset) {
        Extent end = orphan.now;
        orphan.assemble(end.bytes, trailer);
        end.bytes += trailer.length;
        end.summaryBytes = 0;
        markDirty(orphan);
        markSealed(orphan, segment, offset);
    }

    private void markSealed(BlockState block, Segment segment, int offset) {
        block.now.sealed = true;
        block.last = segment;
        block.lastOffset = offset;
        if (sealedBlocks == sealed.length) {
            sealed = Arrays.copyOf(sealed, sealedBlocks * 2);
        }
        sealed[sealedBlocks++] = block;
    }

    private static void checkNext(BlockState block, int chunk) {
        int expected = block == null ? 0 : block.now.chunks;
        if (block == null || chunk != expected || block.now.sealed) {
            throw new IllegalStateException("chunk " + chunk + " of a block, expected " + expected);
        }
    }

    private BlockState begin(long id, ByteBuffer frames, int at, Segment segment, int offset) {
        // Throws for an id that no encoding has, before anything depends on it.
        Encoding encoding = Encoding.ofId(Frame.encoding(frames, at));
        BlockState block = live.acquire();
        block.begin(id, segment, offset);
        block.encoding = encoding.id();
        block.group = Frame.group(frames, at);
        block.firstReceivedMillis = Frame.firstReceivedMillis(frames, at);
        segment.pins.incrementAndGet();
        blocks.add(block);
        return block;
    }

    /** Keeps the block as it was before this ticket. */
    private void touch(BlockState block) {
        if (block.beforeTicket == ticketNumber) {
            return;
        }
        block.beforeTicket = ticketNumber;
        block.before.copyFrom(block.now);
        if (touchedBlocks == touched.length) {
            touched = Arrays.copyOf(touched, touchedBlocks * 2);
        }
        touched[touchedBlocks++] = block;
        markDirty(block);
    }

    private void markDirty(BlockState block) {
        if (!block.dirty) {
            block.dirty = true;
            if (dirtyBlocks == dirty.length) {
                dirty = Arrays.copyOf(dirty, dirtyBlocks * 2);
            }
            dirty[dirtyBlocks++] = block;
        }
    }

    /** Forgets a block of which nothing will be delivered. */
    private void drop(BlockState block) {
        pool.unpin(block.first);
        live.release(block);
    }

    /** Takes up what a sync of this segment has made durable, and publishes the blocks that are complete by it. */
    void confirm(Segment segment) {
        segment.syncedEnd = segment.position;
        boolean news;
        synchronized (live) {
            live.head(segment.sequence, segment.position);
            for (int i = 0; i < dirtyBlocks; i++) {
                BlockState block = dirty[i];
                dirty[i] = null;
                block.dirty = false;
                block.synced.copyFrom(block.now);
            }
            for (int i = 0; i < sealedBlocks; i++) {
                publish(sealed[i]);
                sealed[i] = null;
            }
            // The reader follows every sync; what is in memory is news only with a SEAL.
            news = sealedBlocks > 0 || live.isToBeRead();
        }
        dirtyBlocks = 0;
        sealedBlocks = 0;
        tellOpen();
        if (news) {
            live.signal();
        }
    }

    private void publish(BlockState block) {
        if (blocks.get(block.id) == block) {
            blocks.remove(block);
        } else {
            orphans.remove(block);
        }
        if (block.now.chunks == 0) {
            drop(block);
            return;
        }
        if (live.cannotTake(block)) {
            BlockState earliest = earliest(block);
            live.readFrom(earliest.first.sequence, earliest.firstOffset, block);
        }
        if (!live.publish(block)) {
            live.release(block);
        }
    }

    /** The one whose first frame lies first of this block and the open ones, which are all to be found whole. */
    private BlockState earliest(BlockState block) {
        BlockState earliest = block;
        for (int i = 0; i < blocks.slots(); i++) {
            earliest = earlier(earliest, blocks.slot(i));
        }
        if (!orphans.isEmpty()) {
            for (BlockState orphan : orphans) {
                // One without a chunk will not be delivered, and its segment not held until it is read.
                if (orphan.now.chunks > 0) {
                    earliest = earlier(earliest, orphan);
                }
            }
        }
        return earliest;
    }

    private static BlockState earlier(BlockState a, BlockState b) {
        if (b == null) {
            return a;
        }
        int order = Long.compare(a.first.sequence, b.first.sequence);
        return order < 0 || order == 0 && a.firstOffset <= b.firstOffset ? a : b;
    }

    /** Says what is synced and not yet sealed. A failure changes nothing of that. */
    private void tellOpen() {
        long oldest = Long.MAX_VALUE;
        long records = 0;
        for (int i = 0; i < blocks.slots(); i++) {
            BlockState block = blocks.slot(i);
            if (block != null) {
                oldest = Math.min(oldest, block.firstReceivedMillis);
                records += block.synced.records;
            }
        }
        if (!orphans.isEmpty()) {
            for (BlockState orphan : orphans) {
                if (orphan.synced.chunks > 0) {
                    oldest = Math.min(oldest, orphan.firstReceivedMillis);
                    records += orphan.synced.records;
                }
            }
        }
        live.open(oldest, records);
    }

    /** A write or sync failed: every open block ends where it was at the last good sync, to be said by a SEAL. */
    void fallBack() {
        for (int i = 0; i < dirtyBlocks; i++) {
            dirty[i].dirty = false;
            dirty[i] = null;
        }
        dirtyBlocks = 0;
        Arrays.fill(sealed, 0, sealedBlocks, null);
        sealedBlocks = 0;
        for (int i = 0; i < blocks.slots(); i++) {
            if (blocks.slot(i) != null) {
                orphans.add(blocks.slot(i));
            }
        }
        blocks.clear();
        for (BlockState block : orphans) {
            block.now.copyFrom(block.synced);
        }
    }

    /** Producers begin new blocks: every open one ends where it is, but for those whose SEAL is written already. */
    void orphanAll() {
        int first = orphans.size();
        for (int i = 0; i < blocks.slots(); i++) {
            BlockState block = blocks.slot(i);
            if (block != null && !block.now.sealed) {
                orphans.add(block);
            }
        }
        for (BlockState orphan : orphans) {
            if (first-- <= 0) {
                blocks.remove(orphan);
            }
        }
    }
}
