package io.sluice.journal;

import io.sluice.common.Clock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Probe;
import io.sluice.ring.CommitRing;
import io.sluice.ring.Ticket;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one consumer of a ring: makes tickets durable and answers them.
 *
 * <p>Role: gathers tickets to a {@link CommitBatch}, has it written, syncs it, hands every ticket back. Threads: one,
 * which alone calls {@link #step}. Ownership: a ticket's from poll to hand-back, a segment's from pool to retirement.
 * Cost: no allocation a ticket or frame; one pwrite, one fdatasync and one uncontended lock a batch.
 *
 * <p>The {@link BlockLedger} keeps how far each open block reached at the last good sync: after a failure that is where
 * the block ends, and a SEAL in a segment that was never at fault says so.
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

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    private final int log;
    private final CommitRing ring;
    private final SegmentPool pool;
    private final JournalConfig config;
    private final Clock clock;
    private final Cells cells;
    private final BlockLedger ledger;
    private final CommitBatch staged;

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
    private Segment segment;
    private boolean unsynced;
    private long unsyncedRecords;
    private long lastSyncNanos;
    /** When the oldest answer was given that no sync covers, by the clock, made odd; 0 if there is none. */
    private volatile long unsyncedSinceNanos;

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
        this.config = config;
        this.clock = clock;
        this.cells = cells;
        ledger = new BlockLedger(pool, live);
        staged = new CommitBatch(ledger, config.keys(), CommitBatch.roundUp(config.batchBytes()));
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

    /** For how long an answer has been out that no sync covers; 0 if there is none. Any thread. */
    long unsyncedNanos() {
        long since = unsyncedSinceNanos;
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
        if (from < count || ledger.hasOrphans()) {
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
        assert ledger.hasOrphans();
        return commit();
    }

    private Ticket next() {
        Ticket ticket = tickets[from];
        tickets[from++] = null;
        return ticket;
    }

    private boolean commit() {
        staged.clear();
        batchTickets = 0;
        broken = false;
        stageOrphans();
        stageTickets();
        if (!staged.isEmpty()) {
            write();
        } else if (batchTickets == 0) {
            return false;
        } else {
            answerBatch(Ticket.Outcome.REFUSED);
        }
        ring.wakeProducers();
        return true;
    }

    private void stageOrphans() {
        if (!ledger.hasOrphans() || (room() < Storage.BLOCK_BYTES && !roll())) {
            return;
        }
        for (BlockState orphan : ledger.orphans()) {
            if (!staged.end(orphan, segment, room())) {
                return;
            }
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
            int length = staged.lengthOf(ticket);
            if (length > staged.capacity()) {
                reportBroken(ticket, new IllegalStateException("expected at most commit.batch, " + staged.capacity()));
                addToBatch(next(), Ticket.Outcome.FAILED);
                broken = true;
                continue;
            }
            int room = roomFor(ticket);
            if (!staged.isEmpty()
                    && (staged.length() + length > config.batchBytes() || staged.length() + length > room)) {
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
            next();
            if (stage(ticket)) {
                addToBatch(ticket, null);
            } else {
                addToBatch(ticket, Ticket.Outcome.FAILED);
                broken = true;
            }
        }
    }

    /** @return false if its frames cannot be committed */
    private boolean stage(Ticket ticket) {
        try {
            staged.add(ticket, segment);
            return true;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            reportBroken(ticket, e);
            return false;
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
     * open block: one that begins in the oldest segment of a full journal holds it until it is delivered, and so all
     * others.
     */
    private int roomFor(Ticket ticket) {
        return pool.isReady()
                ? room()
                : room() - CommitBatch.roundUp(Seals.MOST_BYTES * (ledger.unended() + ticket.frames()));
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

    /** Writes the batch; syncs and answers it as configured. */
    private void write() {
        int length;
        try {
            length = staged.write(segment);
        } catch (IOException | RuntimeException e) {
            fail(e);
            return;
        }
        unsyncedRecords += staged.records();
        unsynced = true;
        cells.increment(Counter.COMMITS);
        cells.add(Counter.COMMITTED_BYTES, length);
        cells.record(Probe.COMMIT_TICKETS, batchTickets);
        if (config.ack() == JournalConfig.Ack.WRITTEN) {
            // From here on a failed sync cannot take the answer back: that is what this setting means.
            if (unsyncedSinceNanos == 0) {
                unsyncedSinceNanos = clock.nanoTime() | 1;
            }
            answerBatch(Ticket.Outcome.COMMITTED);
            if (staged.hasSeals() || syncIsDue()) {
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
        covered();
        failuresInRow = 0;
        failing = false;
        ledger.confirm(segment);
        return true;
    }

    /** Nothing written waits for a sync any more. */
    private void covered() {
        unsynced = false;
        if (unsyncedSinceNanos != 0) {
            unsyncedSinceNanos = 0;
        }
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
        covered();
        unsyncedRecords = 0;
        ledger.fallBack();
        ring.nextEpoch();
        answerBatch(Ticket.Outcome.FAILED);
        ring.wakeProducers();
    }

    /** Refuses what is on its way, and ends every open block where it is. */
    private void newEpoch() {
        ledger.orphanAll();
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
        staged.segment(next);
        return true;
    }

    private long waitNanos() {
        if (failing) {
            return Math.max(1, probeAtNanos - clock.nanoTime());
        }
        if (ledger.hasOrphans()) {
            return RETRY_NANOS;
        }
        return unsynced
                ? Math.max(1, config.syncInterval().toNanos() - (clock.nanoTime() - lastSyncNanos))
                : Long.MAX_VALUE;
    }
}
