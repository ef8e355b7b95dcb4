package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.BeaconClient;
import io.sluice.testing.Delivered;
import io.sluice.testing.SluiceProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The gateway's own manifests against the gateway's own objects. */
@Timeout(180)
class ReconcileEndToEndTest {

    private static final int BATCHES = 40;
    private static final int EVENTS = 25;

    @TempDir
    private Path data;

    @Test
    void aKilledGatewayAccountsForEverythingItAcknowledged() throws Exception {
        try (SluiceProcess sluice = SluiceProcess.start(data)) {
            send(sluice);
            sluice.kill();
        }
        try (SluiceProcess sluice = SluiceProcess.start(data)) {
            send(sluice);
            assertThat(sluice.terminate()).isZero();
        }
        Map<String, Object> all = reconcile(0);
        int lines = 2 * BATCHES * EVENTS;
        assertThat((Map<?, ?>) all.get("shops"))
                .hasToString("{demo={accepted=" + lines + ", rejected=" + 2 * BATCHES + ", erased=0, acceptedFound="
                        + lines + ", rejectedFound=" + 2 * BATCHES + "}}");
        assertThat(records(all, "expected")).isEqualTo(lines + 2L * BATCHES);
        assertThat(records(all, "found")).isEqualTo(lines + 2L * BATCHES);
        assertThat(all)
                .containsEntry("pendingBlocks", 0L)
                .containsEntry("unheardBlocks", 0L)
                .containsEntry("foreign", 0L);
        assertThat(records(all, "withoutManifest")).isZero();

        Path object = Delivered.objects(data.resolve("s3/events")).getFirst();
        int lost = Delivered.lines(object).size();
        Files.delete(object);
        Map<String, Object> rest = reconcile(1);
        assertThat(records(rest, "missing")).isEqualTo(lost);
        assertThat((List<?>) rest.get("gaps")).isNotEmpty();
    }

    @Test
    void whatIsGoneWithItsManifestIsMissedByTheJournal() throws Exception {
        try (SluiceProcess sluice = SluiceProcess.start(data)) {
            send(sluice);
            assertThat(sluice.terminate()).isZero();
        }
        // As where S3 refuses Firehose for longer than its retention: it takes both, and loses both.
        try (Stream<Path> lost = Files.walk(data.resolve("s3"))) {
            for (Path object : lost.filter(Files::isRegularFile).toList()) {
                Files.delete(object);
            }
        }
        try (SluiceProcess sluice = SluiceProcess.start(data)) {
            send(sluice);
            assertThat(sluice.terminate()).isZero();
        }
        Map<String, Object> result = reconcile(1);
        assertThat(result).containsEntry("pendingBlocks", 0L).containsEntry("gapCount", 0L);
        assertThat((Long) result.get("unheardBlocks")).isPositive();
        assertThat(result.get("problems").toString()).contains("neither they nor their manifests are there");
    }

    private static void send(SluiceProcess sluice) throws Exception {
        try (BeaconClient client = new BeaconClient(sluice.port())) {
            for (int batch = 0; batch < BATCHES; batch++) {
                String events = "{\"event\":\"search\",\"shop\":\"other\",\"props\":{\"shop\":\"x\",\"rt\":1}}\n";
                // What is anonymised tells its hour only, and counts for the first minute of it, in seals and in lines.
                String header = batch % 2 == 0 ? "Sec-GPC: 1" : "X-Any: 1";
                BeaconClient.Answer answer =
                        client.post("/v1/events?k=demo", events.repeat(EVENTS) + "{\"none\":1}\n", header);
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            }
        }
    }

    private static long records(Map<String, Object> json, String name) {
        return (Long) ((Map<?, ?>) json.get(name)).get("records");
    }

    private Map<String, Object> reconcile(int expectedExit) {
        CommandLine line = Main.commandLine();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int exit = line.execute(
                "reconcile",
                "--full",
                "--json",
                "--from-dir",
                data.resolve("s3").toString(),
                "--journal",
                data.resolve("journal").toString());
        assertThat(exit).as(out + "\n" + err).isEqualTo(expectedExit);
        return Delivered.parse(out.toString());
    }
}
