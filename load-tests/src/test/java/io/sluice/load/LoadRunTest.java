package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A whole run against a gateway that does what a test wants. */
@Timeout(120)
class LoadRunTest {

    private static final Pattern ID = Pattern.compile("\"id\":\"(e-[0-9a-z]{8}-[0-9]{12})\"");

    @TempDir
    Path out;

    @Test
    void aStallCountsForEveryRequestThatHadToWaitForIt() throws Exception {
        AtomicBoolean stalled = new AtomicBoolean();
        try (FakeGateway gateway = new FakeGateway((number, request) -> {
            if (number >= 30 && stalled.compareAndSet(false, true)) {
                TimeUnit.SECONDS.sleep(1);
            }
            return FakeGateway.TAKEN;
        })) {
            RunReport report = run(gateway, "--rate", "100", "--batch", "1", "--connections", "1", "--duration", "2s");
            Histogram latencies = report.latencies();
            // One answer was slow. Of the 100 requests due in that second some 80 were due 200 ms before its end.
            assertThat(latencies.getMaxValue()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(980));
            long waited = latencies.getCountBetweenValues(TimeUnit.MILLISECONDS.toNanos(200), LoopStats.MAX_NANOS);
            assertThat(waited).isGreaterThanOrEqualTo(75);
            assertThat(report.total(Tally.ACKED)).isEqualTo(report.total(Tally.SENT));
        }
    }

    @Test
    void sendsAsManyEventsAsTheScheduleWants() throws Exception {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        try (FakeGateway gateway = taking(ids)) {
            RunReport report = run(
                    gateway,
                    "--ramp",
                    "1s:200..400",
                    "--rate",
                    "400",
                    "--duration",
                    "500ms",
                    "--warmup",
                    "250ms",
                    "--batch",
                    "10",
                    "--threads",
                    "2",
                    "--connections",
                    "8");
            assertThat(report.planned()).isEqualTo(50 + 300 + 200);
            assertThat(report.total(Tally.SENT) + report.unsent()).isBetween(550L, 560L);
            assertThat(ids).hasSize((int) report.total(Tally.SENT));
            assertThat(report.latencies().getTotalCount()).isBetween(1L, report.total(Tally.ACKED) / 10 - 5);
        }
    }

    @Test
    void whatIsRefusedWithRetryAfterIsSentAgainWithItsNumbers() throws Exception {
        Set<String> refused = ConcurrentHashMap.newKeySet();
        Set<String> taken = ConcurrentHashMap.newKeySet();
        try (FakeGateway gateway = new FakeGateway((number, request) -> {
            (number < 3 ? refused : taken).addAll(ids(request));
            return number < 3
                    ? FakeGateway.answer("503 Service Unavailable", "Retry-After: 0\r\n", "{}")
                    : FakeGateway.TAKEN;
        })) {
            RunReport report = run(gateway, "--rate", "100", "--batch", "5", "--connections", "4", "--duration", "1s");
            assertThat(taken).containsAll(refused).hasSize((int) report.total(Tally.SENT));
            assertThat(report.total(Tally.RETRIED)).isEqualTo(3);
            assertThat(report.total(Tally.ACKED)).isEqualTo(report.total(Tally.SENT));
            assertThat(report.statuses()).containsEntry(503, 3L);
            assertThat(report.complete()).isTrue();
        }
    }

    @Test
    void withoutRetriesARefusalIsFinal() throws Exception {
        try (FakeGateway gateway = new FakeGateway((number, request) -> number % 2 == 0
                ? FakeGateway.answer("503 Service Unavailable", "Retry-After: 0\r\n", "{}")
                : FakeGateway.TAKEN)) {
            RunReport report = run(
                    gateway,
                    "--retry",
                    "none",
                    "--rate",
                    "100",
                    "--batch",
                    "5",
                    "--connections",
                    "1",
                    "--duration",
                    "500ms");
            assertThat(report.total(Tally.REFUSED)).isPositive();
            assertThat(report.total(Tally.RETRIED)).isZero();
            assertThat(report.total(Tally.REFUSED) + report.total(Tally.ACKED)).isEqualTo(report.total(Tally.SENT));
            assertThat(report.complete()).isFalse();
        }
    }

    @Test
    void aRefusalThatOutlastsTheRunIsARefusal() throws Exception {
        try (FakeGateway gateway = new FakeGateway(
                (number, request) -> FakeGateway.answer("503 Service Unavailable", "Retry-After: 3600\r\n", "{}"))) {
            RunReport report =
                    run(gateway, "--rate", "100", "--batch", "5", "--connections", "2", "--duration", "300ms");
            assertThat(report.total(Tally.REFUSED))
                    .isEqualTo(report.total(Tally.SENT))
                    .isPositive();
            assertThat(report.total(Tally.ACKED)).isZero();
        }
    }

    @Test
    void whatIsUnderWayOnALostConnectionIsUnknown() throws Exception {
        try (FakeGateway gateway = new FakeGateway((number, request) -> number == 5 ? null : FakeGateway.TAKEN)) {
            RunReport report = run(gateway, "--rate", "100", "--batch", "5", "--connections", "2", "--duration", "1s");
            assertThat(report.total(Tally.UNKNOWN)).isEqualTo(5);
            assertThat(report.total(Tally.LOST)).isEqualTo(1);
            assertThat(report.total(Tally.ACKED)).isEqualTo(report.total(Tally.SENT) - 5);
            assertThat(gateway.connections()).isEqualTo(3);
        }
    }

    @Test
    void whatIsUnderWayOnALostConnectionIsSentAgainIfAsked() throws Exception {
        Set<String> lost = ConcurrentHashMap.newKeySet();
        Set<String> taken = ConcurrentHashMap.newKeySet();
        try (FakeGateway gateway = new FakeGateway((number, request) -> {
            (number == 5 ? lost : taken).addAll(ids(request));
            return number == 5 ? null : FakeGateway.TAKEN;
        })) {
            RunReport report = run(
                    gateway,
                    "--retry",
                    "all",
                    "--rate",
                    "100",
                    "--batch",
                    "5",
                    "--connections",
                    "2",
                    "--duration",
                    "1s");
            assertThat(lost).hasSize(5);
            assertThat(taken).containsAll(lost);
            assertThat(report.total(Tally.ACKED)).isEqualTo(report.total(Tally.SENT));
        }
    }

    @Test
    void anAnswerThatDoesNotTakeAllIsNoAck() throws Exception {
        try (FakeGateway gateway = new FakeGateway((number, request) -> number == 2
                ? FakeGateway.answer("200 OK", "", "{\"accepted\":4,\"rejected\":1,")
                : FakeGateway.TAKEN)) {
            RunReport report = run(gateway, "--rate", "100", "--batch", "5", "--connections", "2", "--duration", "1s");
            assertThat(report.total(Tally.PART_TAKEN)).isEqualTo(1);
            assertThat(report.total(Tally.UNKNOWN)).isEqualTo(5);
        }
    }

    @Test
    void connectionsAreExchangedAfterSoManyRequests() throws Exception {
        try (FakeGateway gateway = new FakeGateway((number, request) -> FakeGateway.TAKEN)) {
            RunReport report = run(
                    gateway, "--churn", "5", "--rate", "100", "--batch", "1", "--connections", "2", "--duration", "1s");
            assertThat(report.total(Tally.CONNECTED)).isGreaterThanOrEqualTo(report.total(Tally.REQUESTS) / 5);
            assertThat(report.total(Tally.LOST)).isZero();
            assertThat(report.total(Tally.ACKED)).isEqualTo(report.total(Tally.SENT));
        }
    }

    @Test
    void flatOutItSendsAsAnswersCome() throws Exception {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        try (FakeGateway gateway = taking(ids)) {
            RunReport report = run(
                    gateway,
                    "--flat-out",
                    "--pipeline",
                    "2",
                    "--connections",
                    "4",
                    "--batch",
                    "20",
                    "--duration",
                    "500ms");
            assertThat(report.total(Tally.SENT)).isGreaterThan(400);
            assertThat(report.total(Tally.ACKED)).isEqualTo(report.total(Tally.SENT));
            assertThat(ids).hasSize((int) report.total(Tally.SENT));
            assertThat(report.complete()).isTrue();
        }
    }

    @Test
    void aRunThatIsStoppedReportsWhatWasDone() throws Exception {
        LoadRun[] run = new LoadRun[1];
        try (FakeGateway gateway = new FakeGateway((number, request) -> {
            if (number == 20) {
                run[0].stop();
            }
            return FakeGateway.TAKEN;
        })) {
            run[0] = new LoadRun(
                    options(gateway.url(), "--rate", "100", "--batch", "1", "--connections", "2", "--duration", "1h"),
                    silent());
            RunReport report = run[0].run();
            assertThat(report.interrupted()).isTrue();
            assertThat(report.total(Tally.ACKED)).isBetween(20L, 1_000L);
            assertThat(HtmlReport.render(report))
                    .contains("interrupted")
                    .contains("<svg")
                    .doesNotContain("http-equiv");
        }
    }

    @Test
    void reportsStandAlone() throws Exception {
        try (FakeGateway gateway = new FakeGateway((number, request) -> FakeGateway.TAKEN)) {
            RunReport report = run(gateway, "--rate", "100", "--batch", "5", "--connections", "2", "--duration", "1s");
            String html = HtmlReport.render(report);
            assertThat(html).contains("polyline").doesNotContain("NaN").doesNotContain("Infinity");
            assertThat(html).doesNotContain("src=").doesNotContain("href=").doesNotContain("<script");
            String json = JsonReport.render(report);
            assertThat(json).contains("\"acked\": " + report.total(Tally.ACKED)).contains("\"p99.9\": ");
            assertThat(json).contains("\"partTaken\": 0").contains("\"statuses\": {\"200\": ");
        }
    }

    @Test
    void nobodyListeningIsAFailureInWords() throws Exception {
        FakeGateway gone = new FakeGateway((number, request) -> FakeGateway.TAKEN);
        gone.close();
        LoadRun run = new LoadRun(options(gone.url(), "--connections", "1"), silent());
        run.stop();
        assertThatThrownBy(run::run).isInstanceOf(IOException.class).hasMessageContaining("is the gateway running?");
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void whatBelongsToOthersIsNotLoadedUnawares() {
        assertThatThrownBy(() -> options("http://192.0.2.1:8080")).hasMessageContaining("--yes-i-own-this-host");
        assertThat(options("http://192.0.2.1:8080", "--yes-i-own-this-host")
                        .targets()
                        .getFirst()
                        .getPort())
                .isEqualTo(8080);
        assertThatThrownBy(() -> options("https://127.0.0.1")).hasMessageContaining("http://HOST:PORT");
        assertThatThrownBy(() -> options("http://127.0.0.1:1", "--duration", "49h"))
                .hasMessageContaining("48h");
        assertThatThrownBy(() -> options("http://127.0.0.1:1", "--duration", "0s"))
                .hasMessageContaining("more than 0");
        assertThatThrownBy(() -> options("http://127.0.0.1:1", "--protocol", "smtp"))
                .hasMessageContaining("pixel");
        assertThatThrownBy(() -> options("http://127.0.0.1:1", "--protocol", "pixel", "--batch", "2"))
                .hasMessageContaining("1 to 1");
        assertThatThrownBy(() -> options("http://127.0.0.1:1", "--flat-out", "--rate", "5"))
                .hasMessageContaining("--flat-out");
    }

    @Test
    void aSignalEndsItInOrderWithItsReport() throws Exception {
        try (FakeGateway gateway = new FakeGateway((number, request) -> FakeGateway.TAKEN)) {
            Process process = new ProcessBuilder(
                            // A shell has what it starts in the background ignore the signal, and so its children.
                            "env",
                            "--default-signal=INT",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.sluice.load.Main",
                            "--url",
                            gateway.url(),
                            "--rate",
                            "100",
                            "--batch",
                            "1",
                            "--connections",
                            "1",
                            "--duration",
                            "10m",
                            "--run",
                            "signaled",
                            "--out",
                            out.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(out.resolve("log").toFile())
                    .start();
            try {
                while (gateway.requests() < 20) {
                    assertThat(process.isAlive())
                            .as(Files.readString(out.resolve("log")))
                            .isTrue();
                    Thread.sleep(5);
                }
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                String log = Files.readString(out.resolve("log"));
                assertThat(process.exitValue()).as(log).isEqualTo(130);
                assertThat(log).contains("RESULT name=load run=signaled").contains("unknown=0");
                assertThat(out.resolve("signaled.html")).exists();
                assertThat(Files.readString(out.resolve("signaled.json"))).contains("\"interrupted\": true");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static FakeGateway taking(Set<String> ids) throws IOException {
        return new FakeGateway((number, request) -> {
            for (String id : ids(request)) {
                assertThat(ids.add(id)).as(id).isTrue();
            }
            return FakeGateway.TAKEN;
        });
    }

    private static List<String> ids(String request) {
        List<String> ids = new ArrayList<>();
        for (Matcher matcher = ID.matcher(request); matcher.find(); ) {
            ids.add(matcher.group(1));
        }
        return ids;
    }

    private RunReport run(FakeGateway gateway, String... arguments) throws Exception {
        return new LoadRun(options(gateway.url(), arguments), silent()).run();
    }

    private LoadOptions options(String url, String... arguments) {
        LoadCommand command = new LoadCommand();
        List<String> all = new ArrayList<>(List.of("--url", url, "--out", out.toString()));
        all.addAll(List.of(arguments));
        new CommandLine(command).parseArgs(all.toArray(String[]::new));
        return command.options();
    }

    private static PrintStream silent() {
        return new PrintStream(OutputStream.nullOutputStream());
    }
}
