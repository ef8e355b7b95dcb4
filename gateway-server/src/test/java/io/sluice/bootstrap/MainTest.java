package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.ExitCodes;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
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
}
