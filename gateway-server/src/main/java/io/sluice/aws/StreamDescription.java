package io.sluice.aws;

/**
 * Settings of a delivery stream on which it depends whether its objects can be read.
 *
 * @param status such as {@code ACTIVE}, {@code CREATING}, {@code DELETING}
 * @param deliversToS3 whether S3 is its destination, rather than a search engine or a warehouse
 * @param compression what the stream itself does to records: {@code UNCOMPRESSED}, {@code GZIP}, …
 * @param fileExtension what the names of its objects end with; empty if it is not set
 * @param appendsDelimiter whether it adds a newline behind each record
 * @param convertsFormat whether it makes Parquet or ORC of its records
 */
public record StreamDescription(
        String status,
        boolean deliversToS3,
        String compression,
        String fileExtension,
        boolean appendsDelimiter,
        boolean convertsFormat) {}
