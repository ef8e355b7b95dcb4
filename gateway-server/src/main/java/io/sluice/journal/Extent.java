package io.sluice.journal;

/** How far a block reaches: the running figures of one of its frames. Confined to the owner of the block. */
final class Extent {

    /** DATA frames. */
    int chunks;

    int records;
    long rawLength;
    int crc32;
    /** Encoded bytes; with the trailer if it is sealed. */
    int bytes;
    /** Bytes of the summary, which lies behind the encoded ones; 0 if there is none. */
    int summaryBytes;

    boolean sealed;

    void copyFrom(Extent other) {
        chunks = other.chunks;
        records = other.records;
        rawLength = other.rawLength;
        crc32 = other.crc32;
        bytes = other.bytes;
        summaryBytes = other.summaryBytes;
        sealed = other.sealed;
    }

    void clear() {
        chunks = 0;
        records = 0;
        rawLength = 0;
        crc32 = 0;
        bytes = 0;
        summaryBytes = 0;
        sealed = false;
    }
}
