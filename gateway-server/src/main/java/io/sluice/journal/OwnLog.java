package io.sluice.journal;

import io.sluice.metrics.Cells;
import io.sluice.record.Encoding;
import io.sluice.ring.BlockSummary;
import io.sluice.ring.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sealed blocks of a log that this process writes: from memory while they fit, else read from behind the committer.
 *
 * <p>Confined to delivery. What it reads lies before the last good sync, so every byte of it must verify.
 */
final class OwnLog implements LogSource {

    /** Blocks read and set aside in one call. */
    private static final int LOOKS = 64;

    /** Above those below which the journal is not ready, so that it need not come to that. */
    private static final int ENOUGH_SEGMENTS = Journal.SEGMENTS_TO_READY + 1;

    private static final Logger LOG = LoggerFactory.getLogger(OwnLog.class);

    private final UUID incarnation;
    private final int log;
    private final Groups groups;
    private final LiveBlocks live;
    private final SegmentPool pool;
    private final SegmentReader reader;
    private final BlockAssembler assembler;
    private final Marks marks;
    private final SetAside aside;

    private boolean more;

    /** Reads single SEALs. */
    private final SegmentReader seals;
    /** Marks that each block needs. */
    private final int marksOwed;

    /** The segment being read, pinned; {@code null} if nothing is read. */
    private Segment segment;
    /** Offset up to which it has been read. */
    private int readTo;
    /** Blocks whose SEALs should have been met and were not: they have decayed. */
    private final ArrayDeque<LiveBlocks.Left> lost = new ArrayDeque<>();
    /** What verifies of those. */
    private final ArrayDeque<Handed> recovered = new ArrayDeque<>();

    OwnLog(
            UUID incarnation,
            int log,
            Groups groups,
            LiveBlocks live,
            SegmentPool pool,
            SegmentReaders readers,
            Marks marks,
            boolean manifests,
            Cells cells) {
        this.incarnation = incarnation;
        this.log = log;
        this.groups = groups;
        this.live = live;
        this.pool = pool;
        this.marks = marks;
        marksOwed = manifests ? 2 : 1;
        reader = readers.reader();
        seals = readers.ahead();
        aside = new SetAside(this, readers, live.memory(), "log " + log, cells);
        assembler = new BlockAssembler("log " + log, live.memory(), cells);
    }

    @Override
    public Handed next(Predicate<String> wanted) throws IOException {
        more = false;
        Handed waited = aside.waited(wanted);
        if (waited != null || aside.isWaiting()) {
            return waited;
        }
        Handed handed = aside.held(wanted);
        if (handed == null) {
            handed = fromMemory(wanted);
        }
        if (handed != null) {
            return handed;
        }
        if (live.isBacklog()) {
            free();
        }
        int looks = LOOKS;
        while (!recovered.isEmpty() || live.isBacklog()) {
            if (looks-- == 0) {
                more = true;
                return null;
            }
            Handed found = recovered.isEmpty() ? readOn() : recovered.poll();
            if (found != null) {
                Handed next = aside.offer(found, wanted);
                if (next != null || aside.isWaiting()) {
                    return next;
                }
            }
        }
        return fromMemory(wanted);
    }

    private Handed fromMemory(Predicate<String> wanted) {
        for (BlockState block = live.poll(); block != null; block = live.poll()) {
            Handed handed = fromMemory(block);
            if (wanted.test(handed.block.group())) {
                return handed;
            }
            aside.hold(handed);
        }
        return null;
    }

    /** What the committer lacks memory for is read from the log, and so may be what lies here unwanted. */
    private void free() {
        for (Handed handed = aside.drop(); handed != null; handed = aside.drop()) {
            live.giveBack(handed.memory);
            handed.memory = null;
        }
    }

    @Override
    public boolean hasMore() {
        return more;
    }

    @Override
    public SetAside aside() {
        return aside;
    }

    @Override
    public long open(SegmentReader reader, long atLeast) throws IOException {
        Segment found = pool.pinAfter(atLeast - 1);
        if (found == null) {
            return -1;
        }
        try {
            reader.open(found.path, found.header, SegmentHeader.BYTES, found.syncedEnd);
            return found.sequence;
        } finally {
            // Whoever was set aside holds it.
            pool.unpin(found);
        }
    }

    @Override
    public void foundAgain(Handed handed, FoundBlock found) {
        int lost = handed.block.records() - found.records();
        if (lost > 0) {
            live.lost(lost, handed.bytes - found.bytes().limit());
            handed.bytes = found.bytes().limit();
        }
        handed.block = Blocks.sealed(incarnation, log, groups, found);
        handed.room = found.room();
    }

    /** Reads to the next block, or at most to the end of a segment. */
    private Handed readOn() throws IOException {
        if (segment == null) {
            begin();
        }
        // Looked at before reading: only what had ended by then is read to its end by now. The committer goes on
        // meanwhile, in this segment and perhaps in the next.
        long head = live.headSequence();
        Handed found = read();
        if (found != null) {
            return found;
        }
        if (segment.sequence != head) {
            advance();
        } else if (live.caughtUp(segment.sequence, readTo, lost)) {
            recover();
            end();
        }
        return null;
    }

    private void begin() throws IOException {
        Segment first = pool.pin(live.startSequence());
        if (first == null) {
            throw new IllegalStateException("segment " + live.startSequence() + " was recycled before it was read");
        }
        try {
            reader.open(first.path, first.header, live.startOffset(), first.syncedEnd);
        } catch (IOException e) {
            pool.unpin(first);
            throw e;
        }
        segment = first;
    }

    private void advance() throws IOException {
        Segment next = pool.pinAfter(segment.sequence);
        try {
            reader.open(next.path, next.header, SegmentHeader.BYTES, next.syncedEnd);
        } catch (IOException e) {
            pool.unpin(next);
            throw e;
        }
        pool.unpin(segment);
        segment = next;
    }

    private void end() throws IOException {
        pool.unpin(segment);
        segment = null;
        assembler.clear();
        reader.close();
    }

    /** Reads to the next block, or to the end of what is synced of the segment. */
    private Handed read() throws IOException {
        while (true) {
            readTo = segment.syncedEnd;
            reader.limit(readTo);
            if (!reader.next()) {
                if (reader.atLimit()) {
                    return null;
                }
                LOG.error(
                        "segment {} of log {} is damaged at offset {}, of blocks there what verifies is kept",
                        segment.sequence,
                        log,
                        reader.position());
                if (!reader.skipToNext()) {
                    reader.skipToLimit();
                    continue;
                }
            }
            Handed found = take(reader.buffer(), reader.at());
            if (found != null) {
                return found;
            }
        }
    }

    private Handed take(ByteBuffer buffer, int at) throws IOException {
        if (Frame.type(buffer, at) == Frame.DATA) {
            assembler.data(buffer, at, segment.sequence);
            return null;
        }
        if (Frame.type(buffer, at) != Frame.SEAL) {
            return null;
        }
        if (!live.isToBeRead(segment.sequence, reader.offset())) {
            assembler.drop(Frame.block(buffer, at));
            return null;
        }
        FoundBlock found = assembler.seal(buffer, at, segment.sequence);
        if (Frame.chunk(buffer, at) == 0) {
            // Nothing of it counts, and nothing of it was left to be read.
            return null;
        }
        LiveBlocks.Left left = live.met(Frame.block(buffer, at), lost);
        recover();
        return hand(left, found, found == null || found.summary() == null ? -1 : reader.offset());
    }

    /** Ends the blocks whose SEALs have decayed, as recovery does. */
    private void recover() {
        for (LiveBlocks.Left left = lost.poll(); left != null; left = lost.poll()) {
            Handed handed = hand(left, assembler.sealLost(left.id(), left.sealSequence()), -1);
            if (handed != null) {
                recovered.add(handed);
            }
        }
    }

    /** @param found what verifies of the block, or {@code null} if that is nothing: then its segments are let go */
    private Handed hand(LiveBlocks.Left left, FoundBlock found, int sealOffset) {
        if (found == null) {
            live.settled(left.records(), left.bytes());
            pool.unpin(left.first());
            return null;
        }
        if (found.records() != left.records()) {
            live.lost(
                    left.records() - found.records(),
                    left.bytes() - found.bytes().limit());
        }
        return new Handed(
                this,
                Blocks.sealed(incarnation, log, groups, found),
                found.id(),
                found.sealSequence(),
                sealOffset,
                left.first().sequence,
                left.first(),
                null,
                found.room(),
                marksOwed);
    }

    private Handed fromMemory(BlockState block) {
        Extent extent = block.now;
        ByteBuffer bytes = block.slice(0, extent.bytes).asReadOnlyBuffer();
        BlockSummary summary = extent.summaryBytes == 0
                ? null
                : BlockSummary.read(
                        block.slice(extent.bytes, extent.summaryBytes).order(ByteOrder.LITTLE_ENDIAN));
        Encoding encoding = Encoding.ofId(block.encoding);
        SealedBlock sealed = new SealedBlock(
                incarnation,
                log,
                block.id,
                groups.name(block.group),
                encoding,
                bytes,
                extent.records,
                extent.rawLength,
                extent.crc32,
                block.firstReceivedMillis,
                summary == null ? Blocks.summary(encoding, bytes) : summary);
        return new Handed(
                this,
                sealed,
                block.id,
                block.last.sequence,
                summary == null ? -1 : block.lastOffset,
                block.first.sequence,
                block.first,
                block,
                null,
                marksOwed);
    }

    @Override
    public Marks marks() {
        return marks;
    }

    @Override
    public void delivered(Handed handed, SealedBlock block) {
        live.settled(block.records(), handed.bytes);
        handed.freeRoom();
        if (handed.memory != null) {
            live.giveBack(handed.memory);
            handed.memory = null;
        }
    }

    @Override
    public void settled(Handed handed) {
        pool.unpin(handed.first);
    }

    @Override
    public BlockManifest manifest(Handed handed) throws IOException {
        return Blocks.manifest(incarnation, log, groups, seals, pool.find(handed.sealSequence).path, handed);
    }

    @Override
    public boolean isHeldBy(long firstSequence, int manifests) {
        return pool.isHeldBy(firstSequence, manifests);
    }

    /** Whether there is hardly any room left to write. */
    boolean isShort() {
        return pool.freeSegments() < ENOUGH_SEGMENTS;
    }

    /** Marks how far nothing is needed any more, so that the next start need not read it. */
    void markSettled(long epochMillis) {
        Segment last = pool.pinSettled();
        if (last != null) {
            // Pinned, lest its file of marks be handed on under the write.
            last.marksFailed = !marks.settled(last.sequence, epochMillis);
            pool.unpin(last);
        }
    }

    @Override
    public void close() throws IOException {
        aside.close();
        marks.close();
        reader.close();
        seals.close();
    }
}
