package io.sluice.delivery.firehose;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aws.CallProblem;
import io.sluice.aws.DescribeResult;
import io.sluice.aws.PutResult;
import io.sluice.delivery.Blocks;
import io.sluice.delivery.firehose.FakeFirehose.Call;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.record.Encoding;
import io.sluice.testing.CleanLog;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams that fail, have wrong settings, are made anew, come and go. */
@Timeout(60)
@ExtendWith(CleanLog.class)
class FirehoseStreamsTest extends FirehoseDestinationFixture {

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
    void aStreamWithWrongSettingsIsNotUsedUntilTheyAreRight(CleanLog.Expected log) {
        log.line("stream b is not used: its compression is GZIP");
        firehose.descriptions.put("b", found("ACTIVE", "GZIP", ".gz", false));
        destination = destination(64 << 20, QUOTA, FirehoseConfig.Check.REFUSE, Encoding.GZIP, "b");
        firehose.script = FirehoseDestinationFixture::taken;
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

        firehose.script = FirehoseDestinationFixture::taken;
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
        firehose.script = FirehoseDestinationFixture::taken;
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
    void blocksOfAGroupThatIsConfiguredNoMoreGoToTheStreamOfItsName() {
        firehose.script = FirehoseDestinationFixture::taken;
        destination.accept(
                Blocks.of("old", Encoding.NDJSON, 7, "{}\n".getBytes(StandardCharsets.UTF_8)), clock.nanoTime());
        flush();
        advance(300);
        assertThat(delivered).containsExactly(7L);
        assertThat(firehose.one().stream).isEqualTo("sluice-old");
    }
}
