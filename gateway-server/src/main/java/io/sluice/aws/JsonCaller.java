package io.sluice.aws;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonNodeParser;
import software.amazon.awssdk.utils.SdkAutoCloseable;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Calls one service by the JSON 1.1 protocol (AWS JSON 1.1, Smithy): {@code POST /}, the operation in a header.
 * Credentials, endpoint and HTTP are the SDK's; the request and its signature are made here, since the SDK makes them
 * by many copies, and by code that a gateway runs too seldom for it to be compiled.
 *
 * <p>Any thread. A call is signed by the thread that makes it, is made once, and ends on one of the SDK's. What went
 * wrong is told as the SDK tells it: {@link Problems} knows.
 */
final class JsonCaller implements SdkAutoCloseable {

    private static final String TYPE = "application/x-amz-json-1.1";
    private static final int OK = 200;

    /** What CloudTrail names the caller by. */
    private static final String USER_AGENT = "sluice";

    /** That a clock is wrong; then the answer's Date is right (RetryUtils.isClockSkewException of the SDK). */
    private static final Set<String> SKEWED = Set.of(
            "RequestTimeTooSkewed",
            "RequestExpired",
            "RequestInTheFuture",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "AuthFailure");

    /** Less than this is no skew. A signature holds for five minutes. */
    private static final Duration LEAST_SKEW = Duration.ofSeconds(10);

    /**
     * Which service.
     *
     * @param name that its hosts begin with, and that its calls are signed for
     * @param target that names of operations begin with, with the dot
     */
    record Service(String name, String target) {}

    /** What a call says; read twice at most, from the first byte on. */
    interface Body extends SdkHttpContentPublisher {

        /** SHA-256, in lower-case hexadecimal. */
        String sha256();

        long length();

        @Override
        default Optional<Long> contentLength() {
            return Optional.of(length());
        }
    }

    /** A small body. */
    record Bytes(byte[] json) implements Body {

        @Override
        public String sha256() {
            return Signature.hex(Signature.sha256().digest(json));
        }

        @Override
        public long length() {
            return json.length;
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            AsyncRequestBody.fromBytesUnsafe(json).subscribe(subscriber);
        }
    }

    /** Ten times what results of 500 records take: whoever answers without end shall not have the heap. */
    private static final int MOST_ANSWERED = 2 << 20;

    private final Service service;
    private final URI endpoint;
    private final String host;
    private final Duration timeout;
    private final AwsCredentialsProvider credentials;
    private final SdkAsyncHttpClient http;
    private final Signature signature;

    /** What the service's clock is ahead of ours. */
    private volatile Duration skew = Duration.ZERO;

    /** @param timeout of one call, as a whole */
    JsonCaller(
            Service service,
            URI endpoint,
            String region,
            Duration timeout,
            AwsCredentialsProvider credentials,
            SdkAsyncHttpClient http) {
        this.service = service;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.credentials = credentials;
        this.http = http;
        signature = new Signature(region, service.name());
        // As the HTTP client will name it.
        int port = endpoint.getPort();
        host = port < 0 || SdkHttpUtils.isUsingStandardPort(endpoint.getScheme(), port)
                ? endpoint.getHost()
                : endpoint.getHost() + ':' + port;
    }

    /** What the service answered, or in what way it failed. */
    CompletableFuture<JsonNode> call(String operation, Body body) {
        SdkHttpFullRequest request;
        try {
            request = request(operation, body, credentials.resolveCredentials());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(new SdkClient.NotConnected(e));
        }
        Answer answer = new Answer();
        CompletableFuture<Void> sent = http.execute(AsyncExecuteRequest.builder()
                .request(request)
                .requestContentPublisher(body)
                .responseHandler(answer)
                .fullDuplex(false)
                .build());
        sent.whenComplete((nothing, error) -> {
            if (error != null) {
                answer.onError(error);
            }
        });
        answer.json.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).whenComplete((node, error) -> {
            if (error instanceof TimeoutException) {
                // Gives up the connection, too: an answer that comes later must not be taken for the next one's.
                sent.completeExceptionally(error);
            }
        });
        return answer.json;
    }

    private SdkHttpFullRequest request(String operation, Body body, AwsCredentials identity) {
        Map<String, String> headers = signature.sign(
                Map.of("Content-Type", TYPE, "Host", host, "X-Amz-Target", service.target() + operation),
                body.sha256(),
                identity,
                Instant.now().plus(skew));
        SdkHttpFullRequest.Builder request = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint)
                .encodedPath("/")
                .putHeader("User-Agent", USER_AGENT)
                .putHeader("Content-Length", Long.toString(body.length()));
        headers.forEach(request::putHeader);
        return request.build();
    }

    @Override
    public void close() {
        // Connections and credentials are those of the SdkClient.
    }

    /** Gathers an answer; one that is no success becomes an exception with the service's code. */
    private final class Answer implements SdkAsyncHttpResponseHandler {

        final CompletableFuture<JsonNode> json = new CompletableFuture<>();
        private volatile SdkHttpResponse headers;

        @Override
        public void onHeaders(SdkHttpResponse answered) {
            headers = answered;
        }

        @Override
        public void onStream(Publisher<ByteBuffer> stream) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            SdkPublisher.adapt(stream)
                    .subscribe(buffer -> {
                        byte[] piece = new byte[buffer.remaining()];
                        if (bytes.size() + piece.length > MOST_ANSWERED) {
                            // Ends the stream, and so the call.
                            throw new UncheckedIOException(
                                    new IOException("answered more than " + MOST_ANSWERED + " bytes"));
                        }
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
            if (headers.statusCode() != OK) {
                String code = code(node);
                followClock(code);
                json.completeExceptionally(refusal(code));
            } else if (node == null) {
                json.completeExceptionally(new IOException("answered " + bytes.length + " bytes that are no JSON"));
            } else {
                json.complete(node);
            }
        }

        private AwsServiceException refusal(String code) {
            return AwsServiceException.builder()
                    .statusCode(headers.statusCode())
                    .requestId(headers.firstMatchingHeader("x-amzn-RequestId").orElse(null))
                    .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                    .build();
        }

        /** In the header with something behind a colon, else in the body, perhaps behind a name space and a hash. */
        private String code(JsonNode node) {
            String type = headers.firstMatchingHeader("x-amzn-ErrorType").orElse("");
            for (String member : new String[] {"__type", "code"}) {
                if (type.isEmpty() && node != null && node.isObject()) {
                    type = node.field(member).map(JsonNode::text).orElse("");
                }
            }
            int colon = type.indexOf(':');
            type = colon < 0 ? type : type.substring(0, colon);
            return type.substring(type.indexOf('#') + 1);
        }

        /** The next call is signed by the service's clock, if it is ours that is wrong. */
        private void followClock(String code) {
            if (!SKEWED.contains(code)) {
                return;
            }
            try {
                Instant theirs = DateTimeFormatter.RFC_1123_DATE_TIME.parse(
                        headers.firstMatchingHeader("Date").orElse(""), Instant::from);
                Duration ahead = Duration.between(Instant.now(), theirs);
                skew = ahead.abs().compareTo(LEAST_SKEW) < 0 ? Duration.ZERO : ahead;
            } catch (DateTimeParseException e) {
                // It said nothing that could be followed.
                skew = Duration.ZERO;
            }
        }

        @Override
        public void onError(Throwable error) {
            json.completeExceptionally(error);
        }
    }
}
