package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.Record;

/** Many clients, every fault at once: the counters add up, and agree with what clients and objects say. */
final class CountersLawTest {

    private static final int CALLS = 400;

    @TempDir
    Path directory;

    @Test
    void whatIsCountedIsWhatHappened() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        RunningLab lab = new RunningLab(
                directory,
                new Quota(1e9, 1e9, 20_000, 1),
                null,
                RunningLab.stream("a", "", "", 1, 5),
                RunningLab.stream("b", "", "", 1, 5));
        lab.faults("""
                {"fault": "partial", "rate": 0.2},
                {"fault": "stored-failed", "rate": 0.1},
                {"fault": "latency", "delay": "1ms", "tail": "20ms", "tailRate": 0.1},
                {"fault": "throttle", "rate": 0.05},
                {"fault": "error", "rate": 0.05, "when": "after"},
                {"fault": "reset", "rate": 0.05},
                {"fault": "reset", "rate": 0.05, "when": "after"},
                {"fault": "kms", "rate": 0.02, "stream": "b"},
                {"fault": "s3-refused", "stream": "a", "from": "20s", "for": "30s"}
                """);
        AtomicLong saidStored = new AtomicLong();
        AtomicLong saidFailed = new AtomicLong();
        AtomicLong noAnswer = new AtomicLong();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        long sent = 0;
        for (int i = 0; i < CALLS; i++) {
            List<Record> records = new ArrayList<>();
            int count = 1 + random.nextInt(20);
            for (int j = 0; j < count; j++) {
                records.add(RunningLab.record(
                        (sent++ + " " + "x".repeat(random.nextInt(2_000)) + "\n").getBytes(StandardCharsets.UTF_8)));
            }
            String stream = random.nextInt(10) == 0 ? "none" : random.nextBoolean() ? "a" : "b";
            calls.add(lab.client
                    .putRecordBatch(
                            request -> request.deliveryStreamName(stream).records(records))
                    .handle((PutRecordBatchResponse response, Throwable error) -> {
                        if (error != null) {
                            noAnswer.addAndGet(records.size());
                        } else {
                            saidFailed.addAndGet(response.failedPutCount());
                            saidStored.addAndGet(records.size() - response.failedPutCount());
                        }
                        return null;
                    }));
            if (i % 20 == 19) {
                // In the middle of it as well, from another thread than the lab's.
                assertThat(lab.lab.firehose().total().broken())
                        .as("seed %d", seed)
                        .isEmpty();
                CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();
                lab.clock.advance(Duration.ofSeconds(4));
                lab.lab.tick();
            }
        }
        lab.close();

        Counters total = lab.lab.firehose().total();
        assertThat(total.broken()).as("seed %d", seed).isEmpty();
        assertThat(total.get(Count.CALLS)).isEqualTo(CALLS);
        assertThat(total.get(Count.RECORDS)).isEqualTo(sent);
        assertThat(saidStored.get() + saidFailed.get() + noAnswer.get()).isEqualTo(sent);
        assertThat(total.get(Count.STORED_OK)).isEqualTo(saidStored.get());
        assertThat(total.get(Count.STORED)).isEqualTo(total.get(Count.DELIVERED));
        assertThat(total.get(Count.DELIVERED)).isEqualTo(delivered(lab));
        assertThat(total.refused("quota:bytes")).as("seed %d", seed).isPositive();
        for (Fault fault : List.of(Fault.PARTIAL, Fault.STORED_FAILED, Fault.RESET, Fault.ERROR, Fault.S3_REFUSED)) {
            assertThat(total.faults(fault)).as("%s, seed %d", fault, seed).isPositive();
        }
        Counters sum = new Counters();
        for (String stream : List.of("a", "b")) {
            assertThat(lab.lab.firehose().counters(stream).broken()).isEmpty();
            sum.addAll(lab.lab.firehose().counters(stream));
        }
        assertThat(total.get(Count.RECORDS) - sum.get(Count.RECORDS)).isEqualTo(total.refused("no-stream"));
    }

    /** How many lines lie in the objects, after a check that none lies there twice. */
    private static long delivered(RunningLab lab) throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        lab.delivered().lines().forEach(line -> numbers.merge(line.substring(0, line.indexOf(' ')), 1, Integer::sum));
        assertThat(numbers.values()).containsOnly(1);
        return numbers.size();
    }
}
