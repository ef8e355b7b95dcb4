package io.sluice.intake;

import io.sluice.common.Position;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.record.LineBuffer;
import io.sluice.ring.BlockSummary;
import io.sluice.ring.Frame;
import io.sluice.ring.Producer;
import io.sluice.ring.Ticket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Turns what is staged into one ticket: feeds the lines to their blocks, seals what must be sealed, fills in positions,
 * publishes.
 *
 * <p>Role: the only code that touches encoders and opens tickets. Threads: its producer's. Ownership: staging and
 * blocks are its loop's, the arena bytes the ticket's. Cost: one claim, no allocation, no lock. What is thrown in here
 * has left encoders or arena in an unknown state and must end the process.
 */
final class Flusher implements AutoCloseable {

    /** Most raw bytes in one frame, one longer line apart. From 8 KiB on a flush of the compressor is free. */
    private static final int CHUNK_BYTES = 64 * 1024;

    /** Block numbers of a producer: its own number above a count of 30 bits. */
    private static final int BLOCK_COUNT_BITS = 30;

    private static final long MAX_PRODUCERS = (Position.MAX_BLOCK + 1) >> BLOCK_COUNT_BITS;

    /** Most that one request can add to the summaries: an entry for its minute, its hour, and its rejected lines. */
    private static final int SUMMARY_BYTES_PER_REQUEST = 3 * (1 + 64 + 2 * Integer.BYTES);

    /** Bytes of a SEAL frame but for its summary: header, lengths, trailer. */
    private static final int SEAL_BYTES = Frame.HEADER_BYTES + 64;

    private final Producer producer;
    private final UUID incarnation;
    private final int log;
    private final Staging staging;
    private final OpenBlock[] blocks;
    private final int rejectedGroup;
    private final IntakeConfig config;
    private final Cells cells;
    private final ByteBuffer arena;

    private long nextBlock;
    private int epoch;
    /** Lines in published tickets that have not come back. Read by other threads, as of about now. */
    private long recordsInFlight;

    // Of the flush under way.
    private int at;
    private int frames;
    private int records;

    Flusher(
            Producer producer,
            UUID incarnation,
            int log,
            Staging staging,
            OpenBlock[] blocks,
            int rejectedGroup,
            IntakeConfig config,
            Cells cells) {
        this.producer = producer;
        this.incarnation = incarnation;
        this.log = log;
        this.staging = staging;
        this.blocks = blocks;
        this.rejectedGroup = rejectedGroup;
        this.config = config;
        this.cells = cells;
        this.arena = producer.arena().buffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.nextBlock = (long) producer.number() << BLOCK_COUNT_BITS;
        if (nextBlock > Position.MAX_BLOCK) {
            throw new IllegalArgumentException(
                    "producer " + producer.number() + ", but positions tell only " + MAX_PRODUCERS + " apart");
        }
        this.epoch = producer.epoch();
    }

    /** Most arena bytes that a flush can need if {@code moreBytes} of lines from one more request are staged. */
    int bound(int moreBytes) {
        long bytes = 0;
        for (int group = 0; group < blocks.length; group++) {
            OpenBlock block = blocks[group];
            int raw = staging.lines(group).size();
            if (raw > 0) {
                bytes += block.feedBound(raw, chunks(raw));
            }
            bytes += block.sealBound();
        }
        // The request may go to any group, and to the rejected one besides.
        if (moreBytes > 0) {
            int most = 0;
            for (OpenBlock block : blocks) {
                most = Math.max(most, block.feedBound(moreBytes, chunks(moreBytes) + 1));
            }
            bytes += most;
        }
        // A block that is sealed for the next chunk is more than half full with it; and each may be sealed at the end.
        long seals = blocks.length + 2 * bytes / config.blockBytes();
        bytes += seals * SEAL_BYTES + (staging.requests() + 1 + seals) * SUMMARY_BYTES_PER_REQUEST;
        return Math.toIntExact(bytes);
    }

    /** Whether a flush with as many more bytes of lines is sure to find its credit. */
    boolean hasCredit(int moreBytes) {
        return producer.hasCredit(bound(moreBytes));
    }

    /**
     * Publishes everything staged, and the seals of blocks that are due, or of all.
     *
     * @return false if there was no credit: everything is as it was
     */
    boolean flush(long nanoTime, boolean sealAll) {
        renewEpoch();
        boolean seals = sealAll || anyDue(nanoTime);
        if (staging.isEmpty() && !(seals && anyOpen())) {
            return true;
        }
        int bound = bound(0);
        Ticket ticket = producer.open(bound, staging.isEmpty());
        if (ticket == null) {
            return false;
        }
        at = ticket.offset();
        // A bound that was wrong overflows here, and ends the process, before it touches another ticket's frames.
        arena.limit(at + bound);
        frames = 0;
        records = 0;
        for (int group = 0; group < blocks.length; group++) {
            if (!staging.lines(group).isEmpty()) {
                feed(group, nanoTime);
            }
            OpenBlock block = blocks[group];
            if (block.isOpen() && (sealAll || seals && block.isDue(nanoTime))) {
                seal(block);
            }
        }
        for (int i = 0; i < staging.requests(); i++) {
            ticket.add(staging.request(i).reply);
        }
        cells.add(Counter.RAW_BYTES, staging.bytes());
        cells.increment(Counter.TICKETS_PUBLISHED);
        recordsInFlight += records;
        staging.clear();
        producer.publish(ticket, at - ticket.offset(), frames, records, epoch, nanoTime);
        return true;
    }

    /** Takes note that a ticket has come back. */
    void returned(Ticket ticket) {
        recordsInFlight -= ticket.records();
    }

    /** Lines that are staged or in flight. */
    long recordsUnderWay() {
        return recordsInFlight + staging.records();
    }

    /** Drops every block if the log has begun a new epoch: what they hold so far will be closed without us. */
    void renewEpoch() {
        int now = producer.epoch();
        if (now != epoch) {
            epoch = now;
            for (OpenBlock block : blocks) {
                block.drop();
            }
        }
    }

    boolean anyOpen() {
        for (OpenBlock block : blocks) {
            if (block.isOpen()) {
                return true;
            }
        }
        return false;
    }

    int openBlocks() {
        int open = 0;
        for (OpenBlock block : blocks) {
            if (block.isOpen()) {
                open++;
            }
        }
        return open;
    }

    private boolean anyDue(long nanoTime) {
        for (OpenBlock block : blocks) {
            if (block.isDue(nanoTime)) {
                return true;
            }
        }
        return false;
    }

    private void feed(int group, long nanoTime) {
        LineBuffer lines = staging.lines(group);
        OpenBlock block = blocks[group];
        int total = lines.lines();
        int request = 0;
        for (int line = 0; line < total; ) {
            int end = chunkEnd(lines, line);
            int offset = lines.start(line);
            int length = lines.end(end - 1) - offset;
            // Sealed before it could overflow: what was fed to an encoder cannot be withdrawn.
            if (block.isOpen() && !block.fits(length)) {
                seal(block);
            }
            request = firstTouching(group, request, line);
            if (!block.isOpen()) {
                block.open(nextBlock++, staging.request(request).receivedMillis, nanoTime);
            }
            byte[] bytes = lines.array();
            for (int i = line; i < end; i++) {
                Position.writeSuffix(bytes, lines.hole(i), block.id(), block.records() + i - line);
            }
            attribute(group, request, line, end, block);
            at += block.feed(bytes, offset, length, end - line, arena, at);
            frames++;
            records += end - line;
            line = end;
        }
    }

    /** The first request from {@code from} on that has a line at or behind {@code line} in the group. */
    private int firstTouching(int group, int from, int line) {
        int i = from;
        while (!touches(i, group) || staging.request(i).endLine(group) <= line) {
            i++;
        }
        return i;
    }

    private boolean touches(int request, int group) {
        return group == rejectedGroup || staging.request(request).group == group;
    }

    /** Tells the block's summary and the replies which lines of the chunk are theirs. */
    private void attribute(int group, int from, int line, int end, OpenBlock block) {
        for (int i = from; i < staging.requests(); i++) {
            if (!touches(i, group)) {
                continue;
            }
            StagedRequest request = staging.request(i);
            int first = Math.max(line, request.firstLine(group));
            if (first >= end) {
                break;
            }
            int last = Math.min(end, request.endLine(group)) - 1;
            if (last < first) {
                continue;
            }
            summarise(request, staging.lines(group), first, last, block.summary());
            if (request.reply.expectsPositions()) {
                request.reply.position(incarnation, log, block.id(), block.records() + last - line);
            }
        }
    }

    /** Counts lines where their received time has them: in the minute of their request, or the first of its hour. */
    private static void summarise(StagedRequest request, LineBuffer lines, int first, int last, BlockSummary summary) {
        int hourly = 0;
        for (int i = first; i <= last; i++) {
            hourly += lines.isHourly(i) ? 1 : 0;
        }
        int others = last - first + 1 - hourly;
        if (others > 0) {
            int minute = (int) TimeUnit.MILLISECONDS.toMinutes(request.receivedMillis);
            summary.add(request.shop.idBytes(), request.shop.hash(), minute, others);
        }
        if (hourly > 0) {
            int minute = (int) TimeUnit.HOURS.toMinutes(TimeUnit.MILLISECONDS.toHours(request.receivedMillis));
            summary.add(request.shop.idBytes(), request.shop.hash(), minute, hourly);
        }
    }

    private void seal(OpenBlock block) {
        at += block.seal(arena, at);
        frames++;
        cells.increment(Counter.BLOCKS_SEALED);
    }

    private static int chunkEnd(LineBuffer lines, int from) {
        int limit = lines.start(from) + CHUNK_BYTES;
        int end = from + 1;
        while (end < lines.lines() && lines.end(end) <= limit) {
            end++;
        }
        return end;
    }

    /** Most chunks that so many raw bytes can be cut into: any two neighbours hold more than one chunk's bytes. */
    private static int chunks(int rawBytes) {
        return 2 * (rawBytes / CHUNK_BYTES) + 1;
    }

    @Override
    public void close() {
        for (OpenBlock block : blocks) {
            block.close();
        }
    }
}
