package io.sluice.scenario;

import io.sluice.ladder.Child;
import io.sluice.ladder.Figures;
import io.sluice.ladder.LoadWindow;
import io.sluice.process.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** From the start of the process to the first event that is acknowledged. */
@Command(
        name = "start",
        header = "How long a gateway takes from its start until it is ready, and until its first event is on disk.",
        description = {
            "",
            "With an empty journal, without and with the AOT cache that scripts/run makes, and with a journal that a "
                    + "gateway which was killed has left. Ready means that it has said so, and that /readyz agrees."
        },
        sortOptions = false)
final class StartCommand implements Callable<Integer> {

    private static final double START_SECONDS = 120;
    private static final double FILL_SECONDS = 1200;
    private static final String EVENT = "{\"event\":\"hello\"}";

    private static final Goal EMPTY = new Goal("ready_ms", false, 400);
    private static final Goal ADOPTING = new Goal("ready_ms", false, 2_000);

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Option(
            names = "--starts",
            paramLabel = "N",
            defaultValue = "5",
            description = "Of which medians are printed. Default: ${DEFAULT-VALUE}")
    private int starts;

    @Option(
            names = "--journal",
            paramLabel = "MIB",
            defaultValue = "1024",
            description = "Undelivered journal to adopt, in MiB. Default: ${DEFAULT-VALUE}")
    private int journalMib;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.begin(spec);
        Path results = options.results("start");
        int wanted = options.quick() ? 1 : starts;
        List<String> cached = options.cache();
        List<String> titles = new ArrayList<>();
        List<Figures> rows = new ArrayList<>();
        StringBuilder lines = new StringBuilder();

        Figures plain = starts(results.resolve("empty"), List.of(), wanted, false);
        add(titles, rows, lines, "start", "empty journal, without a cache", plain, EMPTY);
        if (!cached.isEmpty()) {
            Figures fast = starts(results.resolve("empty-aot"), cached, wanted, false);
            add(titles, rows, lines, "start-aot", "empty journal, AOT cache", fast, EMPTY);
        }
        int mib = options.quick() ? Math.min(journalMib, 64) : journalMib;
        Path full = Files.createDirectories(results.resolve("full"));
        fill(full, mib);
        Figures adopting = starts(full, cached, wanted, true);
        String title = mib + " MiB to adopt" + (cached.isEmpty() ? "" : ", AOT cache");
        add(titles, rows, lines, "start-adopt", title, adopting, ADOPTING);
        Whole.delete(full.resolve("data"));

        String report = "    scripts/bench start --starts " + wanted + " --journal " + mib + "\n\n" + options.machine()
                + "\n\n" + table(titles, rows);
        options.end("start", results, report, lines.toString());
        return 0;
    }

    private static void add(
            List<String> titles,
            List<Figures> rows,
            StringBuilder lines,
            String name,
            String title,
            Figures figures,
            Goal goal) {
        titles.add(title);
        rows.add(figures);
        lines.append(Report.line(name, goal, goal.value(figures), goal.met(figures)))
                .append(String.format(
                        Locale.ROOT,
                        " first_ack_ms=%.0f least=%.0f most=%.0f%n",
                        figures.of("first_ms"),
                        figures.least("ready_ms"),
                        figures.most("ready_ms")));
    }

    /** @param same whether all start on the same journal, which each leaves by dying, else each on an empty one */
    private Figures starts(Path directory, List<String> jvm, int wanted, boolean same)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Figures figures = new Figures();
        for (int i = 0; i < wanted; i++) {
            Path data = directory.resolve("data");
            if (!same) {
                Whole.delete(data);
            }
            start(directory, data, jvm, figures);
        }
        Files.writeString(directory.resolve("figures.txt"), figures.toString());
        if (!same) {
            Whole.delete(directory.resolve("data"));
        }
        return figures;
    }

    private void start(Path directory, Path data, List<String> jvm, Figures figures)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (Child gateway = gateway(directory, data, jvm)) {
            int port = port(gateway, "takes beacons on .*:(\\d+)$");
            int adminPort = port(gateway, "admin +http://.*:(\\d+)/");
            Http.get(adminPort, "/readyz");
            long ready = System.nanoTime();
            Http.call("POST", port, "/v1/events?k=demo", EVENT);
            long first = System.nanoTime();
            figures.add("ready_ms", (ready - began) / 1e6);
            figures.add("first_ms", (first - began) / 1e6);
            System.err.printf(Locale.ROOT, "ready after %.0f ms%n", (ready - began) / 1e6);
        }
    }

    private static int port(Child gateway, String pattern) throws IOException, InterruptedException {
        return Integer.parseInt(
                gateway.await(Pattern.compile(pattern), START_SECONDS).group(1));
    }

    /** It delivers nothing, and is killed in the end: what it has taken is left to whoever comes next. */
    private Child gateway(Path directory, Path data, List<String> jvm) throws IOException {
        List<String> all = new ArrayList<>(List.of("@" + options.root().resolve("config/jvm.options")));
        all.addAll(jvm);
        return Child.java(
                options.root(),
                directory,
                "gateway",
                options.gatewayClassPath(),
                all,
                Map.of("SLUICE_DELIVERY_DESTINATION", "none"),
                "io.sluice.bootstrap.Main",
                List.of("serve", "--port", "0", "--admin-port", "0", "--data", data.toString()));
    }

    private void fill(Path directory, int mib) throws IOException, InterruptedException {
        System.err.println("filling a journal of " + mib + " MiB");
        try (Child gateway = gateway(directory, directory.resolve("data"), List.of())) {
            int port = port(gateway, "takes beacons on .*:(\\d+)$");
            int adminPort = port(gateway, "admin +http://.*:(\\d+)/");
            Processes processes = options.processes(directory);
            List<String> times = List.of("--duration", (int) FILL_SECONDS + "s");
            try (Child load = processes.load("load", "fill0000", port, List.of("--flat-out"), times)) {
                do {
                    load.await(LoadWindow.PROGRESS, START_SECONDS);
                } while (Metrics.of(adminPort).of("sluice_journal_bytes_total") < mib * (double) (1 << 20));
                load.stop();
            }
            Files.deleteIfExists(directory.resolve("fill0000.acks"));
        }
    }

    static String table(List<String> titles, List<Figures> rows) {
        StringBuilder text =
                new StringBuilder("| ms from the start of the process | ready | least | most | first event on disk |\n"
                        + "|---|---:|---:|---:|---:|\n");
        for (int i = 0; i < rows.size(); i++) {
            Figures row = rows.get(i);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.0f | %.0f | %.0f |%n",
                    titles.get(i),
                    row.of("ready_ms"),
                    row.least("ready_ms"),
                    row.most("ready_ms"),
                    row.of("first_ms")));
        }
        return text.toString();
    }
}
