package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.firehose.model.CompressionFormat;

/** When objects are made, what they are called, and what becomes of them when S3 refuses. */
final class BufferingTest {

    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    @TempDir
    Path directory;

    @Test
    void anObjectIsCompleteOnceItsOldestRecordHasWaitedForTheInterval() throws IOException {
        try (RunningLab lab = new RunningLab(directory)) {
            lab.put("a", "1\n");
            lab.clock.advance(Duration.ofSeconds(59));
            lab.put("a", "2\n");
            lab.clock.advance(Duration.ofMillis(999));
            lab.lab.tick();
            assertThat(lab.objects()).isEmpty();
            assertThat(lab.count(Count.BUFFERED)).isEqualTo(2);

            lab.clock.advance(Duration.ofMillis(1));
            lab.lab.tick();
            assertThat(lab.delivered()).isEqualTo("1\n2\n");
            assertThat(lab.count(Count.BUFFERED)).isZero();
            assertThat(lab.count(Count.DELIVERED)).isEqualTo(2);
            assertThat(lab.count(Count.OBJECTS)).isEqualTo(1);
        }
    }

    @Test
    void anObjectIsCompleteOnceItsSizeIsReached() throws IOException {
        try (RunningLab lab = new RunningLab(directory)) {
            lab.put(
                    "a",
                    List.of(
                            RunningLab.record(new byte[(1 << 20) - 1_000_000 - 1]),
                            RunningLab.record(new byte[1_000_000])));
            lab.lab.tick();
            assertThat(lab.objects()).isEmpty();
            lab.put("a", "x", "y");
            lab.lab.tick();
            assertThat(lab.objects()).hasSize(1);
            assertThat(lab.objects().values().iterator().next())
                    .hasSize(1 << 20)
                    .endsWith('x');
            assertThat(lab.count(Count.BUFFERED_BYTES)).isEqualTo(1);
        }
    }

    @Test
    void keysAreThoseOfFirehose() throws IOException {
        try (RunningLab lab = new RunningLab(
                directory,
                Quota.unlimited(),
                null,
                RunningLab.stream("plain", "", "", 1, 60),
                RunningLab.stream("events-0", "events/", ".jsonl.gz", 1, 60),
                RunningLab.stream(
                        "custom", "y=!{timestamp:yyyy}/!{firehose:random-string}/'h'=!{timestamp:HH}/", "", 1, 60))) {
            lab.put("plain", "1");
            lab.put("events-0", "1");
            lab.put("custom", "1");
            // The hour changes before the object is written: the oldest record counts.
            lab.clock.advance(Duration.ofMinutes(2));
            lab.lab.tick();
            assertThat(lab.objects().keySet())
                    .satisfiesExactlyInAnyOrder(
                            key -> assertThat(key).matches("2026/11/27/09/plain-1-2026-11-27-09-59-58-" + UUID),
                            key -> assertThat(key)
                                    .matches("events/2026/11/27/09/events-0-1-2026-11-27-09-59-58-" + UUID
                                            + "\\.jsonl\\.gz"),
                            key -> assertThat(key)
                                    .matches("y=2026/[A-Za-z0-9]{11}/'h'=09/custom-1-2026-11-27-09-59-58-" + UUID));
        }
    }

    @Test
    void aTimeZoneMovesTheKeys() throws IOException, StreamSettings.Refused {
        StreamSettings tokyo =
                StreamSettings.of("t", Map.of("BucketARN", "arn:aws:s3:::bucket", "CustomTimeZone", "Asia/Tokyo"));
        try (RunningLab lab = new RunningLab(directory, Quota.unlimited(), null, tokyo)) {
            lab.put("t", "1");
            lab.lab.close();
            assertThat(lab.objects().keySet())
                    .allMatch(key -> key.startsWith("2026/11/27/18/t-1-2026-11-27-18-59-58-"));
        }
    }

    @Test
    void whatS3RefusesIsDeliveredOnceItTakesAgain() throws IOException {
        try (RunningLab lab = new RunningLab(directory)) {
            lab.faults("{\"fault\": \"s3-refused\", \"stream\": \"a\"}");
            lab.put("a", "1\n");
            lab.clock.advance(Duration.ofHours(5));
            lab.lab.tick();
            lab.put("a", "2\n");
            lab.clock.advance(Duration.ofHours(5));
            lab.lab.tick();
            assertThat(lab.objects()).isEmpty();
            assertThat(lab.count(Count.BUFFERED)).isEqualTo(2);
            lab.faults("");
            lab.lab.tick();
            assertThat(lab.delivered()).isEqualTo("1\n2\n");
        }
    }

    @Test
    void whatS3RefusesForLongerThanTheRetentionIsLostAndCounted() throws IOException {
        try (RunningLab lab = new RunningLab(directory)) {
            lab.faults("{\"fault\": \"s3-refused\"}");
            lab.put("a", "1\n", "2\n");
            lab.clock.advance(Duration.ofHours(1));
            lab.lab.tick();
            lab.put("a", "3\n");
            lab.clock.advance(Duration.ofHours(23));
            lab.lab.tick();
            assertThat(lab.count(Count.LOST)).isEqualTo(2);
            assertThat(lab.count(Count.LOST_BYTES)).isEqualTo(4);
            assertThat(lab.count(Count.BUFFERED)).isEqualTo(1);
            // The end of the lab is no fault of S3.
            lab.lab.close();
            assertThat(lab.delivered()).isEqualTo("3\n");
            assertThat(directory.resolve("buffer")).isEmptyDirectory();
        }
    }

    @Test
    void whatAKilledLabLeftIsDeletedAndTold() throws IOException {
        Files.createDirectories(directory.resolve("buffer"));
        Files.writeString(directory.resolve("buffer/a-left"), "12345");
        try (RunningLab lab = new RunningLab(directory)) {
            assertThat(lab.messages.toString(StandardCharsets.UTF_8)).contains("deleted 5 bytes");
            assertThat(directory.resolve("buffer")).isEmptyDirectory();
        }
    }

    @Test
    void aDeletedStreamDeliversWhatItHas() throws IOException {
        try (RunningLab lab = new RunningLab(directory)) {
            lab.put("a", "1\n");
            lab.client
                    .deleteDeliveryStream(request -> request.deliveryStreamName("a"))
                    .join();
            lab.lab.tick();
            assertThat(lab.delivered()).isEqualTo("1\n");
            assertThat(lab.lab.firehose().counters("a").get(Count.DELIVERED)).isEqualTo(1);
        }
    }

    @Test
    void aStreamOfGzipCompressesItself() throws IOException {
        try (RunningLab lab = new RunningLab(directory)) {
            lab.client
                    .createDeliveryStream(request -> request.deliveryStreamName("zipped")
                            .extendedS3DestinationConfiguration(s3 -> s3.roleARN("r")
                                    .bucketARN("arn:aws:s3:::bucket")
                                    .compressionFormat(CompressionFormat.GZIP)))
                    .join();
            lab.put("zipped", "1\n", "2\n");
            lab.lab.close();
            Map.Entry<String, byte[]> object =
                    lab.objects().entrySet().iterator().next();
            assertThat(object.getKey()).endsWith(".gz");
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(object.getValue()))) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("1\n2\n");
            }
        }
    }
}
