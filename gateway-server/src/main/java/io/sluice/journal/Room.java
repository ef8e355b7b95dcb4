package io.sluice.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The memory of one block that is read back from a log: a piece of the {@link BlockMemory} of those that need not be,
 * so that both have one bound; an array of its own where that has no room for it.
 *
 * <p>Confined to delivery. It belongs to the block and is freed with it, once. Cost: a block is copied as it grows,
 * each time to twice the size.
 */
final class Room {

    private static final int FIRST_BYTES = 1 << 12;

    /** {@code null} if there is none, or no piece for this block. */
    private BlockMemory memory;

    private int pieceAt = BlockMemory.NONE;
    private int pieceBytes;
    /** Instead of a piece. */
    private byte[] array;

    /** @param memory {@code null} for none */
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
        if (array == null && memory != null) {
            if (length <= pieceBytes || hasGrown(filled, length)) {
                return;
            }
            array = new byte[memory.sizeFor(length)];
            if (pieceAt != BlockMemory.NONE) {
                memory.slice(pieceAt, filled).get(array, 0, filled);
            }
            freePiece();
        }
        if (array == null) {
            array = new byte[Math.max(length, FIRST_BYTES)];
        } else if (length > array.length) {
            array = Arrays.copyOf(array, Math.max(length, array.length * 2));
        }
    }

    private boolean hasGrown(int filled, int length) {
        int size = memory.sizeFor(length);
        int piece = memory.take(size);
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
