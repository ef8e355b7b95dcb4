package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.ExitCodes;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that look at what is stored, given the gateway's configuration by somebody who is not the gateway. */
@Timeout(60)
@ExtendWith(CleanLog.class)
class OfflineCommandsTest {

    @TempDir
    private Path directory;

    private Path config;
    private String err;

    @BeforeEach
    void configure() throws IOException {
        Path data = Files.createDirectories(directory.resolve("data/s3/events"))
                .getParent()
                .getParent();
        Files.writeString(data.resolve("s3/events/a.jsonl"), "{\"event\":\"e\",\"shop\":\"demo\"}\n");
        config = Files.writeString(directory.resolve("sluice.yaml"), "data: " + data + """

                admin: {host: 0.0.0.0, token-file: /nowhere/token}
                http: {max-connections: 999999, max-body: 256KiB, loops: 64}
                privacy: {policy: gdpr}
                """);
    }

    private int run(String command) {
        String[] words = command.split(" ");
        String[] arguments = new String[words.length + 2];
        System.arraycopy(words, 0, arguments, 0, words.length);
        arguments[words.length] = "--config";
        arguments[words.length + 1] = config.toString();
        StringWriter errors = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(errors))
                .execute(arguments);
        err = errors.toString();
        return code;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "find --uid u-4711",
                "erase --uid u-4711",
                "audit",
                "cat",
                "reconcile",
                "pseudonym --shop demo --kind email jane@x.example"
            })
    void needNothingThatOnlyTheGatewayUses(String command) {
        assertThat(run(command)).as(err).isNotEqualTo(ExitCodes.INVALID);
        assertThat(err).doesNotContain("problem", "token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "reconcile", "find --uid u-4711", "pseudonym --shop demo jane@x.example"})
    void needNoKeysOfAJournalThatTheyDoNotRead(String command) throws IOException {
        Files.writeString(config, Files.readString(config) + "journal: {encryption: {key-file: /nowhere/key}}\n");
        assertThat(run(command)).as(err).isNotEqualTo(ExitCodes.INVALID);
        assertThat(err).doesNotContain("problem");
        assertThat(run("cat")).isEqualTo(ExitCodes.INVALID);
        assertThat(err).contains("journal.encryption.key-file");
    }

    @Test
    void theGatewayNeedsItAll() {
        assertThat(run("check")).isEqualTo(ExitCodes.INVALID);
        assertThat(err).contains("admin.token-file = /nowhere/token");
    }

    @Test
    void aConfigurationThatIsADirectoryIsToldInWords() {
        config = directory;
        assertThat(run("check")).isEqualTo(ExitCodes.INVALID);
        assertThat(err).contains(directory + "\n", "expected a file, but this is a directory");
    }
}
