package io.sluice.journal;

import java.nio.ByteBuffer;

/**
 * A block on its way through the committer, pooled. Its frames are also assembled in {@link #memory}, so that delivery
 * need not read what was just written.
 *
 * <p>Confined to the committer until it is published to {@link LiveBlocks}; then delivery's, which gives it back.
 */
final class OpenBlock {

    /** Where the block is assembled, or {@code null} if memory was full when it began. Kept when pooled. */
    final ByteBuffer memory;

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
    /** Whether some of its bytes may lie on disk, acknowledged or not. */
    boolean touchedDisk;
    /** Whether it is listed among the blocks that changed since the last good sync. */
    boolean dirty;
    /** Whether memory holds all of it so far. */
    boolean assembled;

    OpenBlock(ByteBuffer memory) {
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
        touchedDisk = false;
        dirty = false;
        assembled = memory != null;
    }

    /** Copies bytes of the block to their place in it. One that does not fit must be read from the log. */
    void assemble(int at, ByteBuffer src, int from, int length) {
        if (assembled) {
            if (at < 0 || at + length > memory.capacity()) {
                assembled = false;
            } else {
                memory.put(at, src, from, length);
            }
        }
    }

    void assemble(int at, byte[] bytes) {
        if (assembled) {
            if (at + bytes.length > memory.capacity()) {
                assembled = false;
            } else {
                memory.put(at, bytes);
            }
        }
    }
}
