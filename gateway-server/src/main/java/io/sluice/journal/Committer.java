package io.sluice.journal;

import io.sluice.common.Clock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Probe;
import io.sluice.record.Encoding;
import io.sluice.record.Encodings;
import io.sluice.ring.CommitRing;
import io.sluice.ring.Frame;
import io.sluice.ring.Ticket;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one consumer of a ring: makes tickets durable and answers them.
 *
 * <p>Role: copies the frames of a batch of tickets into one buffer, writes it, syncs it, hands every ticket back.
 * Threads: one, which alone calls {@link #step}. Ownership: a ticket's from poll to hand-back, a segment's from pool to
 * retirement, an open block's until it is published. Cost: no allocation a ticket or frame; one pwrite, one fdatasync
 * and one uncontended lock a batch.
 *
 * <p>It also keeps, for each open block, how far it reached at the last good sync: after a failure that is where the
 * block ends, and a SEAL in a segment that was never at fault says so.
 */
final class Committer implements Runnable {

    private static final int BATCH_TICKETS = 256;
    private static final int FAILURES_TO_NOT_READY = 3;
    private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long a batch waits for a segment that is being prepared, well below the bound on a ticket's age. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Between two reports of tickets that cannot be committed. */
    private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Most bytes of a SEAL without a summary. */
    private static final int SEAL_BYTES = Frame.HEADER_BYTES + 16;

    private static final byte[] NO_BYTES = {};
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    private final int log;
    private final CommitRing ring;
    private final SegmentPool pool;
    private final LiveBlocks live;
    private final JournalConfig config;
    private final Clock clock;
    private final Cells cells;
    private final CRC32C crc = new CRC32C();
    private final OpenBlocks blocks = new OpenBlocks();
    /** Blocks that no producer will continue, to be ended by a SEAL of ours. */
    private final ArrayDeque<OpenBlock> orphans = new ArrayDeque<>();

    // Tickets taken from the ring and not looked at yet: from <= i < count.
    private final Ticket[] tickets = new Ticket[BATCH_TICKETS];
    private int from;
    private int count;

    // The batch under way.
    private final Ticket[] batch = new Ticket[BATCH_TICKETS];
    /** What became of a ticket of the batch, or {@code null} if it shares the fate of the write. */
    private final Ticket.Outcome[] verdicts = new Ticket.Outcome[BATCH_TICKETS];

    private int batchTickets;
    private boolean broken;
    private ByteBuffer buffer;
    private int batchEnd;
    private int batchRecords;
    private boolean sealStaged;

    // The ticket under way.
    private long ticketNumber;
    private OpenBlock[] touched = new OpenBlock[64];
    private int touchedBlocks;

    /** Blocks that changed since the last good sync. */
    private OpenBlock[] dirty = new OpenBlock[64];

    private int dirtyBlocks;

    /** Blocks that were sealed since then, in the order of their SEALs: delivery reads the log in that order. */
    private OpenBlock[] sealed = new OpenBlock[64];

    private int sealedBlocks;

    private Segment segment;
    private boolean unsynced;
    private long unsyncedRecords;
    private long lastSyncNanos;
    private int failuresInRow;
    private long probeAtNanos;
    private long patienceNanos;
    private long brokenTickets;
    private long brokenReportNanos;

    private volatile boolean failing;
    /** When the step under way began, by the clock, made odd; 0 while there is none. */
    private volatile long stepSinceNanos;

    private Consumer<Throwable> fatal = e -> {};

    Committer(
            int log,
            CommitRing ring,
            SegmentPool pool,
            LiveBlocks live,
            JournalConfig config,
            Clock clock,
            Cells cells) {
        this.log = log;
        this.ring = ring;
        this.pool = pool;
        this.live = live;
        this.config = config;
        this.clock = clock;
        this.cells = cells;
        buffer = SegmentPool.aligned(roundUp(config.batchBytes()));
        lastSyncNanos = clock.nanoTime();
    }

    /** Whether commits failed several times in a row. Any thread. */
    boolean isFailing() {
        return failing;
    }

    /** How long the thread has been at one commit or sync; 0 while it waits for tickets. Any thread. */
    long stalledNanos() {
        long since = stepSinceNanos;
        return since == 0 ? 0 : Math.max(0, clock.nanoTime() - since);
    }

    /** Names what to do if the thread dies of something unexpected. Before it starts. */
    void onFatal(Consumer<Throwable> fatal) {
        this.fatal = fatal;
    }

    /** Commits until the ring is closed and empty. */
    @Override
    public void run() {
        patienceNanos = PATIENCE_NANOS;
        try {
            while (true) {
                stepSinceNanos = clock.nanoTime() | 1;
                if (step()) {
                    continue;
                }
                stepSinceNanos = 0;
                if (ring.isClosed()) {
                    finish();
                    return;
                }
                ring.await(waitNanos());
            }
        } catch (Throwable e) {
            failing = true;
            LOG.error("the committer of log {} ends, nothing can be journalled any more", log, e);
            fatal.accept(e);
        }
    }

    /** Ends the segment. No ticket may follow. */
    void finish() {
        if (unsynced) {
            sync();
        }
        if (segment != null) {
            pool.retire(segment);
            segment = null;
        }
    }

    /**
     * One commit of what is in the ring, or a sync that is due.
     *
     * @return false if there was nothing to do, or nothing that can be done now
     */
    boolean step() {
        if (from == count) {
            from = 0;
            count = ring.poll(tickets, BATCH_TICKETS);
        }
        if (failing) {
            return stepWhileFailing();
        }
        if (from < count || !orphans.isEmpty()) {
            return commit();
        }
        if (syncIsDue()) {
            sync();
            return true;
        }
        return false;
    }

    /** Refuses everything until it is time for another try, which ends the state if it succeeds. */
    private boolean stepWhileFailing() {
        if (clock.nanoTime() - probeAtNanos < 0) {
            if (from == count) {
                return false;
            }
            // Those that come next may go on from the refused ones.
            ring.nextEpoch();
            while (from < count) {
                answer(next(), Ticket.Outcome.REFUSED);
            }
            ring.wakeProducers();
            return true;
        }
        probeAtNanos = clock.nanoTime() + PROBE_NANOS;
        // Whatever failed left blocks to end, and their SEALs prove the disk.
        assert !orphans.isEmpty();
        return commit();
    }

    private Ticket next() {
        Ticket ticket = tickets[from];
        tickets[from++] = null;
        return ticket;
    }

    private void beginBatch() {
        // Its limit still stands at the end of the last write.
        buffer.clear();
        batchTickets = 0;
        broken = false;
        batchEnd = 0;
        batchRecords = 0;
        sealStaged = false;
    }

    private boolean commit() {
        beginBatch();
        stageOrphans();
        stageTickets();
        if (batchEnd > 0) {
            int length = roundUp(batchEnd);
            pad(batchEnd, length);
            write(length);
        } else if (batchTickets == 0) {
            return false;
        } else {
            answerBatch(Ticket.Outcome.REFUSED);
        }
        ring.wakeProducers();
        return true;
    }

    /** Ends blocks that their producers have dropped, at the last frame that is in them. */
    private void stageOrphans() {
        if (orphans.isEmpty() || (room() < Storage.BLOCK_BYTES && !roll())) {
            return;
        }
        int most = Math.min(room(), buffer.capacity());
        for (OpenBlock block : orphans) {
            Extent end = block.now;
            byte[] trailer = end.chunks == 0
                    ? NO_BYTES
                    : Encodings.trailer(Encoding.ofId(block.encoding), end.crc32, end.rawLength);
            int payload = Short.BYTES + trailer.length;
            if (batchEnd + Frame.HEADER_BYTES + payload > most) {
                return;
            }
            int at = batchEnd;
            buffer.putShort(at + Frame.HEADER_BYTES, (short) trailer.length);
            buffer.put(at + Frame.HEADER_BYTES + Short.BYTES, trailer);
            block.assemble(end.bytes, trailer);
            end.bytes += trailer.length;
            end.summaryBytes = 0;
            Frame.write(
                    buffer,
                    at,
                    Frame.SEAL,
                    block.encoding,
                    Frame.FLAG_NO_SUMMARY,
                    block.id,
                    end.chunks,
                    block.group,
                    block.policyVersion,
                    payload,
                    0,
                    end.records,
                    end.rawLength,
                    end.crc32,
                    end.bytes,
                    block.firstReceivedMillis,
                    Frame.payloadCrc(buffer, at + Frame.HEADER_BYTES, payload, crc));
            Frame.complete(buffer, at, segment.generation, crc);
            markDirty(block);
            markSealed(block, at);
            batchEnd += Frame.HEADER_BYTES + payload;
        }
    }

    /** Takes tickets into the batch, and as many as one commit takes into the buffer. */
    private void stageTickets() {
        while (from < count) {
            Ticket ticket = tickets[from];
            if (ticket.epoch() != ring.epoch()) {
                addToBatch(next(), Ticket.Outcome.REFUSED);
                continue;
            }
            int length = ticket.length();
            if (length > config.segmentBytes() - SegmentHeader.BYTES) {
                reportBroken(
                        ticket, new IllegalStateException("expected to fit in " + config.segmentBytes() + " bytes"));
                addToBatch(next(), Ticket.Outcome.FAILED);
                broken = true;
                continue;
            }
            int room = roomFor(ticket);
            if (batchEnd > 0 && (batchEnd + length > config.batchBytes() || batchEnd + length > room)) {
                return;
            }
            if (length > room) {
                // A new segment takes it, unless the sync of the old one failed and the ticket is too old by now.
                if (!roll()) {
                    addToBatch(next(), Ticket.Outcome.REFUSED);
                    newEpoch();
                }
                continue;
            }
            if (length > buffer.capacity()) {
                buffer = SegmentPool.aligned(roundUp(length));
            }
            next();
            if (stage(ticket)) {
                addToBatch(ticket, null);
                batchEnd += length;
                batchRecords += ticket.records();
            } else {
                addToBatch(ticket, Ticket.Outcome.FAILED);
                broken = true;
            }
        }
    }

    /** Tickets are answered in the order of the ring, whatever became of each: arenas are circular. */
    private void addToBatch(Ticket ticket, Ticket.Outcome verdict) {
        batch[batchTickets] = ticket;
        verdicts[batchTickets++] = verdict;
    }

    private int room() {
        return segment == null ? 0 : segment.room();
    }

    /**
     * What is left of the segment for this ticket. Where no other segment is ready, enough is kept back to end every
     * open
     * block: one that begins in the oldest segment of a full journal holds it until it is delivered, and so all others.
     */
    private int roomFor(Ticket ticket) {
        return pool.isReady()
                ? room()
                : room() - roundUp(SEAL_BYTES * (blocks.size() + orphans.size() + ticket.frames()));
    }

    /** Copies the ticket's frames to the end of the batch and completes them. @return false if that threw */
    private boolean stage(Ticket ticket) {
        ticketNumber++;
        touchedBlocks = 0;
        int dirtyBefore = dirtyBlocks;
        int sealedBefore = sealedBlocks;
        try {
            int at = batchEnd;
            int end = at + ticket.length();
            buffer.put(at, ticket.producer().arena().buffer(), ticket.offset(), ticket.length());
            for (int i = 0; i < ticket.frames(); i++) {
                at += stageFrame(at, end);
            }
            if (at != end) {
                throw new IllegalStateException(
                        "frames of " + (at - batchEnd) + " bytes in a ticket of " + ticket.length());
            }
            for (int i = 0; i < touchedBlocks; i++) {
                touched[i].fresh = false;
            }
            return true;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            undo(dirtyBefore, sealedBefore);
            reportBroken(ticket, e);
            return false;
        }
    }

    /** Whoever sends one such ticket may send nothing else: the first with its stack, the rest counted. */
    private void reportBroken(Ticket ticket, Throwable e) {
        long now = clock.nanoTime();
        brokenTickets++;
        if (brokenTickets == 1) {
            LOG.error("a ticket of {} frames and {} bytes cannot be committed", ticket.frames(), ticket.length(), e);
            brokenReportNanos = now;
        } else if (now - brokenReportNanos >= REPORT_NANOS) {
            LOG.error(
                    "{} tickets of log {} could not be committed so far, the last: {}",
                    brokenTickets,
                    log,
                    e.toString());
            brokenReportNanos = now;
        }
    }

    private int stageFrame(int at, int end) {
        if (end - at < Frame.HEADER_BYTES || buffer.getInt(at) != Frame.MAGIC) {
            throw new IllegalStateException("no frame at offset " + at + " of " + end);
        }
        int payload = Frame.payloadLength(buffer, at);
        if (payload < 0 || payload > end - at - Frame.HEADER_BYTES) {
            throw new IllegalStateException("a payload of " + payload + " bytes, " + (end - at) + " are left");
        }
        switch (Frame.type(buffer, at)) {
            case Frame.DATA -> stageData(at, payload);
            case Frame.SEAL -> stageSeal(at, payload);
            // PARK frames, too: nothing would deliver them, so nothing may acknowledge them.
            default -> throw new IllegalStateException("a frame of type " + Frame.type(buffer, at));
        }
        Frame.complete(buffer, at, segment.generation, crc);
        return Frame.HEADER_BYTES + payload;
    }

    private void stageData(int at, int payload) {
        long id = Frame.block(buffer, at);
        OpenBlock block = blocks.get(id);
        int chunk = Frame.chunk(buffer, at);
        if (block == null && chunk == 0) {
            block = begin(id, at);
        }
        checkNext(block, chunk);
        touch(block);
        Extent now = block.now;
        int bytes = Frame.blockBytes(buffer, at);
        if (bytes != now.bytes + payload) {
            throw new IllegalStateException("a block of " + bytes + " bytes, expected " + (now.bytes + payload));
        }
        block.assemble(now.bytes, buffer, at + Frame.HEADER_BYTES, payload);
        now.chunks = chunk + 1;
        now.records = Frame.blockRecords(buffer, at);
        now.rawLength = Frame.blockRawLength(buffer, at);
        now.crc32 = Frame.blockCrc32(buffer, at);
        now.bytes = bytes;
        block.policyVersion = Frame.policyVersion(buffer, at);
    }

    private void stageSeal(int at, int payload) {
        OpenBlock block = blocks.get(Frame.block(buffer, at));
        checkNext(block, Frame.chunk(buffer, at));
        int trailer = payload < Short.BYTES ? -1 : buffer.getShort(at + Frame.HEADER_BYTES) & 0xffff;
        int summary = payload - Short.BYTES - trailer;
        if (trailer < 0 || summary < 0 || Frame.blockBytes(buffer, at) != block.now.bytes + trailer) {
            throw new IllegalStateException("a SEAL of " + payload + " bytes that does not add up");
        }
        touch(block);
        Extent now = block.now;
        // Trailer and summary lie one behind the other, as in the frame.
        block.assemble(now.bytes, buffer, at + Frame.HEADER_BYTES + Short.BYTES, trailer + summary);
        now.bytes += trailer;
        now.summaryBytes = (Frame.flags(buffer, at) & Frame.FLAG_NO_SUMMARY) != 0 ? 0 : summary;
        markSealed(block, at);
    }

    private void markSealed(OpenBlock block, int at) {
        block.now.sealed = true;
        block.last = segment;
        block.lastOffset = segment.position + at;
        if (sealedBlocks == sealed.length) {
            sealed = Arrays.copyOf(sealed, sealedBlocks * 2);
        }
        sealed[sealedBlocks++] = block;
        sealStaged = true;
    }

    private static void checkNext(OpenBlock block, int chunk) {
        int expected = block == null ? 0 : block.now.chunks;
        if (block == null || chunk != expected || block.now.sealed) {
            throw new IllegalStateException("chunk " + chunk + " of a block, expected " + expected);
        }
    }

    private OpenBlock begin(long id, int at) {
        // Throws for an id that no encoding has, before anything depends on it.
        Encoding encoding = Encoding.ofId(Frame.encoding(buffer, at));
        OpenBlock block = live.acquire();
        block.begin(id, segment, segment.position + at);
        block.encoding = encoding.id();
        block.group = Frame.group(buffer, at);
        block.firstReceivedMillis = Frame.firstReceivedMillis(buffer, at);
        segment.pins.incrementAndGet();
        blocks.add(block);
        return block;
    }

    /** Keeps the block as it was before this ticket. */
    private void touch(OpenBlock block) {
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

    private void markDirty(OpenBlock block) {
        if (!block.dirty) {
            block.dirty = true;
            if (dirtyBlocks == dirty.length) {
                dirty = Arrays.copyOf(dirty, dirtyBlocks * 2);
            }
            dirty[dirtyBlocks++] = block;
        }
    }

    /** Takes back what the ticket under way did to its blocks. */
    private void undo(int dirtyBefore, int sealedBefore) {
        while (sealedBlocks > sealedBefore) {
            sealed[--sealedBlocks] = null;
        }
        while (dirtyBlocks > dirtyBefore) {
            dirty[--dirtyBlocks].dirty = false;
            dirty[dirtyBlocks] = null;
        }
        for (int i = 0; i < touchedBlocks; i++) {
            OpenBlock block = touched[i];
            block.now.copyFrom(block.before);
            if (block.fresh) {
                blocks.remove(block);
                drop(block);
            }
        }
    }

    /** Forgets a block of which nothing will be delivered. */
    private void drop(OpenBlock block) {
        pool.unpin(block.first);
        live.release(block);
    }

    private void pad(int from, int to) {
        for (int i = from; i < to; i++) {
            buffer.put(i, (byte) 0);
        }
    }

    /** Writes the batch; syncs and answers it as configured. */
    private void write(int length) {
        try {
            buffer.clear().limit(length);
            SegmentPool.writeFully(segment.file, buffer, segment.position);
        } catch (IOException | RuntimeException e) {
            fail(e);
            return;
        }
        segment.position += length;
        unsyncedRecords += batchRecords;
        unsynced = true;
        cells.increment(Counter.COMMITS);
        cells.add(Counter.COMMITTED_BYTES, length);
        cells.record(Probe.COMMIT_TICKETS, batchTickets);
        if (config.ack() == JournalConfig.Ack.WRITTEN) {
            // From here on a failed sync cannot take the answer back: that is what this setting means.
            answerBatch(Ticket.Outcome.COMMITTED);
            if (sealStaged || syncIsDue()) {
                ring.wakeProducers();
                sync();
            }
            return;
        }
        if (sync()) {
            answerBatch(Ticket.Outcome.COMMITTED);
        }
    }

    private boolean syncIsDue() {
        return unsynced
                && clock.nanoTime() - lastSyncNanos >= config.syncInterval().toNanos();
    }

    /** @return false if it failed, and everything since the last good sync with it */
    private boolean sync() {
        long start = clock.nanoTime();
        try {
            segment.file.sync();
        } catch (IOException | RuntimeException e) {
            fail(e);
            return false;
        }
        lastSyncNanos = clock.nanoTime();
        cells.increment(Counter.SYNCS);
        cells.record(Probe.SYNC, lastSyncNanos - start);
        cells.add(Counter.COMMITTED_RECORDS, unsyncedRecords);
        unsyncedRecords = 0;
        unsynced = false;
        failuresInRow = 0;
        failing = false;
        confirm();
        return true;
    }

    /** Takes up what the sync has made durable, and publishes the blocks that are complete by it. */
    private void confirm() {
        segment.syncedEnd = segment.position;
        boolean news;
        synchronized (live) {
            live.head(segment.sequence, segment.position);
            for (int i = 0; i < dirtyBlocks; i++) {
                OpenBlock block = dirty[i];
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

    private void publish(OpenBlock block) {
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
            OpenBlock earliest = earliest(block);
            live.readFrom(earliest.first.sequence, earliest.firstOffset, block);
        }
        if (!live.publish(block)) {
            live.release(block);
        }
    }

    /** The one whose first frame lies first of this block and the open ones, which are all to be found whole. */
    private OpenBlock earliest(OpenBlock block) {
        OpenBlock earliest = block;
        for (int i = 0; i < blocks.slots(); i++) {
            earliest = earlier(earliest, blocks.slot(i));
        }
        if (!orphans.isEmpty()) {
            for (OpenBlock orphan : orphans) {
                // One without a chunk will not be delivered, and its segment not held until it is read.
                if (orphan.now.chunks > 0) {
                    earliest = earlier(earliest, orphan);
                }
            }
        }
        return earliest;
    }

    private static OpenBlock earlier(OpenBlock a, OpenBlock b) {
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
            OpenBlock block = blocks.slot(i);
            if (block != null) {
                oldest = Math.min(oldest, block.firstReceivedMillis);
                records += block.synced.records;
            }
        }
        if (!orphans.isEmpty()) {
            for (OpenBlock orphan : orphans) {
                if (orphan.synced.chunks > 0) {
                    oldest = Math.min(oldest, orphan.firstReceivedMillis);
                    records += orphan.synced.records;
                }
            }
        }
        live.open(oldest, records);
    }

    /**
     * A write or sync failed. What was written since the last good sync is undefined, so it is as if it had never been;
     * the file is left as it is, for a second sync would prove nothing.
     */
    private void fail(Exception e) {
        cells.increment(Counter.JOURNAL_FAILURES);
        failuresInRow++;
        if (failuresInRow >= FAILURES_TO_NOT_READY) {
            failing = true;
            probeAtNanos = clock.nanoTime() + PROBE_NANOS;
        }
        if (config.ack() == JournalConfig.Ack.WRITTEN && unsyncedRecords > 0) {
            LOG.error("{} lines that were acknowledged as written may be lost", unsyncedRecords);
        }
        LOG.warn("segment {} of log {} failed, going on in the next: {}", segment.sequence, log, e.toString());
        segment.failed = true;
        pool.retire(segment);
        segment = null;
        unsynced = false;
        unsyncedRecords = 0;
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
        for (OpenBlock block : orphans) {
            block.now.copyFrom(block.synced);
        }
        ring.nextEpoch();
        answerBatch(Ticket.Outcome.FAILED);
        ring.wakeProducers();
    }

    /** Refuses what is on its way, and ends every open block where it is. */
    private void newEpoch() {
        int first = orphans.size();
        for (int i = 0; i < blocks.slots(); i++) {
            OpenBlock block = blocks.slot(i);
            // One whose SEAL is written already needs no other.
            if (block != null && !block.now.sealed) {
                orphans.add(block);
            }
        }
        for (OpenBlock orphan : orphans) {
            if (first-- <= 0) {
                blocks.remove(orphan);
            }
        }
        ring.nextEpoch();
    }

    /** Answers every ticket of the batch; those without a verdict of their own get this one. */
    private void answerBatch(Ticket.Outcome outcome) {
        if (broken) {
            // Blocks of broken tickets lack a chunk: nobody may go on with them. Before anybody hears of it.
            broken = false;
            newEpoch();
        }
        for (int i = 0; i < batchTickets; i++) {
            answer(batch[i], verdicts[i] == null ? outcome : verdicts[i]);
            batch[i] = null;
        }
        batchTickets = 0;
    }

    private void answer(Ticket ticket, Ticket.Outcome outcome) {
        cells.record(Probe.COMMIT_WAIT, clock.nanoTime() - ticket.publishedNanos());
        ring.handBack(ticket, outcome);
    }

    /** Goes on in the next segment. @return false if there is none; the present one stays */
    private boolean roll() {
        if (unsynced && !sync()) {
            // The segment is gone; the next one may be had all the same.
            assert segment == null;
        }
        Segment next = pool.poll();
        if (next == null && patienceNanos > 0 && pool.freeSegments() > 0) {
            long deadline = System.nanoTime() + patienceNanos;
            while (next == null && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(this, RETRY_NANOS / 50);
                next = pool.poll();
            }
        }
        if (next == null) {
            return false;
        }
        if (segment != null) {
            pool.retire(segment);
        }
        segment = next;
        return true;
    }

    private long waitNanos() {
        if (failing) {
            return Math.max(1, probeAtNanos - clock.nanoTime());
        }
        if (!orphans.isEmpty()) {
            return RETRY_NANOS;
        }
        return unsynced
                ? Math.max(1, config.syncInterval().toNanos() - (clock.nanoTime() - lastSyncNanos))
                : Long.MAX_VALUE;
    }

    private static int roundUp(int bytes) {
        return bytes + Storage.BLOCK_BYTES - 1 & -Storage.BLOCK_BYTES;
    }
}
