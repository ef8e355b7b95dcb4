package io.sluice.journal;

import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.ring.BlockSummary;
import io.sluice.ring.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the frames of a log back together to blocks.
 *
 * <p>Confined to delivery. Memory: the blocks that were open at one time, which are at most producers times groups,
 * each within the block limit; that of a block found is its own from then on.
 */
final class BlockAssembler {

    /** A block whose SEAL has not been met. */
    static final class Partial {
        final long id;
        final int group;
        final int encoding;
        final long firstReceivedMillis;
        final long firstSequence;
        int policyVersion;
        /** How far its frames go without a gap. */
        final Extent now = new Extent();

        /** That of the block found, once this is not listed any more. */
        private final Room room;
        /** A later frame was met whose predecessor was not. */
        boolean gap;
        /** Open when a damaged place was passed, where frames or the SEAL of it may have been. */
        boolean mayLack;

        private Partial(ByteBuffer buffer, int at, long sequence, BlockMemory memory) {
            room = new Room(memory);
            id = Frame.block(buffer, at);
            group = Frame.group(buffer, at);
            encoding = Frame.encoding(buffer, at);
            firstReceivedMillis = Frame.firstReceivedMillis(buffer, at);
            firstSequence = sequence;
        }

        /** The block up to here, closed. This stays as it is, and may be closed again. */
        FoundBlock closed(long sealSequence) {
            byte[] trailer = Seals.trailer(encoding, now);
            room.put(now.bytes, trailer);
            return new FoundBlock(
                    id,
                    group,
                    encoding,
                    room.bytes(now.bytes + trailer.length),
                    room,
                    now.records,
                    now.rawLength,
                    now.crc32,
                    firstReceivedMillis,
                    null,
                    firstSequence,
                    sealSequence);
        }

        private void append(ByteBuffer buffer, int at, int more) {
            room.put(now.bytes, buffer, at, more);
            now.bytes += more;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(BlockAssembler.class);

    private final Map<Long, Partial> open = new HashMap<>();
    private final Cells cells;
    private final String log;
    private final BlockMemory memory;

    /**
     * @param log what to call the log in messages
     * @param memory for the blocks; {@code null} for arrays of their own
     */
    BlockAssembler(String log, BlockMemory memory, Cells cells) {
        this.log = log;
        this.memory = memory;
        this.cells = cells;
    }

    void data(ByteBuffer buffer, int at, long sequence) {
        long id = Frame.block(buffer, at);
        Partial block = open.get(id);
        if (block == null) {
            block = new Partial(buffer, at, sequence, memory);
            open.put(id, block);
        }
        if (Frame.chunk(buffer, at) != block.now.chunks || block.gap) {
            block.gap = true;
            return;
        }
        block.append(buffer, at + Frame.HEADER_BYTES, Frame.payloadLength(buffer, at));
        block.now.chunks++;
        block.now.records = Frame.blockRecords(buffer, at);
        block.now.rawLength = Frame.blockRawLength(buffer, at);
        block.now.crc32 = Frame.blockCrc32(buffer, at);
        block.policyVersion = Frame.policyVersion(buffer, at);
    }

    /** Whether the frame is the one that its block lacks next, or its SEAL. */
    boolean goesOn(ByteBuffer buffer, int at) {
        Partial block = open.get(Frame.block(buffer, at));
        return Frame.chunk(buffer, at) == (block == null ? 0 : block.now.chunks);
    }

    /** Whether every frame is there that the SEAL counts. */
    boolean isWhole(ByteBuffer buffer, int at) {
        Partial block = open.get(Frame.block(buffer, at));
        return block != null && block.now.chunks >= Frame.chunk(buffer, at);
    }

    /** Blocks whose SEAL was not met, or not yet. */
    Collection<Partial> started() {
        return open.values();
    }

    /** Takes note of a place where frames were and are no more. */
    void holeMet() {
        for (Partial block : open.values()) {
            block.mayLack = true;
        }
    }

    void drop(long id) {
        free(open.remove(id));
    }

    private static void free(Partial block) {
        if (block != null) {
            block.room.free();
        }
    }

    /**
     * Completes the block: exactly as many of its first frames as the SEAL says belong to it.
     *
     * @return {@code null} if nothing is to be delivered
     */
    FoundBlock seal(ByteBuffer buffer, int at, long sequence) {
        int chunks = Frame.chunk(buffer, at);
        long id = Frame.block(buffer, at);
        Partial block = open.get(id);
        if (chunks == 0) {
            drop(id);
            return null;
        }
        if (block == null || block.now.chunks < chunks) {
            return damaged(block, id, chunks, sequence);
        }
        int payloadAt = at + Frame.HEADER_BYTES;
        int trailer = buffer.getShort(payloadAt) & 0xffff;
        BlockSummary summary = null;
        if ((Frame.flags(buffer, at) & Frame.FLAG_NO_SUMMARY) == 0) {
            int skip = Short.BYTES + trailer;
            summary = BlockSummary.read(buffer.slice(payloadAt + skip, Frame.payloadLength(buffer, at) - skip)
                    .order(ByteOrder.LITTLE_ENDIAN));
        }
        int bytes = Frame.blockBytes(buffer, at);
        // Over frames behind the last one that counts, which were written, but never acknowledged.
        block.room.put(bytes - trailer, buffer, payloadAt + Short.BYTES, trailer);
        // Not before: whatever was thrown above, what is here is still listed, and freed or ended with the rest.
        open.remove(id);
        return new FoundBlock(
                block.id,
                block.group,
                block.encoding,
                block.room.bytes(bytes),
                block.room,
                Frame.blockRecords(buffer, at),
                Frame.blockRawLength(buffer, at),
                Frame.blockCrc32(buffer, at),
                block.firstReceivedMillis,
                summary,
                block.firstSequence,
                sequence);
    }

    private FoundBlock damaged(Partial block, long id, int chunks, long sequence) {
        cells.increment(Counter.DAMAGED_BLOCKS);
        LOG.error(
                "block {} of {} is damaged: {} of its {} frames verify and are kept",
                id,
                log,
                block == null ? 0 : block.now.chunks,
                chunks);
        return closed(id, block, sequence);
    }

    /**
     * Completes a block whose SEAL was written and is not there any more.
     *
     * @return {@code null} if none of its frames is there either
     */
    FoundBlock sealLost(long id, long sequence) {
        Partial block = open.get(id);
        cells.increment(Counter.DAMAGED_BLOCKS);
        LOG.error(
                "block {} of {} is damaged: its SEAL is lost, {} of its frames verify and are kept",
                id,
                log,
                block == null ? 0 : block.now.chunks);
        return closed(id, block, sequence);
    }

    private FoundBlock closed(long id, Partial block, long sequence) {
        if (block == null || block.now.chunks == 0) {
            drop(id);
            return null;
        }
        FoundBlock found = block.closed(sequence);
        open.remove(id);
        return found;
    }

    /** The blocks whose SEAL was never met, in the order of their ids. */
    List<Partial> unsealed() {
        List<Partial> blocks = new ArrayList<>();
        for (Partial block : open.values()) {
            if (block.gap || block.mayLack) {
                cells.increment(Counter.DAMAGED_BLOCKS);
                LOG.error("block {} of {} is damaged behind frame {}", block.id, log, block.now.chunks);
            }
            if (block.now.chunks > 0) {
                blocks.add(block);
            }
        }
        blocks.sort(Comparator.comparingLong(block -> block.id));
        return blocks;
    }

    /** Whether the first frame of the block was met, and its SEAL was not. */
    boolean has(long id) {
        Partial block = open.get(id);
        return block != null && block.now.chunks > 0;
    }

    /** The first segment that the block has a frame in; MAX_VALUE if it is not open. */
    long firstSequence(long id) {
        Partial block = open.get(id);
        return block == null ? Long.MAX_VALUE : block.firstSequence;
    }

    /** The first segment that an open block has a frame in; MAX_VALUE if none is open. */
    long firstSequence() {
        long first = Long.MAX_VALUE;
        for (Partial block : open.values()) {
            first = Math.min(first, block.firstSequence);
        }
        return first;
    }

    /** Lists a block no more whose memory is that of the block found now. */
    void letGo(Partial block) {
        open.remove(block.id);
    }

    void clear() {
        open.values().forEach(BlockAssembler::free);
        open.clear();
    }
}
