package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.ExitCodes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that is wrong with a configuration is in one report, what is wrong with its certificates as well. */
@Timeout(60)
class OneReportTest {

    @TempDir
    private Path directory;

    private Path file;
    private Path certificate;
    private Path key;

    @BeforeEach
    void name() {
        file = directory.resolve("sluice.yaml");
        certificate = directory.resolve("missing.pem");
        key = directory.resolve("missing.key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "serve"})
    void missingCertificatesStandBesideOtherProblems(String command) throws Exception {
        assertThat(report(command, "port: 8443, certificate: " + certificate + ", key: " + key))
                .startsWith("5 problems in the configuration:")
                .contains(":1: http.port = 70000", ":1: http.tls.certificate = " + certificate + "\n")
                .contains(":1: http.tls.key = " + key + "\n", "expected a file, but there is none")
                .contains(":2: block.limt", ":3: commit.max-delay = soon");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "serve"})
    void theyDoSoWhereTheirPortIsWrong(String command) throws Exception {
        assertThat(report(command, "port: 99999, certificate: " + certificate + ", key: " + key))
                .contains(":1: http.tls.port = 99999", ":1: http.tls.certificate = " + certificate + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "serve"})
    void theyDoSoWhereAKeyIsMissing(String command) throws Exception {
        Path empty = Files.createFile(directory.resolve("empty.pem"));
        assertThat(report(command, "port: 8443, certificate: [" + certificate + ", " + empty + "], key: " + key))
                .contains("expected as many as http.tls.certificate has, 2")
                .contains("http.tls.certificate = " + certificate + "\n", "http.tls.key = " + key + "\n")
                .contains("http.tls.certificate = " + empty + "\n", "expected certificates in PEM")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "serve"})
    void theyStandAloneAsTheyDoBesideOthers(String command) throws Exception {
        Files.writeString(file, "\nhttp: {tls: {port: 8443, certificate: " + certificate + ", key: " + key + "}}\n");
        assertThat(run(command))
                .startsWith("2 problems in the configuration:")
                .contains(":2: http.tls.certificate = " + certificate + "\n")
                .contains(":2: http.tls.key = " + key + "\n", "expected a file, but there is none");
    }

    private String report(String command, String tls) throws Exception {
        Files.writeString(
                file, "http: {port: 70000, tls: {" + tls + "}}\nblock: {limt: 1000000}\ncommit: {max-delay: soon}\n");
        return run(command);
    }

    /** What it says of the file, having ended before anything was opened. */
    private String run(String command) {
        StringWriter err = new StringWriter();
        String[] arguments = {
            command,
            "--config",
            file.toString(),
            "--data",
            directory.resolve("data").toString()
        };
        assertThat(Main.commandLine().setErr(new PrintWriter(err)).execute(arguments))
                .as(err.toString())
                .isEqualTo(ExitCodes.INVALID);
        assertThat(directory.resolve("data")).doesNotExist();
        return err.toString();
    }
}
