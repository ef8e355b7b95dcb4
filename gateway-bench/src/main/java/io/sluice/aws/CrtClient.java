package io.sluice.aws;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** The gateway's body, signature and caller on another HTTP client of the SDK's. Thread-safe. */
final class CrtClient implements Raced {

    private final PutBody.Pool pool = new PutBody.Pool(WINDOW_BYTES, SdkClient.MAX_CONNECTIONS);
    private final SdkAsyncHttpClient http;
    private final JsonCaller caller;

    /** @param http closed in the end */
    CrtClient(AwsConfig config, SdkAsyncHttpClient http) {
        this.http = http;
        caller = new JsonCaller(
                new JsonCaller.Service("firehose", "Firehose_20150804."),
                URI.create(config.endpoint()),
                config.region(),
                config.timeout(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("lab", "lab")),
                http);
    }

    @Override
    public void put(String stream, List<ByteBuffer> records, Consumer<String> ended) {
        PutBody body = new PutBody(pool, stream, records);
        caller.call("PutRecordBatch", body)
                .thenApply(answer -> {
                    body.recycle(true);
                    return problem(answer);
                })
                .whenComplete((problem, error) -> ended.accept(error == null ? problem : error.toString()));
    }

    /** What an answer says that is no refusal of the call; {@code null} if all were taken. */
    static String problem(JsonNode answer) {
        boolean all = answer.field("FailedPutCount")
                .map(failed -> failed.text().equals("0"))
                .orElse(false);
        return all ? null : "records were refused";
    }

    @Override
    public void close() {
        http.close();
    }
}
