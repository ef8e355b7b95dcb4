package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void coloursAreAsOrdered() {
        run(false, "{\"n\":\"a@x.de\"}\n", "--explain", "--color", "always");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\u001b[31m- ");
        out.reset();
        run(true, "{\"n\":\"a@x.de\"}\n", "--explain", "--color", "never");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("\u001b");
        assertThat(run(true, "{}\n", "--color", "red")).isEqualTo(2);
    }

    @Test
    void onlyTheOutputDecidesWhetherThereIsATerminal(@TempDir Path directory) throws IOException {
        Path link = directory.resolve("1");
        for (String file : new String[] {"/dev/pts/3", "/dev/tty1", "/tmp/out", "pipe:[17]", "/dev/null"}) {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(file));
            assertThat(ScrubCommand.isTerminal(link)).as(file).isEqualTo(file.matches("/dev/(pts|tty).*"));
        }
    }

    @Test
    void blankLinesAreLeftOut() {
        assertThat(run(false, "{}\n\n \t\r\n{}\n")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{}\n{}\n");
    }

    @Test
    void quotesNothingOfAFileThatIsNoPolicy(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("p.yaml"), "jane@example.com secretline\n");
        assertThat(run(false, "{}\n", "--policy", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("p.yaml", "expected a mapping").doesNotContain("jane", "secretline");
    }

    @Test
    void refusesAPolicyThatIsNone() {
        assertThat(run(false, "{}\n", "--policy", "/nowhere.yaml")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--policy /nowhere.yaml: no preset (strict, gdpr, ccpa, minimal) and no such file");
        assertThat(run(false, "{}\n", "--secret-file", "/nowhere")).isEqualTo(2);
        assertThat(out.size()).isZero();
    }

    private int run(boolean coloured, String in, String... arguments) {
        ScrubCommand command =
                new ScrubCommand(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), out, coloured);
        return new CommandLine(command).setErr(new PrintWriter(err)).execute(arguments);
    }
}
