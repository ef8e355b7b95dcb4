package io.sluice.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aws.AwsConfig;
import io.sluice.aws.CallProblem;
import io.sluice.aws.DescribeResult;
import io.sluice.aws.PutResult;
import io.sluice.aws.RecordResult;
import io.sluice.aws.StreamDescription;
import io.sluice.delivery.firehose.FakeFirehose;
import io.sluice.delivery.firehose.FakeFirehose.Call;
import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.delivery.firehose.FirehoseDestination;
import io.sluice.delivery.parked.Parking;
import io.sluice.journal.SealedBlock;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.record.Encoding;
import io.sluice.testing.CleanLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Service and Firehose destination through bad nights: hours by a clock that the test moves, Firehose scripted. After
 * every minute the law of delivery is asserted, and in the end that Firehose has every block.
 */
@Timeout(120)
@ExtendWith(CleanLog.class)
class DeliveryUnderFaultTest {

    private static final int TICK_MILLIS = 250;
    private static final int MINUTE = 60_000 / TICK_MILLIS;
    private static final int HOUR = 60 * MINUTE;
    private static final int SEAL_EVERY = 8;
    private static final int POISON_BYTES = 667;

    private static final class DirectParking implements Parking {
        final List<Long> parked = new ArrayList<>();

        @Override
        public void park(SealedBlock block, byte[] data, String reason, Consumer<String> ended) {
            parked.add(block.block());
            ended.accept(null);
        }

        @Override
        public void close() {}
    }

    private final HandClock clock = new HandClock(Instant.parse("2026-11-23T20:00:00Z"));
    private final Metrics metrics = new Metrics();
    private final FakeFirehose firehose = new FakeFirehose();
    private final DirectParking parking = new DirectParking();
    private final FakeSource source = new FakeSource();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final FirehoseDestination destination = new FirehoseDestination(
            firehose,
            parking,
            new FirehoseConfig(
                    new AwsConfig("eu-west-1", "", Duration.ofSeconds(10)),
                    List.of(group("events", "a", "b"), group("rejected", "r"), group("manifests", "m")),
                    8 << 20,
                    FirehoseConfig.Check.REFUSE),
            clock,
            random,
            metrics);
    private final DeliveryService service =
            new DeliveryService(source, destination, Blocks.MANIFESTS, Blocks.INCARNATION, clock, metrics);

    /** What lies in Firehose: how often each block was taken, by its text. */
    private final Map<String, Integer> lying = new HashMap<>();

    private long blocks;
    private long records;
    private int ticks;

    @BeforeEach
    void describe() {
        firehose.descriptions.put(
                "m",
                new DescribeResult.Found(
                        new StreamDescription("ACTIVE", true, "UNCOMPRESSED", ".jsonl.gz", false, false)));
    }

    @Test
    void aGroupWhoseStreamIsDownForAnHourHoldsUpNoOther(CleanLog.Expected log) throws Exception {
        log.line("stream r takes nothing");
        firehose.script = call -> call.stream.equals("r") ? failed(CallProblem.UNKNOWN) : take(call);
        for (int i = 0; i < HOUR; i++) {
            tick();
            if (i % SEAL_EVERY == SEAL_EVERY - 1) {
                assertThat(source.marked.size())
                        .as("after %d ticks, seed %d", i, seed)
                        .isGreaterThanOrEqualTo((int) blocks / 2 - 2);
            }
        }
        assertThat(source.marked).noneMatch(block -> block.group().equals("rejected"));
        recover();
    }

    @Test
    void throttlingForHoursLosesNothingAndRepeatsNothingThatWasTaken(CleanLog.Expected log) throws Exception {
        log.possibleLine("takes nothing");
        firehose.script = call -> {
            if (random.nextInt(10) == 0) {
                return failed(CallProblem.THROTTLED);
            }
            List<RecordResult> results = new ArrayList<>();
            for (byte[] record : call.records) {
                boolean taken = random.nextInt(10) == 0;
                results.add(taken ? take(record) : RecordResult.NotTaken.THROTTLED);
            }
            return new PutResult.Answered(results);
        };
        run(2 * HOUR);
        assertThat(metrics.total(Counter.FIREHOSE_THROTTLED)).isPositive();
        recover();
        assertThat(metrics.total(Counter.FIREHOSE_UNKNOWN)).isZero();
        assertThat(copies()).as("seed %d", seed).isZero();
    }

    @Test
    void answersThatGetLostForHoursMakeNoMoreDuplicatesThanAreCounted(CleanLog.Expected log) throws Exception {
        log.line("takes nothing");
        firehose.script = call -> {
            // Taken, and nobody hears of it.
            take(call);
            return failed(CallProblem.UNKNOWN);
        };
        run(2 * HOUR);
        long unknown = metrics.total(Counter.FIREHOSE_UNKNOWN);
        assertThat(unknown).as("bounded: only probes of one block are sent").isLessThan(4L * 2 * 3600);
        recover();
        assertThat(copies()).isPositive().isLessThanOrEqualTo(metrics.total(Counter.FIREHOSE_UNKNOWN));
    }

    @Test
    void credentialsThatExpireAndComeBackCostNothingButTime(CleanLog.Expected log) throws Exception {
        log.line("takes nothing: DENIED");
        firehose.script = this::take;
        run(10 * MINUTE);
        firehose.script = call -> failed(CallProblem.DENIED);
        run(HOUR);
        firehose.script = this::take;
        run(4 * MINUTE);
        assertThat(source.pendingBlocks()).as("soon after their return").isLessThanOrEqualTo(2);
        recover();
        assertThat(copies()).isZero();
        assertThat(metrics.total(Counter.FIREHOSE_UNKNOWN)).isZero();
    }

    @Test
    void aPoisonedBlockIsParkedWithAnAlarmAndNothingBehindItWaits(CleanLog.Expected log) throws Exception {
        log.line("records, is parked: invalid-argument");
        firehose.script = call -> call.records.stream().anyMatch(r -> r.length == POISON_BYTES)
                ? failed(CallProblem.INVALID)
                : take(call);
        run(MINUTE);
        long poisoned = blocks;
        seal("events", "x".repeat(POISON_BYTES - 1) + "\n");
        long parkedRecords = 1;
        run(10 * MINUTE);
        assertThat(parking.parked).containsExactly(poisoned);
        assertThat(source.pendingBlocks()).isLessThanOrEqualTo(2);
        assertThat(metrics.total(Counter.PARKED_BLOCKS)).isEqualTo(1);
        assertThat(metrics.total(Counter.PARKED_RECORDS)).isEqualTo(parkedRecords);
        assertThat(metrics.total(Counter.FIREHOSE_UNKNOWN)).isZero();
    }

    @Test
    void aNightOfEverythingKeepsTheLawAndLosesNothing(CleanLog.Expected log) throws Exception {
        log.line("takes nothing");
        log.possibleLine("is not used");
        source.keepsManifests = true;
        CallProblem[] problems = {
            CallProblem.THROTTLED, CallProblem.UNKNOWN, CallProblem.UNSENT, CallProblem.DENIED, CallProblem.GONE
        };
        for (int spell = 0; spell < 40; spell++) {
            CallProblem problem = problems[random.nextInt(problems.length)];
            String stream = List.of("a", "b", "r", "m", "").get(random.nextInt(5));
            boolean takes = random.nextBoolean();
            firehose.script = call -> {
                if (!stream.isEmpty() && !call.stream.equals(stream)) {
                    return take(call);
                }
                if (problem == CallProblem.UNKNOWN && takes) {
                    take(call);
                }
                return failed(problem);
            };
            run(1 + random.nextInt(10 * MINUTE));
        }
        recover();
        assertThat(copies()).as("seed %d", seed).isLessThanOrEqualTo(metrics.total(Counter.FIREHOSE_UNKNOWN));
        assertThat(source.manifested)
                .extracting(m -> m.block())
                .hasSize((int) blocks)
                .doesNotHaveDuplicates();
    }

    /** Everything works again, and in the end every block lies in Firehose. */
    private void recover() throws InterruptedException {
        firehose.script = this::take;
        for (int i = 0; i < HOUR && source.pendingBlocks() > 0; i++) {
            step();
        }
        // Manifests follow.
        for (int i = 0; i < 2 * MINUTE; i++) {
            step();
        }
        assertThat(source.pendingBlocks()).as("seed %d", seed).isZero();
        assertThat(source.marked).hasSize((int) blocks).doesNotHaveDuplicates();
        for (SealedBlock block : source.marked) {
            assertThat(lying).as("seed %d", seed).containsKey(text(block.block(), block.group()));
        }
        law();
    }

    private void run(int ticks) throws InterruptedException {
        for (int i = 0; i < ticks; i++) {
            tick();
            if (i % MINUTE == 0) {
                law();
            }
        }
        law();
    }

    private void tick() throws InterruptedException {
        if (ticks++ % SEAL_EVERY == 0) {
            seal("events", text(blocks, "events"));
            seal("rejected", text(blocks, "rejected"));
        }
        step();
    }

    private void step() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            service.step();
        }
        firehose.calls.clear();
        clock.advanceMillis(TICK_MILLIS);
    }

    private void seal(String group, String lines) {
        SealedBlock block = Blocks.of(group, Encoding.NDJSON, blocks++, lines.getBytes(StandardCharsets.US_ASCII));
        records += block.records();
        source.seal(block);
    }

    /** journalled = delivered + parked + pending. */
    private void law() {
        assertThat(metrics.total(Counter.DELIVERED_RECORDS)
                        + metrics.total(Counter.PARKED_RECORDS)
                        + source.pendingRecords())
                .as("seed %d", seed)
                .isEqualTo(records);
    }

    private long copies() {
        long copies = 0;
        for (int times : lying.values()) {
            copies += times - 1;
        }
        return copies;
    }

    private static String text(long block, String group) {
        return "{\"" + group + "\":" + block + "}\n{}\n";
    }

    private PutResult take(Call call) {
        List<RecordResult> results = new ArrayList<>();
        for (byte[] record : call.records) {
            results.add(take(record));
        }
        return new PutResult.Answered(results);
    }

    private RecordResult take(byte[] record) {
        lying.merge(new String(record, StandardCharsets.ISO_8859_1), 1, Integer::sum);
        return new RecordResult.Taken("id");
    }

    private static PutResult failed(CallProblem problem) {
        return new PutResult.Failed(problem, problem.name());
    }

    private static FirehoseConfig.Group group(String name, String... streams) {
        Encoding encoding = name.equals("manifests") ? Encoding.GZIP : Encoding.NDJSON;
        return new FirehoseConfig.Group(name, encoding, List.of(streams), 5 << 20, 2000);
    }
}
