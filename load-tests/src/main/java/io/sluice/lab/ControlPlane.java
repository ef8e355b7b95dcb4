package io.sluice.lab;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Create, describe, list and delete, and the tags that Terraform asks for. Any thread. */
final class ControlPlane {

    private static final int LIST_DEFAULT = 10;
    private static final int LIST_MOST = 10_000;

    private final Firehose firehose;
    private final String account;

    ControlPlane(Firehose firehose, String account) {
        this.firehose = firehose;
        this.account = account;
    }

    /** @return null if the operation is not known */
    Answer answer(String operation, byte[] body, int length) throws IOException {
        Map<?, ?> request;
        try {
            if (!(Json.parse(body, length) instanceof Map<?, ?> members)) {
                return Answer.control(AwsError.serialization());
            }
            request = members;
        } catch (Json.Malformed e) {
            return Answer.control(AwsError.serialization());
        }
        String name = request.get("DeliveryStreamName") instanceof String text ? text : null;
        return switch (operation) {
            case "ListDeliveryStreams" -> list(request);
            case "CreateDeliveryStream" -> create(name, request);
            case "DescribeDeliveryStream" -> of(name) ? describe(name) : missing(name);
            case "DeleteDeliveryStream" ->
                firehose.delete(name == null ? "" : name) ? Answer.control("{}") : missing(name);
            case "ListTagsForDeliveryStream" ->
                of(name) ? Answer.control("{\"HasMoreTags\":false,\"Tags\":[]}") : missing(name);
            default -> Answer.control(AwsError.unknownOperation());
        };
    }

    private boolean of(String name) {
        return name != null
                && firehose.stream(name) != null
                && !firehose.faults().has(Fault.DELETED, name);
    }

    private Answer missing(String name) {
        return Answer.control(
                name == null
                        ? AwsError.constraint("deliveryStreamName", "Member must not be null")
                        : AwsError.notFound(name, account));
    }

    private Answer list(Map<?, ?> request) {
        long limit = request.get("Limit") instanceof Long number ? number : LIST_DEFAULT;
        if (limit < 1 || limit > LIST_MOST) {
            return Answer.control(AwsError.constraint("limit", "Member must have value between 1 and " + LIST_MOST));
        }
        String after = request.get("ExclusiveStartDeliveryStreamName") instanceof String text ? text : "";
        List<Object> found = new ArrayList<>();
        boolean more = false;
        for (String name : firehose.names()) {
            if (name.compareTo(after) > 0) {
                more = found.size() == limit;
                if (more) {
                    break;
                }
                found.add(name);
            }
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("DeliveryStreamNames", found);
        answer.put("HasMoreDeliveryStreams", more);
        return Answer.control(Json.write(answer));
    }

    private Answer create(String name, Map<?, ?> request) {
        Object type = request.get("DeliveryStreamType");
        if (type != null && !type.equals("DirectPut")) {
            return Answer.control(AwsError.invalid("DeliveryStreamType is " + type + "; this lab knows DirectPut"));
        }
        Object s3 = request.get("ExtendedS3DestinationConfiguration");
        if (!(s3 instanceof Map<?, ?>)) {
            s3 = request.get("S3DestinationConfiguration");
        }
        if (!(s3 instanceof Map<?, ?> configuration)) {
            return Answer.control(AwsError.invalid("This lab delivers to S3 only"));
        }
        try {
            AwsError refusal = firehose.create(StreamSettings.of(name, configuration));
            return refusal != null
                    ? Answer.control(refusal)
                    : Answer.control(Json.write(Map.of("DeliveryStreamARN", firehose.arn(name))));
        } catch (StreamSettings.Refused e) {
            return Answer.control(e.error());
        }
    }

    private Answer describe(String name) {
        DeliveryStream stream = firehose.stream(name);
        if (stream == null) {
            return missing(name);
        }
        Map<String, Object> extended = stream.settings().configuration();
        Map<String, Object> plain = new LinkedHashMap<>();
        for (String member : List.of(
                "RoleARN",
                "BucketARN",
                "Prefix",
                "ErrorOutputPrefix",
                "BufferingHints",
                "CompressionFormat",
                "EncryptionConfiguration",
                "CloudWatchLoggingOptions")) {
            if (extended.containsKey(member)) {
                plain.put(member, extended.get(member));
            }
        }
        Map<String, Object> destination = new LinkedHashMap<>();
        destination.put("DestinationId", "destinationId-000000000001");
        destination.put("S3DestinationDescription", plain);
        destination.put("ExtendedS3DestinationDescription", extended);
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("DeliveryStreamName", name);
        description.put("DeliveryStreamARN", firehose.arn(name));
        description.put("DeliveryStreamStatus", firehose.faults().has(Fault.CREATING, name) ? "CREATING" : "ACTIVE");
        description.put("DeliveryStreamEncryptionConfiguration", Map.of("Status", "DISABLED"));
        description.put("DeliveryStreamType", "DirectPut");
        description.put("VersionId", Integer.toString(DeliveryStream.VERSION));
        description.put("CreateTimestamp", BigDecimal.valueOf(stream.createdMillis(), 3));
        description.put("Destinations", List.of(destination));
        description.put("HasMoreDestinations", false);
        return Answer.control(Json.write(Map.of("DeliveryStreamDescription", description)));
    }
}
