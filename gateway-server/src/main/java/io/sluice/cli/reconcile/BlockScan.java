package io.sluice.cli.reconcile;

import io.sluice.cli.objects.BlockLines;
import io.sluice.cli.objects.LineFields;
import io.sluice.cli.objects.ShopCounts;
import io.sluice.common.Position;
import io.sluice.record.BlockStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Finds the blocks of an object, and reads of each what its manifest tells too. One thread.
 *
 * <p>A gzip member or a zstd frame is a block; of NDJSON, the lines in a row whose positions name the same block, and
 * go on from 0.
 */
final class BlockScan {

    @FunctionalInterface
    interface Visitor {

        /** @param shops lines of each shop, valid during the call; none unless all lines are read */
        void block(FoundBlock block, ShopCounts shops);
    }

    /** Characters of a position that are those of every line of the block. */
    private static final int BLOCK_LENGTH = Position.TEXT_LENGTH - 4;

    private final boolean full;
    private final BlockLines lines = new BlockLines();
    private final CRC32 crc = new CRC32();
    private final ShopCounts shops = new ShopCounts();

    // Of the block at hand.
    private Position first;
    /** Text of the position of its next line. */
    private final byte[] expected = new byte[Position.TEXT_LENGTH];

    private int records;
    private long rawLength;
    private String problem;

    /** @param full whether every line is looked at, rather than the first of each block */
    BlockScan(boolean full) {
        this.full = full;
    }

    /**
     * Shows every block of the object.
     *
     * @throws IOException if something is damaged or cannot be read; the blocks before it have been shown
     */
    void read(BlockStream object, Visitor visitor) throws IOException {
        boolean plain = object.isPlain();
        while (object.nextBlock()) {
            begin();
            int behind = lines.read(object, (bytes, from, to) -> {
                if (plain && records > 0 && !goesOn(bytes, from, to)) {
                    end(visitor);
                }
                line(bytes, from, to);
            });
            if (behind > 0) {
                wrong("ends with " + behind + " bytes that are no whole line");
            }
            end(visitor);
        }
    }

    private void begin() {
        first = null;
        records = 0;
        rawLength = 0;
        problem = null;
        crc.reset();
        shops.clear();
    }

    private void end(Visitor visitor) {
        if (records > 0) {
            visitor.block(
                    new FoundBlock(first, records, rawLength, (int) crc.getValue(), shops.digest(), problem), shops);
        }
        begin();
    }

    private void line(byte[] bytes, int from, int to) {
        if (records == 0) {
            first = LineFields.position(bytes, from, to);
            if (first != null) {
                Position.writePrefix(expected, 0, first.incarnation(), first.log());
                Position.writeSuffix(expected, Position.PREFIX_LENGTH, first.block(), 0);
                if (first.index() > 0) {
                    wrong("is the first of its block here, where index 0 is expected");
                }
            }
        }
        crc.update(bytes, from, to - from);
        rawLength += to - from;
        if (full) {
            checkPosition(bytes, from, to);
            LineFields.count(bytes, from, to, shops);
        }
        records++;
    }

    /** Whether a line of NDJSON is of the block at hand; the rest of one that is cut off is. */
    private boolean goesOn(byte[] bytes, int from, int to) {
        if (bytes[to - 1] != '\n') {
            return true;
        }
        int at = LineFields.positionAt(bytes, from, to);
        if (at < 0 || first == null) {
            return at < 0 && first == null;
        }
        boolean sameBlock = Arrays.equals(bytes, at, at + BLOCK_LENGTH, expected, 0, BLOCK_LENGTH);
        return sameBlock && !isZero(bytes, at + BLOCK_LENGTH, at + Position.TEXT_LENGTH);
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != '0') {
                return false;
            }
        }
        return true;
    }

    private void checkPosition(byte[] bytes, int from, int to) {
        if (first == null || problem != null || records > Position.MAX_INDEX) {
            return;
        }
        Position.writeSuffix(expected, Position.PREFIX_LENGTH, first.block(), records);
        int at = LineFields.positionAt(bytes, from, to);
        if (at < 0) {
            wrong("line " + records + " has no position");
        } else if (!Arrays.equals(bytes, at, at + Position.TEXT_LENGTH, expected, 0, Position.TEXT_LENGTH)) {
            wrong("line " + records + " has the position " + LineFields.ascii(bytes, at) + ", expected "
                    + new String(expected, StandardCharsets.US_ASCII));
        }
    }

    private void wrong(String what) {
        if (problem == null) {
            problem = what;
        }
    }
}
