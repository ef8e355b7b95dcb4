package io.sluice.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LadderTest {

    private static final double UNKNOWN = Double.NaN;

    @Test
    void aFigureIsTheMedianOfItsRounds() {
        Figures figures = new Figures();
        figures.add("a", 9);
        figures.add("a", 1);
        assertThat(figures.of("a")).isEqualTo(5);
        figures.add("a", 2);
        assertThat(figures.of("a")).isEqualTo(2);
        assertThat(figures.least("a")).isEqualTo(1);
        assertThat(figures.most("a")).isEqualTo(9);
        assertThat(figures.toString()).isEqualTo("a 9.000 1.000 2.000\n");
        for (ThrowingCallable asked : List.<ThrowingCallable>of(
                () -> figures.of("b"), () -> figures.least("b"), () -> figures.most("b"), () -> figures.last("b"))) {
            assertThatThrownBy(asked)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'b' was not measured, only [a]");
        }
    }

    @Test
    void rowsThatSumUpOthersAreCountedOnce() {
        Ladder ladder = Ladder.of(List.of(
                row("generator", 300, 310, 200, 290, false),
                row("sockets", 250, UNKNOWN, 180, 245, false),
                row("encode", 500, UNKNOWN, 450, 675, false),
                row("together", UNKNOWN, 150, UNKNOWN, 0, false),
                row("loops", 750, 900, UNKNOWN, 920, true)));
        assertThat(ladder.sum().alone()).isEqualTo(1_050);
        assertThat(ladder.sum().whole()).isEqualTo(1_210);
        assertThat(ladder.sum().goal()).isEqualTo(1_210);
        assertThat(ladder.furthestFromGoal().orElseThrow().slug()).isEqualTo("together");
        assertThat(ladder.furthestFromBound().orElseThrow().slug()).isEqualTo("generator");
    }

    @Test
    void withoutADistanceThereIsNoBiggestOne() {
        Ladder ladder = Ladder.of(List.of(row("encode", 500, UNKNOWN, UNKNOWN, 675, false)));
        assertThat(ladder.furthestFromGoal()).isEmpty();
        assertThat(ladder.furthestFromBound()).isEmpty();
    }

    @Test
    void figuresOfAllRungsBecomeRowsAndText() {
        Figures figures = figures();
        Ladder ladder = Ladder.of(figures, true);
        assertThat(ladder.sum().alone()).isCloseTo(300 + 240 + 930 + 160 + 6 * 60 + 2 * 60, within(0.001));
        assertThat(ladder.sum().whole())
                .isCloseTo(340 + 1_400 + 170 + (300 + 100) + 130 + (20 + 5) + 10 + 15, within(0.001));
        assertThat(LadderReport.table(ladder))
                .startsWith("| what, ns of CPU a record         | alone | in the whole |")
                .contains("| loops: what only the whole shows |       |          230 |           12 % |")
                .contains("| **loops together**               | 1,170 |        1,400 |           70 % |");
        assertThat(LadderReport.markdown(ladder, figures, List.of("when")))
                .contains(
                        "**The biggest distance: delivery and SDK, 264 ns a record above the prototype** (400 against 136)")
                .contains("**800,000 records/s**")
                .doesNotContain("Provisional");
        assertThat(LadderReport.results(ladder, figures))
                .contains(
                        "RESULT name=ladder-encode value=460 unit=ns/record alone=460 whole=- bound=400 prototype=675\n")
                .contains("RESULT name=ladder value=800000 unit=records/s alone_sum_ns=2110 whole_sum_ns=2490"
                        + " budget_ns=2000 met=no\n");
    }

    @Test
    void theBoundOfTheCommitterIsThatOfItsOwnRung() {
        assertThat(LadderReport.table(Ladder.of(figures(), true))).contains(" 60 its system calls alone |");
    }

    @Test
    void gzipHasNoBoundAndThePrototypeNoFigureForIt() {
        Ladder ladder = Ladder.of(figures(), false);
        assertThat(ladder.sum().goal()).isNaN();
        assertThat(LadderReport.results(ladder, figures()))
                .contains("RESULT name=ladder-encode value=460 unit=ns/record alone=460 whole=- bound=- prototype=-\n");
    }

    @Test
    void aBusyMachineMakesFiguresProvisional() {
        Figures figures = figures();
        figures.add("whole.others", 0.4);
        assertThat(LadderReport.markdown(Ladder.of(figures, true), figures, List.of()))
                .contains("**Provisional: other processes took up to 40 % of the processors meanwhile.**");
    }

    @Test
    void resultLinesAreFoundByName() {
        List<String> lines =
                List.of("variant x", "RESULT name=a value=1.5 unit=ns", "RESULT name=b variant=q,r value=2");
        assertThat(ResultLine.value(lines, "a")).isEqualTo(1.5);
        assertThat(ResultLine.field(lines, "b", "variant")).isEqualTo("q,r");
        assertThatThrownBy(() -> ResultLine.value(lines, "c")).hasMessageContaining("no RESULT name=c");
    }

    @Test
    void acknowledgedEventsAreCountedBetweenTwoLinesOfProgress() {
        String json = """
                "samples": [
                    {"second": 1.000, "wanted": 0, "sent": 9, "acked": 100, "refused": 0},
                    {"second": 2.004, "wanted": 0, "sent": 9, "acked": 200, "refused": 0},
                    {"second": 3.004, "wanted": 0, "sent": 9, "acked": 400, "refused": 0},
                    {"second": 4.504, "wanted": 0, "sent": 9, "acked": 600, "refused": 0},
                    {"second": 5.000, "wanted": 0, "sent": 9, "acked": 900, "refused": 0}
                ]
                """;
        LoadWindow.Acked acked = LoadWindow.acked(json, 2.0, 4.5);
        assertThat(acked.events()).isCloseTo(400 + 900, within(0.001));
        assertThat(acked.seconds()).isCloseTo(2.5, within(0.001));
        assertThat(acked.rate()).isCloseTo(520, within(0.001));
        assertThatThrownBy(() -> LoadWindow.acked(json, 8, 9)).hasMessageContaining("nothing was acknowledged");
    }

    @Test
    void onlyWhatStandsBetweenTheMarkersIsReplaced() throws IOException {
        DocsBlock docs = DocsBlock.of("scripts/bench ladder");
        String document = "before\n" + docs.begin() + "\nold\n" + docs.end() + "\nbehind\n";
        String once = docs.replaced(document, "new\n");
        assertThat(once).isEqualTo("before\n" + docs.begin() + "\n\nnew\n\n" + docs.end() + "\nbehind\n");
        assertThat(docs.replaced(once, "new\n")).isEqualTo(once);
        assertThatThrownBy(() -> docs.replaced("before\nbehind\n", "new")).hasMessageContaining("expected one line");
        assertThatThrownBy(() -> docs.replaced(document + document, "new")).hasMessageContaining("expected one line");
    }

    @Test
    void memoryAndDiskAreNamed() throws IOException {
        assertThat(Machine.memory("MemTotal:       25165824 kB\nMemFree:  9 kB\n"))
                .isEqualTo("24.0 GiB of memory");
        assertThat(Machine.memory("")).isEqualTo("memory unknown");
        assertThat(Machine.disk(Path.of("target/not/yet/there"))).matches("\\S+ on .+");
    }

    @Test
    void theProcessorIsNamedByLinuxOrByItsArchitecture() {
        assertThat(Machine.processor("processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\n"))
                .isEqualTo("Some CPU @ 2 GHz");
        assertThat(Machine.processor("")).isEqualTo(System.getProperty("os.arch"));
    }

    private static Row row(String slug, double alone, double whole, double bound, double goal, boolean sum) {
        return new Row(slug, slug, alone, whole, bound, "bound", goal, sum);
    }

    private static Figures figures() {
        Figures figures = new Figures();
        String all = """
                bare.rate 3000000
                bare.generator 300
                bare.generator.kernel 210
                bare.server 240
                bare.server.kernel 190
                intake.copy 3
                intake.encode 460
                intake.library 400
                intake.whole 930
                committer.rate 1000000
                committer 160
                committer.kernel 60
                lab 2
                sdk.rate 200
                sdk.caller 4
                sdk.loops 2
                sdk.gc 0.5
                sdk.allocated 7
                sdk.sha256 0.7
                sdk.base64 0.6
                whole.rate 800000
                whole.warmup 12
                whole.packed 60
                whole.delivered 0.99
                whole.duplicates 0
                whole.generator 340
                whole.generator.kernel 240
                whole.gateway 2005
                whole.gateway.kernel 500
                whole.loops 1400
                whole.loops.kernel 200
                whole.committer 170
                whole.committer.kernel 110
                whole.delivery 300
                whole.delivery.kernel 10
                whole.sdk 100
                whole.sdk.kernel 60
                whole.gc 20
                whole.gc.kernel 1
                whole.jit 5
                whole.jit.kernel 0
                whole.other 10
                whole.other.kernel 5
                whole.lab 130
                whole.lab.kernel 60
                whole.kernel 15
                whole.kernel.kernel 15
                whole.others 0.01
                whole.idle 0.02
                whole.stolen 0
                """;
        all.lines().map(line -> line.split(" ")).forEach(pair -> figures.add(pair[0], Double.parseDouble(pair[1])));
        return figures;
    }
}
