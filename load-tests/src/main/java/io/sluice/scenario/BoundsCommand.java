package io.sluice.scenario;

import io.sluice.ladder.Child;
import io.sluice.ladder.CpuUse;
import io.sluice.ladder.Figures;
import io.sluice.ladder.LoadWindow;
import io.sluice.ladder.ResultLine;
import io.sluice.ladder.Role;
import io.sluice.ladder.Warmth;
import io.sluice.process.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What this machine can do at all, where a gateway has goals: what bounds them, each measured alone. */
@Command(
        name = "bounds",
        header = "What bounds each goal on this machine: the same with nothing of the gateway in it.",
        description = {
            "",
            "A server that answers every request and looks at none, beside nginx for pixels, with and without TLS, at "
                    + "half of capacity and at 1,000 requests a second; a write and fdatasync alone; JVMs that start "
                    + "nothing, and a bare server; zlib and zstd at their hardest on bodies as received; a copy of "
                    + "memory. Three minutes. "
                    + "scripts/bench limit sets them beside the goals."
        },
        sortOptions = false)
final class BoundsCommand implements Callable<Integer> {

    private static final int ROUNDS = 3;
    private static final int SECONDS = 3;
    private static final int LOAD_SECONDS = 10;
    private static final int WARMUP = 2;
    private static final int STARTS = 7;
    private static final int TLS_CONNECTIONS = 256;

    /** At the most, to warm a server that nothing else has asked. */
    private static final int WARM_RUNS = 8;

    private static final int QUICK_WARM_RUNS = 2;

    private static final double WAIT_SECONDS = 120;

    /** Of a load that a server takes; who is sent less is another load's bound. */
    private static final double UNSENT_RATIO = 0.001;

    private static final int BATCH = 50;

    private static final Pattern LISTENING = Pattern.compile("listening on (\\d+)");
    private static final Pattern REQUESTS = Pattern.compile("Requests/sec: *([0-9.]+)");
    private static final String BARE = "io.sluice.ladder.BareServer";

    /** What a browser sends for an image. */
    private static final List<String> FIELDS = List.of(
            "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                    + "Chrome/141.0.0.0 Safari/537.36",
            "Accept: image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
            "Accept-Language: en-US,en;q=0.5",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Referer: https://shop-0001.example/p/basic-mug?page=3");

    private static final String PIXEL = "/p.gif?k=shop-0001&id=e-0123456789ab&e=page_view&ts=1763900000000"
            + "&url=https%3A%2F%2Fshop-0001.example%2Fp%2Fbasic-mug&ref=https%3A%2F%2Fwww.bing.com%2F"
            + "&aid=0123456789abcdef&sid=0123456789ab&vp=1440x900";

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    private final StringBuilder lines = new StringBuilder();
    private final StringBuilder table = new StringBuilder("| bound | figure |\n|---|---:|\n");
    private final StringBuilder notes = new StringBuilder();

    /** What others took of the processors, of each part. */
    private final Figures machine = new Figures();

    private Path results;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.begin(spec, "--rounds", "--seconds", "--warmup");
        results = options.results("bounds");
        double capacity = Rounds.capacity(options, results);
        Others before = Others.now();
        bytes();
        Bounds.Sync sync = Bounds.sync(results, options.quick() ? 2 : LOAD_SECONDS, 2_000);
        add("sync", sync.p50Millis(), "ms", "a write of 16 KiB and fdatasync alone, 2,000 a second: p50");
        add("sync-p999", sync.p999Millis(), "ms", "– p99.9");
        add("sync-cpu", sync.cpuMicros(), "us", "– CPU");
        start();
        machine.add("others", Others.now().since(before));
        server(capacity / 2);
        String report = "    scripts/bench bounds" + (options.quick() ? " --quick" : "") + "\n\n" + options.machine()
                + "\n\n" + Report.provisional(List.of(machine)) + notes + table;
        options.end("bounds", results, report, lines.toString());
        return 0;
    }

    private void add(String name, double value, String unit, String about) {
        add(name, value, unit, about, "");
    }

    /** @param fields further ones of the line, with a space before each */
    private void add(String name, double value, String unit, String about, String fields) {
        lines.append(String.format(
                Locale.ROOT, "RESULT name=bound-%s value=%s unit=%s%s%n", name, Report.number(value), unit, fields));
        table.append(String.format(Locale.ROOT, "| %s | %s %s |%n", about, Headline.number(value), unit));
        System.err.printf(Locale.ROOT, "%s: %s %s%n", about, Headline.number(value), unit);
    }

    private void bytes() {
        byte[] captures = Bounds.bodies("captures");
        add("bytes-zlib", Bounds.zlib(captures), "ratio", "zlib 9 on bodies of real trackers as received, one stream");
        add("bytes-zstd", Bounds.zstd(captures), "ratio", "zstd 19 on the same");
        add("copy", Bounds.copy() / 1e6, "MB/s", "a copy of memory");
    }

    private void start() throws IOException, InterruptedException {
        String jar = System.getProperty("java.class.path").split(":")[0];
        add("start-nothing", starts("nothing", jar, Nothing.class.getName(), false), "ms", "a JVM that starts nothing");
        add(
                "start-nothing-aot",
                starts("nothing-aot", jar, Nothing.class.getName(), true),
                "ms",
                "the same with an AOT cache");
        add(
                "start-server",
                starts("server-aot", System.getProperty("java.class.path"), BARE, true),
                "ms",
                "a server by Netty that only answers, with an AOT cache");
    }

    /** The median, in milliseconds, from the start of the process until it says that it is there. */
    private double starts(String name, String path, String main, boolean cached)
            throws IOException, InterruptedException {
        Path cache = results.resolve(name + ".aot");
        if (cached) {
            try (Child child = jvm(name + "-made", path, main, List.of("-XX:AOTCacheOutput=" + cache))) {
                child.await(LISTENING, WAIT_SECONDS);
                child.stop();
            }
            if (!Files.exists(cache)) {
                throw new IOException("the JVM made no AOT cache; see " + results.resolve(name + "-made.log"));
            }
        }
        List<String> jvm = cached ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=error:stderr") : List.of();
        Figures figures = new Figures();
        for (int i = 0; i < (options.quick() ? 1 : STARTS); i++) {
            long began = System.nanoTime();
            try (Child child = jvm(name, path, main, jvm)) {
                child.await(LISTENING, WAIT_SECONDS);
                figures.add("ms", (System.nanoTime() - began) / 1e6);
            }
        }
        Files.deleteIfExists(cache);
        return figures.of("ms");
    }

    /**
     * With the options of production.
     *
     * @param further options of the JVM
     * @param arguments of its main class
     */
    private Child jvm(String name, String path, String main, List<String> further, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + options.root().resolve("config/jvm.options"));
        command.addAll(further);
        command.addAll(List.of("-cp", path, main));
        command.addAll(List.of(arguments));
        return new Child(name, options.root(), results.resolve(name + ".log"), command, Map.of());
    }

    /** @param rate events a second: half of what the gateway can */
    private void server(double rate) throws IOException, InterruptedException {
        try (Child bare = jvm("bare", System.getProperty("java.class.path"), BARE, List.of())) {
            int port = Integer.parseInt(bare.await(LISTENING, WAIT_SECONDS).group(1));
            load(bare, port, "warm", List.of("--flat-out", "--shops", "3000"), new Figures());
            List<String> load = List.of("--rate", String.format(Locale.ROOT, "%.0f", rate), "--shops", "3000");
            Figures half = new Figures();
            load(bare, port, "half", load, half);
            String fields = String.format(Locale.ROOT, " rate=%.0f unsent=%.4f", rate, half.of("unsent"));
            String way = String.format(Locale.ROOT, "a server that only answers, POSTs of 50 at %,.0f events/s", rate);
            add("answer", half.of("p50_ms"), "ms", way + ", half of capacity: p50", fields);
            add("answer-p999", half.of("p999_ms"), "ms", "– p99.9", fields);
            add("rss", half.of("rss_mib"), "MiB", "– resident memory");
            // In a run of its own: jcmd is a JVM, and stops all threads of the other one.
            add("alloc", allocated(bare, port, load), "B", "– allocated on its loops a request, in a run of its own");
            pixels(bare, port);
            load(bare, port, "warm-1", List.of("--rate", "20000", "--batch", "1", "--shops", "3000"), new Figures());
            Figures idle = new Figures();
            load(bare, port, "idle", List.of("--rate", "1000", "--batch", "1", "--shops", "3000"), idle);
            add("idle", idle.of("core"), "cores", "a server that only answers, at 1,000 requests a second");
        }
    }

    private void load(Child bare, int port, String name, List<String> load, Figures figures)
            throws IOException, InterruptedException {
        String run = run(name);
        try (Child generator = generator(port, name, load)) {
            Warmth.awaitSecond(generator, WARMUP);
            Others shared = Others.now(bare, generator);
            CpuUse before = CpuUse.of(bare.pid());
            long began = System.nanoTime();
            Warmth.awaitSecond(generator, WARMUP - 1 + seconds());
            CpuUse used = CpuUse.of(bare.pid()).since(before);
            double lasted = (System.nanoTime() - began) / 1e9;
            machine.add("others", Others.now(bare, generator).since(shared));
            // The bare answer is not one that the generator takes for an acknowledgement of other batches.
            List<String> printed = generator.end(WAIT_SECONDS, 0, 3);
            Latencies.add(figures, "", Files.readString(results.resolve(run + ".json")));
            figures.add("core", (used.process().total() - used.of(Role.JIT).total()) / 1e9 / lasted);
            figures.add("rss_mib", Watch.residentMib(Files.readString(Path.of("/proc/" + bare.pid() + "/status"))));
            double sent = Double.parseDouble(ResultLine.field(printed, "load", "sent"));
            double unsent = Double.parseDouble(ResultLine.field(printed, "load", "unsent"));
            figures.add("unsent", unsent / Math.max(1, sent + unsent));
            if (figures.last("unsent") > UNSENT_RATIO) {
                notes.append(String.format(
                        Locale.ROOT,
                        "**Of the load `%s` %.1f %% was not sent: its rows bound a smaller one.**%n%n",
                        name,
                        100 * figures.last("unsent")));
            }
        }
        Files.deleteIfExists(results.resolve(run + ".acks"));
    }

    /** Bytes a request of 50 events. */
    private double allocated(Child bare, int port, List<String> load) throws IOException, InterruptedException {
        String run = run("alloc");
        try (Child generator = generator(port, "alloc", load)) {
            double from = Warmth.awaitSecond(generator, WARMUP);
            Allocations before = Allocations.of(bare.pid());
            long began = System.nanoTime();
            double to = Warmth.awaitSecond(generator, WARMUP - 1 + seconds());
            double bytes = Allocations.of(bare.pid()).since(before, Role.LOOPS);
            double lasted = (System.nanoTime() - began) / 1e9;
            generator.end(WAIT_SECONDS, 0, 3);
            double rate = LoadWindow.acked(Files.readString(results.resolve(run + ".json")), from, to)
                    .rate();
            return bytes / (rate / BATCH * lasted);
        } finally {
            Files.deleteIfExists(results.resolve(run + ".acks"));
        }
    }

    private int seconds() {
        return options.quick() ? 3 : LOAD_SECONDS;
    }

    private Child generator(int port, String name, List<String> load) throws IOException, InterruptedException {
        List<String> times = List.of("--warmup", WARMUP + "s", "--duration", seconds() + "s");
        return options.processes(results).load("load-" + name, run(name), port, load, times);
    }

    /** A run has 8 letters. */
    private static String run(String name) {
        return (name + "00000000").replaceAll("[^a-z0-9]", "").substring(0, 8);
    }

    /** By the client of scripts/bench pixel, in turns with nginx; without one of the two, nothing. */
    private void pixels(Child bare, int port) throws IOException, InterruptedException {
        if (!Nginx.isThere() || !Files.isExecutable(Path.of("/usr/bin/wrk"))) {
            System.err.println("pixels: nginx or wrk is not there (scripts/bench pixel installs them)");
            return;
        }
        Certificate certificate = Certificate.canBeMade() ? Certificate.make(results, "localhost") : null;
        try (Nginx nginx = new Nginx(options.scenarios(), results, certificate != null)) {
            for (int connections : List.of(256, 64)) {
                String url = Processes.url(port);
                wrk(url, connections);
                Figures figures = turns(bare, url, Processes.url(nginx.port()), connections);
                add("c" + connections, figures, "pixels, " + connections + " connections", "");
            }
            if (certificate == null) {
                System.err.println("pixels over TLS: openssl is not there (scripts/bench pixel installs it)");
            } else {
                tlsPixels(certificate, nginx);
            }
        }
        Files.deleteIfExists(results.resolve("nginx/access.log"));
    }

    /** In a process of its own: what TLS takes of the start and the memory is not in other rows. */
    private void tlsPixels(Certificate certificate, Nginx nginx) throws IOException, InterruptedException {
        String file = certificate.file().toString();
        String key = certificate.key().toString();
        String path = System.getProperty("java.class.path");
        try (Child bare = jvm("bare-tls", path, BARE, List.of(), file, key)) {
            String url =
                    tlsUrl(Integer.parseInt(bare.await(LISTENING, WAIT_SECONDS).group(1)));
            warm(bare, url);
            Figures figures = turns(bare, url, tlsUrl(nginx.tlsPort()), TLS_CONNECTIONS);
            add("tls-c" + TLS_CONNECTIONS, figures, "pixels over TLS, " + TLS_CONNECTIONS + " connections", ", TLS");
        }
    }

    /** Nothing has asked it before: until its compilers have little left to do. */
    private void warm(Child bare, String url) throws IOException, InterruptedException {
        for (int i = 0; i < (options.quick() ? QUICK_WARM_RUNS : WARM_RUNS); i++) {
            CpuUse before = CpuUse.of(bare.pid());
            wrk(url, TLS_CONNECTIONS);
            if (Warmth.compiled(CpuUse.of(bare.pid()).since(before))) {
                return;
            }
        }
        notes.append("**The compilers of the server over TLS had not done yet when it was asked.**\n\n");
    }

    private static String tlsUrl(int port) {
        return "https://127.0.0.1:" + port;
    }

    private Figures turns(Child bare, String url, String nginx, int connections)
            throws IOException, InterruptedException {
        Figures figures = new Figures();
        for (int round = 0; round < (options.quick() ? 1 : ROUNDS); round++) {
            // nginx has nothing to do meanwhile.
            Others shared = Others.now(bare);
            long before = CpuUse.of(bare.pid()).process().total();
            double rate = wrk(url, connections);
            double used = CpuUse.of(bare.pid()).process().total() - before;
            machine.add("others", Others.now(bare).since(shared));
            figures.add("rate", rate);
            figures.add("cpu", used / 1e3 / (rate * SECONDS));
            figures.add("nginx", wrk(nginx, connections));
        }
        return figures;
    }

    /** @param kind what the lines end with */
    private void add(String kind, Figures figures, String way, String beside) {
        add("pixel-" + kind, figures.of("rate"), "requests/s", "a server that only answers, " + way);
        double ratio = figures.of("rate") / figures.of("nginx");
        add("pixel-ratio-" + kind, ratio, "ratio", "– beside nginx in turns" + beside);
        add("pixel-cpu-" + kind, figures.of("cpu"), "us", "– CPU a request" + beside);
    }

    private double wrk(String url, int connections) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c" + connections, "-d" + SECONDS + "s"));
        FIELDS.forEach(field -> command.addAll(List.of("-H", field)));
        command.add(url + PIXEL);
        try (Child wrk = new Child("wrk", options.root(), results.resolve("wrk.log"), command, Map.of())) {
            Matcher rate = wrk.await(REQUESTS, WAIT_SECONDS);
            return Double.parseDouble(rate.group(1));
        }
    }
}
