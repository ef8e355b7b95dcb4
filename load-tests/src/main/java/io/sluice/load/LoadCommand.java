package io.sluice.load;

import io.sluice.bench.traffic.Traffic;
import io.sluice.load.acks.EventId;
import io.sluice.load.protocol.LoadProtocol;
import io.sluice.load.protocol.LoadProtocols;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the load generator. */
@Command(
        name = "load",
        header = "Send numbered events to a gateway, and keep which were acknowledged.",
        description = {
            "",
            "By default an open loop: requests are sent when the schedule wants them, however slow the answers are,"
                    + " and a latency counts from that moment. The same seed makes the same events, apart from times.",
            "Afterwards there are RUN.acks (for scripts/oracle), RUN.json and RUN.html in the output directory."
        },
        sortOptions = false,
        usageHelpAutoWidth = false,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every event was sent in time and acknowledged",
            "1:it failed: no connection, or the file of acks could not be written",
            "2:the command line is wrong",
            "3:done, but events were refused, never answered, or could not be sent in time",
            "130, 143:interrupted (SIGINT, SIGTERM); it ended in order, and the report is there"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  scripts/load                                    1,000 events/s for 30 s to 127.0.0.1:8080",
            "  scripts/load --rate 50k --duration 3m           50,000 events/s for 3 minutes",
            "  scripts/load --ramp 10s:1k..50k --rate 50k      up in 10 s, then 30 s at 50,000",
            "  scripts/load --flat-out --connections 128       as fast as the answers come",
            "  scripts/load --protocol pixel --rate 5k         one GET an event",
            "  scripts/load --write-shops shops.yaml --shops 500",
            "      writes a shops file for the gateway; then: scripts/load --shops 500",
            "  scripts/oracle --acks data/load/RUN.acks data/s3",
            "      whether everything that was acknowledged was delivered",
        })
public final class LoadCommand implements Callable<Integer> {

    static final int FAILED = 1;
    static final int INCOMPLETE = 3;

    private static final Duration MAX_DURATION = Duration.ofHours(48);
    private static final String DEFAULT_RATE = "1k";

    /** Keys have four digits. */
    private static final int MAX_SHOPS = 10_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The gateway, http://HOST:PORT. Default: ${DEFAULT-VALUE}")
    private URI url;

    @Option(
            names = "--yes-i-own-this-host",
            description = "Allow a host that is not this machine. Load on what belongs to others is an attack.")
    private boolean owned;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "demo",
            description = "Write key of all events. Default: ${DEFAULT-VALUE}")
    private String key;

    @Option(
            names = "--shops",
            paramLabel = "N",
            defaultValue = "0",
            description = "Send for N shops, some much busier than others, with the keys shop-0000 and so on. Default:"
                    + " all for the one --key.")
    private int shops;

    @Option(
            names = "--write-shops",
            paramLabel = "FILE",
            description = "Only write a shops file with the N --shops for the gateway's shops.file.")
    private Path writeShops;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "events",
            completionCandidates = Names.class,
            description = "How events are sent: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private String protocol;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            converter = Quantities.Rate.class,
            description = "Events per second: 500, 50k, 1.5M. Default: " + DEFAULT_RATE)
    private Double rate;

    @Option(names = "--flat-out", description = "Send the next request when an answer has come, at any rate.")
    private boolean flatOut;

    @Option(
            names = "--ramp",
            paramLabel = "TIME:FROM..TO",
            converter = Quantities.Ramp.class,
            description =
                    "First go evenly from one rate to another; may be repeated. Without --rate the run ends behind"
                            + " the last ramp.")
    private List<Schedule.Phase> ramps = new ArrayList<>();

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = Quantities.Time.class,
            defaultValue = "30s",
            description = "How long at --rate or flat out: 500ms, 30s, 5m, 2h; at most 48h. Default: ${DEFAULT-VALUE}")
    private Duration duration;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            converter = Quantities.Time.class,
            defaultValue = "0s",
            description = "Before that, send at the first rate without measuring. Default: ${DEFAULT-VALUE}")
    private Duration warmup;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Events per request. Default: 50, or 1 where a request holds one.")
    private Integer batch;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "Connections, all kept open. Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(
            names = "--pipeline",
            paramLabel = "N",
            defaultValue = "1",
            description = "Requests under way on a connection. Default: ${DEFAULT-VALUE}, as browsers do")
    private int pipeline;

    @Option(
            names = "--churn",
            paramLabel = "N",
            defaultValue = "0",
            description = "Close each connection after N requests and open another. Default: never")
    private int churn;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Event loops of the generator. Default: ${DEFAULT-VALUE}, which has sent 640k events/s")
    private int threads;

    @Option(
            names = "--retry",
            paramLabel = "WHAT",
            defaultValue = "honour",
            converter = RetryConverter.class,
            description = {
                "none: nothing is sent twice.",
                "honour: what was refused with Retry-After is sent again then (default).",
                "all: also what was under way on a lost connection, which makes duplicates."
            })
    private LoadOptions.Retry retry;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            converter = Quantities.Time.class,
            defaultValue = "10s",
            description = "How long answers are awaited at the end. Default: ${DEFAULT-VALUE}")
    private Duration drain;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Makes the events. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--run",
            paramLabel = "NAME",
            description = "Names the run in ids and files: 8 of 0-9 a-z. Default: a random one")
    private String run;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "data/load",
            description = "Where acks and reports go. Default: ${DEFAULT-VALUE}")
    private Path out;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** Names of the protocols, for the help. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Names() {
            super(LoadProtocols.names());
        }
    }

    static final class RetryConverter implements picocli.CommandLine.ITypeConverter<LoadOptions.Retry> {
        @Override
        public LoadOptions.Retry convert(String text) {
            for (LoadOptions.Retry retry : LoadOptions.Retry.values()) {
                if (retry.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return retry;
                }
            }
            throw new picocli.CommandLine.TypeConversionException(
                    "'" + text + "' is none of the retries, expected none, honour or all");
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (writeShops != null) {
            return writeShops();
        }
        LoadOptions options = options();
        PrintStream progress = System.err;
        LoadRun loadRun = new LoadRun(options, progress);
        CountDownLatch reported = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            loadRun.stop();
            try {
                reported.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            RunReport report = loadRun.run();
            Files.writeString(options.json(), JsonReport.render(report));
            Files.writeString(options.html(), HtmlReport.render(report));
            TextReport.print(report, spec.commandLine().getOut());
            return report.complete() ? 0 : INCOMPLETE;
        } finally {
            reported.countDown();
            unhook(hook);
        }
    }

    private static void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, which the hook has waited for us to do.
        }
    }

    /** What is asked for, or a {@link ParameterException} that says what is wrong with it. */
    LoadOptions options() {
        LoadProtocol found = LoadProtocols.find(protocol);
        check(found != null, "--protocol is '" + protocol + "', expected one of " + LoadProtocols.names());
        int events = batch == null ? Math.min(50, found.maxEvents()) : batch;
        check(
                events >= 1 && events <= found.maxEvents(),
                "--batch is " + events + ", expected 1 to " + found.maxEvents() + " for --protocol " + protocol);
        check(threads >= 1 && threads <= 64, "--threads is " + threads + ", expected 1 to 64");
        check(
                connections >= threads && connections <= 60_000,
                "--connections is " + connections + ", expected 1 to 60000, and one for each thread");
        check(pipeline >= 1 && pipeline <= 64, "--pipeline is " + pipeline + ", expected 1 to 64");
        check(churn >= 0, "--churn is " + churn + ", expected 0 or more");
        check(shops >= 0 && shops <= MAX_SHOPS, "--shops is " + shops + ", expected 0 to " + MAX_SHOPS);
        check(!flatOut || rate == null && ramps.isEmpty(), "--flat-out goes with neither --rate nor --ramp");
        check(run == null || EventId.isRun(run), "--run is '" + run + "', expected 8 of 0-9 a-z");
        String name = run == null ? EventId.run(new SecureRandom().nextLong()) : run;
        check(!Files.exists(out.resolve(name + ".acks")), "--run is '" + run + "', and there are acks of such a run");
        Schedule schedule = flatOut ? null : schedule();
        Duration whole =
                flatOut ? warmup.plus(duration) : Duration.ofNanos((long) (schedule.seconds() * 1_000_000_000L));
        check(
                whole.isPositive() && whole.compareTo(MAX_DURATION) <= 0,
                "the whole would take " + whole.toSeconds() + " s, expected more than 0 and at most 48h");
        InetSocketAddress target = target();
        return new LoadOptions(
                List.of(target),
                url.getHost() + ":" + target.getPort(),
                key,
                shops,
                found,
                schedule,
                warmup,
                whole,
                events,
                connections,
                pipeline,
                threads,
                churn,
                retry,
                drain,
                seed,
                name,
                out);
    }

    private Schedule schedule() {
        List<Schedule.Phase> phases = new ArrayList<>();
        double steady = rate != null ? rate : Quantities.rate(DEFAULT_RATE);
        double first = ramps.isEmpty() ? steady : ramps.getFirst().fromRate();
        phases.add(new Schedule.Phase(Quantities.seconds(warmup), first, first));
        phases.addAll(ramps);
        if (rate != null || ramps.isEmpty()) {
            phases.add(new Schedule.Phase(Quantities.seconds(duration), steady, steady));
        }
        return new Schedule(phases);
    }

    private InetSocketAddress target() {
        check(
                "http".equals(url.getScheme()) && url.getHost() != null,
                "--url is '" + url + "', expected http://HOST:PORT; TLS is not spoken here");
        InetAddress address;
        try {
            address = InetAddress.getByName(url.getHost());
        } catch (UnknownHostException e) {
            throw wrong("--url names a host that is not known: " + url.getHost());
        }
        check(
                owned || address.isLoopbackAddress(),
                "--url is " + url + ", which is not this machine; if you may load it, add --yes-i-own-this-host");
        return new InetSocketAddress(address, url.getPort() < 0 ? 80 : url.getPort());
    }

    private int writeShops() throws IOException {
        check(shops >= 1 && shops <= MAX_SHOPS, "--write-shops needs --shops 1 to " + MAX_SHOPS);
        StringBuilder yaml = new StringBuilder("shops:\n");
        for (int shop = 0; shop < shops; shop++) {
            String shopKey = Traffic.key(shop);
            yaml.append("  ")
                    .append(shopKey)
                    .append(":\n    keys: [")
                    .append(shopKey)
                    .append("]\n");
        }
        Files.writeString(writeShops, yaml);
        return 0;
    }

    private void check(boolean good, String message) {
        if (!good) {
            throw wrong(message);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
