package io.sluice.delivery.firehose;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aws.CallProblem;
import io.sluice.aws.PutResult;
import io.sluice.aws.RecordResult;
import io.sluice.delivery.firehose.FakeFirehose.Call;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.testing.CleanLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Blocks become calls, are sent until they are taken, and are settled once. */
@Timeout(60)
@ExtendWith(CleanLog.class)
class FirehoseDestinationTest extends FirehoseDestinationFixture {

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
        firehose.script = FirehoseDestinationFixture::taken;
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

        firehose.script = FirehoseDestinationFixture::taken;
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
        firehose.script = FirehoseDestinationFixture::taken;
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
    void anArrayThatACallHasIsNeverChangedAlthoughTheJournalUsesItsMemoryAgain() {
        byte[] memory = new byte[1000];
        Arrays.fill(memory, (byte) 1);
        destination.accept(block(1, ByteBuffer.wrap(memory).asReadOnlyBuffer()), clock.nanoTime());
        flush();
        Call timedOut = firehose.one();
        timedOut.fail(CallProblem.UNKNOWN);
        firehose.script = FirehoseDestinationFixture::taken;
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
        firehose.script = FirehoseDestinationFixture::taken;
        // The last probe may have been made just now, and counts as a request of this very moment.
        clock.advanceMillis(1);
        destination.flush(clock.nanoTime(), true, outcomes);
        assertThat(delivered).containsExactly(1L);
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
        firehose.script = FirehoseDestinationFixture::taken;
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
}
