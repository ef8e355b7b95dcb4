package io.sluice.journal;

/** A block in the hands of delivery, and what must happen when it comes back. Confined to delivery. */
final class Handed {

    /** Without its bytes and counts while it is set aside by its place alone. */
    SealedBlock block;

    final LogSource source;
    /** Segment of its SEAL, beside which its mark is kept. */
    final long sealSequence;
    /** Holds the log's segments from there on, or {@code null} if the log is an adopted one. */
    final Segment first;
    /** Where its bytes lie, or {@code null} if they are its own. */
    OpenBlock memory;

    Handed(SealedBlock block, LogSource source, long sealSequence, Segment first, OpenBlock memory) {
        this.block = block;
        this.source = source;
        this.sealSequence = sealSequence;
        this.first = first;
        this.memory = memory;
    }
}
