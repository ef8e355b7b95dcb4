package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.ladder.Figures;
import io.sluice.ladder.LoadWindow;
import io.sluice.ladder.ResultLine;
import io.sluice.ladder.Role;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {

    private static final List<Goal> GOALS = Goal.all("rate >= 1000000, lag_s <= 5, rss_mib <= 512");

    @Test
    void theHeadlineIsOneLineWithWhatMustHoldBesideIt() {
        assertThat(Report.results("million", GOALS, figures(1_034_000, 0, 400)).lines())
                .containsExactly(
                        "RESULT name=million value=1034000 unit=records/s goal=1000000 met=yes lost=0 rss=400"
                                + " p50_ms=3.500 p99_ms=12.000 lag_s=1.20",
                        "RESULT name=million-lag_s value=1.200 unit=s goal=5 met=yes",
                        "RESULT name=million-rss_mib value=400 unit=MiB goal=512 met=yes");
    }

    @Test
    void itIsNotMetWithLossPhantomsOrAnyGoalMissed() {
        assertThat(Report.met(GOALS, figures(1_000_000, 0, 512))).isTrue();
        assertThat(Report.met(GOALS, figures(999_999, 0, 512))).isFalse();
        assertThat(Report.met(GOALS, figures(1_000_000, 1, 512))).isFalse();
        assertThat(Report.met(GOALS, figures(1_000_000, 0, 513))).isFalse();
        Figures phantoms = figures(1_000_000, 0, 512);
        phantoms.add("phantom", 1);
        assertThat(Report.met(GOALS, phantoms)).isFalse();
        assertThat(Report.results("million", GOALS, figures(2_000_000, 3, 9))
                        .lines()
                        .findFirst())
                .hasValueSatisfying(line -> assertThat(ResultLine.field(List.of(line), "million", "met"))
                        .isEqualTo("no"));
    }

    @Test
    void whoRefusesPartOfALoadWithARateMeetsNoGoal() {
        List<Goal> goals = Goal.withRateKept(Goal.all("p99_ms <= 50"));
        assertThat(Report.met(goals, figures(1, 0, 1))).isTrue();
        for (String figure : List.of("refused", "unknown", "unsent_ratio")) {
            Figures run = figures(1, 0, 1);
            // In the better half of the rounds there was none.
            run.add(figure, 0);
            run.add(figure, 50);
            assertThat(Report.met(goals, run)).as(figure).isFalse();
            assertThat(Report.table(List.of("gzip"), List.of(run), goals))
                    .contains("**no**: " + figure + " 50, not <= 0");
            run.add("probe_p999_ms", 40);
            List<String> lines = LatencyCommand.results(run, false).lines().toList();
            assertThat(ResultLine.field(lines, "latency-p999", "met")).isEqualTo("no");
        }
        Figures kept = figures(1, 0, 1);
        kept.add("probe_p999_ms", 40);
        assertThat(ResultLine.field(LatencyCommand.results(kept, false).lines().toList(), "latency-p999", "met"))
                .isEqualTo("yes");
    }

    @Test
    void theTableSaysWhichGoalsAreMissedAndByHowMuch() {
        String table = Report.table(
                List.of("gzip", "zstd"), List.of(figures(900_000, 0, 600), figures(1_000_000, 0, 9)), GOALS);
        assertThat(table)
                .startsWith("| | gzip | zstd |\n|---|---:|---:|\n| records/s acknowledged | 900,000 | 1,000,000 |\n")
                .endsWith("| **goals met** | **no**: rate 900000, not >= 1000000, rss_mib 600, not <= 512 |"
                        + " **yes** |\n");
    }

    @Test
    void theTableTellsOfGrowingMemoryWhereThatIsAGoal() {
        Figures grown = figures(1, 0, 1);
        grown.add("rss_growth_mib", 17);
        String row = "beyond that of the second, MiB | 17 |";
        assertThat(Report.table(List.of("gzip"), List.of(grown), Goal.all("rss_growth_mib <= 32")))
                .contains(row);
        assertThat(Report.table(List.of("gzip"), List.of(grown), GOALS)).doesNotContain(row);
    }

    @Test
    void aBusyMachineIsToldOf() {
        assertThat(Report.provisional(List.of(figures(1, 0, 1)))).isEmpty();
        Figures busy = figures(1, 0, 1);
        busy.add("others", 0.4);
        assertThat(Report.provisional(List.of(busy))).contains("40 % of the processors");
    }

    @Test
    void theTailMayBeTwiceNginxOrTwoMillisecondsBeyondTheDisk() {
        assertThat(LatencyCommand.bound(3, 1)).isEqualTo(6);
        assertThat(LatencyCommand.bound(1, 1)).isEqualTo(3);
        assertThat(LatencyCommand.bound(Double.NaN, 4)).isEqualTo(6);
        Figures figures = figures(1, 0, 1);
        figures.add("probe_p999_ms", 4);
        figures.add("nginx_p999_ms", 3.5);
        List<String> lines = LatencyCommand.results(figures, true).lines().toList();
        assertThat(ResultLine.field(lines, "latency-p50", "met")).isEqualTo("no");
        assertThat(ResultLine.field(lines, "latency-p999", "probe")).isEqualTo("4.000");
        assertThat(ResultLine.field(lines, "latency-p999", "objects")).isIn("memory", "disk");
        assertThat(ResultLine.field(lines, "latency-p999", "goal")).isEqualTo("7");
        assertThat(ResultLine.field(lines, "latency-p999", "met")).isEqualTo("no");
        assertThat(ResultLine.field(
                        LatencyCommand.results(figures, false).lines().toList(), "latency-p999", "nginx"))
                .isEqualTo("none");
    }

    @Test
    void whatNobodyMeasuredHasNoRow() {
        Figures figures = figures(1, 0, 1);
        assertThat(Report.table(List.of("gzip"), List.of(figures), GOALS)).doesNotContain("allocated");
        figures.add("alloc_loops", 128);
        figures.add("alloc_committer", 0);
        figures.add("alloc_delivery", 9);
        assertThat(Report.table(List.of("gzip"), List.of(figures), GOALS))
                .contains("| allocated on the loops, B a request | 128 |");
    }

    @Test
    void latenciesAreReadFromTheReportOfTheLoad() {
        Figures figures = new Figures();
        String json = "{\n  \"statuses\": {\"200\": 7},\n  \"latency\": {\"count\": 7, \"corrected\": true,"
                + " \"p50\": 1500000, \"p99\": 2000000, \"p99.9\": 2500000, \"p99.99\": 9, \"max\": 3000000},\n";
        Latencies.add(figures, "nginx_", json);
        assertThat(figures.of("nginx_p50_ms")).isEqualTo(1.5);
        assertThat(figures.of("nginx_p999_ms")).isEqualTo(2.5);
        assertThat(figures.of("nginx_max_ms")).isEqualTo(3);
        assertThatThrownBy(() -> Latencies.add(figures, "", "{}")).hasMessageContaining("no p50");
    }

    @Test
    void throughputIsDrawnAsFarAsAllLinesGo() {
        assertThat(Throughput.chart(List.of("gzip", "zstd"), List.of(List.of(1.4, 900.0), List.of(2.0, 1000.5, 3.0))))
                .isEqualTo("""
                        ```mermaid
                        xychart-beta
                            title "gzip, zstd: thousand records/s acknowledged, second by second"
                            x-axis "s" 1 --> 2
                            y-axis "k/s" 0 --> 1001
                            line [1, 900]
                            line [2, 1001]
                        ```
                        """);
        String json = "    {\"second\": 1.000, \"sent\": 9, \"acked\": 1400, \"refused\": 0},\n"
                + "    {\"second\": 2.001, \"sent\": 9, \"acked\": 900000, \"refused\": 0}\n";
        assertThat(Throughput.keep(LoadWindow.seconds(json))).isEqualTo("1.0 1400\n2.0 900000\n");
    }

    @Test
    void percentilesAreDrawnOfAllWhoAreCompared() {
        Figures figures = figures(1, 0, 1);
        figures.add("probe_p50_ms", 0.06);
        figures.add("probe_p99_ms", 1);
        figures.add("probe_p999_ms", 4);
        assertThat(LatencyCommand.chart(figures, false))
                .contains("title \"latency, ms: gateway, fdatasync\"", "x-axis [\"p50\", \"p99\", \"p99.9\"]")
                .contains("line [3.50, 12, 20]", "line [0.06, 1.00, 4.00]");
    }

    @Test
    void metricsAreReadWithTheirLabels() throws IOException {
        Metrics metrics = Metrics.parse("""
                # HELP sluice_x_seconds Something
                # TYPE sluice_x_seconds summary
                sluice_x_seconds{quantile="0.5"} 2.29375E-4
                sluice_x_seconds_count 5
                sluice_left_seconds +Inf
                sluice_none NaN
                """);
        assertThat(metrics.millis("sluice_x_seconds", "0.5")).isCloseTo(0.229375, within(1e-9));
        assertThat(metrics.of("sluice_x_seconds_count")).isEqualTo(5);
        assertThat(metrics.of("sluice_left_seconds")).isInfinite();
        assertThatThrownBy(() -> metrics.of("sluice_y")).hasMessageContaining("no metric sluice_y");
    }

    @Test
    void memoryIsWhatIsResidentAndGrowthComparesWarmQuarters() throws IOException {
        assertThat(Watch.residentMib("Name:\tjava\nVmHWM:\t  999999 kB\nVmRSS:\t  262144 kB\n"))
                .isEqualTo(256);
        assertThatThrownBy(() -> Watch.residentMib("Name:\tjava\n")).hasMessageContaining("no VmRSS");
        // The first quarter is the warm-up, whose growth is none.
        assertThat(Watch.growth(new double[] {100, 200, 300, 300, 300, 300, 310, 310}))
                .isEqualTo(10);
        assertThat(Watch.growth(new double[] {100, 200, 300, 300, 300, 300, 290, 290}))
                .isZero();
        assertThat(Watch.growth(new double[] {100})).isZero();
    }

    private static Figures figures(double rate, double lost, double rss) {
        Figures figures = new Figures();
        Map<String, Double> all = Map.of("rate", rate, "lost", lost, "rss_mib", rss, "p50_ms", 3.5, "p99_ms", 12.0);
        all.forEach(figures::add);
        figures.add("lag_s", 1.2);
        for (String name : List.of(
                "duplicates",
                "refused",
                "unknown",
                "phantom",
                "delivered",
                "packed",
                "syncs",
                "sync_p999_ms",
                "probe_due_p999_ms",
                "objects_in_memory",
                "gateway_ns",
                "generator_ns",
                "lab_ns",
                "kernel_ns",
                "idle",
                "others",
                "unsent",
                "unsent_ratio",
                "billed_ratio")) {
            figures.add(name, 0);
        }
        for (Role role : Role.values()) {
            figures.add(Report.figure(role), 0);
        }
        figures.add("p999_ms", 20);
        return figures;
    }
}
