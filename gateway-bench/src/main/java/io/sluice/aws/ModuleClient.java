package io.sluice.aws;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.firehose.FirehoseAsyncClient;
import software.amazon.awssdk.services.firehose.FirehoseAsyncClientBuilder;
import software.amazon.awssdk.services.firehose.model.Record;

/**
 * By the SDK's module for Firehose, told all that the gateway tells the SDK: no second try, answers on the thread on
 * which they come, and, over Netty, two loops. Over aws-crt threads are that library's own, a loop for each processor,
 * and of the gateway's limits there is only that of connections. Thread-safe.
 */
final class ModuleClient implements Raced {

    private final SdkAsyncHttpClient other;
    private final SdkClient<FirehoseAsyncClient> client;

    /** @param other HTTP client, which is closed in the end; {@code null} for the one over Netty */
    ModuleClient(AwsConfig config, SdkAsyncHttpClient other) {
        this.other = other;
        client = new SdkClient<>(config, "firehose", sdk -> {
            FirehoseAsyncClientBuilder builder = sdk.configured(FirehoseAsyncClient.builder());
            return (other == null ? builder : builder.httpClient(other)).build();
        });
    }

    @Override
    public void put(String stream, List<ByteBuffer> records, Consumer<String> ended) {
        List<Record> entries = new ArrayList<>(records.size());
        for (ByteBuffer record : records) {
            // The cheapest that there is: without a copy.
            entries.add(Record.builder()
                    .data(SdkBytes.fromByteArrayUnsafe(record.array()))
                    .build());
        }
        client.call(c -> c.putRecordBatch(
                        request -> request.deliveryStreamName(stream).records(entries)))
                .whenComplete((response, error) -> ended.accept(
                        error != null
                                ? error.toString()
                                : response.failedPutCount() == 0 ? null : "records were refused"));
    }

    @Override
    public void close() {
        client.close();
        if (other != null) {
            other.close();
        }
    }
}
