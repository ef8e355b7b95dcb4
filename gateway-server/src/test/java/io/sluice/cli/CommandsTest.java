package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigLoader;
import io.sluice.shop.ShopsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ShopsCheck shopsCheck = config -> {};
    private CommandLine sluice;

    @TempDir
    private Path directory;

    @BeforeEach
    void commands() {
        sluice = Sluice.commandLine(
                        new CheckCommand(config -> shopsCheck.check(config), config -> List.of()), new VersionCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
    }

    @Test
    void checkPrintsAConfigurationThatIsTakenAgain() throws Exception {
        assertThat(sluice.execute("check", "--port", "0", "--data", "elsewhere"))
                .isEqualTo(ExitCodes.OK);

        assertThat(out.toString()).contains("  port: 0\n", "data: elsewhere\n", "# memory, at most: ", " = heap ");
        assertThat(out.toString())
                .containsPattern("# of that heap, at most: bulk worker 32 MiB \\+ [0-9]+ connections [0-9]+ MiB\n")
                .containsPattern("# beside that sum, at most: [0-9]+ connections [0-9]+ MiB\n");
        assertThat(err.toString()).isEmpty();
        Path file = write("effective.yaml", out.toString());
        assertThat(new ConfigLoader().file(file).load().http().port()).isZero();
    }

    @Test
    void checkSaysWhatEachAutoComesTo() throws Exception {
        Path file = write("sluice.yaml", "http: {loops: 1}\ncommit: {ack: written}\n");
        assertThat(sluice.execute("check", "-c", file.toString())).isEqualTo(ExitCodes.OK);

        assertThat(out.toString())
                .contains(
                        "  loops: 1\n",
                        "  max-in-flight: auto # 16MiB\n",
                        "  max-in-flight-per-connection: auto # 4MiB\n",
                        "  direct: auto # off\n")
                .containsPattern("  transport: auto # (epoll|nio)\n")
                .doesNotContain("auto\n");
    }

    @Test
    void checkReportsEveryProblemOnStandardError() throws IOException {
        Path file = write("sluice.yaml", "http: {prot: 1}\n");

        assertThat(sluice.execute("check", "-c", file.toString(), "--port", "65536"))
                .isEqualTo(ExitCodes.INVALID);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("2 problems", "http.prot", "did you mean http.port?", "option --port: http.port = 65536");
    }

    @Test
    void checkMasksWriteKeys() throws IOException {
        Path shops =
                write("shops.yaml", "shops:\n  demo:\n    keys: [k-secret, k-other]\n    origins: ['https://a.b']\n");
        Path file = write("sluice.yaml", "shops: {file: " + shops + "}\n");

        assertThat(sluice.execute("check", "-c", file.toString())).isEqualTo(ExitCodes.OK);

        assertThat(out.toString()).contains("demo", "'***'", "https://a.b").doesNotContain("k-secret", "k-other");
    }

    @Test
    void checkNeverQuotesAShopsFileThatCannotBeRead() throws IOException {
        Path shops = write("shops.yaml", "shops: {demo: {keys: [k-secret}\n");
        Path file = write("sluice.yaml", "shops: {file: " + shops + "}\n");

        assertThat(sluice.execute("check", "-c", file.toString())).isNotEqualTo(ExitCodes.OK);

        assertThat(out + "" + err).contains(shops.toString()).doesNotContain("k-secret");
    }

    @Test
    void checkOffersShopsNoGroupThatTheServerWouldNot() throws IOException {
        Path shops = write("shops.yaml", "shops: {demo: {keys: [demo], group: rejected}}\n");
        Path file = write("sluice.yaml", "shops: {file: " + shops + "}\n");
        shopsCheck = config ->
                ShopsFile.load(config.shopsFile(), new ShopsFile.Choices(config.eventGroups(), Map.of(), null));

        assertThat(sluice.execute("check", "-c", file.toString())).isEqualTo(ExitCodes.INVALID);

        assertThat(err.toString()).contains("'rejected'", "one of events");
    }

    @Test
    void checkRefusesShopsThatTheServerWouldRefuse() throws IOException {
        Path shops = write("shops.yaml", "shops: {}\n");
        Path file = write("sluice.yaml", "shops: {file: " + shops + "}\n");
        shopsCheck = config -> {
            assertThat(config.eventGroups()).isEqualTo(Map.of("events", 0));
            throw new IllegalArgumentException("no shops in " + config.shopsFile());
        };

        assertThat(sluice.execute("check", "-c", file.toString())).isEqualTo(ExitCodes.INVALID);

        assertThat(err.toString()).contains("no shops in " + shops);
    }

    @Test
    void versionSaysWhatRunsHere() {
        assertThat(sluice.execute("version")).isEqualTo(ExitCodes.OK);

        assertThat(out.toString()).contains("sluice ", Runtime.version().toString(), "netty       4.2", "epoll: ");
    }

    @Test
    void withoutACommandThereIsHelpAndAnError() {
        assertThat(sluice.execute()).isEqualTo(ExitCodes.INVALID);

        assertThat(err.toString()).contains("Commands:", "check", "version", "Exit codes:", "Examples:");
    }

    @Test
    void everyCommandHasHelpWithItsExitCode() {
        for (String name : sluice.getSubcommands().keySet()) {
            assertThat(sluice.execute(name, "--help")).as(name).isEqualTo(ExitCodes.OK);
            assertThat(sluice.getSubcommands().get(name).getUsageMessage()).contains("Usage: sluice " + name);
        }
    }

    @Test
    void anUnknownOptionIsAnError() {
        assertThat(sluice.execute("check", "--potr", "1")).isEqualTo(ExitCodes.INVALID);

        assertThat(err.toString())
                .contains("--potr", "; did you mean --port?; see --help")
                .hasLineCount(1);
    }

    @Test
    void anUnknownCommandIsNamed() {
        assertThat(sluice.execute("bogus", "--port", "1")).isEqualTo(ExitCodes.INVALID);
        assertThat(err.toString()).isEqualToNormalizingNewlines("sluice: no such command: bogus; see --help\n");
        err.getBuffer().setLength(0);
        assertThat(sluice.execute("chekc")).isEqualTo(ExitCodes.INVALID);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines("sluice: no such command: chekc; did you mean check?; see --help\n");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
