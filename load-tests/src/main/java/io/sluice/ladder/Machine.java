package io.sluice.ladder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Says on what was measured. Stateless. */
public final class Machine {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    private Machine() {}

    /** In one sentence; the load is that before anything of ours runs. */
    public static String describe() throws IOException {
        if (!Files.exists(Path.of("/proc/stat"))) {
            throw new IOException("there is no /proc/stat, from which times are read: expected Linux");
        }
        String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        return String.format(
                Locale.ROOT,
                "%s UTC, %d x %s, Linux %s, %s %s; load of the machine before: %s.",
                ZonedDateTime.now(ZoneOffset.UTC).format(TIME),
                Runtime.getRuntime().availableProcessors(),
                processor(Files.readString(Path.of("/proc/cpuinfo"))),
                System.getProperty("os.version"),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"),
                load);
    }

    /** The name of the first, or the architecture where Linux tells none. */
    static String processor(String cpuinfo) {
        return cpuinfo.lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }
}
