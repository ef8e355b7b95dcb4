package io.sluice.aws;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/** {@link ObjectVersions} through the SDK. */
public final class SdkObjectVersions implements ObjectVersions {

    /** S3's own bound (ListObjectVersions, API reference). */
    private static final int PAGE_KEYS = 1000;

    /** Of a conditional put: the object is another, is gone, or is being put by somebody else (PutObject). */
    private static final int ANOTHER = 412;

    private static final int GONE = 404;
    private static final int CONFLICT = 409;

    private final SdkObjectReader reader;
    private final SdkClient<S3AsyncClient> client;
    private final int pageKeys;

    public SdkObjectVersions(AwsConfig config) {
        this(config, PAGE_KEYS);
    }

    SdkObjectVersions(AwsConfig config, int pageKeys) {
        reader = new SdkObjectReader(config);
        client = reader.client();
        this.pageKeys = pageKeys;
    }

    @Override
    public Listing list(String bucket, String prefix) {
        return new Pages(bucket, prefix);
    }

    @Override
    public InputStream open(String bucket, Version version) throws IOException {
        return reader.open(bucket, version.key(), version.id());
    }

    @Override
    public String replace(String bucket, Version newest, byte[] bytes) throws IOException {
        String name = name(bucket, newest.key());
        try {
            PutObjectRequest request = request(bucket, newest);
            PutObjectResponse answer =
                    await(name, () -> client.call(c -> c.putObject(request, AsyncRequestBody.fromBytesUnsafe(bytes))));
            return answer.versionId() == null ? NO_ID : answer.versionId();
        } catch (IOException e) {
            int status = e.getCause() instanceof S3Exception s3 ? s3.statusCode() : 0;
            if (status == ANOTHER || status == GONE || status == CONFLICT) {
                throw new ReplacedException(name + ": was replaced or deleted meanwhile");
            }
            throw e;
        }
    }

    /** A put of the key with all that belongs to the object that is there, on condition that it is still there. */
    private PutObjectRequest request(String bucket, Version newest) throws IOException {
        HeadObjectResponse old = await(
                name(bucket, newest.key()),
                () -> client.call(c -> c.headObject(
                        head -> head.bucket(bucket).key(newest.key()).ifMatch(newest.etag()))));
        PutObjectRequest.Builder put = PutObjectRequest.builder()
                .bucket(bucket)
                .key(newest.key())
                .ifMatch(newest.etag())
                .metadata(old.metadata())
                .contentType(old.contentType())
                .contentEncoding(old.contentEncoding())
                .contentDisposition(old.contentDisposition())
                .cacheControl(old.cacheControl())
                .storageClass(old.storageClassAsString());
        if (old.serverSideEncryption() != null && old.serverSideEncryption() != ServerSideEncryption.AES256) {
            put.serverSideEncryption(old.serverSideEncryption())
                    .ssekmsKeyId(old.ssekmsKeyId())
                    .bucketKeyEnabled(old.bucketKeyEnabled());
        }
        if (old.tagCount() != null && old.tagCount() > 0) {
            put.tagging(tags(bucket, newest.key()));
        }
        return put.build();
    }

    private Tagging tags(String bucket, String key) throws IOException {
        List<Tag> tags = await(
                        name(bucket, key),
                        () -> client.call(c ->
                                c.getObjectTagging(get -> get.bucket(bucket).key(key))))
                .tagSet();
        return Tagging.builder().tagSet(tags).build();
    }

    @Override
    public void put(String bucket, String key, byte[] bytes) throws IOException {
        PutObjectRequest request =
                PutObjectRequest.builder().bucket(bucket).key(key).build();
        await(name(bucket, key), () -> client.call(c -> c.putObject(request, AsyncRequestBody.fromBytesUnsafe(bytes))));
    }

    @Override
    public void delete(String bucket, Version version) throws IOException {
        await(
                name(bucket, version.key()) + ", version " + version.id(),
                () -> client.call(c -> c.deleteObject(
                        delete -> delete.bucket(bucket).key(version.key()).versionId(version.id()))));
    }

    @Override
    public void close() {
        reader.close();
    }

    private static <R> R await(String what, Supplier<CompletableFuture<R>> call) throws IOException {
        return SdkObjectReader.await(what, call.get(), attempt -> call.get());
    }

    private static String name(String bucket, String key) {
        return "s3://" + bucket + "/" + key;
    }

    /** Goes on with the markers of the page before, so that a repeated call cannot skip or repeat anything. */
    private final class Pages implements Listing {

        private final String bucket;
        private final String prefix;
        private final Queue<Version> page = new ArrayDeque<>();
        private String keyMarker;
        private String versionMarker;
        private boolean complete;

        Pages(String bucket, String prefix) {
            this.bucket = bucket;
            this.prefix = prefix;
        }

        @Override
        public Version next() throws IOException {
            while (page.isEmpty() && !complete) {
                ListObjectVersionsResponse answer = await(name(bucket, prefix), this::ask);
                add(answer);
                keyMarker = answer.nextKeyMarker();
                versionMarker = answer.nextVersionIdMarker();
                complete = !Boolean.TRUE.equals(answer.isTruncated());
            }
            return page.poll();
        }

        /** The SDK tells versions and markers apart, which S3 answers in one list. */
        private void add(ListObjectVersionsResponse answer) {
            List<Version> versions = new ArrayList<>();
            for (ObjectVersion version : answer.versions()) {
                versions.add(new Version(
                        version.key(), version.versionId(), version.isLatest(), false, version.size(), version.eTag()));
            }
            for (DeleteMarkerEntry marker : answer.deleteMarkers()) {
                versions.add(new Version(marker.key(), marker.versionId(), marker.isLatest(), true, 0, ""));
            }
            // The sort is stable: versions of a key stay the newest first.
            versions.sort(Comparator.comparing(Version::key));
            page.addAll(versions);
        }

        private CompletableFuture<ListObjectVersionsResponse> ask() {
            return client.call(c -> c.listObjectVersions(list -> list.bucket(bucket)
                    .prefix(prefix)
                    .keyMarker(keyMarker)
                    .versionIdMarker(versionMarker)
                    .maxKeys(pageKeys)));
        }
    }
}
