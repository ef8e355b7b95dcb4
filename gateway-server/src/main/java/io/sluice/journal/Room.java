package io.sluice.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The memory of one block that is read back from a log: a piece of the {@link BlockMemory} in which blocks are written,
 * while enough of that stays free for the committer ({@link BlockMemory#takeSparing}); else an array of its own.
 *
 * <p>Confined to delivery. It belongs to the block and is freed with it, once. Cost: a block is copied as it grows,
 * each time to twice the size.
 */
final class Room {

    private static final int FIRST_BYTES = 1 << 9;

    /** {@code null} for none: then it lies in an array from the first byte on. */
    private final BlockMemory memory;

    private int pieceAt = BlockMemory.NONE;
    private int pieceBytes;
    /** Instead of a piece. */
    private byte[] array;

    Room(BlockMemory memory) {
        this.memory = memory;
    }

    /** Puts bytes to their place, behind which nothing counts. */
    void put(int at, byte[] bytes) {
        grow(at, at + bytes.length);
        if (array == null) {
            memory.put(pieceAt + at, bytes);
        } else {
            System.arraycopy(bytes, 0, array, at, bytes.length);
        }
    }

    void put(int at, ByteBuffer src, int from, int length) {
        grow(at, at + length);
        if (array == null) {
            memory.put(pieceAt + at, src, from, length);
        } else {
            src.get(from, array, at, length);
        }
    }

    private void grow(int filled, int length) {
        if (array == null) {
            if (memory != null && (length <= pieceBytes || hasGrown(filled, length))) {
                return;
            }
            // No larger than it must be: while much is caught up there are many, and most are small.
            array = new byte[Math.max(length, FIRST_BYTES)];
            if (pieceAt != BlockMemory.NONE) {
                memory.slice(pieceAt, filled).get(array, 0, filled);
            }
            freePiece();
        } else if (length > array.length) {
            array = Arrays.copyOf(array, Math.max(length, array.length * 2));
        }
    }

    private boolean hasGrown(int filled, int length) {
        int size = memory.sizeFor(length);
        int piece = memory.takeSparing(size);
        if (piece == BlockMemory.NONE) {
            return false;
        }
        if (pieceAt != BlockMemory.NONE) {
            memory.copy(pieceAt, piece, filled);
            memory.giveBack(pieceAt, pieceBytes);
        }
        pieceAt = piece;
        pieceBytes = size;
        return true;
    }

    /** The first bytes, read-only; valid until this is freed. */
    ByteBuffer bytes(int length) {
        ByteBuffer bytes = array == null && pieceAt != BlockMemory.NONE
                ? memory.slice(pieceAt, length)
                : ByteBuffer.wrap(array == null ? new byte[0] : array, 0, length)
                        .slice();
        return bytes.asReadOnlyBuffer();
    }

    void free() {
        freePiece();
        array = null;
    }

    private void freePiece() {
        if (pieceAt != BlockMemory.NONE) {
            memory.giveBack(pieceAt, pieceBytes);
            pieceAt = BlockMemory.NONE;
            pieceBytes = 0;
        }
    }
}
