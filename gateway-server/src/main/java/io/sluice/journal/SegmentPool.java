package io.sluice.journal;

import io.sluice.common.Clock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jctools.queues.SpscArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chain of segments of one log: prepares them ahead of the committer and takes them back.
 *
 * <p>Role: the only place where the log asks for disk space. Threads: {@link #poll} and {@link #retire} are the
 * committer's, {@link #prepare} the preallocator's, {@link #pin} and {@link #unpin} delivery's. Ownership: a segment
 * belongs to the committer between the first two. Cost: poll takes one reference from a queue and never waits.
 *
 * <p>A segment is offered only when its zeros, its header and its name are on disk. While it is prepared it has another
 * name, so a file with a segment's name has a header that verifies, or is damaged.
 *
 * <p>A segment is <i>settled</i> when the committer has left it and neither it nor one before it is pinned. Settled
 * ones are kept until their space is needed, then used again, oldest first, or until they are older than
 * {@link JournalConfig#keep}.
 */
final class SegmentPool implements Runnable {

    private static final int AHEAD = 2;
    /** Settled segments that stay to be used again however old they are. */
    private static final int SPARES = 2;
    /** Of a segment beyond the limit that is to take SEALs only: 96 bytes each, of 64 loops and 64 groups. */
    private static final int ENDING_BYTES = 512 << 10;

    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int ZEROS = 1 << 20;
    /** Writes in a row that move nothing before they count as failed. */
    private static final int SHORT_WRITES = 8;

    private static final Logger LOG = LoggerFactory.getLogger(SegmentPool.class);

    private final Storage storage;
    private final Path directory;
    private final UUID incarnation;
    private final int log;
    private final int segmentBytes;
    private final int commitBytes;
    private final long keyId;
    private final long keepMillis;
    private final Budget budget;
    private final Kept kept;
    private final Storage.Access access;
    private final RandomGenerator random;
    private final Clock clock;
    private final Cells cells;
    private final ByteBuffer zeros;
    private final ByteBuffer header;
    private final MarkRoom markRoom;

    /** Ready to be written. From the preallocator to the committer. */
    private final SpscArrayQueue<Segment> ready = new SpscArrayQueue<>(AHEAD * 2);
    /** Written to their end, or failed. From the committer to the preallocator. At most those in the chain. */
    private final SpscArrayQueue<Segment> retired = new SpscArrayQueue<>(1 << 10);

    // Guarded by this.
    /** Every segment of the log, by sequence. */
    private final TreeMap<Long, Segment> chain = new TreeMap<>();
    /** How many of the chain, the first ones, are settled. */
    private int settled;

    private long settledSequence = -1;
    /** The last segment that delivery took from {@link #pinSettled}. */
    private long settledSeen = -1;

    // The preallocator's.
    /** To be deleted, in this order, with what lies beside them: those that could not be deleted yet. */
    private final ArrayDeque<Segment> condemned = new ArrayDeque<>();

    private long nextSequence;
    private String lastProblem = "";
    /** Whether new segments can be made, as far as is known: there may be space, and yet no way to use it. */
    private boolean canMake = true;

    private volatile int freeSegments;
    private volatile boolean closed;
    private volatile Thread thread;

    SegmentPool(
            Storage storage,
            Path directory,
            UUID incarnation,
            int log,
            JournalConfig config,
            int commitBytes,
            long keyId,
            Budget budget,
            Kept kept,
            Storage.Access access,
            RandomGenerator random,
            Clock clock,
            Cells cells) {
        this.storage = storage;
        this.directory = directory;
        this.incarnation = incarnation;
        this.log = log;
        this.segmentBytes = config.segmentBytes();
        this.keepMillis = config.keep().toMillis();
        this.commitBytes = commitBytes;
        this.keyId = keyId;
        this.budget = budget;
        this.kept = kept;
        this.access = access;
        this.random = random;
        this.clock = clock;
        this.cells = cells;
        zeros = aligned(Math.min(ZEROS, segmentBytes));
        header = aligned(SegmentHeader.BYTES);
        markRoom = new MarkRoom(storage, directory, zeros);
    }

    /** A direct little-endian buffer that O_DIRECT takes. */
    static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + Storage.BLOCK_BYTES)
                .alignedSlice(Storage.BLOCK_BYTES)
                .limit(bytes)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The next segment, or {@code null} if none is ready. The committer's. */
    Segment poll() {
        Segment segment = ready.poll();
        wake();
        return segment;
    }

    /** Whether {@link #poll} would have one. The committer's. */
    boolean isReady() {
        return !ready.isEmpty();
    }

    /** Takes a segment back that will not be written any more. The committer's. */
    void retire(Segment segment) {
        if (!retired.offer(segment)) {
            throw new IllegalStateException("more retired segments than " + retired.capacity());
        }
        wake();
    }

    /** Holds the segment for a reader; {@link #unpin} follows. @return {@code null} if it is not in the chain */
    synchronized Segment pin(long sequence) {
        Segment segment = chain.get(sequence);
        if (segment != null) {
            segment.pins.incrementAndGet();
        }
        return segment;
    }

    /** The segment, which the caller knows to be pinned. */
    synchronized Segment find(long sequence) {
        Segment segment = chain.get(sequence);
        if (segment == null) {
            throw new IllegalStateException("segment " + sequence + " was recycled under an undelivered block");
        }
        return segment;
    }

    /** The pinned first segment behind this one in the chain, or {@code null} if it is the last. */
    synchronized Segment pinAfter(long sequence) {
        Map.Entry<Long, Segment> next = chain.higherEntry(sequence);
        if (next == null) {
            return null;
        }
        next.getValue().pins.incrementAndGet();
        return next.getValue();
    }

    /** The last settled segment, pinned, or {@code null} if this has said so before. Delivery's. */
    synchronized Segment pinSettled() {
        noteSettled();
        if (settled == 0 || settledSequence == settledSeen) {
            return null;
        }
        settledSeen = settledSequence;
        return pin(settledSequence);
    }

    /** Whether the oldest segment that is not settled is this one, has been left, and has so many pins. Delivery's. */
    synchronized boolean isHeldBy(long sequence, int pins) {
        noteSettled();
        Map.Entry<Long, Segment> oldest = chain.higherEntry(settledSequence);
        return oldest != null
                && oldest.getKey() == sequence
                && oldest.getValue().retired
                && oldest.getValue().pins.get() == pins;
    }

    void unpin(Segment segment) {
        if (segment.pins.decrementAndGet() == 0) {
            wake();
        }
    }

    /** Segments that can be written before disk or limit is full; as of the preallocator's last look. */
    int freeSegments() {
        return freeSegments;
    }

    /** Bytes of settled segments. Any thread. */
    synchronized long keptBytes() {
        long bytes = 0;
        for (Segment segment : chain.headMap(settledSequence, true).values()) {
            bytes += segment.bytes;
        }
        return bytes;
    }

    /** Since when nothing is owed for the oldest segment; MAX_VALUE if something is. Any thread. */
    synchronized long oldestKeptMillis() {
        return settled == 0 ? Long.MAX_VALUE : chain.firstEntry().getValue().settledMillis;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (!closed) {
            if (!prepare()) {
                LockSupport.parkNanos(this, TICK_NANOS);
            }
        }
    }

    private void wake() {
        Thread sleeper = thread;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }

    /**
     * One piece of work: takes retired segments back, drops old ones, makes the next one ready. The preallocator's.
     *
     * @return false if there is nothing to do until another thread moves or time passes
     */
    boolean prepare() {
        takeBack();
        boolean did = false;
        try {
            did = deleteCondemned() || condemnOld();
            if (!did && ready.size() < AHEAD) {
                Segment segment = make();
                if (segment != null) {
                    synchronized (this) {
                        chain.put(segment.sequence, segment);
                    }
                    cells.increment(Counter.SEGMENTS_PREPARED);
                    ready.offer(segment);
                    lastProblem = "";
                    did = true;
                }
            }
            freeSegments = countFree();
        } catch (IOException e) {
            report(e);
            // What was counted before the disk failed is no longer true of it.
            freeSegments = ready.size();
            return false;
        }
        return did;
    }

    /**
     * Closes the pool's own files, and deletes those that were never written and those that need not be kept. No other
     * thread may use it any more.
     */
    void close() {
        takeBack();
        for (Segment segment = ready.poll(); segment != null; segment = ready.poll()) {
            closeFile(segment.file);
            condemned.add(segment);
        }
        synchronized (this) {
            noteSettled();
            while (settled > 0 && isOld(chain.firstEntry().getValue())) {
                // Its marks may speak of blocks that begin in what is left, but of none that ends there.
                condemned.add(takeFirst());
            }
        }
        while (deleteCondemned()) {}
    }

    void stop() {
        closed = true;
        wake();
    }

    /** Takes segments back that the committer has left. The preallocator's, or of who closes the pool. */
    void takeBack() {
        for (Segment segment = retired.poll(); segment != null; segment = retired.poll()) {
            closeFile(segment.file);
            synchronized (this) {
                segment.retired = true;
                if (segment.failed && segment.syncedEnd == SegmentHeader.BYTES) {
                    // Nobody was told of anything in it; else a disk that fails would fill the journal with such.
                    chain.remove(segment.sequence);
                    condemned.add(segment);
                }
            }
        }
    }

    private static void closeFile(StorageFile file) {
        try {
            file.close();
        } catch (IOException e) {
            // What it held was synced before, or has failed before.
            LOG.warn("closing a segment failed: {}", e.toString());
        }
    }

    private void noteSettled() {
        assert Thread.holdsLock(this);
        for (Segment segment : chain.tailMap(settledSequence, false).values()) {
            if (!segment.retired || segment.pins.get() > 0) {
                return;
            }
            settledSequence = segment.sequence;
            segment.settledMillis = clock.epochMillis();
            settled++;
        }
    }

    /** The oldest segment if it is settled and not being read. */
    private synchronized Segment oldestSettled() {
        noteSettled();
        Segment oldest = settled == 0 ? null : chain.firstEntry().getValue();
        return oldest == null || oldest.pins.get() > 0 ? null : oldest;
    }

    private synchronized Segment takeFirst() {
        settled--;
        return chain.pollFirstEntry().getValue();
    }

    /** Takes the oldest segment out of the chain, unless it is pinned by now. */
    private synchronized boolean take(Segment oldest) {
        if (oldest.pins.get() > 0) {
            return false;
        }
        Segment taken = takeFirst();
        assert taken == oldest;
        return true;
    }

    private boolean isOld(Segment segment) {
        return clock.epochMillis() - segment.settledMillis >= keepMillis;
    }

    private boolean isReusable(Segment segment) {
        return !segment.failed && segment.bytes == segmentBytes;
    }

    /** Gives up the oldest segment if it is kept beyond the limit, or for long enough and will not be used again. */
    private boolean condemnOld() {
        Segment oldest = oldestSettled();
        boolean over = budget.isOver();
        if (over && letGo(oldest == null ? Long.MAX_VALUE : oldest.settledMillis)) {
            return true;
        }
        if (oldest == null || !over && (!isOld(oldest) || isReusable(oldest) && !hasSpares()) || !take(oldest)) {
            return false;
        }
        condemned.add(oldest);
        return true;
    }

    private synchronized boolean hasSpares() {
        return ready.size() >= AHEAD && settled > SPARES;
    }

    /** Deletes one segment, and then, when it is gone for good, the marks that say that it was delivered. */
    private boolean deleteCondemned() {
        Segment segment = condemned.peek();
        if (segment == null) {
            return false;
        }
        try {
            storage.delete(segment.path);
            storage.syncDirectory(directory);
            Layout.deleteBeside(storage, directory, segment.sequence);
        } catch (IOException e) {
            // It still takes up space.
            report(e);
            return false;
        }
        condemned.remove();
        budget.release(segment.bytes);
        return true;
    }

    private Segment make() throws IOException {
        boolean asked = false;
        while (true) {
            // What is to be deleted goes first: it may hold the beginnings of blocks whose marks lie beside the next.
            Segment oldest = condemned.isEmpty() ? oldestSettled() : null;
            boolean reusable = oldest != null && isReusable(oldest);
            if (reusable && isOld(oldest) && take(oldest)) {
                return recycle(oldest);
            }
            Segment made = tryMake(segmentBytes, budget.tryTake(segmentBytes));
            if (made != null) {
                return made;
            }
            // Space is needed: of what is only kept, own or adopted, the oldest makes room.
            if (canMake && !asked && letGo(oldest == null ? Long.MAX_VALUE : oldest.settledMillis)) {
                asked = true;
            } else if (oldest == null) {
                return makeEnding();
            } else if (!take(oldest)) {
                return null;
            } else if (reusable) {
                return recycle(oldest);
            } else {
                condemned.add(oldest);
                if (!deleteCondemned()) {
                    return null;
                }
            }
        }
    }

    private boolean letGo(long beforeMillis) {
        try {
            return kept.letGo(beforeMillis, clock.epochMillis());
        } catch (IOException e) {
            report(e);
            return false;
        }
    }

    /**
     * Where the last segment has failed, and no other can be had before open blocks are ended and delivered: a small
     * one beyond the limit, in which to end them.
     */
    private Segment makeEnding() {
        synchronized (this) {
            if (!ready.isEmpty() || chain.isEmpty() || !chain.lastEntry().getValue().retired) {
                return null;
            }
        }
        int bytes = Math.min(segmentBytes, ENDING_BYTES);
        budget.takeAnyway(bytes);
        return tryMake(bytes, true);
    }

    /** @param taken whether the bytes were taken from the budget, to which they go back if nothing comes of it */
    private Segment tryMake(int bytes, boolean taken) {
        if (!taken) {
            return null;
        }
        boolean made = false;
        try {
            if (storage.usableBytes(directory) <= bytes + Marks.preparedBytes(bytes)) {
                return null;
            }
            Segment segment = makeNew(bytes);
            made = true;
            canMake = true;
            return segment;
        } catch (IOException e) {
            // Recycling may still be possible: it asks for no space.
            report(e);
            canMake = false;
            return null;
        } finally {
            if (!made) {
                budget.release(bytes);
            }
        }
    }

    private Segment makeNew(int bytes) throws IOException {
        Path path = directory.resolve(Layout.PREPARED);
        storage.delete(path);
        StorageFile file = storage.open(path, access);
        boolean made = false;
        try {
            for (int at = 0; at < bytes; at += zeros.capacity()) {
                writeFully(file, zeros.clear().limit(Math.min(zeros.capacity(), bytes - at)), at);
            }
            Segment segment = finish(path, file, bytes);
            made = true;
            return segment;
        } finally {
            if (!made) {
                discard(path, file);
            }
        }
    }

    private void discard(Path prepared, StorageFile file) {
        closeFile(file);
        try {
            storage.delete(prepared);
        } catch (IOException e) {
            // The next segment is prepared in its place.
            report(e);
        }
    }

    /** Puts a settled segment to use again. Its old frames stay in it and will not verify. */
    private Segment recycle(Segment oldest) throws IOException {
        Path path = directory.resolve(Layout.PREPARED);
        boolean made = false;
        try {
            storage.rename(oldest.path, path);
            storage.syncDirectory(directory);
            // Only now, lest the blocks come back without the marks that say that they were delivered.
            markRoom.handOn(oldest, nextSequence);
            StorageFile file = storage.open(path, access);
            try {
                Segment segment = finish(path, file, segmentBytes);
                made = true;
                return segment;
            } finally {
                if (!made) {
                    discard(path, file);
                }
            }
        } finally {
            if (!made) {
                // It may still have its name, or have it again after a crash.
                condemned.add(oldest);
            }
        }
    }

    private Segment finish(Path prepared, StorageFile file, int bytes) throws IOException {
        long sequence = nextSequence;
        SegmentHeader head =
                new SegmentHeader(incarnation, log, sequence, random.nextLong(), bytes, false, commitBytes, keyId);
        head.write(header);
        writeFully(file, header.clear(), 0);
        file.sync();
        Path path = Layout.segment(directory, sequence);
        try {
            markRoom.prepare(sequence, bytes);
        } catch (IOException e) {
            // A file that failed is not written again, so the number is given up, with what lies there.
            nextSequence++;
            condemned.add(new Segment(path, head, 0, null));
            throw e;
        }
        Segment segment = new Segment(path, head, bytes, file);
        storage.rename(prepared, path);
        // Whether or not the next step succeeds, the name has been used.
        nextSequence++;
        try {
            storage.syncDirectory(directory);
        } catch (IOException e) {
            budget.takeAnyway(bytes);
            condemned.add(segment);
            throw e;
        }
        return segment;
    }

    private int countFree() throws IOException {
        long usable = storage.usableBytes(directory) + budget.kept();
        long fresh = !canMake ? 0 : Math.min(budget.left(), usable) / segmentBytes;
        int again = 0;
        synchronized (this) {
            noteSettled();
            for (Segment segment : chain.headMap(settledSequence, true).values()) {
                // What cannot be used again makes room for a new one.
                again += canMake || isReusable(segment) ? 1 : 0;
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, ready.size() + fresh + again);
    }

    private void report(IOException e) {
        String problem = String.valueOf(e.getMessage());
        if (!problem.equals(lastProblem)) {
            LOG.warn("no segment could be prepared for log {}, trying on: {}", log, e.toString());
            lastProblem = problem;
        }
    }

    /**
     * Writes the whole buffer, from its index 0, in as many pieces as the system takes. A piece that ends within a disk
     * block is written again from that block's start, since a direct file takes nothing else.
     */
    static void writeFully(StorageFile file, ByteBuffer src, long offset) throws IOException {
        int idle = 0;
        while (src.hasRemaining()) {
            int from = src.position();
            file.pwrite(src, offset + from);
            if (src.hasRemaining()) {
                src.position(src.position() & -Storage.BLOCK_BYTES);
                idle = src.position() > from ? 0 : idle + 1;
                if (idle == SHORT_WRITES) {
                    throw new IOException("short write: " + src.remaining() + " bytes left at offset " + offset);
                }
            }
        }
    }
}
