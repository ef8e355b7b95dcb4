package io.sluice.journal;

/** A block in the hands of delivery, and what must happen when it comes back. Confined to delivery. */
final class Handed {

    /** Without its bytes and counts while it is set aside by its place alone. */
    SealedBlock block;

    /** Encoded length of the block, which the block itself does not tell while it is set aside. */
    int bytes;

    final LogSource source;
    /** Segment of its SEAL, beside which its mark is kept. */
    final long sealSequence;
    /** Holds the log's segments from there on, or {@code null} if the log is an adopted one. */
    final Segment first;
    /** Where its bytes lie, or {@code null} if they are its own. */
    BlockState memory;

    Handed(SealedBlock block, LogSource source, long sealSequence, Segment first, BlockState memory) {
        this.block = block;
        bytes = block.bytes().limit();
        this.source = source;
        this.sealSequence = sealSequence;
        this.first = first;
        this.memory = memory;
    }
}
