package io.sluice.aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** {@link ObjectReader} through the SDK. */
public final class SdkObjectReader implements ObjectReader {

    /** S3's own bound (ListObjectsV2, API reference). */
    private static final int PAGE_KEYS = 1000;

    /** A call's fixed time, some 50 ms, is little beside the transfer's; two pieces are no burden to a tool. */
    private static final int PIECE_BYTES = 8 << 20;

    private static final int ATTEMPTS = 7;

    /** Doubled after each attempt: all together take 6 s. */
    private static final long FIRST_PAUSE_MILLIS = 100;

    private final SdkClient<S3AsyncClient> client;
    private final int pageKeys;
    private final int pieceBytes;

    public SdkObjectReader(AwsConfig config) {
        this(config, PAGE_KEYS, PIECE_BYTES);
    }

    /** @param pieceBytes how much of an object one call asks for */
    SdkObjectReader(AwsConfig config, int pageKeys, int pieceBytes) {
        this.client = SdkObjectStore.client(config);
        this.pageKeys = pageKeys;
        this.pieceBytes = pieceBytes;
    }

    @Override
    public Listing list(String bucket, String prefix, String after) {
        return new Pages(bucket, prefix, after);
    }

    @Override
    public InputStream open(String bucket, String key) throws IOException {
        return new SdkObjectStream(this, bucket, key, pieceBytes);
    }

    @Override
    public void close() {
        client.close();
    }

    /**
     * Asks for bytes of an object.
     *
     * @param etag of the object that is being read, or {@code null} to take any
     */
    CompletableFuture<ResponseBytes<GetObjectResponse>> get(
            String bucket, String key, long from, long to, String etag) {
        return client.call(c -> c.getObject(
                get -> get.bucket(bucket)
                        .key(key)
                        .range("bytes=" + from + "-" + (to - 1))
                        .ifMatch(etag),
                AsyncResponseTransformer.toBytes()));
    }

    /** Waits for the answer to {@code first}, and asks again while that may help. */
    static <R> R await(String what, CompletableFuture<R> first, Function<Integer, CompletableFuture<R>> again)
            throws IOException {
        CompletableFuture<R> call = first;
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (ExecutionException e) {
                CallProblem problem = Problems.problem(e.getCause());
                if (attempt == ATTEMPTS || !mayPass(problem)) {
                    throw new IOException(what + ": " + Problems.text(e.getCause()), e.getCause());
                }
                pause(what, FIRST_PAUSE_MILLIS << attempt - 1);
            } catch (InterruptedException e) {
                throw interrupted(what);
            }
            call = again.apply(attempt);
        }
    }

    private static boolean mayPass(CallProblem problem) {
        return switch (problem) {
            case THROTTLED, UNKNOWN, UNSENT -> true;
            case INVALID, DENIED, GONE -> false;
        };
    }

    static void pause(String what, long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(what);
        }
    }

    private static InterruptedIOException interrupted(String what) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException(what + ": interrupted");
    }

    /** Goes on behind the last key that it has, so that a repeated call cannot skip or repeat anything. */
    private final class Pages implements Listing {

        private final String bucket;
        private final String prefix;
        private final Queue<Entry> page = new ArrayDeque<>();
        private String last;
        private boolean complete;

        Pages(String bucket, String prefix, String after) {
            this.bucket = bucket;
            this.prefix = prefix;
            last = after.isEmpty() ? null : after;
        }

        @Override
        public Entry next() throws IOException {
            while (page.isEmpty() && !complete) {
                ListObjectsV2Response answer = await("s3://" + bucket + "/" + prefix, ask(), attempt -> ask());
                for (S3Object object : answer.contents()) {
                    page.add(new Entry(object.key(), object.size()));
                    last = object.key();
                }
                complete = !Boolean.TRUE.equals(answer.isTruncated());
            }
            return page.poll();
        }

        private CompletableFuture<ListObjectsV2Response> ask() {
            return client.call(c -> c.listObjectsV2(
                    list -> list.bucket(bucket).prefix(prefix).startAfter(last).maxKeys(pageKeys)));
        }
    }
}
