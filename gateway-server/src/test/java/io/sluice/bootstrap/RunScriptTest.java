package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunScriptTest {

    /** With nothing beside it but what answers, the script cannot build. */
    @Test
    void helpComesBeforeAnythingIsBuilt(@TempDir Path directory) throws Exception {
        Path lib = Files.createDirectories(directory.resolve("scripts/lib"));
        Path script = Files.copy(Path.of("../scripts/run"), directory.resolve("scripts/run"));
        Files.copy(Path.of("../scripts/lib/help.sh"), lib.resolve("help.sh"));
        for (String option : new String[] {"--help", "-h"}) {
            Process run = new ProcessBuilder("bash", script.toString(), "--port", "0", option)
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(run.exitValue()).as(printed).isZero();
            assertThat(printed).startsWith("Usage: scripts/run").contains("--port", "--data", "--config");
        }
    }
}
