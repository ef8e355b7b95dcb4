package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Position;
import io.sluice.lab.LabProcess;
import io.sluice.oracle.OracleCommand;
import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import io.sluice.testing.GatewayProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Generator, the real gateway and the lab, each a process or what it runs, with every fifth record refused and a time
 * in which no call is answered: nothing is lost, and both sides count the same.
 */
@Timeout(180)
class FirehoseFaultsTest {

    private static final String PARTIAL = "{\"fault\": \"partial\", \"rate\": 0.2}";

    private static final Pattern COUNTER = Pattern.compile("\"([a-zA-Z:-]+)\": (\\d+)");

    /** Of a {@link Position}'s text, at its end. */
    private static final int INDEX_DIGITS = 4;

    /**
     * Small blocks, sealed soon, so that a few seconds have many of them; little patience with a call; and nothing but
     * the blocks of events, so that the sums are theirs.
     */
    private static final String CONFIG = """
            block: {limit: 64KiB, linger-max: 100ms}
            intake: {max-event: 32KiB}
            delivery:
              destination: firehose
              manifests: {send: off}
              firehose: {region: us-east-1, endpoint: "%s", timeout: 2s}
            groups:
              - {name: events, quota: 20MiB}
              - {name: rejected, quota: 20MiB}
            """;

    @TempDir
    Path directory;

    private LabProcess lab;
    private String url;
    private GatewayProcess gateway;

    // What the gateway counted when everything was delivered.
    private long calls;
    private long delivered;
    private long throttled;
    private long unknown;
    private long retried;
    private long billedBytes;
    /** What the lab counted, in sum. */
    private String counters;

    @Test
    void whatWasNeverTakenIsSentAgainAndNothingIsThereTwice() throws Exception {
        String verdict = run("before");

        assertThat(verdict).contains("lost=0 duplicates=0 phantom=0").contains("exit 0");
        assertThat(calls).isEqualTo(lab("calls"));
        assertThat(throttled).isEqualTo(lab("fault:partial")).isPositive();
        assertThat(unknown).isEqualTo(lab("fault:black-hole")).isPositive();
        assertThat(retried).isEqualTo(throttled + unknown).isEqualTo(lab("recordsRefused"));
        assertThat(delivered).isEqualTo(lab("recordsStored")).isEqualTo(lab("storedAnsweredOk"));
        assertThat(billedBytes).isEqualTo(lab("bytesBilled"));
        assertThat(secondCopies()).isZero();
    }

    @Test
    void onlyBlocksOfUnknownOutcomeAreThereTwice() throws Exception {
        String verdict = run("after");

        assertThat(verdict)
                .contains("lost=0")
                .contains("phantom=0")
                .contains("resent=0")
                .contains("exit 0");
        assertThat(calls).isEqualTo(lab("calls"));
        // A call that is never answered may have had records refused as well as stored.
        assertThat(throttled + unknown).isEqualTo(lab("fault:partial") + lab("storedNeverAnswered"));
        assertThat(retried).isEqualTo(throttled + unknown);
        assertThat(delivered).isEqualTo(lab("storedAnsweredOk"));
        assertThat(lab("bytesBilled")).isGreaterThan(billedBytes);
        assertThat(secondCopies()).isEqualTo(lab("storedNeverAnswered")).isBetween(1L, unknown);
    }

    /** Three processes' worth of traffic with faults, to the end. @return the oracle's words */
    private String run(String when) throws Exception {
        String[] options = {
            "--streams",
            "sluice-events=events/,sluice-rejected=rejected/",
            "--buffer-interval",
            "1s",
            "--quota",
            "20MiB"
        };
        try (LabProcess started = new LabProcess(directory.resolve("lab"), options)) {
            lab = started;
            url = lab.url();
            try (GatewayProcess process = new GatewayProcess(directory.resolve("data"), CONFIG.formatted(url))) {
                gateway = process;
                setFaults(PARTIAL + ", {\"fault\": \"black-hole\", \"when\": \"" + when + "\"}");
                CompletableFuture<String> load = CompletableFuture.supplyAsync(this::load);
                // Polls a condition, not a time; the test's own timeout is the deadline.
                while (lab("callsNeverAnswered", counters()) < 2) {
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                setFaults(PARTIAL);
                String printed = load.get();
                // A machine that is busy may not send all in time, which is no matter here.
                assertThat(printed).contains("refused=0 unknown=0");
                awaitDelivered();
                calls = gateway.metric("sluice_firehose_calls_total");
                delivered = gateway.metric("sluice_delivery_blocks_total");
                throttled = gateway.metric("sluice_firehose_throttled_total");
                unknown = gateway.metric("sluice_firehose_unknown_total");
                retried = gateway.metric("sluice_firehose_retried_total");
                billedBytes = gateway.metric("sluice_firehose_billed_bytes_total");
                assertThat(gateway.metric("sluice_delivery_parked_blocks_total"))
                        .isZero();
                assertThat(gateway.stop()).isZero();
            }
            counters = counters();
            lab.terminate();
            assertThat(lab.exitCode()).isZero();
        }
        return execute(
                new CommandLine(new OracleCommand()),
                "--acks",
                directory.resolve("faults01.acks").toString(),
                directory.resolve("lab").toString());
    }

    private String load() {
        return execute(
                Main.commandLine(),
                "--url",
                gateway.url(),
                "--rate",
                "2000",
                "--duration",
                "7s",
                "--run",
                "faults01",
                "--out",
                directory.toString());
    }

    /** What the lab has counted, in sum. */
    private String counters() throws Exception {
        String json = send(HttpRequest.newBuilder(URI.create(url + "/lab/counters")));
        return json.substring(json.indexOf("\"total\""), json.indexOf("\"streams\""));
    }

    private void setFaults(String rules) throws Exception {
        String json = "{\"rules\": [" + rules + "]}";
        send(HttpRequest.newBuilder(URI.create(url + "/lab/faults")).PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        }
    }

    /** Polls a condition; the test's own timeout is the deadline. */
    private void awaitDelivered() throws Exception {
        while (gateway.metric("sluice_events_under_way")
                        + gateway.metric("sluice_blocks_open")
                        + gateway.metric("sluice_journal_pending")
                        + gateway.metric("sluice_firehose_window_bytes")
                > 0) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private long lab(String counter) {
        return lab(counter, counters);
    }

    private static long lab(String counter, String counters) {
        Matcher matcher = COUNTER.matcher(counters);
        while (matcher.find()) {
            if (matcher.group(1).equals(counter)) {
                return Long.parseLong(matcher.group(2));
            }
        }
        throw new AssertionError("there is no " + counter + " in " + counters);
    }

    /** How often a first line of a block was found again. */
    private long secondCopies() throws IOException {
        String first = "0".repeat(INDEX_DIGITS) + "\"}";
        Set<String> seen = new HashSet<>();
        long again = 0;
        List<Path> objects;
        try (Stream<Path> files = Files.walk(directory.resolve("lab/s3"))) {
            objects =
                    files.filter(file -> file.toString().endsWith(".jsonl.gz")).toList();
        }
        for (Path object : objects) {
            try (InputStream in = BlockReader.open(Encoding.GZIP, Files.newInputStream(object));
                    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.endsWith(first) && !seen.add(line)) {
                        again++;
                    }
                }
            }
        }
        assertThat(seen).isNotEmpty();
        return again;
    }

    private static String execute(CommandLine line, String... arguments) {
        StringWriter printed = new StringWriter();
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(printed));
        int exit = line.execute(arguments);
        return printed + "exit " + exit;
    }
}
