package io.sluice.cli.erase;

import io.sluice.cli.objects.BlockLines;
import io.sluice.cli.objects.LineFields;
import io.sluice.cli.objects.ShopCounts;
import io.sluice.common.Position;
import io.sluice.record.BlockStream;
import io.sluice.record.Encoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes an object without a person's lines: blocks that hold none of them stay byte for byte, the others are packed
 * again, in their place, and a block of which nothing is left goes. One thread.
 *
 * <p>Of an object of which nothing at all is left, a block without lines is, so that readers find what its name says.
 */
final class Rewriting {

    /**
     * What came out.
     *
     * @param bytes the object
     * @param tombstones a line for each block that loses lines
     * @param lines that are left
     */
    record Rewritten(byte[] bytes, List<String> tombstones, long lines) {}

    private final Person person;
    private final long nowMillis;
    private final BlockLines lines = new BlockLines();

    // Of the object at hand.
    private String key;
    private String group;
    private Encoding encoding;
    private int level;
    private ByteArrayOutputStream out;
    private List<String> tombstones;
    private long left;

    // Of the block at hand.
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final ShopCounts shops = new ShopCounts(true);
    private final List<Integer> gone = new ArrayList<>();
    private Position block;
    private int lastIndex;
    private int records;
    private boolean changed;
    private long firstReceivedMillis;

    Rewriting(Person person, long nowMillis) {
        this.person = person;
        this.nowMillis = nowMillis;
    }

    /**
     * Rewrites an object.
     *
     * @param group name of the group that its blocks belong to
     * @param level that they are packed with
     * @throws IOException if it is damaged
     */
    Rewritten rewrite(byte[] object, String key, String group, int level) throws IOException {
        this.key = key;
        this.group = group;
        this.level = level;
        out = new ByteArrayOutputStream(object.length);
        tombstones = new ArrayList<>();
        left = 0;
        try (BlockStream blocks = BlockStream.open(new ByteArrayInputStream(object))) {
            encoding = encoding(object, blocks.isPlain());
            int from = 0;
            while (blocks.nextBlock()) {
                begin();
                lines.read(blocks, this::line);
                int to = Math.toIntExact(blocks.packedEnd());
                if (changed || encoding == Encoding.NDJSON) {
                    end();
                } else {
                    out.write(object, from, to - from);
                }
                from = to;
            }
        }
        if (out.size() == 0) {
            out.writeBytes(Packing.empty(encoding));
        }
        return new Rewritten(out.toByteArray(), tombstones, left);
    }

    /** By the first byte, as {@link BlockStream#open} does. */
    private static Encoding encoding(byte[] object, boolean plain) {
        return plain ? Encoding.NDJSON : object[0] == 0x1f ? Encoding.GZIP : Encoding.ZSTD;
    }

    private void begin() {
        kept.reset();
        shops.clear();
        gone.clear();
        block = null;
        lastIndex = -1;
        records = 0;
        changed = false;
        firstReceivedMillis = -1;
    }

    private void line(byte[] bytes, int from, int to) {
        Position position = LineFields.position(bytes, from, to);
        if (encoding == Encoding.NDJSON && !goesOn(position)) {
            end();
            begin();
        }
        if (position != null) {
            block = block == null ? position : block;
            lastIndex = position.index();
        }
        if (firstReceivedMillis < 0) {
            firstReceivedMillis = LineFields.receivedMillis(bytes, from, to);
        }
        if (person.isOf(bytes, from, to) == Person.Answer.YES) {
            changed = true;
            if (position != null) {
                gone.add(position.index());
            }
            return;
        }
        kept.write(bytes, from, to - from);
        LineFields.count(bytes, from, to, shops);
        records++;
        left++;
    }

    /** Whether a line of NDJSON is of the block at hand. */
    private boolean goesOn(Position position) {
        if (block == null || position == null) {
            return block == null && position == null;
        }
        return position.incarnation().equals(block.incarnation())
                && position.log() == block.log()
                && position.block() == block.block()
                && position.index() > lastIndex;
    }

    private void end() {
        byte[] raw = kept.toByteArray();
        byte[] packed = raw.length == 0 ? raw : Packing.block(encoding, level, raw);
        out.writeBytes(packed);
        if (!gone.isEmpty()) {
            tombstones.add(Tombstone.line(
                    block,
                    group,
                    encoding,
                    packed.length,
                    raw,
                    records,
                    shops,
                    gone,
                    Math.max(0, firstReceivedMillis),
                    key,
                    nowMillis));
        }
    }
}
