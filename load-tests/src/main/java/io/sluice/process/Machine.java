package io.sluice.process;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What it ran on, without any name of it.
 *
 * @param fileSystem that the journals lay on
 */
public record Machine(
        String processor, int processors, long memoryBytes, String kernel, String fileSystem, String jdk) {

    public static Machine here(Path directory) throws IOException {
        return new Machine(
                model(),
                Runtime.getRuntime().availableProcessors(),
                memory(),
                System.getProperty("os.name") + " "
                        + System.getProperty("os.version").replaceFirst("-.*", "") + " "
                        + System.getProperty("os.arch"),
                Files.getFileStore(directory).type(),
                "JDK " + Runtime.version());
    }

    private static String model() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (Files.isReadable(file)) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return "a processor that does not say its name";
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    public String text() {
        return String.format(
                Locale.ROOT,
                "%s, %d processors, %.0f GiB, %s, %s, %s",
                processor,
                processors,
                memoryBytes / (double) (1L << 30),
                fileSystem,
                kernel,
                jdk);
    }
}
