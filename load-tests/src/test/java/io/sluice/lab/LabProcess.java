package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lab as a process of its own, as scripts/lab starts it, from the classes under test. */
public final class LabProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader messages;
    private String url;

    public LabProcess(Path directory, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                LabMain.class.getName(),
                "--port",
                "0",
                "--dir",
                directory.toString()));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        messages = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Reads the banner to its end, and answers the address in it. */
    public String url() throws IOException {
        Pattern address = Pattern.compile("on (http://[0-9.:]+)");
        for (String line = messages.readLine(); url == null || !line.startsWith("  stop"); line = messages.readLine()) {
            assertThat(line).as("a line of the banner").isNotNull();
            Matcher matcher = address.matcher(line);
            if (matcher.find()) {
                url = matcher.group(1);
            }
        }
        return url;
    }

    /** Sends SIGTERM. By the handle, since the process would close its streams, and its last words are wanted. */
    public void terminate() {
        process.toHandle().destroy();
    }

    public int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    public String rest() throws IOException {
        return String.join("\n", messages.readAllLines());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
