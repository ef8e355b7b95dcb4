package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamStatus;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.InvalidKmsResourceException;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponseEntry;
import software.amazon.awssdk.services.firehose.model.Record;
import software.amazon.awssdk.services.firehose.model.ResourceNotFoundException;

/** Each fault as a client sees it, and what the counters say of it. */
final class FaultTest {

    private static final Record RECORD = RunningLab.record(new byte[] {'x', '\n'});

    @TempDir
    Path directory;

    private RunningLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new RunningLab(
                directory,
                Quota.unlimited(),
                null,
                RunningLab.stream("a", "", "", 1, 60),
                RunningLab.stream("b", "", "", 1, 60));
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    @Test
    void throttleRefusesEveryRecordOfACallThatSucceeds() {
        lab.faults("{\"fault\": \"throttle\"}");
        PutRecordBatchResponse response = lab.put("a", "1", "2");
        assertThat(response.failedPutCount()).isEqualTo(2);
        assertThat(response.requestResponses()).allSatisfy(entry -> {
            assertThat(entry.errorCode()).isEqualTo("ServiceUnavailableException");
            assertThat(entry.errorMessage()).isEqualTo("Slow down.");
            assertThat(entry.recordId()).isNull();
        });
        FirehoseException single = catchThrowableOfType(
                FirehoseException.class,
                () -> unwrapped(lab.client.putRecord(
                        request -> request.deliveryStreamName("a").record(RECORD))));
        assertThat(single.statusCode()).isEqualTo(503);
        assertThat(lab.lab.firehose().total().refused("fault:throttle")).isEqualTo(3);
        assertThat(lab.count(Count.STORED)).isZero();
    }

    @Test
    void partialFailuresAreTheRecordsThatWereNotStored() throws IOException {
        lab.faults("{\"fault\": \"partial\", \"rate\": 0.2, \"stream\": \"a\"}");
        String[] texts = new String[500];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = i + "\n";
        }
        PutRecordBatchResponse response = lab.put("a", texts);
        StringBuilder stored = new StringBuilder();
        for (int i = 0; i < texts.length; i++) {
            PutRecordBatchResponseEntry entry = response.requestResponses().get(i);
            assertThat(entry.recordId() == null).isEqualTo(entry.errorCode() != null);
            stored.append(entry.recordId() == null ? "" : texts[i]);
        }
        assertThat(response.failedPutCount()).isBetween(50, 200);
        assertThat(lab.count(Count.REFUSED)).isEqualTo(response.failedPutCount().longValue());
        assertThat(lab.put("b", texts).failedPutCount()).isZero();
        lab.faults("");
        lab.lab.firehose().delete("b");
        lab.lab.close();
        assertThat(lab.delivered()).startsWith(stored);
    }

    @Test
    void theSameSeedFailsTheSameRecords() throws IOException {
        lab.faults("{\"fault\": \"partial\", \"rate\": 0.5}");
        List<Record> records = Collections.nCopies(500, RECORD);
        List<String> first = codes(lab.put("a", records));
        try (RunningLab again = new RunningLab(directory.resolve("again"))) {
            again.faults("{\"fault\": \"partial\", \"rate\": 0.5}");
            assertThat(codes(again.put("a", records))).isEqualTo(first);
        }
        assertThat(codes(lab.put("b", records))).isNotEqualTo(first);
    }

    private static List<String> codes(PutRecordBatchResponse response) {
        return response.requestResponses().stream()
                .map(entry -> String.valueOf(entry.errorCode()))
                .toList();
    }

    @Test
    void storedFailedIsThereAndSaysThatItIsNot() throws IOException {
        lab.faults("{\"fault\": \"stored-failed\"}");
        PutRecordBatchResponse response = lab.put("a", "1\n", "2\n");
        assertThat(response.failedPutCount()).isEqualTo(2);
        assertThat(codes(response)).containsOnly("InternalFailure");
        FirehoseException single = catchThrowableOfType(
                FirehoseException.class,
                () -> unwrapped(lab.client.putRecord(
                        request -> request.deliveryStreamName("a").record(RECORD))));
        assertThat(single.statusCode()).isEqualTo(500);
        assertThat(lab.count(Count.STORED_FAILED)).isEqualTo(3);
        lab.lab.close();
        assertThat(lab.delivered()).isEqualTo("1\n2\nx\n");
    }

    @ParameterizedTest
    @CsvSource({
        "unavailable, 503, ServiceUnavailableException",
        "error, 500, InternalFailure",
        "kms, 400, InvalidKMSResourceException",
        "access-denied, 400, AccessDeniedException",
        "expired-credentials, 400, ExpiredTokenException",
        "deleted, 400, ResourceNotFoundException",
        "creating, 400, ResourceNotFoundException",
    })
    void errorsOfWholeCallsHaveTheShapeOfAws(String fault, int status, String type) {
        lab.faults("{\"fault\": \"" + fault + "\", \"stream\": \"a\"}");
        FirehoseException error = catchThrowableOfType(FirehoseException.class, () -> lab.put("a", "1", "2"));
        assertThat(error.statusCode()).isEqualTo(status);
        assertThat(error.awsErrorDetails().errorCode()).isEqualTo(type);
        assertThat(error.requestId()).isNotNull();
        assertThat(lab.lab.firehose().counters("a").errors(type)).isEqualTo(1);
        assertThat(lab.lab.firehose().counters("a").refused("fault:" + fault)).isEqualTo(2);
        assertThat(lab.put("b", "1").failedPutCount()).isZero();
    }

    @Test
    void aKmsErrorNamesItsCode() {
        lab.faults("{\"fault\": \"kms\", \"code\": \"KMSDisabled\"}");
        InvalidKmsResourceException error =
                catchThrowableOfType(InvalidKmsResourceException.class, () -> lab.put("a", "1"));
        assertThat(error.code()).isEqualTo("KMSDisabled");
    }

    @Test
    void anErrorAfterStoringLeavesTheRecordThere() throws IOException {
        lab.faults("{\"fault\": \"error\", \"status\": 502, \"when\": \"after\"}");
        FirehoseException error = catchThrowableOfType(FirehoseException.class, () -> lab.put("a", "1\n"));
        assertThat(error.statusCode()).isEqualTo(502);
        assertThat(lab.count(Count.STORED_FAILED)).isEqualTo(1);
        lab.lab.close();
        assertThat(lab.delivered()).isEqualTo("1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void aResetGivesNoAnswer(String when) throws IOException {
        lab.faults("{\"fault\": \"reset\", \"when\": \"" + when + "\"}");
        assertThat(catchThrowable(() -> lab.put("a", "1\n"))).isInstanceOf(SdkClientException.class);
        assertThat(lab.count(Count.CALLS_RESET)).isEqualTo(1);
        assertThat(lab.count(Count.STORED_SILENT)).isEqualTo(when.equals("after") ? 1 : 0);
        lab.lab.close();
        assertThat(lab.delivered()).isEqualTo(when.equals("after") ? "1\n" : "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void aBlackHoleNeverAnswers(String when) throws IOException {
        lab.faults("{\"fault\": \"black-hole\", \"when\": \"" + when + "\"}");
        Throwable error =
                catchThrowable(() -> unwrapped(lab.client.putRecordBatch(request -> request.deliveryStreamName("a")
                        .records(RECORD)
                        .overrideConfiguration(override -> override.apiCallTimeout(Duration.ofMillis(500))))));
        assertThat(error).isInstanceOf(SdkClientException.class);
        assertThat(lab.count(Count.CALLS_SILENT)).isEqualTo(1);
        assertThat(lab.count(Count.STORED_SILENT)).isEqualTo(when.equals("after") ? 1 : 0);
        lab.lab.close();
        assertThat(lab.delivered()).isEqualTo(when.equals("after") ? "x\n" : "");
    }

    @Test
    void latencyHoldsTheAnswerBack() {
        lab.faults("{\"fault\": \"latency\", \"delay\": \"1h\"}");
        CompletableFuture<PutRecordBatchResponse> late = lab.client.putRecordBatch(
                request -> request.deliveryStreamName("a").records(RECORD));
        RunningLab.await(() -> lab.count(Count.STORED_IN_FLIGHT) == 1);
        assertThat(late).isNotDone();
        assertThat(lab.lab.firehose().total().broken()).isEmpty();

        late.cancel(true);
        RunningLab.await(() -> lab.count(Count.CALLS_ABANDONED) == 1);
        assertThat(lab.count(Count.STORED_SILENT)).isEqualTo(1);
        lab.faults("{\"fault\": \"latency\", \"delay\": \"1h\", \"tail\": \"1ms\", \"tailRate\": 1}");
        assertThat(lab.put("a", "1").failedPutCount()).isZero();
    }

    @Test
    void aLabThatStopsAccountsForAnswersThatWereStillDue() throws IOException {
        lab.faults("{\"fault\": \"latency\", \"delay\": \"1h\"}");
        CompletableFuture<PutRecordBatchResponse> late = lab.client.putRecordBatch(
                request -> request.deliveryStreamName("a").records(RECORD));
        RunningLab.await(() -> lab.count(Count.STORED_IN_FLIGHT) == 1);
        lab.lab.close();
        assertThat(catchThrowable(() -> unwrapped(late))).isInstanceOf(SdkClientException.class);
        assertThat(lab.count(Count.CALLS_ABANDONED)).isEqualTo(1);
        assertThat(lab.delivered()).isEqualTo("x\n");
    }

    @Test
    void slowReadsTakeAtLeastTheirTime() {
        lab.faults("{\"fault\": \"slow-reads\", \"bytesPerSecond\": 8000000}");
        List<Record> batch = Collections.nCopies(4, RunningLab.record(new byte[1_000_000]));
        long begin = System.nanoTime();
        lab.put("a", batch);
        // 5.3 MB of base64, of which one read, at most 512 KiB, is not waited for.
        assertThat(System.nanoTime() - begin)
                .isGreaterThan(Duration.ofMillis(500).toNanos());
    }

    @Test
    void aStreamInCreationIsDescribedSo() {
        lab.faults("{\"fault\": \"creating\", \"stream\": \"a\"}");
        assertThat(status("a")).isEqualTo(DeliveryStreamStatus.CREATING);
        assertThat(status("b")).isEqualTo(DeliveryStreamStatus.ACTIVE);
        lab.faults("{\"fault\": \"deleted\", \"stream\": \"a\"}");
        assertThatThrownBy(() -> status("a")).isInstanceOf(ResourceNotFoundException.class);
        lab.faults("");
        assertThat(status("a")).isEqualTo(DeliveryStreamStatus.ACTIVE);
    }

    @Test
    void aFaultBeginsAndEndsInItsTime() {
        lab.faults("{\"fault\": \"throttle\", \"from\": \"10s\", \"for\": \"1m\"}");
        assertThat(lab.put("a", "1").failedPutCount()).isZero();
        lab.clock.advance(Duration.ofSeconds(10));
        assertThat(lab.put("a", "1").failedPutCount()).isEqualTo(1);
        lab.clock.advance(Duration.ofMillis(59_999));
        assertThat(lab.put("a", "1").failedPutCount()).isEqualTo(1);
        lab.clock.advance(Duration.ofMillis(1));
        assertThat(lab.put("a", "1").failedPutCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"rules\": [{\"fault\": \"flood\"}]}",
                "{\"rules\": [{\"fault\": \"partial\", \"rate\": 1.5}]}",
                "{\"rules\": [{\"fault\": \"partial\", \"delay\": \"1s\"}]}",
                "{\"rules\": [{\"fault\": \"latency\", \"delay\": 5}]}",
                "{\"rules\": [{\"fault\": \"slow-reads\", \"stream\": \"a\"}]}",
                "{\"rules\": [{\"fault\": \"reset\", \"when\": \"now\"}]}",
                "{\"rules\": {}}",
                "{\"rules\": [}",
                "[]",
            })
    void wrongFaultsAreRefusedAndChangeNothing(String wrong) {
        lab.faults("{\"fault\": \"throttle\"}");
        HttpResponse<String> response = lab.send("PUT", "/lab/faults", wrong);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("expected");
        assertThat(lab.put("a", "1").failedPutCount()).isEqualTo(1);
        assertThat(lab.send("DELETE", "/lab/faults", "").statusCode()).isEqualTo(200);
        assertThat(lab.put("a", "1").failedPutCount()).isZero();
    }

    @Test
    void everyFaultCanBeSet() {
        for (Fault fault : Fault.values()) {
            lab.faults("{\"fault\": \"" + fault.label() + "\"}");
            assertThat(lab.send("GET", "/lab/faults", "").body()).contains("\"" + fault.label() + "\"");
        }
        lab.faults("");
    }

    private DeliveryStreamStatus status(String stream) {
        return unwrapped(lab.client.describeDeliveryStream(request -> request.deliveryStreamName(stream)))
                .deliveryStreamDescription()
                .deliveryStreamStatus();
    }

    private static <T> T unwrapped(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }
}
