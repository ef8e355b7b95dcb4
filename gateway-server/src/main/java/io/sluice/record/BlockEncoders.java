package io.sluice.record;

/** The one place that knows which encoder packs a stream group. Any thread. */
public final class BlockEncoders {

    private BlockEncoders() {}

    /** A new encoder for blocks of the group, owned and closed by the caller. */
    public static BlockEncoder create(StreamGroup group) {
        return switch (group.encoding()) {
            case NDJSON -> new NdjsonEncoder();
            case GZIP -> new GzipEncoder(group.level());
            case ZSTD -> new ZstdEncoder(group.level());
        };
    }

    /** {@link BlockEncoder#bound} of the group's encoder, without making one. */
    public static int bound(Encoding encoding, int rawBytes) {
        return switch (encoding) {
            case NDJSON -> rawBytes;
            case GZIP -> GzipEncoder.most(rawBytes);
            case ZSTD -> ZstdEncoder.most(rawBytes);
        };
    }

    /**
     * Upper figure of the bytes that one encoder of the group takes up, outside the heap or on it, for the memory
     * sum.
     */
    public static int memoryBytes(StreamGroup group) {
        return switch (group.encoding()) {
            case NDJSON -> 0;
            case GZIP -> GzipEncoder.memoryBytes(group.level());
            case ZSTD -> ZstdEncoder.memoryBytes(group.level());
        };
    }
}
