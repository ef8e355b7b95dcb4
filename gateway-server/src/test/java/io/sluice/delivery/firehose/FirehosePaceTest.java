package io.sluice.delivery.firehose;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aws.PutResult;
import io.sluice.aws.RecordResult;
import io.sluice.delivery.firehose.FakeFirehose.Call;
import io.sluice.metrics.Gauge;
import io.sluice.testing.CleanLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How fast a stream is sent to: below its quota, below that of what others use, and not slower. */
@Timeout(60)
@ExtendWith(CleanLog.class)
class FirehosePaceTest extends FirehoseDestinationFixture {

    @Test
    void neverSendsMoreThanHalfASecondOfQuotaInACallNorFourMebibytes() {
        for (int i = 0; i < 20; i++) {
            accept(i, BLOCK);
        }
        firehose.script = FirehoseDestinationFixture::taken;
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
        firehose.script = FirehoseDestinationFixture::taken;
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

        firehose.script = FirehoseDestinationFixture::taken;
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
}
