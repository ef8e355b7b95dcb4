package io.sluice.delivery.firehose;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aws.AwsConfig;
import io.sluice.aws.CallProblem;
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
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.record.Encoding;
import io.sluice.ring.BlockSummary;
import io.sluice.testing.CleanLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The destination alone, with a Firehose that the test scripts and a clock that it moves. */
@Timeout(60)
@ExtendWith(CleanLog.class)
class FirehoseDestinationTest {

    private static final int BLOCK = 1_000_000;
    private static final long QUOTA = 5 << 20;
    private static final RecordResult TAKEN = new RecordResult.Taken("id");
    private static final RecordResult THROTTLED = RecordResult.NotTaken.THROTTLED;
    private static final RecordResult UNKNOWN = RecordResult.NotTaken.UNKNOWN;
    private static final List<RecordResult> RESULTS = List.of(TAKEN, THROTTLED, UNKNOWN);

    private static final class FakeParking implements Parking {
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

    private final HandClock clock = new HandClock(Instant.parse("2026-11-23T10:00:00Z"));
    private final Metrics metrics = new Metrics();
    private final FakeFirehose firehose = new FakeFirehose();
    private final FakeParking parking = new FakeParking();
    private final List<Long> delivered = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String> parked = new ArrayList<>();
    private final long seed = System.nanoTime();
    private final Outcomes outcomes = new Outcomes() {
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
    private FirehoseDestination destination = destination(64 << 20, "a");

    @BeforeEach
    void checkStreams() {
        flush();
    }

    @Test
    void sendsUpToFourBlocksInOneCallAndReportsWhatWasTaken() {
        accept(1, 300_000);
        accept(2, 300_000);
        accept(3, 300_000);
        accept(4, 300_000);
        accept(5, 300_000);
        flush();

        Call first = firehose.one();
        assertThat(first.stream).isEqualTo("a");
        assertThat(first.records).hasSize(4);
        assertThat(delivered).isEmpty();

        first.taken();
        advance(1000);
        assertThat(delivered).containsExactly(1L, 2L, 3L, 4L);
        firehose.one().taken();
        flush();
        assertThat(delivered).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(total(Counter.FIREHOSE_CALLS)).isEqualTo(2);
        assertThat(total(Counter.FIREHOSE_RETRIED)).isZero();
        assertThat(total(Counter.FIREHOSE_BILLED_BYTES)).isEqualTo(5 * 59 * 5120);
        assertThat(metrics.value(Gauge.FIREHOSE_WINDOW_BYTES)).isZero();
        assertThat(destination.nanosUntilDue(clock.nanoTime())).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void neverSendsMoreThanHalfASecondOfQuotaInACallNorFourMebibytes() {
        for (int i = 0; i < 20; i++) {
            accept(i, BLOCK);
        }
        firehose.script = FirehoseDestinationTest::taken;
        for (int i = 0; i < 100; i++) {
            advance(100);
        }
        assertThat(delivered).hasSize(20);
        assertThat(firehose.made()).allSatisfy(call -> {
            assertThat(call.records).hasSize(2);
            assertThat(call.bytes()).isLessThanOrEqualTo((int) (QUOTA / 2));
        });

        destination = destination(64 << 20, QUOTA * 100, FirehoseConfig.Check.REFUSE, "fast");
        flush();
        for (int i = 0; i < 20; i++) {
            accept(i, 1_024_000);
        }
        advance(100);
        assertThat(firehose.made()).allSatisfy(call -> assertThat(call.bytes()).isLessThanOrEqualTo(4_096_000));
    }

    @Test
    void staysBelowTheQuotaHoweverMuchThereIsToSend() {
        firehose.script = FirehoseDestinationTest::taken;
        long sent = 0;
        int seconds = 60;
        for (int tick = 0; tick < seconds * 20; tick++) {
            while (destination.hasRoom("events")) {
                accept(tick, BLOCK);
            }
            advance(50);
            for (Call call : firehose.made()) {
                sent += call.bytes();
            }
        }
        assertThat(sent)
                .isLessThanOrEqualTo((long) (QUOTA * Pacer.SHARE * seconds) + QUOTA)
                .isGreaterThan((long) (QUOTA * Pacer.SHARE * seconds * 0.9));
    }

    @Test
    void sendsOnlyWhatWasNotTakenAgain() {
        accept(1, 100);
        accept(2, 200);
        accept(3, 300);
        accept(4, 400);
        flush();
        firehose.one().answer(TAKEN, THROTTLED, new RecordResult.Taken("third"), UNKNOWN);
        flush();
        assertThat(delivered).containsExactly(1L, 3L);
        assertThat(ids).containsExactly("id", "third");
        assertThat(firehose.made()).as("not before a pause").isEmpty();

        Set<Integer> again = new HashSet<>();
        firehose.script = FirehoseDestinationTest::taken;
        advance(200);
        for (Call call : firehose.made()) {
            call.records.forEach(record -> again.add(record.length));
        }
        assertThat(again).containsExactlyInAnyOrder(200, 400);
        assertThat(delivered).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
        assertThat(total(Counter.FIREHOSE_RETRIED)).isEqualTo(2);
        assertThat(total(Counter.FIREHOSE_THROTTLED)).isEqualTo(1);
        assertThat(total(Counter.FIREHOSE_UNKNOWN)).isEqualTo(1);
    }

    @Test
    void aCallWithoutAnAnswerIsSentAgainAndCountedAsAPossibleDuplicate() {
        accept(1, 100);
        accept(2, 100);
        flush();
        firehose.one().fail(CallProblem.UNKNOWN);
        flush();
        assertThat(total(Counter.FIREHOSE_UNKNOWN)).isEqualTo(2);

        firehose.script = FirehoseDestinationTest::taken;
        for (int i = 0; i < 10; i++) {
            advance(100);
        }
        assertThat(delivered).containsExactlyInAnyOrder(1L, 2L);
        assertThat(total(Counter.FIREHOSE_RETRIED)).isEqualTo(2);
    }

    @Test
    void whatNeverLeftIsNoPossibleDuplicate() {
        accept(1, 100);
        flush();
        firehose.one().fail(CallProblem.UNSENT);
        firehose.script = FirehoseDestinationTest::taken;
        flush();
        advance(200);
        assertThat(delivered).containsExactly(1L);
        assertThat(total(Counter.FIREHOSE_UNKNOWN)).isZero();
    }

    @Test
    void repeatsForAsLongAsItTakesWithPausesOfAtMostFiveSeconds(CleanLog.Expected log) {
        log.line("stream a takes nothing: UNKNOWN");
        accept(1, 100);
        flush();
        for (int attempt = 1; attempt <= 200; attempt++) {
            firehose.one().fail(CallProblem.UNKNOWN);
            flush();
            long waited = 0;
            while (firehose.calls.isEmpty()) {
                advance(50);
                waited += 50;
            }
            assertThat(waited).as("attempt %d, seed %d", attempt, seed).isLessThanOrEqualTo(5_050);
        }
        firehose.one().taken();
        flush();
        assertThat(delivered).containsExactly(1L);
        assertThat(total(Counter.FIREHOSE_UNKNOWN)).isEqualTo(200);
    }

    @Test
    void throttlingLowersThePaceAndQuietRaisesItAgain() {
        flush();
        assertThat(metrics.value(Gauge.FIREHOSE_PACE)).isEqualTo((long) (QUOTA * Pacer.SHARE));

        firehose.script = call -> new PutResult.Answered(Collections.nCopies(call.records.size(), THROTTLED));
        accept(1, 100_000);
        for (int i = 0; i < 2000; i++) {
            advance(50);
        }
        double low = metrics.value(Gauge.FIREHOSE_PACE);
        assertThat(low).isLessThan(QUOTA * Pacer.SHARE * 0.5).isGreaterThanOrEqualTo(QUOTA * Pacer.LEAST_SHARE);

        firehose.script = FirehoseDestinationTest::taken;
        advance(10_000);
        assertThat(metrics.value(Gauge.FIREHOSE_PACE)).isGreaterThan(low);
        advance(60_000);
        assertThat(metrics.value(Gauge.FIREHOSE_PACE)).isEqualTo((long) (QUOTA * Pacer.SHARE));
        assertThat(delivered).containsExactly(1L);
    }

    @Test
    void recordsThatFailAtAnyPaceDoNotLowerIt() {
        Random random = new Random(seed);
        firehose.script = call -> {
            List<RecordResult> results = new ArrayList<>();
            for (int i = 0; i < call.records.size(); i++) {
                results.add(random.nextInt(5) == 0 ? THROTTLED : TAKEN);
            }
            return new PutResult.Answered(results);
        };
        assertThat(takenInAMinute()).as("seed %d", seed).isGreaterThan((long) (QUOTA * Pacer.SHARE * 60 * 0.4));
    }

    @Test
    void aQuotaSharedWithOthersIsFoundAndUsed() {
        double real = 0.35 * QUOTA;
        double[] room = {real};
        long[] last = {clock.nanoTime()};
        long[] sent = {0};
        firehose.script = call -> {
            room[0] = Math.min(real, room[0] + (clock.nanoTime() - last[0]) / 1e9 * real);
            last[0] = clock.nanoTime();
            List<RecordResult> results = new ArrayList<>();
            for (byte[] record : call.records) {
                sent[0] += record.length;
                boolean fits = room[0] >= record.length;
                room[0] -= fits ? record.length : 0;
                results.add(fits ? TAKEN : THROTTLED);
            }
            return new PutResult.Answered(results);
        };
        long taken = takenInAMinute();
        assertThat(taken).isGreaterThan((long) (real * 60 * 0.8));
        assertThat(sent[0]).as("not much in vain").isLessThan((long) (taken * 1.6));
    }

    private long takenInAMinute() {
        for (int tick = 0; tick < 60 * 20; tick++) {
            while (destination.hasRoom("events")) {
                accept(tick, 200_000);
            }
            advance(50);
        }
        return delivered.size() * 200_000L;
    }

    @Test
    void aPoisonedBlockIsFoundParkedAndHoldsNobodyUp() {
        firehose.script = call -> call.records.stream().anyMatch(r -> r.length == 666)
                ? new PutResult.Failed(CallProblem.INVALID, "InvalidArgumentException")
                : taken(call);
        accept(1, 100);
        accept(2, 666);
        accept(3, 300);
        accept(4, 400);
        for (int i = 0; i < 200; i++) {
            advance(100);
        }
        assertThat(delivered).containsExactlyInAnyOrder(1L, 3L, 4L);
        assertThat(parked).containsExactly("2 invalid-argument");
        assertThat(parking.parked).containsExactly("2 invalid-argument 666");
        assertThat(metrics.value(Gauge.FIREHOSE_WINDOW_BYTES)).isZero();
    }

    @Test
    void aBlockThatCannotBeParkedIsHeldAndTriedAgain(CleanLog.Expected log) {
        log.line("a block that was refused as invalid-argument cannot be parked, attempt 1: disk full");
        firehose.script = call -> new PutResult.Failed(CallProblem.INVALID, "InvalidArgumentException");
        parking.problem = "disk full";
        accept(1, 100);
        // Three refusals with their pauses, and less than the second after which parking is tried again.
        while (metrics.total(Counter.FIREHOSE_FAILED_CALLS) < FirehoseDestination.MAX_REFUSALS) {
            advance(10);
        }
        flush();
        assertThat(parked).isEmpty();
        assertThat(metrics.value(Gauge.FIREHOSE_WINDOW_BYTES)).isEqualTo(100);

        parking.problem = null;
        advance(31_000);
        assertThat(parked).containsExactly("1 invalid-argument");
    }

    @Test
    void aStreamThatRefusesEverythingIsPausedRatherThanEmptiedIntoTheCarPark(CleanLog.Expected log) {
        log.line("stream a takes nothing: 8 blocks in a row were refused");
        firehose.script = call -> new PutResult.Failed(CallProblem.INVALID, "InvalidArgumentException");
        for (int i = 0; i < 100; i++) {
            accept(i, 100);
        }
        for (int i = 0; i < 600; i++) {
            advance(100);
        }
        // Pauses are drawn by lot: without them all hundred would be parked in less than the minute.
        assertThat(parked).as("seed %d", seed).hasSizeBetween(8, 40);
        assertThat(metrics.value(Gauge.FIREHOSE_STREAMS_PAUSED)).isEqualTo(1);
    }

    @Test
    void theBlocksOfAFailingStreamGoToTheOthersOfItsGroupAndItIsProbed(CleanLog.Expected log) {
        log.line("stream a takes nothing: AccessDenied");
        destination = destination(64 << 20, "a", "b");
        flush();
        advance(1000);
        boolean[] denied = {true};
        firehose.script = call -> denied[0] && call.stream.equals("a")
                ? new PutResult.Failed(CallProblem.DENIED, "AccessDenied")
                : taken(call);
        int blocks = 0;
        for (int i = 0; i < 600; i++) {
            accept(blocks++, 1000);
            advance(100);
        }
        assertThat(delivered).hasSize(blocks);
        assertThat(metrics.value(Gauge.FIREHOSE_STREAMS_PAUSED)).isEqualTo(1);
        assertThat(metrics.value(Gauge.FIREHOSE_STREAMS_OPEN)).isEqualTo(1);
        long probes = firehose.made().stream()
                .filter(call -> call.stream.equals("a"))
                .peek(call -> assertThat(call.records).hasSize(1))
                .count();
        assertThat(probes).as("probes in a minute, seed %d", seed).isBetween(2L, 60L);

        denied[0] = false;
        for (int i = 0; i < 400; i++) {
            accept(blocks++, 1000);
            advance(100);
        }
        assertThat(delivered).hasSize(blocks);
        assertThat(metrics.value(Gauge.FIREHOSE_STREAMS_OPEN)).isEqualTo(2);
        assertThat(firehose.made()).anyMatch(call -> call.stream.equals("a"));
        assertThat(total(Counter.FIREHOSE_UNKNOWN)).isZero();
    }

    @Test
    void theWindowIsBounded() {
        destination = destination(3 * BLOCK, "a");
        flush();
        int taken = 0;
        while (destination.hasRoom("events")) {
            accept(taken++, BLOCK);
            assertThat(taken).isLessThanOrEqualTo(3);
        }
        for (int i = 0; i < 100; i++) {
            advance(1000);
        }
        assertThat(firehose.calls).hasSizeLessThanOrEqualTo(Stream.MAX_CALLS);
        assertThat(destination.hasRoom("events")).isFalse();
        firehose.made().forEach(Call::taken);
        flush();
        assertThat(destination.hasRoom("events")).isTrue();
    }

    @Test
    void theWindowIsBoundedForTheSmallestOfBlocksToo() {
        int taken = 0;
        while (destination.hasRoom("events")) {
            accept(taken++, 1);
        }
        assertThat(taken).isEqualTo(FirehoseDestination.MAX_BLOCKS);
        flush();
        firehose.made().forEach(Call::taken);
        flush();
        assertThat(destination.hasRoom("events")).isTrue();
    }

    @Test
    void aGroupThatGetsNothingDoneLeavesRoomAndCallsForTheOthers() {
        String[] many = IntStream.range(0, 20).mapToObj(i -> "a" + i).toArray(String[]::new);
        destination = destination(List.of(group("events", many), group("rejected", "r")), 12 * BLOCK);
        for (int i = 0; i < 30; i++) {
            advance(300);
        }
        int events = 0;
        while (destination.hasRoom("events")) {
            accept(events++, BLOCK / 100);
            advance(100);
        }
        assertThat(firehose.made()).as("calls that hang").hasSize(36);
        assertThat(metrics.value(Gauge.FIREHOSE_WINDOW_BYTES))
                .as("three quarters")
                .isEqualTo(9 * BLOCK);

        firehose.script = FirehoseDestinationTest::taken;
        for (int i = 0; i < 50; i++) {
            assertThat(destination.hasRoom("rejected")).isTrue();
            destination.accept(block("rejected", 10_000 + i, BLOCK), clock.nanoTime());
            advance(1000);
        }
        assertThat(delivered).hasSize(50);
        assertThat(destination.hasRoom("events")).isFalse();
    }

    @Test
    void aGroupAloneLosesOnlyWhatIsKeptForTheOthers() {
        destination = destination(List.of(group("events", "a"), group("rejected", "r"), group("x", "x")), 12 * BLOCK);
        int taken = 0;
        while (destination.hasRoom("events")) {
            accept(taken++, BLOCK);
        }
        assertThat(taken).isEqualTo(8);
        for (String other : List.of("rejected", "x")) {
            for (int i = 0; i < 2; i++) {
                assertThat(destination.hasRoom(other)).isTrue();
                destination.accept(block(other, 100 + i, BLOCK), clock.nanoTime());
            }
            assertThat(destination.hasRoom(other)).isFalse();
        }
    }

    @Test
    void aStreamHasOnlySoManyCallsUnderWay() {
        for (int i = 0; i < 1000; i++) {
            accept(i, 100);
        }
        for (int i = 0; i < 1000; i++) {
            advance(100);
        }
        assertThat(firehose.made()).hasSize(Stream.MAX_CALLS);
    }

    @Test
    void anArrayThatACallHasIsNeverChangedAlthoughTheJournalUsesItsMemoryAgain() {
        byte[] memory = new byte[1000];
        Arrays.fill(memory, (byte) 1);
        destination.accept(block(1, ByteBuffer.wrap(memory).asReadOnlyBuffer()), clock.nanoTime());
        flush();
        Call timedOut = firehose.one();
        timedOut.fail(CallProblem.UNKNOWN);
        firehose.script = FirehoseDestinationTest::taken;
        for (int i = 0; i < 10; i++) {
            advance(100);
        }
        assertThat(delivered).containsExactly(1L);

        // Delivered: the journal fills the block's memory with another, while the first call may still be sending it.
        Arrays.fill(memory, (byte) 2);
        destination.accept(block(2, ByteBuffer.wrap(memory).asReadOnlyBuffer()), clock.nanoTime());
        advance(100);
        assertThat(delivered).containsExactly(1L, 2L);
        assertThat(timedOut.records.getFirst()).containsOnly(1);
    }

    @Test
    void aDrainEndsEveryPause(CleanLog.Expected log) {
        log.line("stream a takes nothing: AccessDenied");
        firehose.script = call -> new PutResult.Failed(CallProblem.DENIED, "AccessDenied");
        accept(1, 100);
        advance(10);
        for (int i = 0; i < 60; i++) {
            advance(1000);
        }
        firehose.script = FirehoseDestinationTest::taken;
        // The last probe may have been made just now, and counts as a request of this very moment.
        clock.advanceMillis(1);
        destination.flush(clock.nanoTime(), true, outcomes);
        assertThat(delivered).containsExactly(1L);
    }

    @Test
    void aStreamWithWrongSettingsIsNotUsedUntilTheyAreRight(CleanLog.Expected log) {
        log.line("stream b is not used: its compression is GZIP");
        firehose.descriptions.put("b", found("ACTIVE", "GZIP", ".gz", false));
        destination = destination(64 << 20, QUOTA, FirehoseConfig.Check.REFUSE, Encoding.GZIP, "b");
        firehose.script = FirehoseDestinationTest::taken;
        destination.accept(gzip(1), clock.nanoTime());
        for (int i = 0; i < 10; i++) {
            advance(10_000);
        }
        assertThat(firehose.made()).isEmpty();
        assertThat(metrics.value(Gauge.FIREHOSE_STREAMS_REFUSED)).isEqualTo(1);

        firehose.descriptions.put("b", found("ACTIVE", "UNCOMPRESSED", ".jsonl.gz", false));
        advance(31_000);
        assertThat(delivered).containsExactly(1L);
    }

    @Test
    void aStreamThatIsBeingMadeIsUsedOnceItIsActive(CleanLog.Expected log) {
        log.line("stream b is not used: it is CREATING, expected ACTIVE");
        firehose.descriptions.put("b", found("CREATING", "UNCOMPRESSED", "", false));
        destination = destination(64 << 20, "b");
        flush();
        assertThat(metrics.value(Gauge.FIREHOSE_STREAMS_OPEN)).isZero();
        firehose.descriptions.remove("b");
        advance(31_000);
        assertThat(metrics.value(Gauge.FIREHOSE_STREAMS_OPEN)).isEqualTo(1);
    }

    @Test
    void aStreamWhoseSettingsMayNotBeReadIsUsedAndCounted(CleanLog.Expected log) {
        log.line("stream b is used unchecked: its settings cannot be read: AccessDenied");
        firehose.descriptions.put("b", new DescribeResult.Failed(CallProblem.DENIED, "AccessDenied"));
        destination = destination(64 << 20, "b");
        flush();
        assertThat(metrics.value(Gauge.FIREHOSE_STREAMS_UNCHECKED)).isEqualTo(1);
        assertThat(metrics.value(Gauge.FIREHOSE_STREAMS_OPEN)).isEqualTo(1);
    }

    @Test
    void aStreamThatIsMadeAnewIsCheckedAnew(CleanLog.Expected log) {
        log.line("stream a takes nothing: GONE");
        log.line("stream a is not used: there is no stream of this name");
        log.line("stream a is not used: it appends a delimiter");
        accept(1, 100);
        flush();
        firehose.descriptions.put("a", new DescribeResult.Failed(CallProblem.GONE, "ResourceNotFoundException"));
        firehose.one().fail(CallProblem.GONE);
        for (int i = 0; i < 10; i++) {
            advance(10_000);
        }
        firehose.descriptions.put("a", found("ACTIVE", "UNCOMPRESSED", "", true));
        for (int i = 0; i < 10; i++) {
            advance(10_000);
        }
        assertThat(firehose.made())
                .as("not before its settings are known to be right")
                .isEmpty();

        firehose.script = FirehoseDestinationTest::taken;
        firehose.descriptions.remove("a");
        advance(31_000);
        advance(31_000);
        assertThat(delivered).containsExactly(1L);
        assertThat(total(Counter.FIREHOSE_UNKNOWN)).isZero();
    }

    @Test
    void streamsComeAndGoWhileBlocksAreUnderWay() {
        destination = destination(64 << 20, "a", "b");
        for (int i = 0; i < 4; i++) {
            advance(300);
        }
        for (int i = 0; i < 40; i++) {
            accept(i, BLOCK);
        }
        for (int i = 0; i < 10; i++) {
            advance(500);
        }
        List<Call> before = firehose.made();
        assertThat(before).extracting(call -> call.stream).contains("a", "b");

        destination.streams(List.of(group("events", "b", "c")));
        firehose.script = FirehoseDestinationTest::taken;
        before.stream().filter(call -> call.stream.equals("a")).forEach(call -> call.fail(CallProblem.UNKNOWN));
        before.stream().filter(call -> call.stream.equals("b")).forEach(Call::taken);
        for (int i = 0; i < 100; i++) {
            advance(500);
        }
        assertThat(delivered).hasSize(40).doesNotHaveDuplicates();
        assertThat(firehose.made())
                .extracting(call -> call.stream)
                .contains("b", "c")
                .doesNotContain("a");
        assertThat(firehose.described).contains("c");
        assertThat(metrics.value(Gauge.FIREHOSE_STREAMS_OPEN)).isEqualTo(2);
    }

    @Test
    void nothingIsAskedWhenTheCheckIsOff() {
        firehose.described.clear();
        destination = destination(64 << 20, QUOTA, FirehoseConfig.Check.OFF, "x");
        accept(1, 100);
        flush();
        assertThat(firehose.described).isEmpty();
        assertThat(firehose.one().stream).isEqualTo("x");
    }

    @Test
    void streamsAreAskedForOneAfterAnother() {
        firehose.described.clear();
        destination = destination(64 << 20, "a", "b", "c");
        flush();
        flush();
        assertThat(firehose.described).containsExactly("a");
        advance(250);
        advance(250);
        assertThat(firehose.described).containsExactly("a", "b", "c");
        advance(100_000);
        assertThat(firehose.described).hasSize(3);
    }

    @Test
    void aBlockOfAnotherEncodingThanItsGroupHasNowIsParked() {
        destination.accept(gzip(1), clock.nanoTime());
        flush();
        flush();
        assertThat(parked).containsExactly("1 encoding-changed");
        assertThat(firehose.made()).isEmpty();
    }

    @Test
    void blocksOfAGroupThatIsConfiguredNoMoreGoToTheStreamOfItsName() {
        firehose.script = FirehoseDestinationTest::taken;
        destination.accept(
                Blocks.of("old", Encoding.NDJSON, 7, "{}\n".getBytes(StandardCharsets.UTF_8)), clock.nanoTime());
        flush();
        advance(300);
        assertThat(delivered).containsExactly(7L);
        assertThat(firehose.one().stream).isEqualTo("sluice-old");
    }

    @Test
    void everyBlockIsSettledOnceHoweverFirehoseBehaves(CleanLog.Expected log) {
        log.line("takes nothing");
        Random random = new Random(seed);
        destination = destination(8 << 20, "a", "b", "c");
        List<Call> hanging = new ArrayList<>();
        List<CallProblem> problems = List.of(
                CallProblem.THROTTLED, CallProblem.UNKNOWN, CallProblem.UNSENT, CallProblem.DENIED, CallProblem.GONE);
        firehose.script = call -> switch (random.nextInt(8)) {
            case 0, 1, 2 -> new PutResult.Failed(problems.get(random.nextInt(problems.size())), "Random");
            case 3 -> {
                hanging.add(call);
                yield null;
            }
            default -> {
                List<RecordResult> results = new ArrayList<>();
                for (int i = 0; i < call.records.size(); i++) {
                    results.add(RESULTS.get(random.nextInt(3)));
                }
                yield new PutResult.Answered(results);
            }
        };
        int blocks = 0;
        for (int i = 0; i < 20_000; i++) {
            if (blocks < 500 && destination.hasRoom("events")) {
                accept(blocks++, 1 + random.nextInt(100_000));
            }
            if (!hanging.isEmpty() && random.nextInt(5) == 0) {
                Call call = hanging.remove(random.nextInt(hanging.size()));
                if (random.nextBoolean()) {
                    call.taken();
                } else {
                    call.fail(CallProblem.UNKNOWN);
                }
            }
            advance(random.nextInt(100));
            firehose.calls.clear();
        }
        hanging.forEach(Call::taken);
        firehose.script = FirehoseDestinationTest::taken;
        for (int i = 0; i < 1000; i++) {
            advance(100);
        }
        assertThat(blocks).isEqualTo(500);
        assertThat(delivered).as("seed %d", seed).hasSize(500).doesNotHaveDuplicates();
        assertThat(metrics.value(Gauge.FIREHOSE_WINDOW_BYTES)).isZero();
        assertThat(destination.nanosUntilDue(clock.nanoTime())).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void closesWhatItWasGiven() {
        destination.close();
        assertThat(firehose.closed).isTrue();
        assertThat(parking.closed).isTrue();
    }

    private static PutResult taken(Call call) {
        return call.allTaken();
    }

    private static DescribeResult found(String status, String compression, String extension, boolean delimiter) {
        return new DescribeResult.Found(new StreamDescription(status, true, compression, extension, delimiter, false));
    }

    private FirehoseDestination destination(long windowBytes, String... streams) {
        return destination(windowBytes, QUOTA, FirehoseConfig.Check.REFUSE, streams);
    }

    private FirehoseDestination destination(
            long windowBytes, long quota, FirehoseConfig.Check check, String... streams) {
        return destination(windowBytes, quota, check, Encoding.NDJSON, streams);
    }

    private FirehoseDestination destination(
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

    private static FirehoseConfig.Group group(String name, String... streams) {
        return new FirehoseConfig.Group(name, Encoding.NDJSON, List.of(streams), QUOTA, 2000);
    }

    private FirehoseDestination destination(List<FirehoseConfig.Group> groups, long windowBytes) {
        AwsConfig aws = new AwsConfig("eu-west-1", "", Duration.ofSeconds(10));
        return new FirehoseDestination(
                firehose,
                parking,
                new FirehoseConfig(aws, groups, windowBytes, FirehoseConfig.Check.REFUSE),
                clock,
                new Random(seed),
                metrics);
    }

    private void accept(long block, int bytes) {
        destination.accept(block(block, ByteBuffer.allocate(bytes).asReadOnlyBuffer()), clock.nanoTime());
    }

    private static SealedBlock block(long block, ByteBuffer bytes) {
        return block("events", block, bytes);
    }

    private static SealedBlock block(String group, long block, int bytes) {
        return block(group, block, ByteBuffer.allocate(bytes).asReadOnlyBuffer());
    }

    private static SealedBlock block(String group, long block, ByteBuffer bytes) {
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

    private static SealedBlock gzip(long block) {
        return Blocks.of("events", Encoding.GZIP, block, "{}\n".getBytes(StandardCharsets.UTF_8));
    }

    private void flush() {
        destination.flush(clock.nanoTime(), false, outcomes);
    }

    private void advance(long millis) {
        clock.advanceMillis(millis);
        flush();
        // What ended in this flush is settled, and what became due by it is sent, in the next.
        flush();
    }

    private long total(Counter counter) {
        return metrics.total(counter);
    }
}
