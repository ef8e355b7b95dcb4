package io.sluice.journal;

import io.sluice.common.LoopHandle;
import io.sluice.record.BlockEncoder;
import io.sluice.record.BlockEncoders;
import io.sluice.record.StreamGroup;
import io.sluice.ring.BlockSummary;
import io.sluice.ring.CommitRing;
import io.sluice.ring.Frame;
import io.sluice.ring.Producer;
import io.sluice.ring.Ticket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** A producer as {@code intake} will be one: real encoders, real frames, tickets of several blocks, epochs. */
final class TestProducer {

    /** One ticket, and what was said of it. */
    static final class Sent {
        final Ticket ticket;
        final List<String> lines = new ArrayList<>();
        /** The block of each line, by id. */
        final List<Long> blockOfLine = new ArrayList<>();

        private Ticket.Outcome outcome;

        private Sent(Ticket ticket) {
            this.ticket = ticket;
        }

        /** Known to the client from the moment when the committer has handed the ticket back. */
        Ticket.Outcome outcome() {
            return outcome != null ? outcome : ticket.outcome();
        }

        boolean isCollected() {
            return outcome != null;
        }

        boolean isAcknowledged() {
            return outcome() == Ticket.Outcome.COMMITTED;
        }
    }

    private static final class Block {
        long id;
        int chunks;
        int records;
        int bytes;
        long firstReceivedMillis;
        BlockSummary summary = new BlockSummary();
    }

    /** Encoders cost much to make, so one test after another uses them. */
    private static final Map<StreamGroup, List<BlockEncoder>> POOL = new HashMap<>();

    private static final byte[] SHOP = "demo".getBytes(StandardCharsets.US_ASCII);
    private static final int NO_FAULT = -1;

    final List<Sent> sent = new ArrayList<>();
    private final Producer producer;
    private final List<StreamGroup> groups;
    private final BlockEncoder[] encoders;
    private final Block[] open;
    private final CRC32C crc = new CRC32C();
    private final String name;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private int epoch;
    private long nextBlock;
    private int nextLine;
    private int breakFrame = NO_FAULT;
    private int policyVersion = 1;

    TestProducer(CommitRing ring, int number, List<StreamGroup> groups, String name) {
        producer = ring.producer(number);
        producer.attach(new Inline(), () -> {});
        this.groups = groups;
        this.name = name;
        nextBlock = (long) number << 24;
        encoders = new BlockEncoder[groups.size()];
        open = new Block[groups.size()];
        for (int i = 0; i < encoders.length; i++) {
            List<BlockEncoder> pooled = POOL.computeIfAbsent(groups.get(i), group -> new ArrayList<>());
            encoders[i] = pooled.isEmpty() ? BlockEncoders.create(groups.get(i)) : pooled.removeLast();
            encoders[i].reset();
        }
    }

    void close() {
        for (int i = 0; i < encoders.length; i++) {
            POOL.get(groups.get(i)).add(encoders[i]);
        }
    }

    /** Names the policy that all later frames carry. */
    void policyVersion(int version) {
        policyVersion = version;
    }

    /** Makes the next ticket one that the committer chokes on, behind its first frame. */
    void breakNext() {
        breakFrame = 1;
    }

    /**
     * Publishes one ticket: so many lines for each group, and a SEAL behind them where asked for.
     *
     * @return {@code null} if there is no credit
     */
    Sent flush(int[] lines, boolean[] seals, int lineBytes) {
        collect();
        if (!producer.hasCredit(1 << 14)) {
            return null;
        }
        if (producer.epoch() != epoch) {
            dropBlocks();
        }
        Ticket ticket = producer.open(1 << 14, false);
        Sent result = new Sent(ticket);
        ByteBuffer arena = producer.arena().buffer();
        int start = ticket.offset();
        int at = start;
        int frames = 0;
        int records = 0;
        for (int group = 0; group < lines.length; group++) {
            if (lines[group] > 0) {
                at = data(group, lines[group], lineBytes, arena, at, result);
                frames++;
                records += lines[group];
            }
            if (seals[group] && open[group] != null) {
                at = seal(group, arena, at);
                frames++;
            }
        }
        if (frames == 0) {
            producer.abandon(ticket);
            return null;
        }
        if (breakFrame == 1) {
            // A frame too many: what is in the arena behind the others is none.
            arena.putInt(at, 0);
            at += Frame.HEADER_BYTES;
            frames++;
            breakFrame = NO_FAULT;
        }
        producer.publish(ticket, at - start, frames, records, epoch, 0);
        sent.add(result);
        return result;
    }

    Sent flush(int lines, boolean seal) {
        int[] counts = new int[groups.size()];
        boolean[] seals = new boolean[groups.size()];
        counts[0] = lines;
        seals[0] = seal;
        return flush(counts, seals, 40);
    }

    /** Takes tickets back. Blocks are forgotten when the next one is made, if the epoch has changed by then. */
    void collect() {
        for (Ticket ticket = producer.pollReturned(); ticket != null; ticket = producer.pollReturned()) {
            for (Sent one : sent.reversed()) {
                if (one.ticket == ticket) {
                    one.outcome = ticket.outcome();
                    break;
                }
            }
            producer.recycle(ticket);
        }
    }

    private void dropBlocks() {
        epoch = producer.epoch();
        for (int i = 0; i < open.length; i++) {
            open[i] = null;
            encoders[i].reset();
        }
    }

    private int data(int group, int count, int lineBytes, ByteBuffer arena, int at, Sent result) {
        StringBuilder text = new StringBuilder();
        Block block = open[group];
        if (block == null) {
            block = new Block();
            block.id = nextBlock++;
            block.firstReceivedMillis = 60_000L * nextLine;
            open[group] = block;
        }
        for (int i = 0; i < count; i++) {
            String line = line(name + '-' + nextLine, 60_000L * nextLine, lineBytes);
            nextLine++;
            result.lines.add(line);
            result.blockOfLine.add(block.id);
            text.append(line).append('\n');
            block.summary.add(SHOP, java.util.Arrays.hashCode(SHOP), nextLine - 1, 1);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        scratch.clear();
        int length = encoders[group].encode(bytes, 0, bytes.length, scratch);
        arena.put(at + Frame.HEADER_BYTES, scratch, 0, length);
        block.records += count;
        block.bytes += length;
        frame(arena, at, Frame.DATA, group, block, block.chunks++, length, count, encoders[group]);
        return at + Frame.HEADER_BYTES + length;
    }

    static String line(String id, long millis, int lineBytes) {
        return "{\"id\":\"" + id + "\",\"event\":\"e\",\"shop\":\"demo\",\"rt\":" + millis + ",\"x\":\""
                + "x".repeat(lineBytes) + "\"}";
    }

    private int seal(int group, ByteBuffer arena, int at) {
        Block block = open[group];
        int crc32 = encoders[group].crc32();
        long raw = encoders[group].rawLength();
        scratch.clear();
        int trailer = encoders[group].writeTrailer(scratch.position(2)) & 0xffff;
        scratch.putShort(0, (short) trailer);
        block.summary.write(scratch);
        int payload = scratch.position();
        arena.put(at + Frame.HEADER_BYTES, scratch, 0, payload);
        block.bytes += trailer;
        Frame.write(
                arena,
                at,
                Frame.SEAL,
                groups.get(group).encoding().id(),
                0,
                block.id,
                block.chunks,
                groups.get(group).number(),
                policyVersion,
                payload,
                0,
                block.records,
                raw,
                crc32,
                block.bytes,
                block.firstReceivedMillis,
                Frame.payloadCrc(arena, at + Frame.HEADER_BYTES, payload, crc));
        open[group] = null;
        return at + Frame.HEADER_BYTES + payload;
    }

    private void frame(
            ByteBuffer arena,
            int at,
            int type,
            int group,
            Block block,
            int chunk,
            int length,
            int records,
            BlockEncoder encoder) {
        Frame.write(
                arena,
                at,
                type,
                groups.get(group).encoding().id(),
                0,
                block.id,
                chunk,
                groups.get(group).number(),
                policyVersion,
                length,
                records,
                block.records,
                encoder.rawLength(),
                encoder.crc32(),
                block.bytes,
                block.firstReceivedMillis,
                Frame.payloadCrc(arena, at + Frame.HEADER_BYTES, length, crc));
    }

    /** A loop that is the test's own thread, which looks at its inbox by itself. */
    private static final class Inline implements LoopHandle {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void afterIteration(Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void schedule(Runnable task, long delayNanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean inLoop() {
            return true;
        }
    }
}
