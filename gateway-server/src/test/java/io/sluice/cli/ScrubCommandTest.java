package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ScrubCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter err = new StringWriter();

    @Test
    void printsOneLineForEachLine() {
        String longLine = "{\"n\":\"" + "x".repeat(20_000) + "\"}";
        int exit = run(false, "{ \"n\": \"a@x.de\" }\n" + longLine + "\n{\"n\":1}");
        assertThat(exit).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"n\":\"[email]\"}\n" + longLine + "\n{\"n\":1}\n");
    }

    @Test
    void printsNothingOfWhatIsNoJson() {
        assertThat(run(false, "{\"n\":\"a@x.de\"\n{}\n")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"rejected\":\"malformed-json\",\"offset\":13,\"length\":13}\n{}\n");
    }

    @Test
    void explainsInColoursOnATerminalOnly() {
        run(false, "{\"n\":\"a@x.de\"}\n{}\n", "--explain");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("- {\"n\":\"a@x.de\"}\n+ {\"n\":\"[email]\"}\n  {}\n");
        out.reset();
        run(true, "{\"n\":\"a@x.de\"}\n", "--explain");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\u001b[31m- ", "\u001b[32m+ ", "\u001b[0m");
    }

    @Test
    void refusesAPolicyThatIsNone() {
        assertThat(run(false, "{}\n", "--policy", "/nowhere.yaml")).isEqualTo(2);
        assertThat(err.toString()).contains("/nowhere.yaml is no file that can be read");
        assertThat(run(false, "{}\n", "--secret-file", "/nowhere")).isEqualTo(2);
        assertThat(out.size()).isZero();
    }

    private int run(boolean coloured, String in, String... arguments) {
        ScrubCommand command =
                new ScrubCommand(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), out, coloured);
        return new CommandLine(command).setErr(new PrintWriter(err)).execute(arguments);
    }
}
