package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.JournalFiles;
import io.sluice.config.ConfigLoader;
import io.sluice.config.SluiceConfig;
import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import io.sluice.testing.BeaconClient;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Delivered;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** What a real server has written, in the journal and in objects, before and after an erasure. */
@Timeout(180)
@ExtendWith(CleanLog.class)
class EraseEndToEndTest {

    private static final String JANE = "visitor-jane";
    private static final String OTTO = "visitor-otto";

    @TempDir
    private Path data;

    private String out;

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void reachesWhatIsKeptAndSaysWhatIsOwed(Encoding encoding) throws Exception {
        Path config = Files.writeString(
                data.resolve("sluice.yaml"),
                "data: " + data + "\ngroups:\n  - name: events\n    encoding: "
                        + encoding.name().toLowerCase(Locale.ROOT) + "\n  - name: rejected\n");
        send(config, "none", OTTO, JANE, OTTO);
        assertThat(erase(config, "--yes")).as("nothing is delivered").isEqualTo(4);
        assertThat(out)
                .contains("journal: 1 lines stay", "sluice replay --journal " + data.resolve("journal"))
                .contains("erased: 0 lines")
                .doesNotContain("--destination", "Stop the gateway")
                .endsWith("NOT done: 1 lines are still in the journal" + System.lineSeparator());
        Files.writeString(data.resolve("none.yaml"), Files.readString(config) + "delivery: {destination: none}\n");
        assertThat(erase(data.resolve("none.yaml"), "--yes")).isEqualTo(4);
        assertThat(out).contains("--destination local|firehose");

        try (Server server = start(config, "local");
                BeaconClient client = new BeaconClient(server.httpPort())) {
            post(client, JANE);
            assertThat(erase(config, "--yes")).as("the server lives").isEqualTo(4);
            assertThat(out)
                    .contains("in the journal of a gateway that runs")
                    .contains("Stop the gateway, so that it delivers what it owes, run this again, and start it")
                    .contains("NOT done: ");
            assertThat(erase(config)).isZero();
            assertThat(out).contains("lines would stay", "nothing was changed");
            server.stop();
        }
        assertThat(erase(config)).as(out).isZero();
        assertThat(out).contains("in what is only kept").contains("nothing was changed");
        assertThat(inJournal(config)).anyMatch(line -> line.contains(JANE));

        assertThat(erase(config, "--yes")).as(out).isZero();
        assertThat(out).contains("segments given up");
        assertThat(inJournal(config)).noneMatch(line -> line.contains(JANE));
        assertThat(Delivered.lines(data.resolve("s3"))).hasSize(2).allMatch(line -> line.contains(OTTO));
        assertThat(reconcile(config)).as(out).isZero();
        assertThat(Files.readString(data.resolve("erasures.ndjson"))).doesNotContain(JANE);

        send(config, "local", OTTO);
        assertThat(Delivered.lines(data.resolve("s3")))
                .as("a later start goes on")
                .hasSize(3);
        assertThat(reconcile(config)).as(out).isZero();
        assertThat(erase(config, "--yes")).as(out).isZero();
    }

    private void send(Path config, String destination, String... visitors) throws Exception {
        try (Server server = start(config, destination);
                BeaconClient client = new BeaconClient(server.httpPort())) {
            for (String visitor : visitors) {
                post(client, visitor);
            }
            server.stop();
        }
    }

    private static void post(BeaconClient client, String visitor) throws IOException {
        assertThat(client.post("/v1/events?k=demo", "{\"event\":\"e\",\"aid\":\"" + visitor + "\"}")
                        .status())
                .isEqualTo(200);
    }

    private List<String> inJournal(Path config) throws Exception {
        List<String> lines = new ArrayList<>();
        new JournalFiles(load(config, "local").journal().keys())
                .visitPlaced(
                        data.resolve("journal"), (incarnation, log, block, group, encoding, first, last, packed) -> {
                            String text = new String(
                                    BlockReader.open(encoding, packed).readAllBytes(), StandardCharsets.UTF_8);
                            text.lines().forEach(lines::add);
                        });
        try (Stream<String> distinct = lines.stream().distinct()) {
            return distinct.toList();
        }
    }

    private static SluiceConfig load(Path config, String destination) throws Exception {
        return new ConfigLoader()
                .file(config)
                .option("test", "http.port", 0)
                .option("test", "admin.port", 0)
                .option("test", "delivery.destination", destination)
                .load();
    }

    private static Server start(Path config, String destination) throws Exception {
        return Server.start(load(config, destination));
    }

    private int erase(Path config, String... options) {
        return execute("erase", config, "--aid", JANE, options);
    }

    private int reconcile(Path config) {
        return execute("reconcile", config, "--full", (String) null);
    }

    private int execute(String command, Path config, String option, String value, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--config", config.toString(), option));
        if (value != null) {
            arguments.add(value);
        }
        arguments.addAll(List.of(options));
        StringWriter printed = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(printed));
        int exit = line.execute(arguments.toArray(String[]::new));
        out = printed.toString();
        return exit;
    }
}
