package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.Sluice;
import io.sluice.cli.audit.AuditCommand;
import io.sluice.load.protocol.LoadProtocols;
import io.sluice.oracle.OracleCommand;
import io.sluice.testing.GatewayProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Generator, the real server as a process of its own, and oracle. */
@Timeout(180)
class LoadEndToEndTest {

    @TempDir
    Path directory;

    @Test
    void whatIsAckedInAnyProtocolIsDeliveredOnceAndNothingElseIs() throws Exception {
        Path shops = directory.resolve("shops.yaml");
        assertThat(load("--write-shops", shops.toString(), "--shops", "20")).contains("exit 0");
        List<String> acks = new ArrayList<>();
        try (GatewayProcess sluice = new GatewayProcess(directory.resolve("data"), "shops:\n  file: " + shops + "\n")) {
            int number = 0;
            for (String protocol : LoadProtocols.names()) {
                String run = "run0000" + number++;
                acks.addAll(List.of("--acks", directory.resolve(run + ".acks").toString()));
                String printed = load(
                        "--url",
                        sluice.url(),
                        "--protocol",
                        protocol,
                        "--shops",
                        "20",
                        "--rate",
                        "500",
                        "--duration",
                        "2s",
                        "--connections",
                        "6",
                        "--churn",
                        "7",
                        "--threads",
                        "2",
                        "--run",
                        run,
                        "--out",
                        directory.toString());
                assertThat(printed).contains("exit 0").contains("refused=0 unknown=0 unsent=0");
            }
            assertThat(sluice.stop()).isZero();
        }
        List<String> arguments = new ArrayList<>(acks);
        arguments.add(directory.resolve("data").toString());
        String verdict = execute(new CommandLine(new OracleCommand()), arguments);
        assertThat(verdict).contains("exit 0").contains("lost=0 duplicates=0 phantom=0");
        assertThat(verdict).contains("unacked=0 foreign=0 damaged=0").doesNotContain("found=0");
    }

    @Test
    void anAuditFindsNothingInWhatTheGeneratorSends() throws Exception {
        Path shops = directory.resolve("shops.yaml");
        assertThat(load("--write-shops", shops.toString(), "--shops", "20")).contains("exit 0");
        try (GatewayProcess sluice = new GatewayProcess(directory.resolve("data"), "shops:\n  file: " + shops + "\n")) {
            for (String protocol : LoadProtocols.names()) {
                // Whether all of it is sent in time does not matter here.
                load(
                        "--url",
                        sluice.url(),
                        "--protocol",
                        protocol,
                        "--shops",
                        "20",
                        "--rate",
                        "200",
                        "--duration",
                        "2s",
                        "--threads",
                        "1",
                        "--out",
                        directory.toString());
            }
            assertThat(sluice.stop()).isZero();
        }
        String objects = directory.resolve("data").resolve("s3").toString();
        String found = execute(Sluice.commandLine(new AuditCommand()), List.of("audit", "--from-dir", objects));
        assertThat(found).contains("exit 0").doesNotContain("lines 0;");
    }

    private static String load(String... arguments) {
        return execute(Main.commandLine(), List.of(arguments));
    }

    private static String execute(CommandLine line, List<String> arguments) {
        StringWriter printed = new StringWriter();
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(printed));
        int exit = line.execute(arguments.toArray(String[]::new));
        return printed + "exit " + exit;
    }
}
