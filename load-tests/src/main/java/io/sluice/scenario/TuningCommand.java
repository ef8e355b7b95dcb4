package io.sluice.scenario;

import io.sluice.ladder.Figures;
import io.sluice.ladder.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What each choice of the configuration and the JVM is worth, in turns with production's. */
@Command(
        name = "tuning",
        header = "What was tried instead of what production has, and what it gave.",
        description = {
            "",
            "Short runs of million, without the oracle, each with one thing otherwise; every few of them one as in "
                    + "production. A variant is compared with the runs of production before and behind it, since the "
                    + "speed of a machine drifts. The main figure is the gateway's CPU a record, compiler left out."
        },
        sortOptions = false)
final class TuningCommand implements Callable<Integer> {

    /** Variants between two runs of production. */
    private static final int TURN = 3;

    private static final int SECONDS = 8;
    private static final int WARMUP = 7;
    private static final double START_AND_STOP_SECONDS = 6;

    /** Differences below that are none, whatever production says. */
    private static final double LEAST_NOISE = 0.03;

    private static final String ENCODING = "SLUICE_GROUPS_0_ENCODING";

    /** The encoder of the JDK. */
    static final Variant ZLIB =
            Variant.setting("zlib", "gzip of level 2, which is zlib's", "SLUICE_GROUPS_0_LEVEL", "2");

    static final List<Variant> ALL = List.of(
            Variant.setting("io-uring", "io_uring in place of epoll", "SLUICE_HTTP_TRANSPORT", "io-uring"),
            Variant.setting("nio", "the JDK's NIO in place of epoll", "SLUICE_HTTP_TRANSPORT", "nio"),
            Variant.setting("one-loop", "one loop in place of one per processor", "SLUICE_HTTP_LOOPS", "1"),
            Variant.setting("buffered", "through the page cache in place of O_DIRECT", "SLUICE_JOURNAL_DIRECT", "off"),
            Variant.setting("written", "answered before the sync", "SLUICE_COMMIT_ACK", "written"),
            Variant.setting("wait-yield", "the committer yields, not parks", "SLUICE_COMMIT_WAIT", "yield"),
            Variant.setting("wait-spin", "the committer spins", "SLUICE_COMMIT_WAIT", "spin"),
            Variant.setting("delay-100us", "staged for at most 100 us, not 500", "SLUICE_COMMIT_MAX_DELAY", "100us"),
            Variant.setting("delay-2ms", "staged for at most 2 ms", "SLUICE_COMMIT_MAX_DELAY", "2ms"),
            Variant.setting("flush-16k", "flushed at 16 KiB, not 64", "SLUICE_COMMIT_FLUSH", "16KiB"),
            Variant.setting("flush-256k", "flushed at 256 KiB", "SLUICE_COMMIT_FLUSH", "256KiB"),
            Variant.setting("block-512k", "blocks of 512 KiB, the least that may be", "SLUICE_BLOCK_LIMIT", "512KiB"),
            Variant.setting("linger-100ms", "blocks open for 100 ms, not 1 s", "SLUICE_BLOCK_LINGER_MAX", "100ms"),
            Variant.setting("linger-60s", "blocks open for up to 60 s", "SLUICE_BLOCK_LINGER_MAX", "60s"),
            Variant.streams(1),
            Variant.streams(4),
            Variant.streams(16),
            Variant.jvm("zgc", "ZGC in place of G1", "-XX:-UseG1GC", "-XX:+UseZGC"),
            Variant.jvm("parallel-gc", "Parallel in place of G1", "-XX:-UseG1GC", "-XX:+UseParallelGC"),
            Variant.jvm("serial-gc", "Serial in place of G1", "-XX:-UseG1GC", "-XX:+UseSerialGC"),
            Variant.jvm("compact-headers", "compact object headers", "-XX:+UseCompactObjectHeaders"),
            Variant.jvm("pooled", "Netty's pooled allocator, not the adaptive", "-Dio.netty.allocator.type=pooled"),
            ZLIB,
            Variant.setting("zstd", "zstd in place of gzip", ENCODING, "zstd"),
            Variant.setting("ndjson", "nothing packed", ENCODING, "ndjson"));

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--variants",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "Only those whose names match, such as 'zgc|serial-gc'.")
    private Pattern variants;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.begin(spec);
        List<Variant> chosen = ALL.stream()
                .filter(variant -> variants.matcher(variant.name()).matches())
                .toList();
        Scenario scenario = options.scenario(Rounds.MILLION, WARMUP, SECONDS);
        Path results = options.results("tuning");
        List<Variant> order = order(chosen, options.rounds());
        double each = scenario.warmup() + scenario.seconds() + START_AND_STOP_SECONDS;
        System.err.printf(Locale.ROOT, "%d runs, some %.0f minutes%n", order.size(), order.size() * each / 60);
        Races races = new Races();
        for (int i = 0; i < order.size(); i++) {
            Variant variant = order.get(i);
            System.err.printf("%d of %d: %s%n", i + 1, order.size(), variant.name());
            Path directory = Files.createDirectories(results.resolve(i + "-" + variant.name()));
            String encoding = variant.settings().getOrDefault(ENCODING, "gzip");
            Figures figures = new Figures();
            try {
                new Whole(
                                new Whole.Plan(scenario, encoding, 0, variant, Whole.SHOPS, false),
                                options.processes(directory),
                                figures)
                        .run();
                races.add(variant, figures);
            } catch (IOException e) {
                // Such as where the kernel forbids it: the others go on.
                races.fail(variant, e);
            }
        }
        String report = options.command("tuning", scenario) + "\n\n" + options.machine() + "\n\n"
                + Report.provisional(races.runs) + races.table();
        options.end("tuning", results, report, races.results());
        return 0;
    }

    /** All, as often as there are rounds; production first, last, and every few in between. */
    static List<Variant> order(List<Variant> chosen, int rounds) {
        List<Variant> order = new ArrayList<>();
        int since = 0;
        for (int round = 0; round < rounds; round++) {
            for (Variant variant : chosen) {
                if (since++ % TURN == 0) {
                    order.add(Variant.NONE);
                }
                order.add(variant);
            }
        }
        order.add(Variant.NONE);
        return order;
    }

    /** What came of each run, in order. */
    static final class Races {

        private final List<Variant> order = new ArrayList<>();
        private final List<Figures> runs = new ArrayList<>();
        private final Map<Variant, String> failed = new LinkedHashMap<>();

        void add(Variant variant, Figures figures) {
            order.add(variant);
            runs.add(figures);
        }

        void fail(Variant variant, Exception why) {
            System.err.println("  failed: " + why.getMessage());
            failed.put(variant, "did not run here");
        }

        /** CPU of the gateway a record, without the compiler, whose work ends. */
        private static double nanos(Figures run) {
            return run.of("gateway_ns") - run.of(Report.figure(Role.JIT));
        }

        /** Median over the rounds of a figure beside that of production at the same time: 1 is the same. */
        private double ratio(Variant variant, Figure figure) {
            return ratios(variant, figure).of("ratio");
        }

        private Figures ratios(Variant variant, Figure figure) {
            Figures ratios = new Figures();
            for (int i = 0; i < order.size(); i++) {
                if (order.get(i) == variant) {
                    double before = production(i - 1, -1, figure);
                    double behind = production(i + 1, 1, figure);
                    double base = Double.isNaN(before) ? behind : Double.isNaN(behind) ? before : (before + behind) / 2;
                    ratios.add("ratio", figure.of(runs.get(i)) / base);
                }
            }
            return ratios;
        }

        /** How far a run of production is from those of production around it, at the most; never below a least. */
        double noise() {
            Figures ratios = ratios(Variant.NONE, Races::nanos);
            double most = Math.max(ratios.most("ratio") - 1, 1 - ratios.least("ratio"));
            // With one run of production there is nothing around it.
            return Double.isNaN(most) ? LEAST_NOISE : Math.max(LEAST_NOISE, most);
        }

        private double production(int from, int step, Figure figure) {
            for (int i = from; i >= 0 && i < order.size(); i += step) {
                if (order.get(i) == Variant.NONE) {
                    return figure.of(runs.get(i));
                }
            }
            return Double.NaN;
        }

        private double median(Variant variant, Figure figure) {
            Figures values = new Figures();
            for (int i = 0; i < order.size(); i++) {
                if (order.get(i) == variant) {
                    values.add("value", figure.of(runs.get(i)));
                }
            }
            return values.of("value");
        }

        private List<Variant> variants() {
            return order.stream().distinct().toList();
        }

        String table() {
            StringBuilder text = new StringBuilder(
                    "| variant | CPU of the gateway, ns a record | beside production | records/s | p99, ms | RSS, MiB | packed, B | |\n"
                            + "|---|---:|---:|---:|---:|---:|---:|---|\n");
            double noise = noise();
            for (Variant variant : variants()) {
                double ratio = ratio(variant, Races::nanos);
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %,.0f | %s | %,.0f | %.2f | %.0f | %.1f | %s |%n",
                        variant == Variant.NONE ? "**production**" : variant.about(),
                        median(variant, Races::nanos),
                        variant == Variant.NONE ? spread() : String.format(Locale.ROOT, "%+.1f %%", 100 * (ratio - 1)),
                        median(variant, run -> run.of("rate")),
                        median(variant, run -> run.of("p99_ms")),
                        median(variant, run -> run.of("rss_mib")),
                        median(variant, run -> run.of("packed")),
                        variant == Variant.NONE ? "" : verdict(ratio, noise)));
            }
            failed.forEach((variant, why) -> text.append("| ")
                    .append(variant.about())
                    .append(" | | | | | | | ")
                    .append(why)
                    .append(" |\n"));
            text.append(String.format(
                    Locale.ROOT,
                    "%nA difference below %.1f %% is none: as much do runs of production differ.%n",
                    100 * noise));
            return text.toString();
        }

        /** Of the runs of production, each beside those around it. */
        private String spread() {
            Figures ratios = ratios(Variant.NONE, Races::nanos);
            double least = ratios.least("ratio");
            return Double.isNaN(least)
                    ? ""
                    : String.format(
                            Locale.ROOT, "%+.1f to %+.1f %%", 100 * (least - 1), 100 * (ratios.most("ratio") - 1));
        }

        static String verdict(double ratio, double noise) {
            return Math.abs(ratio - 1) < noise ? "no difference" : ratio < 1 ? "**less**" : "more";
        }

        String results() {
            StringBuilder text = new StringBuilder();
            text.append(String.format(Locale.ROOT, "RESULT name=tuning-noise value=%.3f unit=ratio%n", noise()));
            for (Variant variant : variants()) {
                text.append(String.format(
                        Locale.ROOT,
                        "RESULT name=tuning-%s value=%.0f unit=ns/record ratio=%.3f rate=%.0f p99_ms=%.3f rss=%.0f%n",
                        variant.name(),
                        median(variant, Races::nanos),
                        ratio(variant, Races::nanos),
                        median(variant, run -> run.of("rate")),
                        median(variant, run -> run.of("p99_ms")),
                        median(variant, run -> run.of("rss_mib"))));
            }
            return text.toString();
        }
    }

    private interface Figure {
        double of(Figures run);
    }
}
