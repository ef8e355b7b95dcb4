package io.sluice.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseAsyncClient;
import software.amazon.awssdk.services.firehose.model.CompressionFormat;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Firehose and S3 as moto has them, a server of other people's making, in a process of its own.
 *
 * <p>It proves the wire, not the limits: it takes everything and fails never.
 */
public final class Moto implements AutoCloseable {

    public static final String REGION = "us-east-1";

    private static final String COMMAND = "moto_server";
    private static final long START_SECONDS = 60;

    private final Process process;
    private final Path log;
    private final URI endpoint;
    private final FirehoseAsyncClient firehose;
    private final S3AsyncClient s3;

    private Moto(Process process, Path log, URI endpoint) {
        this.process = process;
        this.log = log;
        this.endpoint = endpoint;
        this.firehose = configured(FirehoseAsyncClient.builder()).build();
        this.s3 = configured(S3AsyncClient.builder()).forcePathStyle(true).build();
    }

    /** Starts it. Without it, a test is skipped on a machine of a developer, and fails where CI is set. */
    public static Moto start() throws Exception {
        if (!isInstalled()) {
            Tool.missing(COMMAND + " is not in the PATH: pip install 'moto[server]'");
        }
        int port = freePort();
        Path log = Files.createTempFile("moto-", ".log");
        Process process = new ProcessBuilder(COMMAND, "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        awaitListening(process, log, port);
        return new Moto(process, log, URI.create("http://127.0.0.1:" + port));
    }

    public URI endpoint() {
        return endpoint;
    }

    public void createBucket(String bucket) {
        s3.createBucket(b -> b.bucket(bucket)).join();
    }

    public void createVersionedBucket(String bucket) {
        createBucket(bucket);
        keepVersions(bucket);
    }

    /** The contents of all versions of the objects below a prefix, in no order. */
    public List<byte[]> versions(String bucket, String prefix) {
        return s3.listObjectVersions(l -> l.bucket(bucket).prefix(prefix)).join().versions().stream()
                .map(v -> s3.getObject(
                                g -> g.bucket(bucket).key(v.key()).versionId(v.versionId()),
                                AsyncResponseTransformer.toBytes())
                        .join()
                        .asByteArray())
                .toList();
    }

    /** The KMS key that an object is encrypted with, or {@code null}. */
    public String kmsKey(String bucket, String key) {
        return s3.headObject(h -> h.bucket(bucket).key(key)).join().ssekmsKeyId();
    }

    /** Makes a key of KMS, by its own protocol, and answers its id. */
    public String createKmsKey() throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(endpoint)
                                .header("Content-Type", "application/x-amz-json-1.1")
                                .header("X-Amz-Target", "TrentService.CreateKey")
                                .header(
                                        "Authorization",
                                        "AWS4-HMAC-SHA256 Credential=testing/20260101/" + REGION
                                                + "/kms/aws4_request, SignedHeaders=host, Signature=0")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        Matcher id = Pattern.compile("\"KeyId\": ?\"([^\"]+)\"").matcher(answer.body());
        if (!id.find()) {
            throw new AssertionError("moto made no key: " + answer.body());
        }
        return id.group(1);
    }

    /** From now on the bucket keeps what is replaced or deleted. */
    public void keepVersions(String bucket) {
        s3.putBucketVersioning(
                        b -> b.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)))
                .join();
    }

    /** For what has no method here. */
    public S3AsyncClient s3() {
        return s3;
    }

    /** A stream that leaves records as they are. */
    public void createStream(String stream, String bucket, String prefix, String fileExtension) {
        createStream(stream, bucket, prefix, fileExtension, CompressionFormat.UNCOMPRESSED);
    }

    public void createStream(
            String stream, String bucket, String prefix, String fileExtension, CompressionFormat compression) {
        firehose.createDeliveryStream(c -> c.deliveryStreamName(stream)
                        .deliveryStreamType("DirectPut")
                        .extendedS3DestinationConfiguration(d -> d.bucketARN("arn:aws:s3:::" + bucket)
                                .roleARN("arn:aws:iam::123456789012:role/firehose")
                                .prefix(prefix)
                                .compressionFormat(compression)
                                .fileExtension(fileExtension)))
                .join();
    }

    /**
     * Every object of the bucket, as files with the names of their keys; the extension is added, which moto leaves out.
     */
    public void download(String bucket, Path directory, String fileExtension) throws IOException {
        List<S3Object> objects = s3.listObjectsV2(l -> l.bucket(bucket)).join().contents();
        for (S3Object object : objects) {
            Path file = directory.resolve(object.key() + (object.key().endsWith(fileExtension) ? "" : fileExtension));
            Files.createDirectories(file.getParent());
            s3.getObject(g -> g.bucket(bucket).key(object.key()), AsyncResponseTransformer.toFile(file))
                    .join();
        }
    }

    /** Keys of the bucket's objects, with their metadata. */
    public Map<String, String> metadata(String bucket, String key) {
        return s3.headObject(h -> h.bucket(bucket).key(key)).join().metadata();
    }

    private <B extends AwsClientBuilder<B, T>, T> B configured(B builder) {
        return builder.region(Region.of(REGION))
                .endpointOverride(endpoint)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("testing", "testing")));
    }

    private static boolean isInstalled() {
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(directory, COMMAND))) {
                return true;
            }
        }
        return false;
    }

    private static void awaitListening(Process process, Path log, int port) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                // Not listening yet.
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new AssertionError("moto does not listen:\n" + Files.readString(log));
            }
            // Polls a condition with a deadline; there is no event to wait for in another process.
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        firehose.close();
        s3.close();
        // The command may be a script that has started the server as its child.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
