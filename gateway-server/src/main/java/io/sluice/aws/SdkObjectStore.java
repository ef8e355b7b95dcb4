package io.sluice.aws;

import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** {@link ObjectStore} through the SDK. */
public final class SdkObjectStore implements ObjectStore {

    private final SdkClient<S3AsyncClient> client;

    private final String kmsKey;

    /** As the bucket says is what it stores encrypted. */
    public SdkObjectStore(AwsConfig config) {
        this(config, "");
    }

    /** @param kmsKey id, ARN or alias of the KMS key that S3 is to encrypt objects with; empty: as the bucket says */
    public SdkObjectStore(AwsConfig config, String kmsKey) {
        this.client = client(config);
        this.kmsKey = kmsKey;
    }

    static SdkClient<S3AsyncClient> client(AwsConfig config) {
        // Stand-ins for S3 have no host of its own for each bucket.
        boolean standIn = !config.endpoint().isEmpty();
        return new SdkClient<>(
                config,
                "s3",
                sdk -> sdk.configured(S3AsyncClient.builder())
                        .forcePathStyle(standIn)
                        .build());
    }

    @Override
    public void put(String bucket, String key, byte[] bytes, Map<String, String> metadata, Consumer<String> ended) {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(bucket).key(key).metadata(metadata);
        if (!kmsKey.isEmpty()) {
            request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(kmsKey);
        }
        client.call(c -> c.putObject(request.build(), AsyncRequestBody.fromBytesUnsafe(bytes)))
                .whenComplete((response, error) -> ended.accept(error == null ? null : Problems.text(error)));
    }

    @Override
    public void close() {
        client.close();
    }
}
