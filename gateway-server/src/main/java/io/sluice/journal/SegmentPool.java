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
 */
final class SegmentPool implements Runnable {

    /** How long delivered segments are kept while there is room: Firehose may lose what S3 refused for 24 hours. */
    private static final long KEEP_MILLIS = TimeUnit.HOURS.toMillis(26);

    private static final int AHEAD = 2;
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
    private final Budget budget;
    private final Storage.Access access;
    private final RandomGenerator random;
    private final Clock clock;
    private final Cells cells;
    private final ByteBuffer zeros;
    private final ByteBuffer header;

    /** Ready to be written. From the preallocator to the committer. */
    private final SpscArrayQueue<Segment> ready = new SpscArrayQueue<>(AHEAD * 2);
    /** Written to their end, or failed. From the committer to the preallocator. At most those in the chain. */
    private final SpscArrayQueue<Segment> retired = new SpscArrayQueue<>(1 << 10);

    /** Every segment of the log, by sequence. Guarded by this. */
    private final ArrayDeque<Segment> chain = new ArrayDeque<>();

    // The preallocator's.
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
            int segmentBytes,
            int commitBytes,
            long keyId,
            Budget budget,
            Storage.Access access,
            RandomGenerator random,
            Clock clock,
            Cells cells) {
        this.storage = storage;
        this.directory = directory;
        this.incarnation = incarnation;
        this.log = log;
        this.segmentBytes = segmentBytes;
        this.commitBytes = commitBytes;
        this.keyId = keyId;
        this.budget = budget;
        this.access = access;
        this.random = random;
        this.clock = clock;
        this.cells = cells;
        zeros = aligned(Math.min(ZEROS, segmentBytes));
        header = aligned(SegmentHeader.BYTES);
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
        for (Segment segment : chain) {
            if (segment.sequence == sequence) {
                segment.pins.incrementAndGet();
                return segment;
            }
        }
        return null;
    }

    /** The segment, which the caller knows to be pinned. */
    synchronized Segment find(long sequence) {
        for (Segment segment : chain) {
            if (segment.sequence == sequence) {
                return segment;
            }
        }
        throw new IllegalStateException("segment " + sequence + " was recycled under an undelivered block");
    }

    /** The pinned first segment behind this one in the chain, or {@code null} if it is the last. */
    synchronized Segment pinAfter(long sequence) {
        for (Segment segment : chain) {
            if (segment.sequence > sequence) {
                segment.pins.incrementAndGet();
                return segment;
            }
        }
        return null;
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
            did = dropOldest();
            if (!did && ready.size() < AHEAD) {
                Segment segment = make();
                if (segment != null) {
                    synchronized (this) {
                        chain.add(segment);
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
     * Closes the pool's own files, and deletes what the next start need not read: segments that are delivered, and
     * those
     * never written. No other thread may use it any more.
     */
    void close() throws IOException {
        takeBack();
        for (Segment segment = ready.poll(); segment != null; segment = ready.poll()) {
            closeFile(segment);
            storage.delete(segment.path);
            deleteMarks(segment.sequence);
        }
        boolean dropped = false;
        for (Segment oldest = chain.peekFirst(); recyclable(oldest); oldest = chain.peekFirst()) {
            chain.removeFirst();
            storage.delete(oldest.path);
            dropped = true;
        }
        if (dropped) {
            // The marks stay: the last of them may speak of blocks that begin in what is left.
            storage.syncDirectory(directory);
        }
    }

    void stop() {
        closed = true;
        wake();
    }

    private void takeBack() {
        for (Segment segment = retired.poll(); segment != null; segment = retired.poll()) {
            closeFile(segment);
            synchronized (this) {
                segment.retiredMillis = Math.max(1, clock.epochMillis());
            }
        }
    }

    private static void closeFile(Segment segment) {
        try {
            segment.file.close();
        } catch (IOException e) {
            // What it held was synced before, or has failed before.
            LOG.warn("closing segment {} failed: {}", segment.sequence, e.toString());
        }
    }

    /** Deletes the oldest segment if nobody needs it and it failed, or has been kept for long enough. */
    private boolean dropOldest() throws IOException {
        Segment oldest;
        synchronized (this) {
            oldest = chain.peekFirst();
            if (!recyclable(oldest) || (!oldest.failed && clock.epochMillis() - oldest.retiredMillis < KEEP_MILLIS)) {
                return false;
            }
            chain.removeFirst();
        }
        budget.release(segmentBytes);
        storage.delete(oldest.path);
        storage.syncDirectory(directory);
        deleteMarks(oldest.sequence);
        return true;
    }

    private static boolean recyclable(Segment segment) {
        return segment != null && segment.retiredMillis != 0 && segment.pins.get() == 0;
    }

    private Segment make() throws IOException {
        if (budget.tryTake(segmentBytes)) {
            boolean made = false;
            try {
                if (storage.usableBytes(directory) > segmentBytes) {
                    Segment segment = makeNew();
                    made = true;
                    canMake = true;
                    return segment;
                }
            } catch (IOException e) {
                // Recycling may still be possible: it asks for no space.
                report(e);
                canMake = false;
            } finally {
                if (!made) {
                    budget.release(segmentBytes);
                }
            }
        }
        return recycle();
    }

    private Segment makeNew() throws IOException {
        Path path = directory.resolve(Layout.PREPARED);
        storage.delete(path);
        StorageFile file = storage.open(path, access);
        boolean made = false;
        try {
            for (int at = 0; at < segmentBytes; at += zeros.capacity()) {
                writeFully(file, zeros.clear().limit(Math.min(zeros.capacity(), segmentBytes - at)), at);
            }
            Segment segment = finish(path, file);
            made = true;
            return segment;
        } finally {
            if (!made) {
                file.close();
                storage.delete(path);
            }
        }
    }

    /** Puts the oldest delivered segment to use again. Its old frames stay in it and will not verify. */
    private Segment recycle() throws IOException {
        Segment oldest;
        synchronized (this) {
            oldest = chain.peekFirst();
            if (!recyclable(oldest) || oldest.failed) {
                return null;
            }
            chain.removeFirst();
        }
        Path path = directory.resolve(Layout.PREPARED);
        StorageFile file = null;
        boolean made = false;
        try {
            storage.rename(oldest.path, path);
            storage.syncDirectory(directory);
            // Only now, lest the blocks come back without the marks that say that they were delivered.
            handOnMarks(oldest.sequence);
            file = storage.open(path, access);
            Segment segment = finish(path, file);
            made = true;
            return segment;
        } finally {
            if (!made) {
                budget.release(segmentBytes);
                if (file != null) {
                    file.close();
                }
                storage.delete(path);
                storage.delete(oldest.path);
            }
        }
    }

    private Segment finish(Path prepared, StorageFile file) throws IOException {
        long sequence = nextSequence;
        SegmentHeader head = new SegmentHeader(
                incarnation, log, sequence, random.nextLong(), segmentBytes, false, commitBytes, keyId);
        head.write(header);
        writeFully(file, header.clear(), 0);
        file.sync();
        prepareMarks(sequence);
        Path path = Layout.segment(directory, sequence);
        storage.rename(prepared, path);
        // Whether or not the next step succeeds, the name has been used.
        nextSequence++;
        try {
            storage.syncDirectory(directory);
        } catch (IOException e) {
            storage.delete(path);
            throw e;
        }
        return new Segment(path, head, file);
    }

    /** Makes room for marks, durable: a full disk must not keep delivery from letting go of segments. */
    private void prepareMarks(long sequence) throws IOException {
        Path path = Layout.marks(directory, sequence, 0);
        boolean made = false;
        try (StorageFile file = storage.open(path, Storage.Access.WRITE)) {
            long bytes = Math.max(file.size(), Marks.preparedBytes(segmentBytes));
            for (long at = 0; at < bytes; at += zeros.capacity()) {
                writeFully(file, zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at)), at);
            }
            file.sync();
            made = true;
        } finally {
            if (!made) {
                storage.delete(path);
            }
        }
    }

    /**
     * Gives the file of marks to the next segment, so that a full disk needs no space for a new one. Should the power
     * fail before it is zeroed: what it says of its old blocks stays true. One that failed is not used again.
     */
    private void handOnMarks(long sequence) throws IOException {
        boolean failed = false;
        Path first = null;
        for (Path path : storage.list(directory)) {
            if (Layout.marksNumber(path) == sequence) {
                if (Layout.marksAttempt(path) == 0) {
                    first = path;
                } else {
                    failed = true;
                    storage.delete(path);
                }
            }
        }
        if (first != null && failed) {
            storage.delete(first);
        } else if (first != null) {
            storage.rename(first, Layout.marks(directory, nextSequence, 0));
        }
    }

    private void deleteMarks(long sequence) throws IOException {
        for (Path path : storage.list(directory)) {
            if (Layout.marksNumber(path) == sequence) {
                storage.delete(path);
            }
        }
    }

    private int countFree() throws IOException {
        long fresh = !canMake ? 0 : Math.min(budget.left(), storage.usableBytes(directory)) / segmentBytes;
        int delivered = 0;
        synchronized (this) {
            for (Segment segment : chain) {
                if (!recyclable(segment) || segment.failed) {
                    break;
                }
                delivered++;
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, ready.size() + fresh + delivered);
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
