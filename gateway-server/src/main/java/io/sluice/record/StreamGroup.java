package io.sluice.record;

/**
 * A stream group: blocks that are packed alike and lie under one prefix. A block never leaves its group.
 *
 * @param number its place in the configuration, 0 to 63; stands in frames
 * @param name 1 to 64 of {@code a-z 0-9 -}; what a later start knows it by
 * @param encoding how its blocks are packed
 * @param level compression level of the encoder: gzip 1 to 9, zstd 1 to 19, ignored for NDJSON
 * @param stream name of the delivery stream, which begins the names of its objects
 * @param prefix beginning of its keys in S3, with its closing slash, or empty
 */
public record StreamGroup(int number, String name, Encoding encoding, int level, String stream, String prefix) {

    public static final int MAX_GROUPS = 64;
}
