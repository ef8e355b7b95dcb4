package io.sluice.cli.reconcile;

import io.sluice.common.Position;
import io.sluice.record.BlockStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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

    private static final byte[] POSITION = ",\"pos\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SHOP = "\"shop\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RECEIVED = "\"rt\":".getBytes(StandardCharsets.US_ASCII);
    /** Quotation mark, brace and newline: the position is the last member of a line. */
    private static final int BEHIND_POSITION = 3;

    /** Characters of a position that are those of every line of the block. */
    private static final int BLOCK_LENGTH = Position.TEXT_LENGTH - 4;

    private static final long MINUTE_MILLIS = TimeUnit.MINUTES.toMillis(1);

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
            first = position(bytes, from, to);
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
            count(bytes, from, to);
        }
        records++;
    }

    /** Whether a line of NDJSON is of the block at hand; the rest of one that is cut off is. */
    private boolean goesOn(byte[] bytes, int from, int to) {
        if (bytes[to - 1] != '\n') {
            return true;
        }
        int at = positionAt(bytes, from, to);
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
        int at = positionAt(bytes, from, to);
        if (at < 0) {
            wrong("line " + records + " has no position");
        } else if (!Arrays.equals(bytes, at, at + Position.TEXT_LENGTH, expected, 0, Position.TEXT_LENGTH)) {
            wrong("line " + records + " has the position " + ascii(bytes, at) + ", expected "
                    + new String(expected, StandardCharsets.US_ASCII));
        }
    }

    private void wrong(String what) {
        if (problem == null) {
            problem = what;
        }
    }

    /**
     * Counts the line for its shop and minute. The keys are found as plain bytes: a quotation mark within a string is
     * escaped, and the schema has both keys before anything that a client nests.
     */
    private void count(byte[] bytes, int from, int to) {
        int shop = find(SHOP, bytes, from, to);
        int shopEnd = shop;
        while (shop >= 0 && shopEnd < to && bytes[shopEnd] != '"') {
            shopEnd++;
        }
        int received = shop < 0 ? -1 : find(RECEIVED, bytes, shopEnd, to);
        if (received < 0) {
            return;
        }
        long millis = 0;
        for (int i = received; i < to && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            millis = millis * 10 + (bytes[i] - '0');
        }
        shops.add(bytes, shop, shopEnd, millis / MINUTE_MILLIS, 1);
    }

    /** Behind the first place where the key stands, or -1. */
    private static int find(byte[] key, byte[] bytes, int from, int to) {
        for (int i = from; i <= to - key.length; i++) {
            if (bytes[i] == key[0]
                    && bytes[i + 1] == key[1]
                    && Arrays.equals(bytes, i, i + key.length, key, 0, key.length)) {
                return i + key.length;
            }
        }
        return -1;
    }

    /** The position that ends the line, or {@code null} if it is of another make. */
    private static Position position(byte[] bytes, int from, int to) {
        int at = positionAt(bytes, from, to);
        try {
            return at < 0 ? null : Position.parse(ascii(bytes, at));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Where the text of the position begins that ends the line, or -1. */
    private static int positionAt(byte[] bytes, int from, int to) {
        int at = to - BEHIND_POSITION - Position.TEXT_LENGTH;
        int name = at - POSITION.length;
        return name >= from && Arrays.equals(bytes, name, at, POSITION, 0, POSITION.length) ? at : -1;
    }

    private static String ascii(byte[] bytes, int at) {
        return new String(bytes, at, Position.TEXT_LENGTH, StandardCharsets.ISO_8859_1);
    }
}
