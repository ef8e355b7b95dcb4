package io.sluice.attack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How gateways are started that are attacked.
 *
 * @param options of the JVM
 * @param classPath of the gateway
 */
record Installed(List<String> options, String classPath) {

    /** A heap that an attack would soon fill. */
    private static final List<String> HEAP = List.of("-Xmx256m", "-XX:MaxDirectMemorySize=512m");

    /** As in config/jvm.options, which is not at hand. */
    private static final List<String> LIKE_THE_FILE = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xms128m",
            "-XX:+UseG1GC",
            "-XX:G1HeapRegionSize=4m",
            "-XX:MaxGCPauseMillis=20",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+PerfDisableSharedMem");

    /** With the classes of this process, and nothing else. */
    static Installed here() {
        return new Installed(with(LIKE_THE_FILE), System.getProperty("java.class.path"));
    }

    /**
     * As scripts/run has it, but for the heap.
     *
     * @param aot the AOT cache, or {@code null} if there is none
     */
    static Installed at(Path root, String classPath, Path aot) {
        List<String> options = new ArrayList<>(List.of("@" + root.resolve("config/jvm.options")));
        if (aot != null) {
            options.addAll(List.of("-XX:AOTCache=" + aot, "-Xlog:aot*=error:stderr"));
        }
        return new Installed(with(options), classPath);
    }

    private static List<String> with(List<String> options) {
        List<String> all = new ArrayList<>(options);
        all.addAll(HEAP);
        return List.copyOf(all);
    }
}
