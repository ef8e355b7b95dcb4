package io.sluice.aws;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** As the gateway calls. Thread-safe. */
final class GatewayClient implements Raced {

    private final SdkFirehose firehose;

    GatewayClient(AwsConfig config) {
        firehose = new SdkFirehose(config, 32 << 20, SdkClient.MAX_CONNECTIONS);
    }

    @Override
    public void put(String stream, List<ByteBuffer> records, Consumer<String> ended) {
        firehose.put(stream, records, result -> ended.accept(problem(result)));
    }

    private static String problem(PutResult result) {
        return switch (result) {
            case PutResult.Answered answered ->
                answered.records().stream().allMatch(one -> one instanceof RecordResult.Taken)
                        ? null
                        : "records were refused";
            case PutResult.Failed failed -> failed.problem() + ", " + failed.code();
        };
    }

    @Override
    public void close() {
        firehose.close();
    }
}
