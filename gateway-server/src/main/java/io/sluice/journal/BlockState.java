package io.sluice.journal;

import java.nio.ByteBuffer;

/**
 * A block on its way through the committer, pooled. Its frames are also assembled in memory while there is room, so
 * that delivery need not read what was just written.
 *
 * <p>Confined to the committer until it is published to {@link LiveBlocks}; then delivery's, which gives it back.
 */
final class BlockState {

    private final LiveBlocks live;
    private final BlockMemory memory;
    /** The piece of memory in which it is assembled; grows with it. */
    private int pieceAt = BlockMemory.NONE;

    private int pieceBytes;

    long id;
    int group;
    int encoding;
    int policyVersion;
    long firstReceivedMillis;

    /** Where its first frame lies; holds a pin there. */
    Segment first;

    int firstOffset;
    /** Where its last frame lies. Once it is sealed, that is the SEAL. */
    Segment last;

    int lastOffset;

    /** As staged: what the next frame must go on from. */
    final Extent now = new Extent();
    /** As of the last good sync. */
    final Extent synced = new Extent();
    /** As before the ticket under way. */
    final Extent before = new Extent();

    /** The ticket for which {@link #before} was taken. */
    long beforeTicket;

    /** Begun by the ticket under way. */
    boolean fresh;
    /** Whether it is listed among the blocks that changed since the last good sync. */
    boolean dirty;
    /** Whether memory holds all of it so far. */
    boolean assembled;

    BlockState(LiveBlocks live, BlockMemory memory) {
        this.live = live;
        this.memory = memory;
    }

    void begin(long id, Segment segment, int offset) {
        this.id = id;
        first = segment;
        firstOffset = offset;
        last = segment;
        lastOffset = offset;
        now.clear();
        synced.clear();
        before.clear();
        fresh = true;
        dirty = false;
        assembled = true;
    }

    /** Copies bytes of the block to their place in it. One that does not fit must be read from the log. */
    void assemble(int at, ByteBuffer src, int from, int length) {
        if (fits(at, length)) {
            memory.put(pieceAt + at, src, from, length);
        }
    }

    void assemble(int at, byte[] bytes) {
        if (fits(at, bytes.length)) {
            memory.put(pieceAt + at, bytes);
        }
    }

    private boolean fits(int at, int length) {
        if (!assembled) {
            return false;
        }
        if (pieceAt != BlockMemory.NONE && at + length <= pieceBytes || grow(at, at + length)) {
            return true;
        }
        // Others can use what it holds.
        assembled = false;
        freeMemory();
        return false;
    }

    private boolean grow(int filled, int length) {
        live.takeBack();
        int size = memory.sizeFor(length);
        int piece = memory.take(size);
        if (piece == BlockMemory.NONE) {
            return false;
        }
        if (pieceAt != BlockMemory.NONE) {
            memory.copy(pieceAt, piece, Math.min(filled, pieceBytes));
            memory.giveBack(pieceAt, pieceBytes);
        }
        pieceAt = piece;
        pieceBytes = size;
        return true;
    }

    /** Gives up what was assembled. The committer's. */
    void freeMemory() {
        if (pieceAt != BlockMemory.NONE) {
            memory.giveBack(pieceAt, pieceBytes);
            pieceAt = BlockMemory.NONE;
            pieceBytes = 0;
        }
    }

    /** A part of what was assembled; valid until the block is given back. */
    ByteBuffer slice(int at, int length) {
        return memory.slice(pieceAt + at, length);
    }
}
