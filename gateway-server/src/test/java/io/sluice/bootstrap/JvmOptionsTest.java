package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What all scripts start the JVM with leaves nothing of its memory behind, whatever ends it. */
@Timeout(60)
class JvmOptionsTest {

    private static final Path OPTIONS = Path.of("../config/jvm.options");

    @Test
    void noDumpOfTheHeapNorOfTheProcessNorAReportOfItsRegistersIsWritten() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "@" + OPTIONS, "-XX:+PrintFlagsFinal", "-version")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String flags = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(flags)
                .containsPattern("HeapDumpOnOutOfMemoryError +:?= +false")
                .containsPattern("CreateCoredumpOnCrash +:?= +false")
                .containsPattern("ErrorFile +:?= +/dev/null");
    }
}
