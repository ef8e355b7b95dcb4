package io.sluice.delivery.firehose;

import io.sluice.aws.AwsConfig;
import io.sluice.aws.DescribeResult;
import io.sluice.aws.PutResult;
import io.sluice.aws.RecordResult;
import io.sluice.aws.StreamDescription;
import io.sluice.delivery.Blocks;
import io.sluice.delivery.HandClock;
import io.sluice.delivery.Outcomes;
import io.sluice.delivery.firehose.FakeFirehose.Call;
import io.sluice.delivery.parked.Parking;
import io.sluice.journal.SealedBlock;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.record.Encoding;
import io.sluice.ring.BlockSummary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;

/** The destination alone, with a Firehose that the test scripts and a clock that it moves. */
abstract class FirehoseDestinationFixture {

    static final int BLOCK = 1_000_000;
    static final long QUOTA = 5 << 20;
    static final RecordResult TAKEN = new RecordResult.Taken("id");
    static final RecordResult THROTTLED = RecordResult.NotTaken.THROTTLED;
    static final RecordResult UNKNOWN = RecordResult.NotTaken.UNKNOWN;
    static final List<RecordResult> RESULTS = List.of(TAKEN, THROTTLED, UNKNOWN);

    static final class FakeParking implements Parking {
        final List<String> parked = new ArrayList<>();
        String problem;
        boolean closed;

        @Override
        public void park(SealedBlock block, byte[] data, String reason, Consumer<String> ended) {
            if (problem == null) {
                parked.add(block.block() + " " + reason + " " + data.length);
            }
            ended.accept(problem);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    final HandClock clock = new HandClock(Instant.parse("2026-11-23T10:00:00Z"));
    final Metrics metrics = new Metrics();
    final FakeFirehose firehose = new FakeFirehose();
    final FakeParking parking = new FakeParking();
    final List<Long> delivered = new ArrayList<>();
    final List<String> ids = new ArrayList<>();
    final List<String> parked = new ArrayList<>();
    final long seed = System.nanoTime();
    final Outcomes outcomes = new Outcomes() {
        @Override
        public void delivered(SealedBlock block, String id) {
            delivered.add(block.block());
            ids.add(id);
        }

        @Override
        public void parked(SealedBlock block, String reason) {
            parked.add(block.block() + " " + reason);
        }
    };
    FirehoseDestination destination = destination(64 << 20, "a");

    @BeforeEach
    void checkStreams() {
        flush();
    }

    static PutResult taken(Call call) {
        return call.allTaken();
    }

    static DescribeResult found(String status, String compression, String extension, boolean delimiter) {
        return new DescribeResult.Found(new StreamDescription(status, true, compression, extension, delimiter, false));
    }

    FirehoseDestination destination(long windowBytes, String... streams) {
        return destination(windowBytes, QUOTA, FirehoseConfig.Check.REFUSE, streams);
    }

    FirehoseDestination destination(long windowBytes, long quota, FirehoseConfig.Check check, String... streams) {
        return destination(windowBytes, quota, check, Encoding.NDJSON, streams);
    }

    FirehoseDestination destination(
            long windowBytes, long quota, FirehoseConfig.Check check, Encoding encoding, String... streams) {
        FirehoseConfig.Group group = new FirehoseConfig.Group("events", encoding, List.of(streams), quota, 2000);
        AwsConfig aws = new AwsConfig("eu-west-1", "", Duration.ofSeconds(10));
        return new FirehoseDestination(
                firehose,
                parking,
                new FirehoseConfig(aws, List.of(group), windowBytes, check),
                clock,
                new Random(seed),
                metrics);
    }

    static FirehoseConfig.Group group(String name, String... streams) {
        return new FirehoseConfig.Group(name, Encoding.NDJSON, List.of(streams), QUOTA, 2000);
    }

    FirehoseDestination destination(List<FirehoseConfig.Group> groups, long windowBytes) {
        AwsConfig aws = new AwsConfig("eu-west-1", "", Duration.ofSeconds(10));
        return new FirehoseDestination(
                firehose,
                parking,
                new FirehoseConfig(aws, groups, windowBytes, FirehoseConfig.Check.REFUSE),
                clock,
                new Random(seed),
                metrics);
    }

    void accept(long block, int bytes) {
        destination.accept(block(block, ByteBuffer.allocate(bytes).asReadOnlyBuffer()), clock.nanoTime());
    }

    static SealedBlock block(long block, ByteBuffer bytes) {
        return block("events", block, bytes);
    }

    static SealedBlock block(String group, long block, int bytes) {
        return block(group, block, ByteBuffer.allocate(bytes).asReadOnlyBuffer());
    }

    static SealedBlock block(String group, long block, ByteBuffer bytes) {
        return new SealedBlock(
                Blocks.INCARNATION,
                0,
                block,
                group,
                Encoding.NDJSON,
                bytes,
                1,
                bytes.remaining(),
                0,
                0,
                new BlockSummary());
    }

    static SealedBlock gzip(long block) {
        return Blocks.of("events", Encoding.GZIP, block, "{}\n".getBytes(StandardCharsets.UTF_8));
    }

    void flush() {
        destination.flush(clock.nanoTime(), false, outcomes);
    }

    void advance(long millis) {
        clock.advanceMillis(millis);
        flush();
        // What ended in this flush is settled, and what became due by it is sent, in the next.
        flush();
    }

    long total(Counter counter) {
        return metrics.total(counter);
    }
}
