package io.sluice.ladder;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says on what was measured. Stateless. */
public final class Machine {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    private Machine() {}

    /**
     * In one sentence; the load is that before anything of ours runs.
     *
     * @param directory on the disk that is measured; the first of its parents that is there tells
     */
    public static String describe(Path directory) throws IOException {
        if (!Files.exists(Path.of("/proc/stat"))) {
            throw new IOException("there is no /proc/stat, from which times are read: expected Linux");
        }
        String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        return String.format(
                Locale.ROOT,
                "%s UTC, %s, %s, %s, Linux %s, %s %s; load of the machine before: %s.",
                ZonedDateTime.now(ZoneOffset.UTC).format(TIME),
                name(),
                memory(Files.readString(Path.of("/proc/meminfo"))),
                disk(directory),
                System.getProperty("os.version"),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"),
                load);
    }

    /** What tells one machine from another, such as {@code 2 x AMD EPYC}. */
    public static String name() throws IOException {
        return Runtime.getRuntime().availableProcessors() + " x "
                + processor(Files.readString(Path.of("/proc/cpuinfo")));
    }

    /** All that Linux has, such as {@code 23.4 GiB of memory}. */
    static String memory(String meminfo) {
        Matcher total = Pattern.compile("(?m)^MemTotal: *([0-9]+) kB$").matcher(meminfo);
        return total.find()
                ? String.format(Locale.ROOT, "%.1f GiB of memory", Double.parseDouble(total.group(1)) / (1 << 20))
                : "memory unknown";
    }

    /** File system and device, such as {@code ext4 on /dev/vda}. */
    static String disk(Path directory) throws IOException {
        Path there = directory.toAbsolutePath().normalize();
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        FileStore store = Files.getFileStore(there);
        return store.type() + " on " + store.name();
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
