package io.sluice.journal;

import io.sluice.metrics.Cells;
import io.sluice.ring.Frame;
import io.sluice.storage.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sealed blocks that still lie under a root, delivered or not, to be delivered once more or to be counted. It takes no
 * lock, marks nothing and writes nothing, so the processes that own them may go on; a segment that one of them recycles
 * meanwhile is missing and counted.
 *
 * <p>Confined to one thread but for {@link #pendingBlocks}. Reads each log once, forward; hands each block out once.
 */
public final class KeptBlocks implements BlockSource, AutoCloseable {

    /** What was met, and not handed out. */
    public static final class Missed {
        private long unsealedBlocks;
        private long unsealedRecords;
        private long incompleteBlocks;
        private long recycledSegments;
        private long unreadableSegments;
        private long missingSegments;
        private final List<String> gaps = new ArrayList<>();

        private Missed() {}

        /** Blocks that are not sealed: a living process will, or who adopts them. */
        public long unsealedBlocks() {
            return unsealedBlocks;
        }

        public long unsealedRecords() {
            return unsealedRecords;
        }

        /** Blocks whose first frames are gone, as after recycling, or damaged. */
        public long incompleteBlocks() {
            return incompleteBlocks;
        }

        /** Segments that were listed and then gone. */
        public long recycledSegments() {
            return recycledSegments;
        }

        /** Segments that could not be read, which was logged. */
        public long unreadableSegments() {
            return unreadableSegments;
        }

        /** Segments that are not there although later and earlier ones of their log are. */
        public long missingSegments() {
            return missingSegments;
        }

        /** Which those are, {@value #MAX_GAPS} runs at most. */
        public List<String> gaps() {
            return List.copyOf(gaps);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(KeptBlocks.class);

    /** Most bytes looked at by one poll, about. */
    private static final long TURN_BYTES = 64L << 20;

    /** Of missing segments, named. */
    private static final int MAX_GAPS = 20;

    private static final long MINUTE_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private record LogDirectory(UUID incarnation, int number, Path path) {}

    private final Storage storage;
    private final Cells cells;
    private final long fromMillis;
    private final long toMillis;
    private final boolean unmarkedOnly;
    private final ArrayDeque<LogDirectory> logs = new ArrayDeque<>();
    private final ArrayDeque<Path> segments = new ArrayDeque<>();
    private final ArrayDeque<SealedBlock> returned = new ArrayDeque<>();
    private final SegmentReader reader;
    private final LookAhead ahead;
    private final Missed missed = new Missed();

    // Of the log that is being read.
    private LogDirectory log;
    private Groups groups;
    private BlockAssembler assembler;
    private LongSet skipped;
    private Path segment;
    private long generation;
    private long sequence;

    private boolean ended;
    private volatile long undelivered;
    private volatile long segmentsRead;
    private volatile boolean reading = true;

    private KeptBlocks(
            JournalKeys keys,
            Storage storage,
            List<Path> incarnations,
            long fromMillis,
            long toMillis,
            boolean unmarkedOnly,
            Cells cells)
            throws IOException {
        this.storage = storage;
        this.fromMillis = fromMillis;
        this.toMillis = toMillis;
        this.unmarkedOnly = unmarkedOnly;
        this.cells = cells;
        SegmentReaders readers = SegmentReaders.forTools(storage, keys);
        reader = readers.reader();
        ahead = new LookAhead(readers.ahead());
        for (Path directory : incarnations) {
            for (Path path : storage.list(directory)) {
                int number = Layout.logNumber(path);
                if (number >= 0) {
                    logs.add(new LogDirectory(Layout.incarnation(directory), number, path));
                }
            }
        }
    }

    /**
     * Blocks with lines that were received in a stretch of time, to the minute, whatever their marks say; each whole,
     * so with the lines before and after that it holds.
     *
     * @param fromMillis since the epoch
     * @param toMillis since the epoch, exclusive
     */
    public static KeptBlocks received(
            JournalConfig config, Storage storage, long fromMillis, long toMillis, Cells cells) throws IOException {
        return new KeptBlocks(
                config.keys(), storage, incarnations(storage, config.root()), fromMillis, toMillis, false, cells);
    }

    /**
     * Blocks that are not marked.
     *
     * @param incarnations of the journal, by their directories
     */
    public static KeptBlocks unmarked(JournalConfig config, Storage storage, List<Path> incarnations, Cells cells)
            throws IOException {
        return new KeptBlocks(config.keys(), storage, incarnations, Long.MIN_VALUE, Long.MAX_VALUE, true, cells);
    }

    /** The directories of incarnations under a root, the oldest first. */
    public static List<Path> incarnations(Storage storage, Path root) throws IOException {
        List<Path> incarnations = new ArrayList<>();
        for (Path path : storage.list(root)) {
            if (Layout.incarnation(path) != null) {
                incarnations.add(path);
            }
        }
        return incarnations;
    }

    /** The file that whoever writes or has adopted the incarnation keeps locked. */
    public static Path lock(Path incarnation) {
        return incarnation.resolve(Layout.LOCK);
    }

    /** Complete when {@link #pendingBlocks} is 0. */
    public Missed missed() {
        return missed;
    }

    /** Never waits: when there is no more, {@link #pendingBlocks} counts only what is not delivered. */
    @Override
    public SealedBlock poll(long timeoutNanos, Predicate<String> wanted) {
        SealedBlock next = returned.poll();
        if (next == null) {
            next = read();
        }
        if (next != null && !wanted.test(next.group())) {
            // It waits, and what lies behind it too: there is no hurry for what was delivered before.
            returned.addFirst(next);
            return null;
        }
        return next;
    }

    @Override
    public void maintain() {
        // It marks nothing.
    }

    private SealedBlock read() {
        SealedBlock block = null;
        long left = TURN_BYTES;
        while (block == null && !ended && left > 0) {
            if (!reader.isOpen()) {
                openNext();
                left -= SegmentHeader.BYTES;
                continue;
            }
            int before = reader.position();
            try {
                if (reader.next() || reader.skipToNext()) {
                    block = take();
                } else {
                    endSegment();
                }
            } catch (IOException e) {
                unreadable(e);
            }
            left -= Math.max(0, reader.position() - before);
        }
        if (block != null) {
            undelivered++;
        }
        reading = !ended;
        return block;
    }

    private void openNext() {
        while (segments.isEmpty()) {
            if (log != null) {
                endLog();
            }
            log = logs.poll();
            if (log == null) {
                ended = true;
                return;
            }
            try {
                beginLog();
            } catch (IOException e) {
                missed.unreadableSegments++;
                LOG.warn("{} cannot be read and is left out: {}", log.path, e.toString());
            }
        }
        Path before = segment;
        long expected = sequence + 1;
        segment = segments.poll();
        sequence = Layout.segmentNumber(segment);
        segmentsRead++;
        if (before != null && sequence > expected && storage.exists(before)) {
            missing(expected, sequence - 1);
        }
        lookAhead();
        try {
            SegmentHeader header = reader.open(segment);
            if (header == null || header.sequence() != sequence) {
                throw new IOException("its header does not verify");
            }
            generation = header.generation();
        } catch (IOException e) {
            unreadable(e);
        }
    }

    /** Those in the middle of a chain: a process recycles the oldest only, and all before one that is there. */
    private void missing(long from, long to) {
        missed.missingSegments += to - from + 1;
        if (missed.gaps.size() < MAX_GAPS) {
            missed.gaps.add((from == to ? "segment " + from : "segments " + from + " to " + to) + " of " + log.path);
        }
    }

    private void lookAhead() {
        try {
            ahead.at(segments.peek());
        } catch (IOException e) {
            // Its turn is next; then it is counted.
            LOG.debug("{} cannot be looked at: {}", segments.peek(), e.toString());
        }
    }

    private void beginLog() throws IOException {
        segment = null;
        assembler = new BlockAssembler("log " + log.number + " of " + log.incarnation, null, cells);
        skipped = new LongSet();
        Groups own = Groups.read(storage, log.path.resolveSibling(Layout.GROUPS));
        groups = own == null ? Groups.of(List.of()) : own;
        segments.addAll(Layout.segments(storage, log.path));
        if (unmarkedOnly) {
            Marks marks = new Marks(storage, log.path, log.incarnation, log.number);
            Marks.Loaded marked = marks.load(segments.isEmpty() ? -1 : Layout.segmentNumber(segments.getLast()));
            marks.close();
            skipped = marked.delivered;
            while (!segments.isEmpty() && Layout.segmentNumber(segments.peek()) <= marked.settledSequence) {
                segments.remove();
            }
        }
    }

    private void endLog() {
        for (BlockAssembler.Partial block : assembler.started()) {
            missed.unsealedBlocks++;
            missed.unsealedRecords += block.now.records;
        }
    }

    private SealedBlock take() {
        ByteBuffer buffer = reader.buffer();
        int at = reader.at();
        long id = Frame.block(buffer, at);
        if (skipped.contains(id)) {
            return null;
        }
        if (Frame.type(buffer, at) == Frame.DATA) {
            assembler.data(buffer, at, sequence);
            return null;
        }
        if (Frame.type(buffer, at) != Frame.SEAL || ahead.ends(id)) {
            return null;
        }
        skipped.add(id);
        if (Frame.chunk(buffer, at) > 0 && !assembler.isWhole(buffer, at)) {
            assembler.drop(id);
            missed.incompleteBlocks++;
            return null;
        }
        FoundBlock found = assembler.seal(buffer, at, sequence);
        if (found == null || found.firstReceivedMillis() >= toMillis) {
            return null;
        }
        SealedBlock block = Blocks.sealed(log.incarnation, log.number, groups, found);
        return lastMillis(block) >= fromMillis ? block : null;
    }

    /** When its last line was received, at the latest. */
    private static long lastMillis(SealedBlock block) {
        long[] last = {block.firstReceivedMillis()};
        block.summary()
                .forEach((shop, minute, lines) -> last[0] = Math.max(last[0], (minute + 1L) * MINUTE_MILLIS - 1));
        return last[0];
    }

    /** What was read may have been recycled under the reader; then the rest of it did not verify. */
    private void endSegment() throws IOException {
        boolean unreadable = reader.isUnreadable();
        SegmentHeader header = storage.exists(segment) ? reader.open(segment) : null;
        reader.close();
        if (header == null || header.generation() != generation) {
            missed.recycledSegments++;
        } else if (unreadable) {
            missed.unreadableSegments++;
        }
    }

    private void unreadable(IOException e) {
        try {
            reader.close();
        } catch (IOException closing) {
            e.addSuppressed(closing);
        }
        if (e instanceof NoSuchFileException || e instanceof FileNotFoundException || !storage.exists(segment)) {
            missed.recycledSegments++;
            return;
        }
        missed.unreadableSegments++;
        LOG.warn("{} cannot be read and is left out: {}", segment, e.toString());
    }

    /** Segments begun to be read: while it grows, reading goes on although no block was found. Any thread. */
    public long segmentsRead() {
        return segmentsRead;
    }

    @Override
    public void delivered(SealedBlock block, Receipt receipt) {
        undelivered--;
    }

    @Override
    public BlockManifest pollManifest() {
        return null;
    }

    @Override
    public void manifested(BlockManifest manifest) {
        throw new IllegalArgumentException("block " + manifest.block() + " has no manifest");
    }

    @Override
    public void giveBack(SealedBlock block) {
        returned.add(block);
    }

    /** Those handed out and not delivered, and one as long as there may be more. */
    @Override
    public long pendingBlocks() {
        return undelivered + (reading ? 1 : 0);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
