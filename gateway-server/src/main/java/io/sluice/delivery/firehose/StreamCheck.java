package io.sluice.delivery.firehose;

import io.sluice.aws.StreamDescription;
import io.sluice.record.Encoding;

/** Whether what a stream makes of blocks can be read again. */
final class StreamCheck {

    private static final String UNCOMPRESSED = "UNCOMPRESSED";

    private StreamCheck() {}

    /** What is wrong with the stream's settings for blocks of this encoding, or {@code null}. */
    static String mismatch(StreamDescription stream, Encoding encoding) {
        if (stream.appendsDelimiter()) {
            return "it appends a delimiter to each record, expected none";
        }
        return switch (encoding) {
            case NDJSON -> plain(stream);
            case GZIP -> packed(stream, ".gz");
            case ZSTD -> packed(stream, ".zst");
        };
    }

    /** Lines are what Firehose expects: it may pack, convert and deliver them as it likes. */
    private static String plain(StreamDescription stream) {
        String extension = stream.fileExtension();
        if (stream.compression().equals(UNCOMPRESSED) && (extension.endsWith(".gz") || extension.endsWith(".zst"))) {
            return "its objects are named *" + extension + ", expected an end for plain lines, such as .jsonl";
        }
        return null;
    }

    private static String packed(StreamDescription stream, String end) {
        if (!stream.deliversToS3()) {
            return "it does not deliver to S3, expected S3 since blocks are compressed";
        }
        if (stream.convertsFormat()) {
            return "it converts the format of records, expected none since blocks are compressed";
        }
        if (!stream.compression().equals(UNCOMPRESSED)) {
            return "its compression is " + stream.compression() + ", expected " + UNCOMPRESSED
                    + " since blocks are compressed";
        }
        if (!stream.fileExtension().endsWith(end)) {
            return "its file extension is \"" + stream.fileExtension() + "\", expected one that ends with " + end;
        }
        return null;
    }
}
