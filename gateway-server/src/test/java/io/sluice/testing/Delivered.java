package io.sluice.testing;

import com.dslplatform.json.DslJson;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What lies in a directory of delivered objects, read by programs and parsers that this project did not write. */
public final class Delivered {

    private static final DslJson<Object> JSON = new DslJson<>();

    private Delivered() {}

    /** Every object below the directory, temporary files left out, in the order of their names. */
    public static List<Path> objects(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every line of every object below the directory, but for the manifests that lie beside the records. */
    public static List<String> lines(Path directory) {
        List<String> lines = new ArrayList<>();
        for (Path object : objects(directory)) {
            if (directory.relativize(object).startsWith("manifests")) {
                continue;
            }
            String text = new String(decoded(object), StandardCharsets.UTF_8);
            if (!text.isEmpty() && !text.endsWith("\n")) {
                throw new AssertionError(object + " does not end with a newline");
            }
            text.lines().forEach(lines::add);
        }
        return lines;
    }

    /** Every record of every object below the directory, parsed. */
    public static List<Map<String, Object>> records(Path directory) {
        List<Map<String, Object>> records = new ArrayList<>();
        for (String line : lines(directory)) {
            records.add(parse(line));
        }
        return records;
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> parse(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try {
            return (Map<String, Object>) JSON.deserialize(Map.class, bytes, bytes.length);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }

    /** The object's content by {@code zcat} or {@code zstdcat}. */
    private static byte[] decoded(Path object) {
        String name = object.getFileName().toString();
        try {
            if (name.endsWith(".gz")) {
                return output("zcat", object.toString());
            }
            if (name.endsWith(".zst")) {
                return output("zstdcat", object.toString());
            }
            return Files.readAllBytes(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] output(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream out = new BufferedInputStream(process.getInputStream())) {
            byte[] bytes = out.readAllBytes();
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError(String.join(" ", command) + " exited with " + status);
            }
            return bytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
