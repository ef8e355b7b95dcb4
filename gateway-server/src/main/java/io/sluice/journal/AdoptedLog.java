package io.sluice.journal;

import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.ring.Frame;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sealed blocks of a log whose writer is gone: recovery.
 *
 * <p>Confined to delivery. It reads the chain once, forward, and hands out each block at its SEAL. At the end of the
 * chain it ends the blocks that were open by SEALs in a new segment, which appears whole or not at all, and then hands
 * those out, too. Nothing else is written, so it can be broken off anywhere and begun again.
 */
final class AdoptedLog implements LogSource {

    private static final Logger LOG = LoggerFactory.getLogger(AdoptedLog.class);

    /** Most bytes read in one call, about: others have their turn in between. */
    private static final int TURN_BYTES = 1 << 20;

    private final Storage storage;
    private final Path directory;
    private final UUID incarnation;
    private final int log;
    private final Groups groups;
    private final Cells cells;
    private final RandomGenerator random;
    private SegmentReader reader;
    /** Looks at the beginning of the segment behind the one being read. */
    private SegmentReader ahead;

    private final BlockAssembler assembler;
    private final Marks marks;
    private final SetAside aside;
    /** Not wanted, when there was no room to set it aside: the log waits. */
    private Handed waiting;

    private final List<Path> segments;

    private LongSet delivered;
    /** Handed out by this pass: a block has one SEAL that counts. */
    private final LongSet emitted = new LongSet();
    /** Blocks that the next segment begins by ending, since their last frames in this one failed. */
    private LongSet endedAhead = new LongSet();

    private boolean framesAhead;
    /** Whether what is being read lies behind the tear of a last commit. */
    private boolean tail;

    private final SegmentReaders readers;
    private final int batchBytes;
    private int next;
    private long sequence = -1;
    /** Blocks that were open, ended by now. {@code null} until the chain has been read. */
    private ArrayDeque<FoundBlock> ended;
    /** Those blocks, once the chain has been read. */
    private List<BlockAssembler.Partial> open;

    /** Sizes of the segments, in bytes. */
    private final long[] sizes;
    /** Segments deleted, the oldest of the chain. */
    private int deleted;

    /** Handed out, and their marks not on disk, with the segment where each begins. */
    private final Map<Handed, Long> unmarked = new IdentityHashMap<>();
    /** Handed out and not delivered. */
    private int undelivered;

    AdoptedLog(
            Storage storage,
            Path directory,
            UUID incarnation,
            int log,
            Groups groups,
            SegmentReaders readers,
            int batchBytes,
            RandomGenerator random,
            Cells cells)
            throws IOException {
        this.storage = storage;
        this.directory = directory;
        this.incarnation = incarnation;
        this.log = log;
        this.groups = groups;
        this.cells = cells;
        this.random = random;
        this.readers = readers;
        newReaders();
        this.batchBytes = batchBytes;
        assembler = new BlockAssembler("log " + log + " of " + incarnation, cells);
        marks = new Marks(storage, directory, incarnation, log);
        aside = new SetAside(this, readers, "log " + log + " of " + incarnation, cells);
        segments = Layout.segments(storage, directory);
        sizes = new long[segments.size()];
        for (int i = 0; i < sizes.length; i++) {
            try (StorageFile file = storage.open(segments.get(i), Storage.Access.READ)) {
                sizes[i] = file.size();
            }
        }
    }

    /** Such as have no windows yet: those of a log that has been read must not stay while the next one is. */
    private void newReaders() {
        reader = readers.reader();
        ahead = readers.ahead();
    }

    /** Bytes of its segments that are not deleted. */
    long bytes() {
        long bytes = 0;
        for (int i = deleted; i < sizes.length; i++) {
            bytes += sizes[i];
        }
        return bytes;
    }

    /**
     * Deletes the oldest segments if nothing that begins in them is needed any more. Their marks stay until the whole
     * log
     * goes, for a SEAL that came twice has its mark beside the first.
     */
    void deleteDelivered() throws IOException {
        long needed = reader.isOpen()
                ? sequence
                : next < segments.size() ? Layout.segmentNumber(segments.get(next)) : Long.MAX_VALUE;
        needed = Math.min(needed, assembler.firstSequence());
        for (long first : unmarked.values()) {
            needed = Math.min(needed, first);
        }
        if (ended != null) {
            for (FoundBlock block : ended) {
                needed = Math.min(needed, block.firstSequence());
            }
        }
        int before = deleted;
        while (deleted < segments.size() && Layout.segmentNumber(segments.get(deleted)) < needed) {
            storage.delete(segments.get(deleted));
            deleted++;
        }
        if (deleted > before) {
            storage.syncDirectory(directory);
        }
    }

    /** Whether every block was handed out, delivered, and its mark is on disk. */
    boolean isDone() {
        return ended != null && ended.isEmpty() && unmarked.isEmpty();
    }

    /** Blocks that are not delivered, as far as they are known: what is still to be read counts as one. */
    long pending() {
        return undelivered + (ended == null ? 1 : ended.size());
    }

    /** Whether the chain has been read to its end. Then {@link #next} costs nothing, and no window is kept. */
    boolean isRead() {
        return ended != null;
    }

    /**
     * The next block, having read about a mebibyte at most.
     *
     * @return {@code null} if there is none, or none yet: then {@link #isRead} says that there may be more
     */
    @Override
    public Handed next(Predicate<String> wanted) throws IOException {
        if (waiting != null) {
            Handed first = offer(waiting, wanted);
            if (first != null || waiting != null) {
                return first;
            }
        }
        if (delivered == null) {
            delivered = marks.load();
        }
        long left = TURN_BYTES;
        while (ended == null && left > 0) {
            int before = reader.position();
            if (!reader.isOpen()) {
                if (!openNext()) {
                    if (open == null) {
                        // Once, for it counts damage, and writing the SEALs may have to be repeated.
                        open = assembler.unsealed();
                    }
                    ended = end(open);
                    newReaders();
                    break;
                }
            } else if (reader.next() || skips()) {
                left -= reader.position() - before;
                FoundBlock found = take(reader.buffer(), reader.at());
                Handed handed = found == null ? null : offer(hand(found), wanted);
                if (handed != null || waiting != null) {
                    return handed;
                }
            } else {
                // The rest of the segment has been searched.
                left -= sizes[next - 1] - before;
                if (reader.isUnreadable()) {
                    assembler.holeMet();
                }
                reader.close();
            }
        }
        while (ended != null && !ended.isEmpty()) {
            Handed handed = offer(hand(ended.poll()), wanted);
            if (handed != null || waiting != null) {
                return handed;
            }
        }
        return null;
    }

    /** @return the block if it is wanted; else it is set aside, or {@link #waiting} if there is no room for it */
    private Handed offer(Handed handed, Predicate<String> wanted) {
        waiting = null;
        if (wanted.test(handed.block.group())) {
            return handed;
        }
        if (aside.isFull()) {
            waiting = handed;
        } else {
            aside.put(handed, unmarked.get(handed));
        }
        return null;
    }

    @Override
    public boolean hasMore() {
        return waiting == null && !isRead();
    }

    @Override
    public boolean isWaiting() {
        return waiting != null;
    }

    @Override
    public SetAside aside() {
        return aside;
    }

    @Override
    public long open(SegmentReader reader, long atLeast) throws IOException {
        for (Path path : Layout.segments(storage, directory)) {
            long number = Layout.segmentNumber(path);
            if (number >= atLeast && reader.open(path) != null) {
                return number;
            }
        }
        return -1;
    }

    @Override
    public void foundAgain(Handed handed, FoundBlock found) {
        handed.block = Blocks.sealed(incarnation, log, groups, found);
    }

    /**
     * Looks for frames behind the place where they end, and judges that place. If the log went on in another segment,
     * or if more lies behind than one commit, then something has decayed, unless its writer gave it up at the time.
     * Else it is what a power failure left of the last commit: nobody was told of it, so it gives no alarm, but what is
     * whole in it is kept.
     */
    private boolean skips() throws IOException {
        int hole = reader.position();
        if (reader.atLimit() || !reader.skipToNext()) {
            return false;
        }
        // As large as its writer's commits were, whatever ours are.
        int commitBytes = reader.header().commitBytes();
        tail = !framesAhead
                && !reader.isUnreadable()
                && reader.offset() - hole <= (commitBytes == 0 ? batchBytes : commitBytes);
        if (!tail && !endedAhead.contains(Frame.block(reader.buffer(), reader.at()))) {
            LOG.error("segment {} of log {} of {} is damaged at offset {}", sequence, log, incarnation, hole);
            assembler.holeMet();
        }
        return true;
    }

    private boolean openNext() throws IOException {
        if (next == segments.size()) {
            return false;
        }
        Path path = segments.get(next);
        lookAhead(next + 1);
        SegmentHeader header = reader.open(path);
        next++;
        if (header == null
                || !header.incarnation().equals(incarnation)
                || header.log() != log
                || header.sequence() != Layout.segmentNumber(path)) {
            reader.close();
            LOG.error("the header of segment {} does not verify, what it held is lost", path);
            cells.increment(Counter.DAMAGED_BLOCKS);
            return true;
        }
        sequence = header.sequence();
        return true;
    }

    private void lookAhead(int index) throws IOException {
        endedAhead = new LongSet();
        framesAhead = false;
        tail = false;
        if (index == segments.size()) {
            return;
        }
        try {
            SegmentHeader header = ahead.open(segments.get(index));
            if (header == null || header.recovered()) {
                return;
            }
            while (ahead.next()) {
                framesAhead = true;
                ByteBuffer buffer = ahead.buffer();
                int at = ahead.at();
                if (Frame.type(buffer, at) != Frame.SEAL || (Frame.flags(buffer, at) & Frame.FLAG_NO_SUMMARY) == 0) {
                    return;
                }
                endedAhead.add(Frame.block(buffer, at));
            }
        } finally {
            ahead.close();
        }
    }

    private FoundBlock take(ByteBuffer buffer, int at) {
        long id = Frame.block(buffer, at);
        if (delivered.contains(id) || emitted.contains(id)) {
            return null;
        }
        int type = Frame.type(buffer, at);
        if (tail && !assembler.goesOn(buffer, at)) {
            return null;
        }
        if (type == Frame.DATA) {
            assembler.data(buffer, at, sequence);
            return null;
        }
        if (type != Frame.SEAL || endedAhead.contains(id)) {
            return null;
        }
        FoundBlock found = assembler.seal(buffer, at, sequence);
        // Also if nothing came of it: frames of the same block that turn up later are none that count.
        emitted.add(id);
        return found;
    }

    /** Ends the blocks that nobody will continue: durable, before any of them is handed out. */
    private ArrayDeque<FoundBlock> end(List<BlockAssembler.Partial> open) throws IOException {
        ArrayDeque<FoundBlock> blocks = new ArrayDeque<>();
        if (open.isEmpty()) {
            return blocks;
        }
        long last = segments.isEmpty() ? -1 : Layout.segmentNumber(segments.getLast());
        long sealSequence = last + 1;
        writeSeals(open, sealSequence);
        for (BlockAssembler.Partial block : open) {
            blocks.add(block.closed(sealSequence));
        }
        assembler.clear();
        LOG.info("{} blocks were open in log {} of {} and end with their last frame", blocks.size(), log, incarnation);
        return blocks;
    }

    private void writeSeals(List<BlockAssembler.Partial> open, long sealSequence) throws IOException {
        int bytes = SegmentHeader.BYTES + open.size() * Seals.MOST_BYTES;
        bytes = bytes + Storage.BLOCK_BYTES - 1 & -Storage.BLOCK_BYTES;
        ByteBuffer buffer = SegmentPool.aligned(bytes);
        long generation = random.nextLong();
        JournalKeys keys = readers.keys();
        SegmentHeader header = new SegmentHeader(
                incarnation, log, sealSequence, generation, bytes, true, bytes - SegmentHeader.BYTES, keys.writingId());
        header.write(buffer);
        FrameCipher cipher = null;
        if (keys.isEncrypting()) {
            cipher = new FrameCipher();
            cipher.segment(header, keys.segmentKey(header));
        }
        CRC32C crc = new CRC32C();
        int at = SegmentHeader.BYTES;
        for (BlockAssembler.Partial block : open) {
            int length = Seals.write(
                    buffer,
                    at,
                    block.id,
                    block.encoding,
                    block.group,
                    block.policyVersion,
                    block.firstReceivedMillis,
                    block.now,
                    Seals.trailer(block.encoding, block.now),
                    crc);
            if (cipher == null) {
                Frame.complete(buffer, at, generation, crc);
            } else {
                length = cipher.encrypt(buffer, at, buffer, at, at, crc);
            }
            at += length;
        }
        Path prepared = directory.resolve(Layout.PREPARED);
        // Of an earlier life, perhaps larger.
        storage.delete(prepared);
        try (StorageFile file = storage.open(prepared, Storage.Access.WRITE)) {
            SegmentPool.writeFully(file, buffer.clear(), 0);
            file.sync();
        }
        storage.rename(prepared, Layout.segment(directory, sealSequence));
        storage.syncDirectory(directory);
    }

    private Handed hand(FoundBlock found) {
        Handed handed =
                new Handed(Blocks.sealed(incarnation, log, groups, found), this, found.sealSequence(), null, null);
        unmarked.put(handed, found.firstSequence());
        undelivered++;
        cells.add(Counter.RECOVERED_RECORDS, found.records());
        return handed;
    }

    @Override
    public Marks marks() {
        return marks;
    }

    @Override
    public void delivered(Handed handed) {
        undelivered--;
    }

    @Override
    public void marked(Handed handed) {
        unmarked.remove(handed);
    }

    @Override
    public void close() throws IOException {
        aside.close();
        marks.close();
        reader.close();
        ahead.close();
    }
}
