package io.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs that this project did not write, which a test holds it against, and whatever else not every machine has. */
public final class Tool {

    private Tool() {}

    /**
     * Looks whether the program is there and of the kind that is needed. If not, the test is skipped on a machine of a
     * developer, and fails where CI is set.
     *
     * @param tells what it says of its version if it is of that kind
     */
    public static void need(String tells, String... version) throws IOException, InterruptedException {
        if (isThere(version[0]) && run("", version).contains(tells)) {
            return;
        }
        missing(version[0] + " that says " + tells + " is not in the PATH; scripts/test installs it where it may");
    }

    /**
     * Something is not there that the test cannot do without: it is skipped on a machine of a developer, and fails
     * where CI is set.
     *
     * @param what is not there, and how it may be had
     * @return nothing: it throws
     */
    public static <T> T missing(String what) {
        if (System.getenv("CI") != null) {
            throw new AssertionError(what);
        }
        return Assumptions.abort(what);
    }

    private static boolean isThere(String program) {
        for (String path : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(path, program))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Runs the program to its end.
     *
     * @return what it has written, errors included, byte by byte
     */
    public static String run(String input, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var to = process.getOutputStream()) {
            to.write(input.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException ended) {
            // It has failed before it read this, which the test looks for.
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
