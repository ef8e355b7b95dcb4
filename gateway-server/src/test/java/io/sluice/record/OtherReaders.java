package io.sluice.record;

import io.sluice.testing.Tool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.Assertions;

/** Readers of gzip and zstd that this project did not write. */
public final class OtherReaders {

    private OtherReaders() {}

    /** Decodes with {@code zcat}, {@code zstdcat} or, for NDJSON, not at all. */
    public static byte[] tool(Encoding encoding, byte[] packed) throws IOException, InterruptedException {
        return switch (encoding) {
            case NDJSON -> packed;
            case GZIP -> run(packed, "zcat");
            case ZSTD -> run(packed, "zstdcat");
        };
    }

    /** Decodes with a reader that runs in this process: for gzip that of the JDK. */
    public static byte[] library(Encoding encoding, byte[] packed) throws IOException {
        InputStream bytes = new ByteArrayInputStream(packed);
        try (InputStream in =
                encoding == Encoding.GZIP ? new GZIPInputStream(bytes) : BlockReader.open(encoding, bytes)) {
            return in.readAllBytes();
        }
    }

    /** Without the tool the test is skipped, but where CI is set it fails: there the tools are part of the proof. */
    private static byte[] run(byte[] packed, String tool) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(List.of(tool))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            return Tool.missing(tool + " cannot be run: " + e.getMessage());
        }
        Thread feeder = Thread.ofVirtual().start(() -> {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(packed);
            } catch (IOException e) {
                // The tool stopped reading; its exit code says why.
            }
        });
        byte[] lines = process.getInputStream().readAllBytes();
        feeder.join();
        Assertions.assertThat(process.waitFor()).as("exit code of %s", tool).isZero();
        return lines;
    }
}
