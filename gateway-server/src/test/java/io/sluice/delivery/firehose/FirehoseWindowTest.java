package io.sluice.delivery.firehose;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.delivery.firehose.FakeFirehose.Call;
import io.sluice.metrics.Gauge;
import io.sluice.testing.CleanLog;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How much is under way at once: bounded in all, with room for every group and every stream. */
@Timeout(60)
@ExtendWith(CleanLog.class)
class FirehoseWindowTest extends FirehoseDestinationFixture {

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

        firehose.script = FirehoseDestinationFixture::taken;
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
}
