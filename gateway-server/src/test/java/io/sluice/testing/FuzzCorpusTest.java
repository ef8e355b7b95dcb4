package io.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fuzzer begins with, and all that ever made a target fail, goes through its target. */
class FuzzCorpusTest {

    private static final Path CORPORA = Path.of("src/test/fuzz");
    private static final String SUFFIX = ".base64";

    static List<String> targets() throws IOException {
        try (Stream<Path> files = Files.list(CORPORA)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void noInputMakesItsTargetFail(String target, CleanLog.Expected log) throws Exception {
        log.possibleLine("");
        Class<?> type = Class.forName("io.sluice." + target + "Fuzz");
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals("fuzzerInitialize")) {
                method.invoke(null);
            }
        }
        Method run = type.getMethod("fuzzerTestOneInput", byte[].class);
        List<byte[]> inputs = Files.readAllLines(CORPORA.resolve(target + SUFFIX)).stream()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(Base64.getDecoder()::decode)
                .toList();
        assertThat(inputs).isNotEmpty();
        for (byte[] input : inputs) {
            try {
                run.invoke(null, (Object) input);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(Base64.getEncoder().encodeToString(input), e.getCause());
            }
            run.invoke(null, (Object) Arrays.copyOf(input, input.length / 2));
        }
    }
}
