package io.sluice.aws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonNodeParser;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * {@link KeyService} with the SDK's signer and HTTP client, without its module for KMS: two calls of the JSON 1.1
 * protocol (Encrypt, Decrypt; KMS API reference) do not need one.
 */
public final class SdkKeyService implements KeyService {

    private static final int OK = 200;

    private final SdkClient<Caller> client;

    public SdkKeyService(AwsConfig config) {
        this.client = new SdkClient<>(
                config,
                "kms",
                sdk -> sdk.connected(
                        (credentials, http, region) -> new Caller(credentials, http, region, config.endpoint())));
    }

    @Override
    public byte[] encrypt(String key, byte[] plain, Map<String, String> context) throws IOException {
        return call("Encrypt", request(key, "Plaintext", plain, context), "CiphertextBlob");
    }

    @Override
    public byte[] decrypt(String key, byte[] wrapped, Map<String, String> context) throws IOException {
        return call("Decrypt", request(key, "CiphertextBlob", wrapped, context), "Plaintext");
    }

    private static byte[] request(String key, String name, byte[] value, Map<String, String> context) {
        JsonWriter json = JsonWriter.create();
        json.writeStartObject();
        if (key != null) {
            json.writeFieldName("KeyId").writeValue(key);
        }
        json.writeFieldName(name).writeValue(Base64.getEncoder().encodeToString(value));
        json.writeFieldName("EncryptionContext").writeStartObject();
        context.forEach((member, text) -> json.writeFieldName(member).writeValue(text));
        json.writeEndObject();
        json.writeEndObject();
        return json.getBytes();
    }

    private byte[] call(String operation, byte[] body, String answer) throws IOException {
        String what = "KMS " + operation;
        JsonNode node = SdkObjectReader.await(
                what, client.call(c -> c.call(operation, body)), attempt -> client.call(c -> c.call(operation, body)));
        Optional<JsonNode> value = node.field(answer);
        try {
            return Base64.getDecoder().decode(value.map(JsonNode::text).orElseThrow());
        } catch (RuntimeException e) {
            // Without its message, which may quote the answer.
            throw new IOException(what + ": answered without " + answer);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** Signs and sends. Any thread. */
    private static final class Caller implements SdkAutoCloseable {

        private final AwsCredentialsProvider credentials;
        private final SdkAsyncHttpClient http;
        private final Region region;
        private final URI endpoint;
        private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

        Caller(AwsCredentialsProvider credentials, SdkAsyncHttpClient http, Region region, String endpoint) {
            this.credentials = credentials;
            this.http = http;
            this.region = region;
            this.endpoint = URI.create(
                    endpoint.isEmpty()
                            ? "https://kms." + region.id() + "."
                                    + PartitionMetadata.of(region).dnsSuffix()
                            : endpoint);
        }

        CompletableFuture<JsonNode> call(String operation, byte[] body) {
            SdkHttpRequest request = SdkHttpFullRequest.builder()
                    .method(SdkHttpMethod.POST)
                    .uri(endpoint)
                    .encodedPath("/")
                    .putHeader("Content-Type", "application/x-amz-json-1.1")
                    .putHeader("Content-Length", Integer.toString(body.length))
                    .putHeader("X-Amz-Target", "TrentService." + operation)
                    .build();
            AwsCredentials identity = credentials.resolveCredentials();
            SdkHttpRequest signed = signer.sign(sign -> sign.identity(identity)
                            .request(request)
                            .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "kms")
                            .putProperty(AwsV4HttpSigner.REGION_NAME, region.id()))
                    .request();
            Answer answer = new Answer();
            CompletableFuture<Void> sent = http.execute(AsyncExecuteRequest.builder()
                    .request(signed)
                    .requestContentPublisher(new Content(body))
                    .responseHandler(answer)
                    .fullDuplex(false)
                    .build());
            sent.whenComplete((nothing, error) -> {
                if (error != null) {
                    answer.onError(error);
                }
            });
            return answer.json;
        }

        @Override
        public void close() {
            // Connections and credentials are those of the SdkClient.
        }
    }

    /** The body of a request. */
    private record Content(AsyncRequestBody body, long length) implements SdkHttpContentPublisher {

        Content(byte[] bytes) {
            this(AsyncRequestBody.fromBytes(bytes), bytes.length);
        }

        @Override
        public Optional<Long> contentLength() {
            return Optional.of(length);
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            body.subscribe(subscriber);
        }
    }

    /** Gathers an answer; one that is no success becomes an exception with the service's code. */
    private static final class Answer implements SdkAsyncHttpResponseHandler {

        final CompletableFuture<JsonNode> json = new CompletableFuture<>();
        private volatile int status;

        @Override
        public void onHeaders(SdkHttpResponse headers) {
            status = headers.statusCode();
        }

        @Override
        public void onStream(Publisher<ByteBuffer> stream) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            SdkPublisher.adapt(stream)
                    .subscribe(buffer -> {
                        byte[] piece = new byte[buffer.remaining()];
                        buffer.get(piece);
                        bytes.writeBytes(piece);
                    })
                    .whenComplete((nothing, error) -> {
                        if (error != null) {
                            onError(error);
                        } else {
                            complete(bytes.toByteArray());
                        }
                    });
        }

        private void complete(byte[] bytes) {
            JsonNode node;
            try {
                node = JsonNodeParser.create().parse(bytes);
            } catch (RuntimeException e) {
                // Without its message, which may quote the answer.
                node = null;
            }
            if (status == OK && node != null) {
                json.complete(node);
            } else {
                json.completeExceptionally(refusal(node));
            }
        }

        /** {@code __type} names the error, in some answers behind a name space and a {@code #}. */
        private AwsServiceException refusal(JsonNode node) {
            String type =
                    node == null ? "" : node.field("__type").map(JsonNode::text).orElse("");
            return AwsServiceException.builder()
                    .statusCode(status)
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode(type.substring(type.indexOf('#') + 1))
                            .build())
                    .build();
        }

        @Override
        public void onError(Throwable error) {
            json.completeExceptionally(error);
        }
    }
}
