package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.firehose.model.CompressionFormat;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamStatus;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamType;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationDescription;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.InvalidArgumentException;
import software.amazon.awssdk.services.firehose.model.ListDeliveryStreamsResponse;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponseEntry;
import software.amazon.awssdk.services.firehose.model.Record;
import software.amazon.awssdk.services.firehose.model.ResourceInUseException;
import software.amazon.awssdk.services.firehose.model.ResourceNotFoundException;

/** The protocol as AWS's SDK for Java reads it, and the limits of calls at their edges. */
final class AwsSdkTest {

    @TempDir
    Path directory;

    private RunningLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new RunningLab(directory);
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    @Test
    void aBatchIsStoredInOrderWithoutAnythingBetween() throws IOException {
        PutRecordBatchResponse response = lab.put("a", "one\n", "two\n", "", "\u00e9\n");

        assertThat(response.failedPutCount()).isZero();
        assertThat(response.encrypted()).isFalse();
        assertThat(response.responseMetadata().requestId()).isNotEqualTo("UNKNOWN");
        List<String> ids = response.requestResponses().stream()
                .map(PutRecordBatchResponseEntry::recordId)
                .toList();
        assertThat(ids).hasSize(4).doesNotContainNull();
        assertThat(new HashSet<>(ids)).hasSize(4);
        lab.lab.close();
        assertThat(lab.delivered()).isEqualTo("one\ntwo\n\u00e9\n");
    }

    @Test
    void aSingleRecordIsStored() throws IOException {
        String id = lab.client
                .putRecord(request -> request.deliveryStreamName("a")
                        .record(record -> record.data(SdkBytes.fromUtf8String("alone\n"))))
                .join()
                .recordId();

        assertThat(id).isNotEmpty();
        lab.lab.close();
        assertThat(lab.delivered()).isEqualTo("alone\n");
    }

    @Test
    void everyByteValueArrivesAsItWas() throws IOException {
        byte[] data = new byte[100_003];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31 + i / 256);
        }
        lab.put("a", List.of(RunningLab.record(data)));
        lab.lab.close();
        assertThat(lab.objects().values()).containsExactly(data);
    }

    @Test
    void streamsAreCreatedDescribedListedAndDeleted() {
        String arn = lab.client
                .createDeliveryStream(request -> request.deliveryStreamName("made")
                        .deliveryStreamType(DeliveryStreamType.DIRECT_PUT)
                        .extendedS3DestinationConfiguration(s3 -> s3.roleARN("arn:aws:iam::123456789012:role/r")
                                .bucketARN("arn:aws:s3:::bucket")
                                .prefix("p/")
                                .fileExtension(".jsonl.gz")
                                .bufferingHints(hints -> hints.sizeInMBs(64).intervalInSeconds(0))))
                .join()
                .deliveryStreamARN();
        assertThat(arn).isEqualTo("arn:aws:firehose:us-east-1:123456789012:deliverystream/made");

        DeliveryStreamDescription description = describe("made");
        assertThat(description.deliveryStreamARN()).isEqualTo(arn);
        assertThat(description.deliveryStreamStatus()).isEqualTo(DeliveryStreamStatus.ACTIVE);
        assertThat(description.deliveryStreamType()).isEqualTo(DeliveryStreamType.DIRECT_PUT);
        assertThat(description.createTimestamp().toEpochMilli()).isEqualTo(lab.clock.epochMillis());
        ExtendedS3DestinationDescription s3 =
                description.destinations().getFirst().extendedS3DestinationDescription();
        assertThat(s3.prefix()).isEqualTo("p/");
        assertThat(s3.fileExtension()).isEqualTo(".jsonl.gz");
        assertThat(s3.compressionFormat()).isEqualTo(CompressionFormat.UNCOMPRESSED);
        assertThat(s3.bufferingHints().sizeInMBs()).isEqualTo(64);
        assertThat(s3.bufferingHints().intervalInSeconds()).isZero();

        assertThatThrownBy(() -> create("made")).hasCauseInstanceOf(ResourceInUseException.class);
        assertThat(lab.client.listDeliveryStreams().join().deliveryStreamNames())
                .containsExactly("a", "made");
        lab.client
                .deleteDeliveryStream(request -> request.deliveryStreamName("made"))
                .join();
        assertThat(lab.client.listDeliveryStreams().join().deliveryStreamNames())
                .containsExactly("a");
        assertThatThrownBy(() -> describe("made")).hasCauseInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> lab.client
                        .deleteDeliveryStream(request -> request.deliveryStreamName("made"))
                        .join())
                .hasCauseInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void longListsComeInPages() {
        for (int i = 10; i < 25; i++) {
            create("s" + i);
        }
        ListDeliveryStreamsResponse first = lab.client.listDeliveryStreams().join();
        assertThat(first.deliveryStreamNames()).hasSize(10).startsWith("a", "s10");
        assertThat(first.hasMoreDeliveryStreams()).isTrue();
        ListDeliveryStreamsResponse second = lab.client
                .listDeliveryStreams(request ->
                        request.exclusiveStartDeliveryStreamName("s18").limit(6))
                .join();
        assertThat(second.deliveryStreamNames()).containsExactly("s19", "s20", "s21", "s22", "s23", "s24");
        assertThat(second.hasMoreDeliveryStreams()).isFalse();
    }

    @Test
    void settingsThatAwsRefusesAreRefused() {
        assertThatThrownBy(() -> lab.client
                        .createDeliveryStream(request -> request.deliveryStreamName("x")
                                .extendedS3DestinationConfiguration(s3 -> s3.roleARN("r")
                                        .bucketARN("arn:aws:s3:::bucket")
                                        .prefix("!{timestamp:yyyy}/")))
                        .join())
                .hasCauseInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("ErrorOutputPrefix");
        assertThatThrownBy(() -> lab.client
                        .createDeliveryStream(request -> request.deliveryStreamName("x")
                                .extendedS3DestinationConfiguration(s3 -> s3.roleARN("r")
                                        .bucketARN("arn:aws:s3:::bucket")
                                        .bufferingHints(hints -> hints.sizeInMBs(129))))
                        .join())
                .hasMessageContaining("less than or equal to 128");
    }

    @Test
    void aStreamThatIsNotThereIsNotFound() {
        ResourceNotFoundException error =
                catchThrowableOfType(ResourceNotFoundException.class, () -> lab.put("other", "x"));
        assertThat(error.statusCode()).isEqualTo(400);
        assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ResourceNotFoundException");
        assertThat(error.awsErrorDetails().errorMessage())
                .isEqualTo("Firehose other under account 123456789012 not found.");
        assertThat(error.requestId()).isNotNull();
        assertThat(lab.lab.firehose().total().refused("no-stream")).isEqualTo(1);
    }

    @Test
    void fiveHundredRecordsAreTakenAndOneMoreIsNot() {
        Record record = RunningLab.record(new byte[] {'x'});
        assertThat(lab.put("a", Collections.nCopies(500, record)).failedPutCount())
                .isZero();
        FirehoseException error =
                catchThrowableOfType(FirehoseException.class, () -> lab.put("a", Collections.nCopies(501, record)));
        assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
        assertThat(error.getMessage()).contains("less than or equal to 500");
        assertThat(lab.count(Count.STORED)).isEqualTo(500);
        assertThat(lab.count(Count.REFUSED)).isEqualTo(501);
    }

    @Test
    void aRecordOf1024000BytesIsTakenAndOneByteMoreIsNot() {
        assertThat(lab.put("a", List.of(RunningLab.record(new byte[1_024_000]))).failedPutCount())
                .isZero();
        List<Record> large = List.of(RunningLab.record(new byte[1]), RunningLab.record(new byte[1_024_001]));
        FirehoseException error = catchThrowableOfType(FirehoseException.class, () -> lab.put("a", large));
        assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
        assertThat(error.getMessage()).contains("records.2.member.data").contains("1024000");
        assertThatThrownBy(() -> lab.client
                        .putRecord(request -> request.deliveryStreamName("a").record(large.get(1)))
                        .join())
                .hasMessageContaining("record.data");
        assertThat(lab.count(Count.STORED)).isEqualTo(1);
    }

    @Test
    void aBatchOf4MiBIsTakenAndOneByteMoreIsNot() {
        List<Record> batch = new ArrayList<>(Collections.nCopies(4, RunningLab.record(new byte[1_024_000])));
        batch.add(RunningLab.record(new byte[(4 << 20) - 4 * 1_024_000]));
        assertThat(lab.put("a", batch).failedPutCount()).isZero();
        batch.add(RunningLab.record(new byte[1]));
        InvalidArgumentException error =
                catchThrowableOfType(InvalidArgumentException.class, () -> lab.put("a", batch));
        assertThat(error.awsErrorDetails().errorMessage()).isEqualTo("Records size exceeds 4 MB limit");
        assertThat(lab.count(Count.STORED_BYTES)).isEqualTo(4 << 20);
    }

    private DeliveryStreamDescription describe(String name) {
        return lab.client
                .describeDeliveryStream(request -> request.deliveryStreamName(name))
                .join()
                .deliveryStreamDescription();
    }

    private void create(String name) throws CompletionException {
        lab.client
                .createDeliveryStream(request -> request.deliveryStreamName(name)
                        .extendedS3DestinationConfiguration(s3 ->
                                s3.roleARN("arn:aws:iam::123456789012:role/r").bucketARN("arn:aws:s3:::bucket")))
                .join();
    }
}
