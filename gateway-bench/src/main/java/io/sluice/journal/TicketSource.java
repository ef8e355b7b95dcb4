package io.sluice.journal;

import io.sluice.common.LoopHandle;
import io.sluice.ring.BlockSummary;
import io.sluice.ring.Frame;
import io.sluice.ring.Producer;
import io.sluice.ring.Ticket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * A producer that does nothing but publish: as many tickets as it has credit for, or at a rate, each with one frame
 * that was packed before the measurement began.
 *
 * <p>Role: a loop without sockets, decoding and compression, so that what is measured is the waist and what lies behind
 * it. Threads: its own, but for {@link #execute} and {@link #committedRecords}. Blocks grow and are sealed as real
 * ones.
 */
final class TicketSource implements Runnable, LoopHandle {

    private static final int BLOCK_BYTES = 1_000_000;
    private static final int BLOCK_COUNT_BITS = 30;
    private static final byte[] SHOP = {'s', 'h', 'o', 'p'};
    private static final int SEAL_BOUND = Frame.HEADER_BYTES + 64;
    /** What a gzip member ends with. */
    private static final int TRAILER = 10;

    private final Producer producer;
    private final Packed[] frames;
    private final int most;
    private final ByteBuffer arena;
    private final CRC32C crc = new CRC32C();
    private final BlockSummary summary = new BlockSummary();
    private final AtomicReference<Runnable> wakeUp = new AtomicReference<>();
    private final Thread thread;
    /** Nanoseconds from one ticket to the next, or 0. */
    private final long ticketNanos;

    private long nextTicketAt;

    private int epoch;
    private long block;
    private int chunk;
    private int records;
    private long rawLength;
    private int bytes;
    private int next;

    private volatile long committedRecords;
    private volatile long committedTickets;
    private volatile long refusedTickets;
    private volatile boolean stopped;

    /**
     * @param frames what to send, in turn
     * @param recordsPerSecond how much to send, or 0 for as much as there is credit for
     */
    TicketSource(Producer producer, Packed[] frames, double recordsPerSecond) {
        ticketNanos = recordsPerSecond == 0 ? 0 : (long) (1e9 * frames[0].records() / recordsPerSecond);
        this.producer = producer;
        this.frames = frames;
        // Position and limit of the arena itself are the committer's.
        this.arena = producer.arena().buffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int longest = 0;
        for (Packed frame : frames) {
            longest = Math.max(longest, frame.bytes().length);
        }
        most = Frame.HEADER_BYTES + longest + SEAL_BOUND;
        block = (long) producer.number() << BLOCK_COUNT_BITS;
        summary.add(SHOP, 1, 1, 1);
        producer.attach(this, this::returned);
        thread = Thread.ofPlatform().name("source-" + producer.number()).unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Stops publishing and waits until every ticket has come back. */
    void stop() throws InterruptedException {
        stopped = true;
        LockSupport.unpark(thread);
        thread.join();
    }

    long committedRecords() {
        return committedRecords;
    }

    long committedTickets() {
        return committedTickets;
    }

    long refusedTickets() {
        return refusedTickets;
    }

    @Override
    public void run() {
        nextTicketAt = System.nanoTime();
        while (!stopped || producer.inFlight() > 0) {
            Runnable task = wakeUp.getAndSet(null);
            if (task != null) {
                task.run();
            }
            while (!stopped && isTime() && producer.hasCredit(most)) {
                publish();
                nextTicketAt += ticketNanos;
            }
            if (wakeUp.get() != null) {
                continue;
            }
            if (ticketNanos > 0 && !stopped) {
                LockSupport.parkNanos(this, Math.max(1, nextTicketAt - System.nanoTime()));
            } else if (producer.inFlight() > 0) {
                LockSupport.park(this);
            }
        }
    }

    private boolean isTime() {
        return ticketNanos == 0 || System.nanoTime() - nextTicketAt >= 0;
    }

    private void publish() {
        if (epoch != producer.epoch()) {
            // A commit failed: the committer ends the block where it is.
            epoch = producer.epoch();
            beginBlock();
        }
        Packed frame = frames[next++ % frames.length];
        Ticket ticket = producer.open(most, false);
        int at = ticket.offset();
        arena.put(at + Frame.HEADER_BYTES, frame.bytes());
        records += frame.records();
        rawLength += frame.rawLength();
        bytes += frame.bytes().length;
        at += write(at, Frame.DATA, chunk++, frame.bytes().length, frame.records(), frame.crc32c());
        int count = 1;
        if (bytes > BLOCK_BYTES) {
            at += seal(at);
            count++;
        }
        producer.publish(ticket, at - ticket.offset(), count, frame.records(), epoch, System.nanoTime());
    }

    private int seal(int at) {
        int payloadAt = at + Frame.HEADER_BYTES;
        arena.putShort(payloadAt, (short) TRAILER);
        arena.position(payloadAt + Short.BYTES + TRAILER);
        summary.write(arena);
        int payload = Short.BYTES + TRAILER + summary.bytes();
        bytes += TRAILER;
        int length = write(at, Frame.SEAL, chunk, payload, 0, Frame.payloadCrc(arena, payloadAt, payload, crc));
        beginBlock();
        return length;
    }

    private void beginBlock() {
        block++;
        chunk = 0;
        records = 0;
        rawLength = 0;
        bytes = 0;
    }

    private int write(int at, int type, int chunk, int payload, int records, int payloadCrc) {
        // The running CRC-32 of the lines is read by nobody here.
        Frame.write(
                arena,
                at,
                type,
                1,
                0,
                block,
                chunk,
                0,
                1,
                payload,
                records,
                this.records,
                rawLength,
                0,
                bytes,
                1,
                payloadCrc);
        return Frame.HEADER_BYTES + payload;
    }

    private void returned() {
        long records = 0;
        long tickets = 0;
        for (Ticket ticket; (ticket = producer.pollReturned()) != null; ) {
            if (ticket.outcome() == Ticket.Outcome.COMMITTED) {
                records += ticket.records();
                tickets++;
            } else {
                refusedTickets++;
            }
            producer.recycle(ticket);
        }
        committedRecords += records;
        committedTickets += tickets;
    }

    @Override
    public void execute(Runnable task) {
        wakeUp.set(task);
        LockSupport.unpark(thread);
    }

    @Override
    public void afterIteration(Runnable task) {
        throw new UnsupportedOperationException("nothing is staged here");
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {
        throw new UnsupportedOperationException("nothing is staged here");
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }
}
