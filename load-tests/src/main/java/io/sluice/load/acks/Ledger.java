package io.sluice.load.acks;

import java.util.ArrayList;
import java.util.List;

/**
 * Deals out numbers to one loop and keeps what became of each until its block is settled.
 *
 * <p>Confined to its loop. Memory: the blocks with a number under way, at most 16 KiB each. Nothing here touches the
 * disk.
 */
public final class Ledger {

    private final AckFile file;
    private final List<Block> open = new ArrayList<>();
    private Block current;
    private long sent;

    public Ledger(AckFile file) {
        this.file = file;
    }

    /** Numbers that were dealt out to be sent together: {@code count} from {@code first} on. */
    public static final class Range {

        private final Block block;
        private final int from;
        private final int count;

        private Range(Block block, int from, int count) {
            this.block = block;
            this.from = from;
            this.count = count;
        }

        public long first() {
            return (long) block.number * BlockSet.SIZE + from;
        }

        public int count() {
            return count;
        }
    }

    private static final class Block {

        final int number;
        final BlockSet acked = new BlockSet();
        final BlockSet refused = new BlockSet();
        int dealt;
        int settled;
        boolean full;
        /** Acked or refused since the last record of it was written. */
        boolean changed;

        Block(int number) {
            this.number = number;
        }
    }

    /** The next {@code count} numbers, or {@code null} if no block is to be had yet: come again in a moment. */
    public Range tryDeal(int count) {
        if (current != null && current.dealt + count > BlockSet.SIZE) {
            // A few numbers remain unused: a request never spans blocks.
            current.full = true;
            writeIfSettled(current);
            current = null;
        }
        if (current == null) {
            Integer number = file.pollBlock();
            if (number == null) {
                return null;
            }
            current = new Block(number);
            open.add(current);
        }
        Range range = new Range(current, current.dealt, count);
        current.dealt += count;
        sent += count;
        return range;
    }

    public void acked(Range range) {
        range.block.acked.addRange(range.from, range.from + range.count);
        settle(range);
    }

    public void refused(Range range) {
        range.block.refused.addRange(range.from, range.from + range.count);
        settle(range);
    }

    /** Nobody will ever say what became of them. */
    public void unknown(Range range) {
        settle(range);
    }

    /** Events dealt out so far. */
    public long sent() {
        return sent;
    }

    /** Blocks with a number under way. */
    int openBlocks() {
        return open.size();
    }

    /** Hands over what changed, so that little is forgotten if this process is killed. */
    public void snapshot() {
        for (Block block : open) {
            if (block.changed) {
                writeSets(block);
            }
        }
    }

    /** Hands over all that is left. What is not settled by now is unknown. */
    public void close() {
        for (Block block : open) {
            write(block);
        }
        open.clear();
        current = null;
    }

    private void settle(Range range) {
        range.block.settled += range.count;
        range.block.changed = true;
        assert range.block.settled <= range.block.dealt;
        writeIfSettled(range.block);
    }

    private void writeIfSettled(Block block) {
        if (block.full && block.settled == block.dealt) {
            write(block);
            open.remove(block);
        }
    }

    private void write(Block block) {
        BlockSet dealt = new BlockSet();
        dealt.addRange(0, block.dealt);
        file.offer(Records.record(Records.Kind.SENT, block.number, dealt));
        writeSets(block);
    }

    private void writeSets(Block block) {
        block.changed = false;
        if (block.acked.count() > 0) {
            file.offer(Records.record(Records.Kind.ACKED, block.number, block.acked));
        }
        if (block.refused.count() > 0) {
            file.offer(Records.record(Records.Kind.REFUSED, block.number, block.refused));
        }
    }
}
