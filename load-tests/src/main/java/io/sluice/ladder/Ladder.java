package io.sluice.ladder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Makes the ladder of figures: rows, sums, and where the distance is biggest. Immutable.
 *
 * <p>The prototype's figures are those of its variant that did the work of a request on the loop, with zstd, near a
 * million records a second on two cores: 1,960 ns in all, of which it could attribute what stands here.
 */
final class Ladder {

    /** A million records a second on two processors. */
    static final double BUDGET_NANOS = 2_000;

    private static final double PROTOTYPE_GENERATOR = 290;
    private static final double PROTOTYPE_SOCKETS = 245;
    private static final double PROTOTYPE_LINES = 300;
    private static final double PROTOTYPE_ZSTD = 675;
    private static final double PROTOTYPE_JOURNAL = 70;
    private static final double PROTOTYPE_DELIVERY = 136;
    private static final double PROTOTYPE_SINK = 21;
    private static final double PROTOTYPE_JVM = 18;
    private static final double PROTOTYPE_UNACCOUNTED = 130;

    private static final double UNKNOWN = Double.NaN;

    private final List<Row> rows;
    private final Row sum;

    private Ladder(List<Row> rows, Row sum) {
        this.rows = List.copyOf(rows);
        this.sum = sum;
    }

    /** @param zstd whether blocks were packed with zstd; for gzip the prototype has no figure */
    static Ladder of(Figures figures, boolean zstd) {
        double packed = figures.of("whole.packed");
        double sockets = figures.of("bare.server");
        double encode = figures.of("intake.encode");
        double lines = figures.of("intake.whole") - encode;
        double loops = figures.of("whole.loops");
        double goalEncode = zstd ? PROTOTYPE_ZSTD : UNKNOWN;
        double signing = (figures.of("sdk.sha256") + figures.of("sdk.base64")) * packed;
        // zlib is no bound of a gzip that is another encoder.
        double library = zstd ? figures.of("intake.library") : UNKNOWN;

        List<Row> rows = new ArrayList<>();
        rows.add(part(
                "generator",
                "load generator",
                figures.of("bare.generator"),
                figures.of("whole.generator"),
                figures.of("bare.generator.kernel"),
                "its system calls",
                PROTOTYPE_GENERATOR));
        rows.add(part(
                "sockets",
                "loops: sockets, framing",
                sockets,
                UNKNOWN,
                figures.of("bare.server.kernel"),
                "system calls",
                PROTOTYPE_SOCKETS));
        rows.add(part(
                "lines",
                "loops: decode, scrub, lines",
                lines,
                UNKNOWN,
                figures.of("intake.copy"),
                "memcpy of the body",
                PROTOTYPE_LINES));
        rows.add(part("encode", "loops: encode", encode, UNKNOWN, library, zstd ? "zstd alone" : "", goalEncode));
        rows.add(part(
                "together",
                "loops: what only the whole shows",
                UNKNOWN,
                loops - sockets - lines - encode,
                UNKNOWN,
                "",
                0));
        double goalLoops = PROTOTYPE_SOCKETS + PROTOTYPE_LINES + goalEncode;
        rows.add(new Row("loops", "loops together", sockets + lines + encode, loops, UNKNOWN, "", goalLoops, true));
        rows.add(part(
                "committer",
                "committer",
                figures.of("committer"),
                figures.of("whole.committer"),
                figures.of("committer.kernel"),
                "its system calls alone",
                PROTOTYPE_JOURNAL));
        rows.add(part(
                "delivery",
                "delivery and SDK",
                (figures.of("sdk.caller") + figures.of("sdk.loops")) * packed,
                figures.of("whole.delivery") + figures.of("whole.sdk"),
                signing,
                "SHA-256, base64",
                PROTOTYPE_DELIVERY));
        rows.add(part(
                "lab",
                "lab, in place of AWS",
                figures.of("lab") * packed,
                figures.of("whole.lab"),
                UNKNOWN,
                "",
                PROTOTYPE_SINK));
        rows.add(part(
                "jvm",
                "collector and compiler",
                UNKNOWN,
                figures.of("whole.gc") + figures.of("whole.jit"),
                UNKNOWN,
                "",
                PROTOTYPE_JVM));
        rows.add(part("other", "gateway's other threads", UNKNOWN, figures.of("whole.other"), UNKNOWN, "", UNKNOWN));
        rows.add(part(
                "kernel",
                "kernel's own threads",
                UNKNOWN,
                figures.of("whole.kernel"),
                UNKNOWN,
                "",
                PROTOTYPE_UNACCOUNTED));
        return of(rows);
    }

    static Ladder of(List<Row> rows) {
        double alone = total(rows, row -> row.sum() ? UNKNOWN : row.alone());
        // The parts of the loops are known only together there.
        double whole = total(rows, row -> row.slug().equals("together") ? UNKNOWN : row.whole());
        boolean goals = rows.stream().noneMatch(row -> row.sum() && Double.isNaN(row.goal()));
        double goal = goals ? total(rows, row -> row.sum() ? UNKNOWN : row.goal()) : UNKNOWN;
        return new Ladder(rows, new Row("sum", "sum", alone, whole, UNKNOWN, "", goal, true));
    }

    private static Row part(
            String slug, String what, double alone, double whole, double bound, String boundOf, double goal) {
        return new Row(slug, what, alone, whole, bound, boundOf, goal, false);
    }

    private static double total(List<Row> rows, ToDoubleFunction<Row> column) {
        return rows.stream()
                .mapToDouble(column)
                .filter(nanos -> !Double.isNaN(nanos))
                .sum();
    }

    List<Row> rows() {
        return rows;
    }

    Row sum() {
        return sum;
    }

    /** The part that is most above what the prototype took; nothing if none is above. */
    Optional<Row> furthestFromGoal() {
        return furthest(Row::distanceToGoal);
    }

    /** The part that is most above what cannot be undercut; nothing if none is above. */
    Optional<Row> furthestFromBound() {
        return furthest(Row::distanceToBound);
    }

    private Optional<Row> furthest(ToDoubleFunction<Row> distance) {
        return rows.stream()
                .filter(row -> !row.sum() && distance.applyAsDouble(row) > 0)
                .max(Comparator.comparingDouble(distance));
    }
}
