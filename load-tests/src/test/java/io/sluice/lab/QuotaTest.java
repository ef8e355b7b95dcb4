package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponseEntry;
import software.amazon.awssdk.services.firehose.model.Record;

/** What a stream takes a second, to the byte. */
final class QuotaTest {

    @TempDir
    Path directory;

    @Test
    void bytesBeyondTheSecondAreRefusedRecordByRecord() throws IOException {
        try (RunningLab lab = lab(new Quota(1e9, 1e9, 1_000, 1))) {
            PutRecordBatchResponse response = lab.put("a", sized(600, 401, 400, 1));
            assertThat(stored(response)).containsExactly(true, false, true, false);
            assertThat(response.failedPutCount()).isEqualTo(2);
            assertThat(response.requestResponses().get(1).errorMessage()).isEqualTo("Slow down.");
            assertThat(lab.lab.firehose().total().refused("quota:bytes")).isEqualTo(2);

            lab.clock.advance(Duration.ofMillis(500));
            assertThat(stored(lab.put("a", sized(501)))).containsExactly(false);
            assertThat(stored(lab.put("a", sized(500)))).containsExactly(true);
            lab.clock.advance(Duration.ofHours(1));
            assertThat(stored(lab.put("a", sized(1_000, 1)))).containsExactly(true, false);
        }
    }

    @Test
    void recordsBeyondTheSecondAreRefused() throws IOException {
        try (RunningLab lab = lab(new Quota(3, 1e9, 1e9, 1))) {
            assertThat(stored(lab.put("a", sized(1, 1, 1, 1)))).containsExactly(true, true, true, false);
            assertThat(lab.lab.firehose().total().refused("quota:records")).isEqualTo(1);
            lab.clock.advance(Duration.ofSeconds(1));
            assertThat(stored(lab.put("a", sized(1, 1, 1, 1)))).containsExactly(true, true, true, false);
        }
    }

    @Test
    void requestsBeyondTheSecondAreRefusedAsAWhole() throws IOException {
        try (RunningLab lab = lab(new Quota(1e9, 2, 1e9, 1))) {
            lab.put("a", "1");
            lab.put("a", "1");
            FirehoseException error = catchThrowableOfType(FirehoseException.class, () -> lab.put("a", "1", "2"));
            assertThat(error.statusCode()).isEqualTo(503);
            assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ServiceUnavailableException");
            assertThat(error.awsErrorDetails().errorMessage()).isEqualTo("Slow down.");
            assertThat(lab.lab.firehose().total().refused("quota:requests")).isEqualTo(2);
            lab.clock.advance(Duration.ofMillis(500));
            assertThat(lab.put("a", "1").failedPutCount()).isZero();
        }
    }

    @Test
    void eachStreamHasItsOwn() throws IOException {
        try (RunningLab lab = lab(new Quota(1e9, 1e9, 100, 1))) {
            assertThat(stored(lab.put("a", sized(100, 1)))).containsExactly(true, false);
            assertThat(stored(lab.put("b", sized(100, 1)))).containsExactly(true, false);
        }
    }

    @Test
    void withoutBurstOneRecordComesAtATimeAndTheRateIsKept() throws IOException {
        try (RunningLab lab = lab(new Quota(1e9, 1e9, 1_000, 0))) {
            int bytes = 0;
            for (int millis = 0; millis < 1_000; millis += 50) {
                for (boolean stored : stored(lab.put("a", sized(100, 100)))) {
                    bytes += stored ? 100 : 0;
                }
                lab.clock.advance(Duration.ofMillis(50));
            }
            assertThat(bytes).isEqualTo(1_000);
            lab.clock.advance(Duration.ofHours(1));
            assertThat(stored(lab.put("a", sized(100, 100)))).containsExactly(true, false);
        }
    }

    @Test
    void theThreeQuotasGoTogetherAsAwsHasThem() {
        assertThat(Quota.ofBytes(5 << 20, 1)).isEqualTo(new Quota(500_000, 2_000, 5 << 20, 1));
        assertThat(Quota.ofBytes(1 << 20, 1)).isEqualTo(new Quota(100_000, 1_000, 1 << 20, 1));
        assertThat(Quota.ofBytes(10 << 20, 1)).isEqualTo(new Quota(1_000_000, 4_000, 10 << 20, 1));
        assertThat(Quota.unlimited().isUnlimited()).isTrue();
    }

    private RunningLab lab(Quota quota) throws IOException {
        return new RunningLab(
                directory, quota, null, RunningLab.stream("a", "", "", 1, 60), RunningLab.stream("b", "", "", 1, 60));
    }

    private static List<Record> sized(int... bytes) {
        List<Record> records = new ArrayList<>();
        for (int size : bytes) {
            records.add(RunningLab.record(new byte[size]));
        }
        return records;
    }

    private static List<Boolean> stored(PutRecordBatchResponse response) {
        return response.requestResponses().stream()
                .map(PutRecordBatchResponseEntry::recordId)
                .map(id -> id != null)
                .toList();
    }
}
