package io.sluice.aws;

import io.sluice.common.SecretStore;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Secrets as objects of a bucket, {@code PREFIX NAME.secret}, each wrapped by KMS with its name as the context, so that
 * none can be put in the place of another.
 *
 * <p>Making one is a conditional write ({@code If-None-Match: *}, Conditional writes, S3 user guide): of all nodes that
 * try, one writes, and the others read what it wrote. Destroying one deletes every version of its object.
 */
public final class BucketSecrets implements SecretStore {

    private static final String SUFFIX = ".secret";
    /** No secret has this name. */
    private static final String CLOCK = "clock";

    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_FOUND = 404;

    /** A write that ends in 409 has lost against one that is under way. */
    private static final int ATTEMPTS = 10;

    private static final long PAUSE_MILLIS = 200;

    private final BucketSecretsConfig config;
    private final SdkClient<S3AsyncClient> s3;
    private final KeyService kms;

    public BucketSecrets(BucketSecretsConfig config) {
        this.config = config;
        this.s3 = SdkObjectStore.client(config.s3());
        this.kms = new SdkKeyService(config.kms());
    }

    @Override
    public byte[] find(String name) throws IOException {
        byte[] wrapped = get(name);
        return wrapped == null ? null : kms.decrypt(config.key(), wrapped, context(name));
    }

    @Override
    public byte[] make(String name, byte[] proposal) throws IOException {
        byte[] wrapped = kms.encrypt(config.key(), proposal, context(name));
        // What cannot keep to the condition would let a second node replace what a first one hashes with already.
        if (put(name, wrapped) && put(name, wrapped)) {
            throw new IOException(place(name) + ": written twice although the second time was conditional;"
                    + " this store cannot hold secrets, since nodes would replace each other's");
        }
        byte[] stored = find(name);
        for (int attempt = 1; stored == null; attempt++) {
            if (attempt == ATTEMPTS) {
                throw new IOException(place(name) + ": another writes it and it does not appear");
            }
            SdkObjectReader.pause(place(name), PAUSE_MILLIS);
            stored = find(name);
        }
        return stored;
    }

    @Override
    public SortedMap<String, Long> made() throws IOException {
        SortedMap<String, Long> made = new TreeMap<>();
        versions("", (key, version, modified) -> {
            String name = key.substring(config.prefix().length());
            if (name.endsWith(SUFFIX)) {
                made.merge(name.substring(0, name.length() - SUFFIX.length()), modified.toEpochMilli(), Math::max);
            }
        });
        return made;
    }

    /** The header {@code Date} (RFC 9110, section 6.6.1) of what is answered about an object that need not exist. */
    @Override
    public long nowMillis() throws IOException {
        SdkHttpResponse answer;
        try {
            answer = await(
                            place(CLOCK),
                            c -> c.headObject(
                                    head -> head.bucket(config.bucket()).key(key(CLOCK))))
                    .sdkHttpResponse();
        } catch (IOException e) {
            // Missing, or denied to those who may not list: the answer has its date all the same.
            if (!(e.getCause() instanceof S3Exception s3) || s3.awsErrorDetails() == null) {
                throw e;
            }
            answer = s3.awsErrorDetails().sdkHttpResponse();
        }
        String date = answer == null ? null : answer.firstMatchingHeader("Date").orElse(null);
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(String.valueOf(date)))
                    .toEpochMilli();
        } catch (DateTimeException e) {
            throw new IOException(this + ": answers without the date, expected such as Sun, 06 Nov 1994 08:49:37 GMT");
        }
    }

    @Override
    public void destroy(String name) throws IOException {
        List<String> found = new ArrayList<>();
        versions(name + SUFFIX, (key, version, modified) -> {
            if (key.equals(key(name))) {
                found.add(version);
            }
        });
        for (String version : found) {
            await(
                    place(name),
                    c -> c.deleteObject(delete ->
                            delete.bucket(config.bucket()).key(key(name)).versionId(version)));
        }
    }

    /** @return whether it was written, and not there before */
    private boolean put(String name, byte[] wrapped) throws IOException {
        try {
            PutObjectResponse stored = await(
                    place(name),
                    c -> c.putObject(
                            put -> put.bucket(config.bucket()).key(key(name)).ifNoneMatch("*"),
                            AsyncRequestBody.fromBytes(wrapped)));
            return stored != null;
        } catch (IOException e) {
            int status = status(e);
            if (status == PRECONDITION_FAILED || status == CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    private byte[] get(String name) throws IOException {
        try {
            ResponseBytes<GetObjectResponse> answer = await(
                    place(name),
                    c -> c.getObject(
                            get -> get.bucket(config.bucket()).key(key(name)), AsyncResponseTransformer.toBytes()));
            return answer.asByteArray();
        } catch (IOException e) {
            if (e.getCause() instanceof S3Exception s3 && isNoSuchKey(s3)) {
                return null;
            }
            throw e;
        }
    }

    /** A bucket that is missing is 404 too, and no reason to make a secret. */
    private static boolean isNoSuchKey(S3Exception e) {
        return e.statusCode() == NOT_FOUND
                && e.awsErrorDetails() != null
                && "NoSuchKey".equals(e.awsErrorDetails().errorCode());
    }

    private static int status(IOException e) {
        return e.getCause() instanceof S3Exception s3 ? s3.statusCode() : 0;
    }

    private interface Version {
        void found(String key, String version, Instant modified);
    }

    private void versions(String name, Version version) throws IOException {
        String keyMarker = null;
        String versionMarker = null;
        do {
            String key = keyMarker;
            String id = versionMarker;
            ListObjectVersionsResponse page = await(
                    toString(),
                    c -> c.listObjectVersions(list -> list.bucket(config.bucket())
                            .prefix(config.prefix() + name)
                            .keyMarker(key)
                            .versionIdMarker(id)));
            page.versions().forEach(v -> version.found(v.key(), v.versionId(), v.lastModified()));
            page.deleteMarkers().forEach(v -> version.found(v.key(), v.versionId(), v.lastModified()));
            keyMarker = Boolean.TRUE.equals(page.isTruncated()) ? page.nextKeyMarker() : null;
            versionMarker = page.nextVersionIdMarker();
        } while (keyMarker != null);
    }

    private <R> R await(String what, Function<S3AsyncClient, CompletableFuture<R>> call) throws IOException {
        return SdkObjectReader.await(what, s3.call(call), attempt -> s3.call(call));
    }

    private String key(String name) {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException(name + ": expected a name of " + NAME);
        }
        return config.prefix() + name + SUFFIX;
    }

    private static Map<String, String> context(String name) {
        return Map.of("sluice", name);
    }

    private String place(String name) {
        return "s3://" + config.bucket() + "/" + key(name);
    }

    @Override
    public String toString() {
        return "s3://" + config.bucket() + "/" + config.prefix();
    }

    @Override
    public void close() {
        s3.close();
        kms.close();
    }
}
