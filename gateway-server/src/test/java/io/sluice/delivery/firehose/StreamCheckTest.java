package io.sluice.delivery.firehose;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aws.StreamDescription;
import io.sluice.record.Encoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamCheckTest {

    @Test
    void takesStreamsThatLeaveRecordsAsTheyAre() {
        assertThat(mismatch(Encoding.GZIP, "UNCOMPRESSED", ".jsonl.gz")).isNull();
        assertThat(mismatch(Encoding.GZIP, "UNCOMPRESSED", ".gz")).isNull();
        assertThat(mismatch(Encoding.ZSTD, "UNCOMPRESSED", ".jsonl.zst")).isNull();
        assertThat(mismatch(Encoding.NDJSON, "UNCOMPRESSED", "")).isNull();
    }

    @Test
    void refusesWhatWouldMakeObjectsUnreadable() {
        assertThat(mismatch(Encoding.GZIP, "GZIP", ".gz")).contains("compression is GZIP");
        assertThat(mismatch(Encoding.GZIP, "UNCOMPRESSED", "")).contains("file extension is \"\"", ".gz");
        assertThat(mismatch(Encoding.GZIP, "UNCOMPRESSED", ".jsonl.zst")).contains(".jsonl.zst");
        assertThat(mismatch(Encoding.ZSTD, "UNCOMPRESSED", ".gz")).contains(".zst");
        assertThat(mismatch(Encoding.NDJSON, "UNCOMPRESSED", ".jsonl.gz")).contains("plain lines");
        assertThat(StreamCheck.mismatch(
                        new StreamDescription("ACTIVE", true, "UNCOMPRESSED", ".gz", false, true), Encoding.GZIP))
                .contains("converts");
        assertThat(StreamCheck.mismatch(new StreamDescription("ACTIVE", false, "", "", false, false), Encoding.GZIP))
                .contains("does not deliver to S3");
    }

    @Test
    void leavesToFirehoseWhatItDoesWithPlainLines() {
        assertThat(mismatch(Encoding.NDJSON, "GZIP", ".gz")).isNull();
        assertThat(StreamCheck.mismatch(
                        new StreamDescription("ACTIVE", true, "UNCOMPRESSED", "", false, true), Encoding.NDJSON))
                .isNull();
        assertThat(StreamCheck.mismatch(new StreamDescription("ACTIVE", false, "", "", false, false), Encoding.NDJSON))
                .isNull();
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void refusesADelimiterForEveryEncoding(Encoding encoding) {
        assertThat(StreamCheck.mismatch(
                        new StreamDescription("ACTIVE", true, "UNCOMPRESSED", encoding.extension(), true, false),
                        encoding))
                .contains("delimiter");
    }

    private static String mismatch(Encoding encoding, String compression, String extension) {
        return StreamCheck.mismatch(
                new StreamDescription("ACTIVE", true, compression, extension, false, false), encoding);
    }
}
