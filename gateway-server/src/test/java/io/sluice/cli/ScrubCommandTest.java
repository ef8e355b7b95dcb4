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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                .isEqualTo("{\"rejected\":\"malformed-json\",\"line\":1,\"offset\":13,\"length\":13}\n{}\n");
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
    void blankLinesStayEmptyLines() {
        assertThat(run(false, "{}\n\n \t\r\n{}\n")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{}\n\n\n{}\n");
    }

    @Test
    void tellsWhichLinesAreNoJson() {
        assertThat(run(false, "{}\n\n{\n{}\njane\n")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(5)
                .filteredOn(line -> line.contains("rejected"))
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"line\":3,"),
                        line -> assertThat(line).contains("\"line\":5,"));
        assertThat(err.toString())
                .isEqualTo("sluice scrub: standard input: 2 of 5 lines are no JSON, the first of them line 3\n");
    }

    @Test
    void readsFilesInTheirOrder(@TempDir Path directory) throws IOException {
        Path one = Files.writeString(directory.resolve("one"), "{\"n\":\"a@x.de\"}");
        Path two = Files.writeString(directory.resolve("two"), "{\"n\":2}\nno\n");
        assertThat(run(false, "{\"n\":0}\n", one.toString(), "-", two.toString()))
                .isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("{\"n\":\"[email]\"}\n{\"n\":0}\n{\"n\":2}\n{\"rejected\"");
        assertThat(err.toString()).contains(two + ": 1 of 2 lines are no JSON, the first of them line 2");
        out.reset();
        assertThat(run(false, "", one.toString(), "/nowhere")).isEqualTo(2);
        assertThat(err.toString()).contains("/nowhere is no file that can be read");
        assertThat(out.size()).isZero();
    }

    @Test
    void helpSaysThatConsentIsNotApplied() {
        StringWriter help = new StringWriter();
        Sluice.commandLine(new ScrubCommand()).getSubcommands().get("scrub").usage(new PrintWriter(help));
        assertThat(help.toString()).contains("Consent is not applied");
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

    @Test
    void takesThePolicyOfAShopFromTheConfiguration(@TempDir Path directory) throws IOException {
        Path policy = Files.writeString(
                directory.resolve("own.yaml"), "name: own\nversion: 1\npreset: minimal\nfields: {loyalty: remove}\n");
        Path shops = Files.writeString(
                directory.resolve("shops.yaml"), "shops: {a: {keys: [ka], policy: own}, b: {keys: [kb]}}\n");
        Path config = Files.writeString(
                directory.resolve("sluice.yaml"),
                "shops: {file: " + shops + "}\nprivacy: {policies: [" + policy + "]}\n");
        String event = "{\"loyalty\":\"x1\",\"call\":\"+49 1508 1234567\"}\n";

        assertThat(run(false, event, "--config", config.toString(), "--shop", "a"))
                .isZero();
        assertThat(printed()).isEqualTo("{\"loyalty\":\"[field]\",\"call\":\"+49 1508 1234567\"}\n");
        assertThat(run(false, event, "--config", config.toString(), "--shop", "b"))
                .isZero();
        assertThat(printed()).isEqualTo("{\"loyalty\":\"x1\",\"call\":\"[phone]\"}\n");
        assertThat(run(false, event, "--config", config.toString(), "--shop", "c"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--shop c: no such shop is in the configuration");
        // What is given goes before what is configured.
        assertThat(run(false, event, "--config", config.toString(), "--shop", "a", "--policy", "minimal"))
                .isZero();
        assertThat(printed()).isEqualTo(event);
    }

    @Test
    void knowsWhatClientsCallFields(@TempDir Path directory) throws IOException {
        Path policy = Files.writeString(
                directory.resolve("own.yaml"),
                "name: own\nversion: 1\npreset: minimal\nfields: {uid: remove, \"url?token\": remove}\n");
        String[] options = {"--policy", policy.toString()};
        assertThat(run(false, "{ \"user\" : \"u-1\", \"props\":{\"user\":\"u-2\"} }\n", options))
                .isZero();
        assertThat(printed()).isEqualTo("{\"uid\":\"[field]\",\"props\":{\"user\":\"[field]\"}}\n");
        assertThat(run(false, "{\"user\":\"u-1\",\"uid\":\"u-2\",\"a\":[{}],\"n\":1}\n", options))
                .isZero();
        assertThat(printed())
                .as("both, whichever is the field")
                .isEqualTo("{\"user\":\"[field]\",\"uid\":\"[field]\",\"a\":[{}],\"n\":1}\n");
        assertThat(run(false, "{\"page\":\"/reset?token=abc&a=1\"}\n", options)).isZero();
        assertThat(printed()).isEqualTo("{\"url\":\"/reset?token=[field]&a=1\"}\n");
        assertThat(run(false, "{\"page\":\"/a\",\"name\":\"view\"}\n[{\"user\":1}]\n{}\n \"user\"\n"))
                .isZero();
        assertThat(printed())
                .as("nothing is said of these")
                .isEqualTo("{\"page\":\"/a\",\"name\":\"view\"}\n[{\"user\":1}]\n{}\n\"user\"\n");
    }

    @Test
    void aSecretIsWhatTheGatewayWrites(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("s");
        for (String none :
                new String[] {"", "horse", "a".repeat(63), "g".repeat(64), "a".repeat(65), "a".repeat(5000)}) {
            Files.writeString(file, none);
            assertThat(run(false, "{}\n", "--secret-file", file.toString())).isEqualTo(2);
        }
        assertThat(err.toString())
                .contains("expected a secret of 64 hexadecimal digits")
                .doesNotContain("horse");
        Files.writeString(file, "aB".repeat(32) + "\n");
        assertThat(run(false, "{}\n", "--secret-file", file.toString())).isZero();
    }

    private String printed() {
        String text = out.toString(StandardCharsets.UTF_8);
        out.reset();
        return text;
    }

    private int run(boolean coloured, String in, String... arguments) {
        ScrubCommand command =
                new ScrubCommand(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), out, coloured);
        String[] all = Stream.concat(Stream.of("scrub"), Stream.of(arguments)).toArray(String[]::new);
        return Sluice.commandLine(command).setErr(new PrintWriter(err)).execute(all);
    }
}
