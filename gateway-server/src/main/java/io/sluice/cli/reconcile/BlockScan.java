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
    private final Erasures erasures;
    private final BlockLines lines = new BlockLines();
    private final CRC32 crc = new CRC32();
    private final ShopCounts shops = new ShopCounts();

    // Of the block at hand.
    private Position first;
    /** What was taken out of it; {@code null} if nothing was. */
    private Erasures.Erased erased;
    /** Index of its last line so far. Known only if lines were taken out. */
    private int last;

    /** Text of the position of its next line. */
    private final byte[] expected = new byte[Position.TEXT_LENGTH];

    private int records;
    private long rawLength;
    private String problem;

    /** @param full whether every line is looked at, rather than the first of each block */
    BlockScan(boolean full, Erasures erasures) {
        this.full = full;
        this.erasures = erasures;
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
        erased = null;
        last = -1;
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
                erased = erasures.of(first.incarnation(), first.log(), first.block());
                if (erased == null && first.index() > 0) {
                    wrong("is the first of its block here, where index 0 is expected");
                }
            }
        }
        if (erased != null) {
            checkErased(bytes, from, to);
        }
        crc.update(bytes, from, to - from);
        rawLength += to - from;
        if (full) {
            if (erased == null) {
                checkPosition(bytes, from, to);
            }
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
        if (sameBlock && erased != null) {
            // Its copies may begin with any line.
            Position position = LineFields.position(bytes, from, to);
            return position == null || position.index() > last;
        }
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

    /** Of a block that lost lines: what is not there must be told of by a tombstone. */
    private void checkErased(byte[] bytes, int from, int to) {
        Position position = LineFields.position(bytes, from, to);
        if (position == null || position.index() <= last) {
            wrong("line " + records + " has no position behind that of the line before");
            return;
        }
        for (int index = last + 1; index < position.index(); index++) {
            if (!erased.contains(index)) {
                wrong("lacks the line of index " + index + ", which no tombstone tells of");
                return;
            }
        }
        last = position.index();
    }

    private void wrong(String what) {
        if (problem == null) {
            problem = what;
        }
    }
}
