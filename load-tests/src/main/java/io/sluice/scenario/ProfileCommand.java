package io.sluice.scenario;

import io.sluice.ladder.Child;
import io.sluice.ladder.Figures;
import io.sluice.ladder.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where the time goes under the loads of the goals: what stands in the way of one that is missed. */
@Command(
        name = "profile",
        header = "Where a gateway spends its processor time under the load of a goal.",
        description = {
            "",
            "The load of a goal once more, with the JVM's Flight Recorder, in a run of its own, since a recording costs "
                    + "some percent: by threads, by stages of the way, by packages and methods; time in which threads "
                    + "were ready without a processor; what was allocated."
        },
        sortOptions = false)
final class ProfileCommand implements Callable<Integer> {

    private static final String ALL = "all";

    private static final int SECONDS = 20;
    private static final int WARMUP = 4;
    private static final int WARM_SECONDS = 60;

    /** Little happens then, and samples should be some thousand. */
    private static final int IDLE_SECONDS = 40;

    private static final String INTERVAL = "5ms";
    private static final String START_INTERVAL = "1ms";
    private static final int STARTS = 5;
    private static final double START_SECONDS = 120;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--capacity",
            paramLabel = "RATE",
            description = "Events a second that loads are a part of. Default: what scripts/bench million measured here")
    private Double capacity;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            defaultValue = ALL,
            description = "headline, pixel, latency, idle, start, catch-up, or all. Default: ${DEFAULT-VALUE}")
    private String name;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Profiled> wanted = Arrays.stream(Profiled.values())
                .filter(one -> name.equals(ALL) || name.equals(one.word()))
                .toList();
        if (wanted.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there is no profile '" + name + "', expected all or one of "
                            + Arrays.stream(Profiled.values())
                                    .map(Profiled::word)
                                    .collect(Collectors.joining(", ")));
        }
        options.begin(spec, "--rounds");
        Path results = options.results("profile");
        for (Profiled one : wanted) {
            System.err.println(one.word());
            Path directory = Files.createDirectories(results.resolve(one.word()));
            Profile profile = new Profile();
            String text = one == Profiled.START ? start(profile, directory) : load(one, profile, directory);
            if (profile.samples() == 0) {
                throw new IOException("the recording has no jdk.CPUTimeSample, which needs Linux and a JDK of 25");
            }
            page(one, directory, text, profile);
        }
        return 0;
    }

    private void page(Profiled one, Path directory, String text, Profile profile) throws IOException {
        String page = "# Profile: " + one.title() + "\n\n    scripts/bench profile " + one.word()
                + options.given() + "\n\n" + options.machine() + "\n\n" + one.about()
                + " Shares are of samples, one for each " + (one == Profiled.START ? START_INTERVAL : INTERVAL)
                + " of processor time (`jdk.CPUTimeSample`); stages are told by the innermost of our frames, the kernel's by"
                + " the native method that called it. Methods that were inlined are told apart.\n\n"
                + text;
        Files.writeString(directory.resolve("profile.md"), page);
        System.out.println(page);
        System.out.println("raw results: " + directory);
        if (options.writeDocs()) {
            Path docs = options.root().resolve("docs/profiles/" + one.word() + ".md");
            Files.createDirectories(docs.getParent());
            Files.writeString(docs, page);
            System.out.println("written:     " + options.root().relativize(docs));
        }
        System.out.printf("RESULT name=profile-%s value=%d unit=samples%n", one.word(), profile.samples());
    }

    private String load(Profiled one, Profile profile, Path directory) throws IOException, InterruptedException {
        Scenario million = options.scenario(Rounds.MILLION, WARMUP, SECONDS);
        int warm = options.quick() ? million.warmup() : WARM_SECONDS;
        Scenario scenario = switch (one) {
            case HEADLINE -> million.warmed(warm, null);
            case PIXEL ->
                million.with(List.of("--flat-out --protocol pixel --connections 64 --shops 3000"))
                        .warmed(warm, null);
            case LATENCY -> options.scenario("latency", WARMUP, SECONDS);
            case IDLE ->
                options.scenario(Rounds.MILLION, WARMUP, IDLE_SECONDS)
                        .with(List.of(GrowthCommand.IDLE))
                        .warmed(warm, GrowthCommand.IDLE_WARM_LOAD);
            case CATCH_UP -> options.scenario("firehose-down");
            case START -> throw new IllegalArgumentException("no load");
        };
        double known = capacity != null ? capacity : scenario.needsCapacity() ? Rounds.capacity(options, directory) : 0;
        Path recording = directory.resolve("gateway.jfr");
        Variant variant =
                new Variant("profile", "recorded", Profile.options(recording, INTERVAL), Map.of(), Variant.STREAMS);
        Figures figures = new Figures();
        new Whole(
                        new Whole.Plan(scenario, "gzip", known, variant, Whole.SHOPS, false),
                        options.processes(directory),
                        figures)
                .run();
        Files.writeString(directory.resolve("figures.txt"), figures.toString());
        long[] window = window(directory);
        double seconds = (window[1] - window[0]) / 1e3;
        profile.add(recording, Instant.ofEpochMilli(window[0]), Instant.ofEpochMilli(window[1]));
        return Report.provisional(List.of(figures))
                + String.format(
                        Locale.ROOT,
                        "In this run: %,.0f records/s, p50 %.2f ms, p99 %.2f, p99.9 %.2f; CPU of the gateway %,.0f ns a record,"
                                + " of which the compiler %,.0f and the collector %,.0f; at most %.0f MiB resident; processors"
                                + " idle %.0f %%, with others %.0f %%.%n%n",
                        figures.of("rate"),
                        figures.of("p50_ms"),
                        figures.of("p99_ms"),
                        figures.of("p999_ms"),
                        figures.of("gateway_ns"),
                        figures.of(Report.figure(Role.JIT)),
                        figures.of(Report.figure(Role.GC)),
                        figures.of("rss_mib"),
                        100 * figures.of("idle"),
                        100 * figures.of("others"))
                + profile.text(Waiting.read(directory.resolve(Whole.WAITING)), seconds);
    }

    private static long[] window(Path directory) throws IOException {
        return Arrays.stream(Files.readString(directory.resolve(Whole.WINDOW))
                        .strip()
                        .split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private String start(Profile profile, Path directory) throws IOException, InterruptedException {
        int starts = options.quick() ? 1 : STARTS;
        Figures figures = new Figures();
        Others before = Others.now();
        for (int i = 0; i < starts; i++) {
            Path own = Files.createDirectories(directory.resolve(Integer.toString(i)));
            Path recording = own.resolve("gateway.jfr");
            List<String> jvm = new ArrayList<>(options.cache());
            jvm.addAll(Profile.options(recording, START_INTERVAL));
            long began = System.currentTimeMillis();
            try (Child gateway = StartCommand.gateway(options, own, own.resolve("data"), jvm)) {
                gateway.await(Pattern.compile("takes beacons on .*:(\\d+)$"), START_SECONDS);
                long ready = System.currentTimeMillis();
                figures.add("ready_ms", ready - began);
                Path dumped = own.resolve("start.jfr");
                dump(gateway.pid(), dumped);
                profile.add(dumped, Instant.ofEpochMilli(began), Instant.ofEpochMilli(ready));
            }
            Whole.delete(own.resolve("data"));
        }
        figures.add("others", Others.now().since(before));
        return Report.provisional(List.of(figures))
                + String.format(
                        Locale.ROOT,
                        "%d starts with the recorder took %.0f ms each.%n%n",
                        starts,
                        figures.of("ready_ms"))
                + classes(directory)
                + profile.text(null, 0);
    }

    /** A gateway that has nothing to deliver ends sooner than its recording is written. */
    private static void dump(long pid, Path file) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        List<String> command = List.of(jcmd.toString(), Long.toString(pid), "JFR.dump", "filename=" + file);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0 || !Files.exists(file)) {
            throw new IOException("jcmd wrote no recording of " + pid);
        }
    }

    /** What the JVM says of classes, in a start without the recorder. */
    private String classes(Path directory) throws IOException, InterruptedException {
        Path log = directory.resolve("classes.log");
        List<String> jvm = new ArrayList<>(options.cache());
        jvm.add("-Xlog:class+load:file=" + log + ":uptime");
        try (Child gateway = StartCommand.gateway(options, directory, directory.resolve("data"), jvm)) {
            gateway.await(Pattern.compile("takes beacons on .*:(\\d+)$"), START_SECONDS);
        }
        Whole.delete(directory.resolve("data"));
        return classes(Files.readAllLines(log));
    }

    static String classes(List<String> log) {
        Pattern line = Pattern.compile("^\\[([0-9.]+)s] (\\S+) source: (.*)$");
        double main = 0;
        int cached = 0;
        int parsed = 0;
        int made = 0;
        for (String one : log) {
            Matcher matcher = line.matcher(one);
            if (matcher.find()) {
                main = matcher.group(2).equals("io.sluice.bootstrap.Main")
                        ? Double.parseDouble(matcher.group(1))
                        : main;
                if (matcher.group(3).startsWith("shared objects file")) {
                    cached++;
                } else if (matcher.group(3).startsWith("file:")
                        || matcher.group(3).startsWith("jrt:")) {
                    parsed++;
                } else {
                    made++;
                }
            }
        }
        return String.format(
                Locale.ROOT,
                "The JVM itself takes %.0f ms until it loads the first class of ours. Up to ready %,d classes come from the"
                        + " cache, %,d are parsed from jars and modules, and %,d made on the way (lambdas, method handles).%n%n",
                1000 * main,
                cached,
                parsed,
                made);
    }
}
