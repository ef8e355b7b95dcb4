package io.sluice.aws;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.firehose.FirehoseAsyncClient;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.DescribeDeliveryStreamRequest;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationDescription;
import software.amazon.awssdk.services.firehose.model.ProcessorType;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchRequest;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponseEntry;

/** {@link FirehoseApi} through the SDK, but for the bodies of puts, which are {@link PutBody our own}. */
public final class SdkFirehose implements FirehoseApi {

    /** The only code of a record that says that it was not stored (PutRecordBatch, API reference). */
    private static final String THROTTLED = "ServiceUnavailableException";

    private final SdkClient<FirehoseAsyncClient> client;
    private final PutBody.Pool pool = new PutBody.Pool();

    public SdkFirehose(AwsConfig config) {
        this.client = new SdkClient<>(
                config,
                "firehose",
                sdk -> sdk.configured(FirehoseAsyncClient.builder())
                        .putAuthScheme(new PutBodies.Scheme())
                        .overrideConfiguration(o -> sdk.limits(o).addExecutionInterceptor(new PutBodies.Replacement()))
                        .build());
    }

    @Override
    public void put(String stream, List<ByteBuffer> records, Consumer<PutResult> ended) {
        int count = records.size();
        PutBody body = new PutBody(pool, stream, records);
        client.call(c -> c.putRecordBatch(request(stream, body)))
                .whenComplete((response, error) -> ended.accept(
                        error == null
                                ? answered(response, count, body)
                                : new PutResult.Failed(Problems.problem(error), Problems.text(error))));
    }

    /** What the SDK marshals of it is not sent. */
    private static PutRecordBatchRequest request(String stream, PutBody body) {
        return PutRecordBatchRequest.builder()
                .deliveryStreamName(stream)
                .records(List.of())
                .overrideConfiguration(o -> o.putExecutionAttribute(PutBodies.BODY, body))
                .build();
    }

    private static PutResult answered(PutRecordBatchResponse response, int records, PutBody body) {
        body.recycle();
        List<PutRecordBatchResponseEntry> entries = response.requestResponses();
        if (entries.size() != records) {
            return new PutResult.Failed(CallProblem.UNKNOWN, entries.size() + " results for " + records + " records");
        }
        List<RecordResult> results = new ArrayList<>(records);
        for (PutRecordBatchResponseEntry entry : entries) {
            results.add(result(entry));
        }
        return new PutResult.Answered(results);
    }

    private static RecordResult result(PutRecordBatchResponseEntry entry) {
        if (entry.errorCode() == null) {
            return new RecordResult.Taken(entry.recordId() == null ? "" : entry.recordId());
        }
        return entry.errorCode().equals(THROTTLED) ? RecordResult.NotTaken.THROTTLED : RecordResult.NotTaken.UNKNOWN;
    }

    @Override
    public void describe(String stream, Consumer<DescribeResult> ended) {
        DescribeDeliveryStreamRequest request = DescribeDeliveryStreamRequest.builder()
                .deliveryStreamName(stream)
                .build();
        client.call(c -> c.describeDeliveryStream(request))
                .whenComplete((response, error) -> ended.accept(
                        error == null
                                ? new DescribeResult.Found(description(response.deliveryStreamDescription()))
                                : new DescribeResult.Failed(Problems.problem(error), Problems.text(error))));
    }

    private static StreamDescription description(DeliveryStreamDescription stream) {
        String status = String.valueOf(stream.deliveryStreamStatusAsString());
        ExtendedS3DestinationDescription s3 = stream.destinations().isEmpty()
                ? null
                : stream.destinations().getFirst().extendedS3DestinationDescription();
        if (s3 == null) {
            return new StreamDescription(status, false, "", "", false, false);
        }
        boolean appends = s3.processingConfiguration() != null
                && Boolean.TRUE.equals(s3.processingConfiguration().enabled())
                && s3.processingConfiguration().processors().stream()
                        .anyMatch(p -> p.type() == ProcessorType.APPEND_DELIMITER_TO_RECORD);
        boolean converts = s3.dataFormatConversionConfiguration() != null
                && Boolean.TRUE.equals(s3.dataFormatConversionConfiguration().enabled());
        String extension = s3.fileExtension() == null ? "" : s3.fileExtension();
        String compression = s3.compressionFormat() == null ? "UNCOMPRESSED" : s3.compressionFormatAsString();
        return new StreamDescription(status, true, compression, extension, appends, converts);
    }

    @Override
    public void close() {
        client.close();
    }
}
