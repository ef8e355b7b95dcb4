package io.sluice.aws;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;

/**
 * {@link FirehoseApi} by {@link JsonCaller}, without the SDK's module for Firehose: two calls do not need one
 * (PutRecordBatch, DescribeDeliveryStream; Amazon Data Firehose API reference).
 */
public final class SdkFirehose implements FirehoseApi {

    private static final JsonCaller.Service FIREHOSE = new JsonCaller.Service("firehose", "Firehose_20150804.");

    /** The only code of a record that says that it was not stored (PutRecordBatch, API reference). */
    private static final String THROTTLED = "ServiceUnavailableException";

    private final SdkClient<JsonCaller> client;
    private final PutBody.Pool pool;

    /**
     * What the bodies of so much take of heap, 4/3 of it and a chunk for each call, is kept once it was taken.
     *
     * @param windowBytes most bytes of the records of all calls under way
     * @param calls most calls under way
     */
    public SdkFirehose(AwsConfig config, long windowBytes, int calls) {
        pool = new PutBody.Pool(windowBytes, calls);
        this.client = new SdkClient<>(config, "firehose", sdk -> sdk.caller(FIREHOSE));
    }

    @Override
    public void put(String stream, List<ByteBuffer> records, Consumer<PutResult> ended) {
        int count = records.size();
        PutBody body = new PutBody(pool, stream, records);
        client.call(c -> c.call("PutRecordBatch", body))
                .whenComplete((answer, error) -> body.recycle(error == null || Problems.isAnswer(error)))
                .thenApply(answer -> results(answer, count))
                .whenComplete((result, error) -> ended.accept(
                        error == null ? result : new PutResult.Failed(Problems.problem(error), Problems.text(error))));
    }

    private static PutResult results(JsonNode answer, int records) {
        List<JsonNode> entries = list(answer, "RequestResponses");
        if (entries.size() != records) {
            return new PutResult.Failed(CallProblem.UNKNOWN, entries.size() + " results for " + records + " records");
        }
        List<RecordResult> results = new ArrayList<>(records);
        for (JsonNode entry : entries) {
            results.add(result(entry));
        }
        return new PutResult.Answered(results);
    }

    private static RecordResult result(JsonNode entry) {
        String id = text(entry, "RecordId", "");
        // Whatever else a service says without an id, it has not said that it took the record.
        if (!id.isEmpty() && member(entry, "ErrorCode") == null) {
            return new RecordResult.Taken(id);
        }
        return text(entry, "ErrorCode", "").equals(THROTTLED)
                ? RecordResult.NotTaken.THROTTLED
                : RecordResult.NotTaken.UNKNOWN;
    }

    @Override
    public void describe(String stream, Consumer<DescribeResult> ended) {
        JsonWriter json = JsonWriter.create();
        json.writeStartObject()
                .writeFieldName("DeliveryStreamName")
                .writeValue(stream)
                .writeEndObject();
        client.call(c -> c.call("DescribeDeliveryStream", new JsonCaller.Bytes(json.getBytes())))
                .thenApply(SdkFirehose::description)
                .whenComplete((description, error) -> ended.accept(
                        error == null
                                ? new DescribeResult.Found(description)
                                : new DescribeResult.Failed(Problems.problem(error), Problems.text(error))));
    }

    private static StreamDescription description(JsonNode answer) {
        JsonNode stream = member(answer, "DeliveryStreamDescription");
        String status = text(stream, "DeliveryStreamStatus", "");
        List<JsonNode> destinations = list(stream, "Destinations");
        JsonNode s3 =
                destinations.isEmpty() ? null : member(destinations.getFirst(), "ExtendedS3DestinationDescription");
        if (s3 == null) {
            return new StreamDescription(status, false, "", "", false, false);
        }
        return new StreamDescription(
                status,
                true,
                text(s3, "CompressionFormat", "UNCOMPRESSED"),
                text(s3, "FileExtension", ""),
                appendsDelimiter(member(s3, "ProcessingConfiguration")),
                isEnabled(member(s3, "DataFormatConversionConfiguration")));
    }

    private static boolean appendsDelimiter(JsonNode processing) {
        if (!isEnabled(processing)) {
            return false;
        }
        for (JsonNode processor : list(processing, "Processors")) {
            if (text(processor, "Type", "").equals("AppendDelimiterToRecord")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEnabled(JsonNode configuration) {
        JsonNode enabled = member(configuration, "Enabled");
        return enabled != null && enabled.isBoolean() && enabled.asBoolean();
    }

    // Of an answer that has another shape than it should, nothing is taken for granted: what lacks is null or empty.

    private static JsonNode member(JsonNode node, String name) {
        JsonNode member =
                node == null || !node.isObject() ? null : node.field(name).orElse(null);
        return member == null || member.isNull() ? null : member;
    }

    private static List<JsonNode> list(JsonNode node, String name) {
        JsonNode member = member(node, name);
        return member == null || !member.isArray() ? List.of() : member.asArray();
    }

    private static String text(JsonNode node, String name, String without) {
        JsonNode member = member(node, name);
        return member == null || !member.isString() ? without : member.asString();
    }

    /** Chunks that wait for the next call. */
    int kept() {
        return pool.size();
    }

    @Override
    public void close() {
        client.close();
    }
}
