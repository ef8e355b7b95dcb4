package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.ExitCodes;
import io.sluice.config.ConfigLoader;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {

    @Test
    void everyCommandIsThereAndExplainsItself() {
        CommandLine sluice = Main.commandLine();

        assertThat(sluice.getSubcommands()).containsKeys("serve", "check", "version");
        sluice.getSubcommands().forEach((name, command) -> {
            StringWriter help = new StringWriter();
            command.usage(new PrintWriter(help));
            assertThat(help.toString()).as(name).contains("Usage: sluice " + name, "--help");
            assertThat(command.getCommandSpec().usageMessage().header())
                    .as(name)
                    .hasSize(1);
        });
    }

    @Test
    void serveEndsBeforeItStartsIfTheConfigurationIsWrong() {
        StringWriter err = new StringWriter();

        int code = Main.commandLine().setErr(new PrintWriter(err)).execute("serve", "--port", "70000");

        assertThat(code).isEqualTo(ExitCodes.INVALID);
        assertThat(err.toString()).contains("1 problem", "option --port: http.port = 70000");
    }

    /** It would be so after each restart. */
    @Test
    @Timeout(60)
    void serveDoesNotAskToBeRestartedWhereItCannotWrite(@TempDir Path data) throws IOException {
        Files.writeString(data.resolve("journal"), "in the way");
        StringWriter err = new StringWriter();
        String[] serve = {"serve", "--data", data.toString(), "--port", "0", "--admin-port", "0"};

        assertThat(Main.commandLine().setErr(new PrintWriter(err)).execute(serve))
                .isEqualTo(ExitCodes.INVALID);
        assertThat(err.toString())
                .contains(
                        data.resolve("journal") + "\n", "expected to write there, but something else", "data, journal")
                .doesNotContain("Exception");

        Storage denied = (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("createDirectories")) {
                        throw new AccessDeniedException(arguments[0].toString());
                    }
                    return method.invoke(new DiskStorage(), arguments);
                });
        err.getBuffer().setLength(0);
        Files.delete(data.resolve("journal"));
        assertThat(Main.commandLine(denied).setErr(new PrintWriter(err)).execute(serve))
                .isEqualTo(ExitCodes.INVALID);
        assertThat(err.toString())
                .contains("permission denied: the user " + System.getProperty("user.name"))
                .doesNotContain("Exception");
    }

    @Test
    void theBannerSaysHowToReadWhatIsWritten(@TempDir Path directory) throws Exception {
        Path key = Files.writeString(directory.resolve("key"), "ab".repeat(32));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path file = directory.resolve("sluice.yaml");
        Files.writeString(file, "data: /d\n");
        assertThat(Banner.cat(new ConfigLoader().file(file).load(), file)).isEqualTo("/d");
        Files.writeString(file, "data: /d\njournal: {encryption: {key-file: " + key + "}}\n");
        assertThat(Banner.cat(new ConfigLoader().file(file).load(), file)).isEqualTo("-c " + file + " /d");
        Files.writeString(file, "data: /d\njournal: {directory: /j}\n");
        assertThat(Banner.cat(new ConfigLoader().file(file).load(), file)).isEqualTo("-c " + file);
        assertThat(Banner.cat(new ConfigLoader().file(file).load(), null)).isEqualTo("/d/s3 /j");
    }
}
