package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.ladder.Figures;
import io.sluice.ladder.ResultLine;
import io.sluice.ladder.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TuningTest {

    private static final Variant ONE = TuningCommand.ALL.get(0);
    private static final Variant TWO = TuningCommand.ALL.get(1);

    @Test
    void productionIsFirstAndLastAndEveryFewRuns() {
        List<Variant> order = TuningCommand.order(TuningCommand.ALL.subList(0, 4), 2);
        assertThat(order).hasSize(8 + 4);
        assertThat(order.getFirst()).isEqualTo(Variant.NONE);
        assertThat(order.getLast()).isEqualTo(Variant.NONE);
        assertThat(order.indexOf(Variant.NONE)).isZero();
        assertThat(order.get(4)).isEqualTo(Variant.NONE);
        assertThat(order.stream().filter(ONE::equals)).hasSize(2);
    }

    @Test
    void aVariantIsComparedWithProductionAroundIt() {
        TuningCommand.Races races = new TuningCommand.Races();
        races.add(Variant.NONE, run(1_000));
        races.add(ONE, run(1_200));
        // The machine became half as fast meanwhile.
        races.add(Variant.NONE, run(2_000));
        races.add(TWO, run(1_800));
        races.add(Variant.NONE, run(2_000));
        List<String> lines = races.results().lines().toList();
        assertThat(Double.parseDouble(ResultLine.field(lines, "tuning-" + ONE.name(), "ratio")))
                .isCloseTo(0.8, within(1e-9));
        assertThat(Double.parseDouble(ResultLine.field(lines, "tuning-" + TWO.name(), "ratio")))
                .isCloseTo(0.9, within(1e-9));
        assertThat(ResultLine.value(lines, "tuning-" + TWO.name())).isEqualTo(1_800);
        assertThat(races.table()).contains("| " + TWO.about() + " | 1,800 | -10.0 % |");
    }

    @Test
    void productionIsComparedWithProductionAroundItAndSaysWhatNoiseIs() {
        TuningCommand.Races races = new TuningCommand.Races();
        races.add(Variant.NONE, run(1_000));
        races.add(ONE, run(1_000));
        races.add(Variant.NONE, run(1_100));
        races.add(TWO, run(880));
        races.add(Variant.NONE, run(1_000));
        assertThat(races.noise()).isCloseTo(0.1, within(1e-9));
        // The ends have one neighbour, which is dearer.
        assertThat(races.table()).contains("| **production** | 1,000 | -9.1 to +10.0 % |");
        assertThat(races.table()).contains("no difference", "**less**", "below 10.0 % is none");
    }

    @Test
    void whereProductionIsSteadyThereIsALeastNoise() {
        TuningCommand.Races races = new TuningCommand.Races();
        races.add(Variant.NONE, run(1_000));
        races.add(ONE, run(1_000));
        assertThat(races.noise()).isEqualTo(0.03);
        races.add(Variant.NONE, run(1_010));
        assertThat(races.noise()).isEqualTo(0.03);
    }

    @Test
    void whatDidNotRunIsSaid() {
        TuningCommand.Races races = new TuningCommand.Races();
        races.add(Variant.NONE, run(1_000));
        races.fail(ONE, new IllegalStateException("no such transport"));
        assertThat(races.table()).contains("| " + ONE.about() + " | | | | | | | did not run here |");
    }

    @Test
    void smallDifferencesAreNone() {
        assertThat(TuningCommand.Races.verdict(1.02, 0.03)).isEqualTo("no difference");
        assertThat(TuningCommand.Races.verdict(0.9, 0.03)).isEqualTo("**less**");
        assertThat(TuningCommand.Races.verdict(1.1, 0.11)).isEqualTo("no difference");
        assertThat(TuningCommand.Races.verdict(1.1, 0.03)).isEqualTo("more");
    }

    @Test
    void namesOfVariantsAreTheirOwn() {
        assertThat(TuningCommand.ALL.stream().map(Variant::name)).doesNotHaveDuplicates();
    }

    @Test
    void streamsShareTheSameQuota() {
        assertThat(Variant.NONE.quota()).isEqualTo("5MiB");
        assertThat(Variant.streams(4).quota()).isEqualTo("30MiB");
        assertThat(Variant.streams(1).streamNames()).isEqualTo("sluice-events-1");
        assertThat(Variant.streams(4).streamNames()).isEqualTo("sluice-events-{1..4}");
    }

    @Test
    void growthIsWhatBecomesDearerLater() {
        assertThat(GrowthCommand.rise(new double[] {100, 90, 80})).isEqualTo(1);
        assertThat(GrowthCommand.rise(new double[] {100, 80, 88})).isCloseTo(1.1, within(1e-9));
        assertThat(GrowthCommand.spread(new double[] {100, 120, 90})).isCloseTo(1.2, within(1e-9));
    }

    @Test
    void allocationsAreReadFromTheListOfThreads() {
        Allocations before = Allocations.parse("""
                "loop-1-1" #30 [77] prio=5 os_prio=0 cpu=8.15ms elapsed=1.44s allocated=100K defined_classes=0 tid=0x1
                "loop-1-2" #31 [78] prio=5 os_prio=0 cpu=8.15ms elapsed=1.44s allocated=1000B defined_classes=0 tid=0x1
                "GC Thread#0" os_prio=0 cpu=1.1ms elapsed=1.5s tid=0x2
                """);
        Allocations after = Allocations.parse("""
                "loop-1-1" #30 [77] prio=5 os_prio=0 cpu=8.15ms elapsed=1.44s allocated=20M defined_classes=0 tid=0x1
                "sluice-delivery" #33 [79] prio=5 os_prio=0 cpu=8ms elapsed=1s allocated=2048K defined_classes=0 tid=0x1
                "sluice-committer-0" #34 [80] prio=5 os_prio=0 cpu=8ms elapsed=1s allocated=0B defined_classes=0 tid=0x1
                """);
        assertThat(after.since(before, Role.LOOPS)).isEqualTo(20 * 1024 * 1024 - 100 * 1024 - 1000);
        assertThat(after.since(before, Role.DELIVERY, Role.SDK)).isEqualTo(2 * 1024 * 1024);
        assertThat(after.since(before, Role.COMMITTER)).isZero();
        assertThatIllegalStateException()
                .as("no threads are no proof of no bytes")
                .isThrownBy(() -> before.since(before, Role.COMMITTER));
    }

    @Test
    void billedBytesHaveAGoalBeyondAThousandASecond() {
        Figures run = new Figures();
        run.add("billed_ratio", 0.46);
        run.add("rate", 100_000);
        run.add("block_bytes", 60_000);
        run.add("lost", 0);
        assertThat(BytesCommand.result("gzip", "1k", run)).doesNotContain("goal=");
        assertThat(BytesCommand.result("gzip", "100k", run)).contains("goal=0.50 met=yes");
        assertThat(BytesCommand.result("zstd", "1m", run)).contains("goal=0.45 met=no");
    }

    private static Figures run(double nanos) {
        Figures figures = new Figures();
        figures.add("gateway_ns", nanos + 50);
        figures.add("gateway_jit_ns", 50);
        figures.add("rate", 700_000);
        figures.add("p99_ms", 9);
        figures.add("rss_mib", 400);
        figures.add("packed", 45);
        return figures;
    }
}
