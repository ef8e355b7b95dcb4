package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseAsyncClient;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.Record;

/** A lab on a free port, a clock that stands still, and AWS's SDK to talk to it. Delivers only when told to. */
final class RunningLab implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Shared by all tests and never closed: its event loops take two seconds to end. */
    private static final SdkAsyncHttpClient CONNECTIONS =
            NettyNioAsyncHttpClient.builder().readTimeout(PATIENCE).build();

    final ManualClock clock = new ManualClock();
    final Path directory;
    final Lab lab;
    final FirehoseAsyncClient client;
    final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private final List<IOException> fatal = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    RunningLab(Path directory) throws IOException {
        this(directory, Quota.unlimited(), null, stream("a", "", "", 1, 60));
    }

    RunningLab(Path directory, Quota quota, Path faultsFile, StreamSettings... streams) throws IOException {
        this.directory = directory;
        LabConfig config = new LabConfig(
                "127.0.0.1",
                0,
                1,
                directory,
                List.of(streams),
                quota,
                Duration.ofHours(24),
                "us-east-1",
                "123456789012",
                7,
                faultsFile,
                false);
        lab = Lab.startWithoutTicking(
                config, clock, new PrintStream(messages, true, StandardCharsets.UTF_8), fatal::add);
        client = FirehoseAsyncClient.builder()
                .endpointOverride(URI.create(url()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("lab", "lab")))
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(CONNECTIONS)
                .build();
    }

    static StreamSettings stream(String name, String prefix, String extension, long mib, long seconds) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("RoleARN", "arn:aws:iam::123456789012:role/lab");
        configuration.put("BucketARN", "arn:aws:s3:::bucket");
        configuration.put("Prefix", prefix);
        configuration.put("ErrorOutputPrefix", "errors/!{firehose:error-output-type}/");
        configuration.put("FileExtension", extension);
        configuration.put("BufferingHints", Map.of("SizeInMBs", mib, "IntervalInSeconds", seconds));
        try {
            return StreamSettings.of(name, configuration);
        } catch (StreamSettings.Refused e) {
            throw new AssertionError(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + lab.port();
    }

    /** Lets AWS's SDK put these texts in one batch. */
    PutRecordBatchResponse put(String stream, String... texts) {
        List<Record> records = new ArrayList<>();
        for (String text : texts) {
            records.add(record(text.getBytes(StandardCharsets.UTF_8)));
        }
        return put(stream, records);
    }

    PutRecordBatchResponse put(String stream, List<Record> records) {
        try {
            return client.putRecordBatch(
                            request -> request.deliveryStreamName(stream).records(records))
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    static Record record(byte[] data) {
        return Record.builder().data(SdkBytes.fromByteArrayUnsafe(data)).build();
    }

    void faults(String rules) {
        assertThat(send("PUT", "/lab/faults", "{\"rules\": [" + rules + "]}").statusCode())
                .isEqualTo(200);
    }

    HttpResponse<String> send(String method, String path, String body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url() + path))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    long count(Count count) {
        return lab.firehose().total().get(count);
    }

    /** Everything delivered so far: key within the bucket, content. */
    Map<String, byte[]> objects() throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        Path bucket = directory.resolve("s3/bucket");
        if (Files.isDirectory(bucket)) {
            try (Stream<Path> files = Files.walk(bucket)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    found.put(bucket.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        return found;
    }

    /** All objects behind one another, in the order of their keys. */
    String delivered() throws IOException {
        StringBuilder all = new StringBuilder();
        for (byte[] object : objects().values()) {
            all.append(new String(object, StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Whatever a test has done, the counters add up, and the lab has found nothing wrong with its disk. */
    @Override
    public void close() throws IOException {
        client.close();
        http.close();
        lab.close();
        assertThat(lab.firehose().total().broken()).isEmpty();
        assertThat(lab.firehose().total().get(Count.CALLS_IN_FLIGHT)).isZero();
        assertThat(lab.firehose().total().get(Count.BUFFERED)).isZero();
        assertThat(fatal).isEmpty();
    }
}
