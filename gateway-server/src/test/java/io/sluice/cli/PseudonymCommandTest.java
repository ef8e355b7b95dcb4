package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.privacy.period.DirectorySecrets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PseudonymCommandTest {

    @TempDir
    private Path data;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String in, String... options) {
        return run(in, "gdpr", options);
    }

    private int run(String in, String policy, String[] options) {
        Path config = data.resolve("sluice.yaml");
        try {
            Files.writeString(config, "privacy: {policy: " + policy + "}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String[] arguments = {"pseudonym", "--config", config.toString(), "--data", data.toString(), "--shop", "demo"};
        String[] all = Arrays.copyOf(arguments, arguments.length + options.length);
        System.arraycopy(options, 0, all, arguments.length, options.length);
        return Sluice.commandLine(new PseudonymCommand(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8))))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all);
    }

    private void secrets(String... names) throws IOException {
        DirectorySecrets store = new DirectorySecrets(data.resolve("secrets"));
        for (String name : names) {
            byte[] secret = new byte[32];
            Arrays.fill(secret, (byte) name.hashCode());
            store.make(name, secret);
        }
    }

    @Test
    void printsEachPeriodWhoseSecretIsKeptWithoutTheValue() throws IOException {
        secrets("2026-09", "2026-10", "2026-10-15", "2099-01");

        assertThat(run("jane@x.example\n", "--kind", "email")).isZero();

        assertThat(out.toString().lines())
                .hasSize(4)
                .allMatch(line ->
                        line.matches("PERIOD      PSEUDONYM|2026-(09   |10   |10-15)  {1,2} *\\[email:[a-p]{16}]"))
                .doesNotHaveDuplicates();
        assertThat(out + "" + err).doesNotContain("jane");
    }

    @Test
    void onlyPeriodsOfTheDaysThatAreAskedFor() throws IOException {
        secrets("2026-08", "2026-09", "2026-10", "2026-11");

        assertThat(run("v-1", "--kind", "uid", "--from", "2026-09-30", "--to", "2026-10-01T01", "--json"))
                .isZero();

        assertThat(out.toString().lines()).hasSize(2);
        assertThat(out.toString())
                .contains(
                        "{\"period\":\"2026-09\",\"from\":\"2026-09-01\",\"to\":\"2026-10-01\",\"shop\":\"demo\","
                                + "\"kind\":\"field\",\"pseudonym\":\"[field:",
                        "{\"period\":\"2026-10\",");
    }

    @Test
    void daysThatAreNoneOrInTheWrongOrderAreRefused() {
        assertThat(run("v-1", "--from", "2026-13-01")).isEqualTo(ExitCodes.INVALID);
        assertThat(err.toString())
                .contains("'2026-13-01' is no time, expected such as 2026-11-22")
                .doesNotContain("DateTime");
        assertThat(run("v-1", "--from", "2026-10-01", "--to", "2026-10-01")).isEqualTo(ExitCodes.INVALID);
        assertThat(err.toString()).contains("expected --to behind --from");
    }

    @Test
    void aShopWhosePolicyMakesNoneHasNone() throws IOException {
        secrets("2026-10");
        assertThat(run("jane@x.example", "strict", new String[] {})).isEqualTo(ExitCodes.FAILED);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("shop 'demo' has the policy strict version 1, which makes no pseudonyms");
        assertThat(run("jane@x.example", "strict", new String[] {"--anyway", "--kind", "email"}))
                .isZero();
        assertThat(out.toString()).contains("[email:");
    }

    @Test
    void scrubMakesTheSameOfAFileOfTheDirectory() throws IOException {
        secrets("2026-10");
        assertThat(run("jane@x.example", "--kind", "email")).isZero();
        String pseudonym = out.toString().lines().toList().getLast().replaceAll(".* ", "");
        for (String shop : List.of("demo", "other")) {
            ByteArrayOutputStream scrubbed = new ByteArrayOutputStream();
            ByteArrayInputStream in = new ByteArrayInputStream("{\"q\":\"jane@x.example\"}".getBytes());
            new CommandLine(new ScrubCommand(in, scrubbed, false))
                    .execute("--policy", "gdpr", "--shop", shop, "--secret-file", data + "/secrets/2026-10.secret");
            assertThat(scrubbed.toString().contains(pseudonym)).isEqualTo(shop.equals("demo"));
        }
    }

    @Test
    void goesOnWithTheOtherPeriodsIfASecretCannotBeReadAndSaysSo() throws IOException {
        secrets("2026-08", "2026-09", "2026-10");
        Files.writeString(data.resolve("secrets/2026-08.secret"), "x".repeat(65));
        assertThat(run("v-1", "--kind", "uid")).as("destroyed").isZero();
        assertThat(out.toString()).doesNotContain("2026-08").contains("2026-09 ", "2026-10 ");

        Files.writeString(data.resolve("secrets/2026-09.secret"), "no secret");
        out.getBuffer().setLength(0);
        assertThat(run("v-1", "--kind", "uid")).isEqualTo(ExitCodes.FAILED);
        assertThat(out.toString()).doesNotContain("2026-09").contains("2026-10 ");
        assertThat(err.toString())
                .contains("the secret of 2026-09 cannot be read")
                .doesNotContain("no secret");
    }

    @Test
    void saysWhenThereIsNothingToFind() throws IOException {
        assertThat(run("jane@x.example")).isEqualTo(ExitCodes.FAILED);
        assertThat(err.toString()).contains("no secret of these periods is kept in " + data.resolve("secrets"));
        secrets("2026-10");
        assertThat(run("jane", "--kind", "email")).isEqualTo(ExitCodes.FAILED);
        assertThat(err.toString()).contains("nothing of this kind is found in the value");
        assertThat(run("jane", "--kind", "mail")).isEqualTo(ExitCodes.INVALID);
        assertThat(out.toString()).isEmpty();
    }
}
