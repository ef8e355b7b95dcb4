package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LimitTest {

    /** 2 us a record, of which 0.1 are the committer's and 0.2 the delivery's; 50 B in the journal. */
    private static final Limit.Cost COST = new Limit.Cost(10e6, 2_000, 100, 200, 50, 45, 255);

    private static final Map<String, Double> MEASURED = Map.ofEntries(
            Map.entry("rate", 700_000.0),
            Map.entry("gateway_ns", 2_100.0),
            Map.entry("gateway_jit_ns", 100.0),
            Map.entry("gateway_committer_ns", 100.0),
            Map.entry("gateway_delivery_ns", 200.0),
            Map.entry("generator_ns", 300.0),
            Map.entry("lab_ns", 200.0),
            Map.entry("kernel_ns", 100.0),
            Map.entry("journal_bytes", 50.0),
            Map.entry("packed", 45.0),
            Map.entry("received", 255.0),
            Map.entry("sync_p50_ms", 0.06),
            Map.entry("p50_ms", 4.0));

    @Test
    void aLineThroughPointsThatLieOnOneIsFound() {
        // 20 ms a second, and 1,000 ns a record.
        Limit.Line line = Limit.fit(
                List.of(new double[] {10_000, 3_000}, new double[] {100_000, 1_200}, new double[] {1_000_000, 1_020}));
        assertThat(line.nanos()).isCloseTo(1_000, within(1e-6));
        assertThat(line.fixedNanos()).isCloseTo(20e6, within(1.0));
        assertThat(line.error()).isCloseTo(0, within(1e-9));
    }

    @Test
    void oneRateTellsTheCostOfARecordAndNothingFixed() {
        Limit.Line line = Limit.fit(List.of(new double[] {500_000, 1_500}, new double[] {500_000, 1_500}));
        assertThat(line.fixedNanos()).isZero();
        assertThat(line.nanos()).isCloseTo(1_500, within(1e-6));
    }

    @Test
    void whatRisesWithTheRateIsNoNegativeFixedCost() {
        Limit.Line line = Limit.fit(List.of(new double[] {100_000, 1_000}, new double[] {1_000_000, 1_200}));
        assertThat(line.fixedNanos()).isZero();
        assertThat(line.nanos()).isBetween(1_000.0, 1_200.0);
        assertThat(line.error()).isBetween(0.05, 0.2);
    }

    @Test
    void fewProcessorsBoundFirstThenTheDisk() {
        Limit.Answer four = Limit.of(COST, Limit.gp3(4));
        assertThat(four.bound()).isEqualTo(Limit.Bound.PROCESSORS);
        assertThat(four.rate()).isCloseTo((4e9 * 0.95 - 10e6) / 2_000, within(1e-6));
        assertThat(four.p50Millis()).isEqualTo(1.5);
        Limit.Answer many = Limit.of(COST, Limit.gp3(16));
        assertThat(many.bound()).isEqualTo(Limit.Bound.DISK);
        assertThat(many.rate()).isCloseTo(125e6 / 50, within(1e-6));
    }

    @Test
    void theOneThreadOfTheDeliveryBoundsWhereTheDiskIsWide() {
        Limit.Answer answer = Limit.of(COST, Limit.wideGp3(64));
        assertThat(answer.bound()).isEqualTo(Limit.Bound.DELIVERY);
        assertThat(answer.rate()).isCloseTo(4.5e6, within(1e-6));
        // 202.5 MB/s packed, 4.46 MB/s a stream.
        assertThat(answer.streams()).isEqualTo(46);
        assertThat(answer.gigabits()).isCloseTo(9.18, within(0.001));
    }

    @Test
    void aDiskOfFewWritesBoundsByThem() {
        Limit.Machine slow = new Limit.Machine("slow", 64, 100, 170, 1_000);
        // 10 syncs a second, each of 4 MiB at most; 170 writes are 10 such commits, too.
        assertThat(Limit.rate(COST, slow, Limit.Bound.SYNCS)).isCloseTo(10 * (4 << 20) / 50.0, within(1e-6));
        Limit.Machine fewer = new Limit.Machine("fewer", 64, 1, 17, 1_000);
        assertThat(Limit.rate(COST, fewer, Limit.Bound.SYNCS)).isCloseTo((4 << 20) / 50.0, within(1e-6));
    }

    @Test
    void theReportSaysWhatWasMeasuredAndWhatIsAssumed() {
        String report = LimitCommand.report(
                MEASURED, Map.of(), List.of(new double[] {700_000, 2_000}, new double[] {70_000, 2_000}));
        assertThat(report)
                .contains("of 2 points from 70,000 to 700,000 records/s")
                .contains("2,000 ns a record and 0.00 ms a second")
                .contains("no point is further than 0 % from that")
                .contains("measured | 700,000 |")
                .contains("| 64 vCPU, EBS gp3 | 2,500,000 | MB/s of the disk | 1.50 |")
                .contains("Assumptions: a vCPU there is one here")
                .doesNotContain("took its bound");
    }

    @Test
    void ofOnePointTheReportSaysThatNothingChecksIt() {
        String report = LimitCommand.report(MEASURED, Map.of(), List.of(new double[] {700_000, 2_000}));
        assertThat(report)
                .contains("of one point alone, at 700,000 records/s: 2,000 ns a record. One point fits itself")
                .doesNotContain(" 0 % from that")
                .doesNotContain("0.00 ms a second");
    }
}
