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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * those out, too. Nothing else is written but marks, so it can be broken off anywhere and begun again. It begins behind
 * the segments of which a mark says that nothing is needed any more.
 */
final class AdoptedLog implements LogSource {

    private static final Logger LOG = LoggerFactory.getLogger(AdoptedLog.class);

    /** Most bytes read in one call, about: others have their turn in between. */
    private static final int TURN_BYTES = 1 << 20;

    private record Part(Path path, long sequence, long bytes) {}

    private final Storage storage;
    private final Path directory;
    private final UUID incarnation;
    private final int log;
    private final Groups groups;
    private final Cells cells;
    private final RandomGenerator random;
    private SegmentReader reader;
    /** Reads single SEALs, and what is ahead. */
    private SegmentReader seals;

    private LookAhead ahead;

    private final BlockAssembler assembler;
    private final Marks marks;
    private final SetAside aside;

    /** {@code null} if the journal has none. */
    private final Manifests manifests;

    private final List<Part> segments = new ArrayList<>();

    /** What the marks say; {@code null} once all has been read. */
    private Marks.Loaded marked;
    /** Handed out by this pass: a block has one SEAL that counts. */
    private final LongSet emitted = new LongSet();
    /** Whether what is being read lies behind the tear of a last commit. */
    private boolean tail;

    private final SegmentReaders readers;
    private final int batchBytes;
    private int next;
    private long sequence = -1;
    /** Blocks that were open, ended by now. {@code null} until the chain has been read. */
    private ArrayDeque<FoundBlock> ended;
    /** Those blocks, from when the chain has been read until they are ended. */
    private List<BlockAssembler.Partial> open;

    /** Segments in which nothing is needed any more, the oldest of the chain. */
    private int settled;

    /** When that was so of those that marks said it of. */
    private final long settledMillis;
    /** How many of those there are. */
    private final int settledBefore;

    /** Blocks that begin in each segment and have marks that are not on disk. */
    private final TreeMap<Long, Integer> unsettled = new TreeMap<>();
    /** Handed out and not delivered. */
    private int undelivered;

    /** @param memory in which its blocks are put together, or {@code null} for arrays */
    AdoptedLog(
            Storage storage,
            Path directory,
            UUID incarnation,
            int log,
            Groups groups,
            SegmentReaders readers,
            BlockMemory memory,
            int batchBytes,
            RandomGenerator random,
            Manifests manifests,
            Cells cells)
            throws IOException {
        this.storage = storage;
        this.manifests = manifests;
        this.directory = directory;
        this.incarnation = incarnation;
        this.log = log;
        this.groups = groups;
        this.cells = cells;
        this.random = random;
        this.readers = readers;
        newReaders();
        this.batchBytes = batchBytes;
        assembler = new BlockAssembler("log " + log + " of " + incarnation, memory, cells);
        marks = new Marks(storage, directory, incarnation, log);
        aside = new SetAside(this, readers, memory, "log " + log + " of " + incarnation, cells);
        for (Path path : Layout.segments(storage, directory)) {
            try (StorageFile file = storage.open(path, Storage.Access.READ)) {
                segments.add(new Part(path, Layout.segmentNumber(path), file.size()));
            }
        }
        marked = marks.load(segments.isEmpty() ? -1 : segments.getLast().sequence);
        settledMillis = marked.settledMillis;
        while (next < segments.size() && segments.get(next).sequence <= marked.settledSequence) {
            next++;
        }
        settledBefore = next;
        if (next == segments.size()) {
            ended = new ArrayDeque<>();
            marked = null;
        }
    }

    /** Such as have no windows yet: those of a log that has been read must not stay while the next one is. */
    private void newReaders() {
        reader = readers.reader();
        seals = readers.ahead();
        ahead = new LookAhead(seals);
    }

    /** Bytes of its segments, but for those that were given to be kept. */
    long bytes() {
        long bytes = 0;
        for (int i = settled; i < segments.size(); i++) {
            bytes += segments.get(i).bytes;
        }
        return bytes;
    }

    /**
     * Gives the oldest segments to be kept if nothing that begins in them is needed any more. Their marks stay until
     * the whole log goes, for a SEAL that came twice has its mark beside the first.
     *
     * @param mark whether to mark how far that is, so that the next start need not read them
     */
    void keepSettled(Kept kept, long epochMillis, boolean mark) {
        long needed =
                reader.isOpen() ? sequence : next < segments.size() ? segments.get(next).sequence : Long.MAX_VALUE;
        needed = Math.min(needed, assembler.firstSequence());
        if (!unsettled.isEmpty()) {
            needed = Math.min(needed, unsettled.firstKey());
        }
        if (ended != null) {
            for (FoundBlock block : ended) {
                needed = Math.min(needed, block.firstSequence());
            }
        }
        int before = Math.max(settled, settledBefore);
        while (settled < segments.size() && segments.get(settled).sequence < needed) {
            Part part = segments.get(settled);
            kept.add(
                    directory.getParent(),
                    directory,
                    part.sequence,
                    part.bytes,
                    settled < settledBefore ? settledMillis : epochMillis);
            settled++;
        }
        if (mark && settled > before) {
            marks.settled(segments.get(settled - 1).sequence, epochMillis);
        }
    }

    /** Whether every block was handed out, delivered, and its marks are on disk. */
    boolean isDone() {
        return ended != null && ended.isEmpty() && unsettled.isEmpty();
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
        Handed waited = aside.waited(wanted);
        if (waited != null || aside.isWaiting()) {
            return waited;
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
                    // With the bytes of each block: they may stay for as long as the rest is not delivered.
                    open = null;
                    marked = null;
                    newReaders();
                    break;
                }
            } else if (reader.next() || skips()) {
                left -= reader.position() - before;
                FoundBlock found = take(reader.buffer(), reader.at());
                Handed handed = found == null
                        ? null
                        : aside.offer(hand(found, found.summary() == null ? -1 : reader.offset()), wanted);
                if (handed != null || aside.isWaiting()) {
                    return handed;
                }
            } else {
                // The rest of the segment has been searched.
                left -= segments.get(next - 1).bytes - before;
                if (reader.isUnreadable()) {
                    assembler.holeMet();
                }
                reader.close();
            }
        }
        while (ended != null && !ended.isEmpty()) {
            Handed handed = aside.offer(hand(ended.poll(), -1), wanted);
            if (handed != null || aside.isWaiting()) {
                return handed;
            }
        }
        return null;
    }

    @Override
    public boolean hasMore() {
        return !aside.isWaiting() && !isRead();
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
        handed.room = found.room();
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
        tail = !ahead.hasFrames()
                && !reader.isUnreadable()
                && reader.offset() - hole <= (commitBytes == 0 ? batchBytes : commitBytes);
        if (!tail && !ahead.ends(Frame.block(reader.buffer(), reader.at()))) {
            LOG.error("segment {} of log {} of {} is damaged at offset {}", sequence, log, incarnation, hole);
            assembler.holeMet();
        }
        return true;
    }

    private boolean openNext() throws IOException {
        if (next == segments.size()) {
            return false;
        }
        Path path = segments.get(next).path;
        tail = false;
        ahead.at(next + 1 == segments.size() ? null : segments.get(next + 1).path);
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

    private FoundBlock take(ByteBuffer buffer, int at) {
        long id = Frame.block(buffer, at);
        boolean delivered = marked.delivered.contains(id);
        if (emitted.contains(id) || delivered && (manifests == null || marked.manifested.contains(id))) {
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
        if (type != Frame.SEAL || ahead.ends(id)) {
            return null;
        }
        if (delivered) {
            oweManifest(buffer, at);
            emitted.add(id);
            return null;
        }
        FoundBlock found = assembler.seal(buffer, at, sequence);
        // Also if nothing came of it: frames of the same block that turn up later are none that count.
        emitted.add(id);
        return found;
    }

    /** Owes the manifest of a block that an earlier process has delivered. */
    private void oweManifest(ByteBuffer buffer, int at) {
        long id = Frame.block(buffer, at);
        boolean begun = assembler.has(id);
        long first = assembler.firstSequence(id);
        boolean summary = (Frame.flags(buffer, at) & Frame.FLAG_NO_SUMMARY) == 0;
        // If it begins where nothing is needed any more, then nobody wanted its manifest.
        if (!begun || Frame.chunk(buffer, at) == 0) {
            assembler.drop(id);
            return;
        }
        Receipt receipt = receipt(sequence, id);
        BlockManifest manifest;
        if (summary) {
            assembler.drop(id);
            manifest = Blocks.manifest(incarnation, log, groups, buffer, at, receipt);
        } else {
            FoundBlock found = assembler.seal(buffer, at, sequence);
            if (found == null) {
                return;
            }
            try {
                manifest = Blocks.manifest(Blocks.sealed(incarnation, log, groups, found), receipt);
            } finally {
                found.room().free();
            }
        }
        oweManifest(manifest, sequence, summary ? reader.offset() : -1, first);
    }

    /** What is known of the delivery; its text is not worth waiting for a disk that cannot be read. */
    private Receipt receipt(long sealSequence, long id) {
        Receipt.Kind kind = marked.parked.contains(id) ? Receipt.Kind.PARKED : Receipt.Kind.DELIVERED;
        try {
            return marks.receipt(sealSequence, id, kind);
        } catch (IOException e) {
            LOG.warn("the receipt of a delivered block cannot be read: {}", e.toString());
            return new Receipt(kind, "", 0);
        }
    }

    private void oweManifest(BlockManifest manifest, long sealSequence, int sealOffset, long firstSequence) {
        Handed handed =
                new Handed(this, null, manifest.block(), sealSequence, sealOffset, firstSequence, null, null, null, 1);
        handed.receipt = manifest.receipt();
        unsettled.merge(firstSequence, 1, Integer::sum);
        manifests.owe(handed, manifest);
    }

    /**
     * Ends the blocks that nobody will continue: durable, before any of them is handed out. What can fail comes first
     * and changes nothing here, so that it can be done again.
     */
    private ArrayDeque<FoundBlock> end(List<BlockAssembler.Partial> open) throws IOException {
        ArrayDeque<FoundBlock> blocks = new ArrayDeque<>();
        if (open.isEmpty()) {
            return blocks;
        }
        long last = segments.isEmpty() ? -1 : segments.getLast().sequence;
        long sealSequence = last + 1;
        List<FoundBlock> found = new ArrayList<>();
        List<BlockManifest> owed = new ArrayList<>();
        for (BlockAssembler.Partial block : open) {
            FoundBlock closed = block.closed(sealSequence);
            found.add(closed);
            // Delivered, if its own SEAL has decayed since.
            owed.add(
                    marked.delivered.contains(block.id)
                            ? Blocks.manifest(
                                    Blocks.sealed(incarnation, log, groups, closed), receipt(sealSequence, block.id))
                            : null);
        }
        writeSeals(open, sealSequence);
        // So small that the journal's limit does not count it.
        segments.add(new Part(Layout.segment(directory, sealSequence), sealSequence, 0));
        next = segments.size();
        for (int i = 0; i < found.size(); i++) {
            FoundBlock block = found.get(i);
            if (owed.get(i) == null) {
                assembler.letGo(open.get(i));
                blocks.add(block);
            } else {
                oweManifest(owed.get(i), sealSequence, -1, block.firstSequence());
            }
        }
        // With the memory of those that are not handed out.
        assembler.clear();
        LOG.info("{} blocks were open in log {} of {} and end with their last frame", blocks.size(), log, incarnation);
        return blocks;
    }

    private void writeSeals(List<BlockAssembler.Partial> open, long sealSequence) throws IOException {
        int bytes = SegmentHeader.BYTES + open.size() * Seals.MOST_BYTES;
        bytes = bytes + Storage.BLOCK_BYTES - 1 & -Storage.BLOCK_BYTES;
        ByteBuffer buffer = SegmentFiles.aligned(bytes);
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
            SegmentFiles.writeFully(file, buffer.clear(), 0);
            file.sync();
        }
        storage.rename(prepared, Layout.segment(directory, sealSequence));
        storage.syncDirectory(directory);
    }

    private Handed hand(FoundBlock found, int sealOffset) {
        Handed handed = new Handed(
                this,
                Blocks.sealed(incarnation, log, groups, found),
                found.id(),
                found.sealSequence(),
                sealOffset,
                found.firstSequence(),
                null,
                null,
                found.room(),
                manifests == null ? 1 : 2);
        unsettled.merge(found.firstSequence(), 1, Integer::sum);
        undelivered++;
        cells.add(Counter.RECOVERED_RECORDS, found.records());
        return handed;
    }

    @Override
    public Marks marks() {
        return marks;
    }

    @Override
    public void delivered(Handed handed, SealedBlock block) {
        undelivered--;
        handed.freeRoom();
    }

    @Override
    public void settled(Handed handed) {
        unsettled.computeIfPresent(handed.firstSequence, (first, count) -> count == 1 ? null : count - 1);
    }

    @Override
    public boolean isHeldBy(long firstSequence, int manifests) {
        Map.Entry<Long, Integer> oldest = unsettled.firstEntry();
        return isRead() && oldest != null && oldest.getKey() == firstSequence && oldest.getValue() == manifests;
    }

    @Override
    public BlockManifest manifest(Handed handed) throws IOException {
        return Blocks.manifest(incarnation, log, groups, seals, Layout.segment(directory, handed.sealSequence), handed);
    }

    @Override
    public void close() throws IOException {
        aside.close();
        marks.close();
        reader.close();
        seals.close();
    }
}
