package io.sluice.journal;

/**
 * A block from when it was handed out until nothing is owed for it any more. Confined to delivery.
 *
 * <p>Once the block is delivered its bytes are let go; what stays until its manifest is delivered is about 100 bytes,
 * and the manifest only while there is room for it ({@link Manifests}).
 */
final class Handed {

    final LogSource source;
    final long id;
    /** Segment of its SEAL, beside which its marks are kept. */
    final long sealSequence;
    /** Where in that segment its SEAL lies, or -1 if that is not enough to make a manifest of. */
    final int sealOffset;
    /** Segment where it begins. */
    final long firstSequence;
    /** Holds the log's segments from there on, or {@code null} if the log is an adopted one. */
    final Segment first;

    /** Without its bytes and counts while it is set aside by its place alone; {@code null} once it is delivered. */
    SealedBlock block;
    /** Encoded length of the block, which the block itself does not tell while it is set aside. */
    int bytes;
    /** Where its bytes lie if the committer put them there. */
    BlockState memory;
    /** Where they lie if they were read back; neither, if they are not in memory. */
    Room room;
    /** {@code null} until it is delivered. */
    Receipt receipt;
    /** {@code null} if there is none yet, or if it is to be read. */
    BlockManifest manifest;
    /** Whether nobody waits for its manifest any more. */
    boolean givenUp;
    /** Whether the text of the receipt is to be read. */
    boolean textOnDisk;
    /** Marks that are to be on disk before its segments may be recycled. */
    int marksOwed;

    Handed(
            LogSource source,
            SealedBlock block,
            long id,
            long sealSequence,
            int sealOffset,
            long firstSequence,
            Segment first,
            BlockState memory,
            Room room,
            int marksOwed) {
        this.source = source;
        this.block = block;
        this.bytes = block == null ? 0 : block.bytes().limit();
        this.id = id;
        this.sealSequence = sealSequence;
        this.sealOffset = sealOffset;
        this.firstSequence = firstSequence;
        this.first = first;
        this.memory = memory;
        this.room = room;
        this.marksOwed = marksOwed;
    }

    /** Its bytes are not needed any more. */
    void freeRoom() {
        if (room != null) {
            room.free();
            room = null;
        }
    }

    /** A mark of it is on disk. */
    void marked() {
        marksOwed--;
        if (marksOwed == 0) {
            source.settled(this);
        }
    }
}
