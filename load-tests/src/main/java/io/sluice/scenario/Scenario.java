package io.sluice.scenario;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A load and what stands against it, from a directory:
 *
 * <pre>
 *   scenario.properties   title; warm, warm-load, warmup and seconds; outage; load, load.2 … of the generators; lab of
 *                         the lab; objects; sync-probe; down; goal
 *   gateway.yaml          configuration of the gateway; without it, that of all scenarios, one directory above
 *   faults.json           what the lab does wrong; without it, nothing
 * </pre>
 *
 * <p>In {@code load}, <code>{0.5}</code> is half of the machine's capacity, and <code>{30%s}</code> 30 % of the seconds
 * that are measured. Immutable.
 *
 * @param warm seconds at most that a generator of its own warms the gateway before all others; 0 for none
 * @param warmLoad options of that generator; {@code null} for those of the first load
 * @param outage when in the warm-up the gateway is killed, and when it is started again; {@code null} for never
 * @param loads options of the load generators, all at the same time
 * @param lab options of the lab, behind those that all scenarios have
 * @param objects where the lab keeps what is delivered
 * @param syncProbe writes and syncs a second of a probe beside the gateway; 0 for none
 * @param faults {@code null} for none
 * @param down when there are faults; {@code null} for always
 */
record Scenario(
        String name,
        String title,
        int warm,
        String warmLoad,
        int warmup,
        int seconds,
        Outage outage,
        List<String> loads,
        String lab,
        Objects objects,
        int syncProbe,
        Path gateway,
        Path faults,
        Downtime down,
        List<Goal> goals) {

    static final Path ROOT = Path.of("load-tests/scenarios");

    private static final Set<String> KEYS = Set.of(
            "title",
            "warm",
            "warm-load",
            "warmup",
            "seconds",
            "outage",
            "load",
            "lab",
            "objects",
            "sync-probe",
            "down",
            "goal");
    private static final Pattern PLACE = Pattern.compile("\\{([0-9.]+)(%s)?}");
    private static final Pattern OUTAGE = Pattern.compile("([0-9]{1,2})%\\.\\.([0-9]{1,2})%");

    /** Where the lab keeps objects: beside the journal, or where no sync waits until the kernel has written them. */
    enum Objects {
        DISK,
        MEMORY;

        /** @throws IllegalArgumentException if it is neither */
        static Objects of(String text) {
            return switch (text.strip()) {
                case "disk" -> DISK;
                case "memory" -> MEMORY;
                default -> throw new IllegalArgumentException("objects is '" + text + "', expected disk or memory");
            };
        }
    }

    /** Parts of the warm-up, the first below the second. */
    record Outage(double from, double to) {

        /** @throws IllegalArgumentException unless it is like {@code 25%..75%} */
        static Outage of(String text) {
            Matcher matcher = OUTAGE.matcher(text.strip());
            if (!matcher.matches() || Integer.parseInt(matcher.group(1)) >= Integer.parseInt(matcher.group(2))) {
                throw new IllegalArgumentException("outage is '" + text + "', expected such as 25%..75%");
            }
            return new Outage(Integer.parseInt(matcher.group(1)) / 100.0, Integer.parseInt(matcher.group(2)) / 100.0);
        }
    }

    /** @throws IOException if there is no such scenario, or something is wrong with it: the message says what */
    static Scenario read(Path scenarios, String name) throws IOException {
        Path directory = scenarios.resolve(name);
        Path file = directory.resolve("scenario.properties");
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no scenario '" + name + "', expected one of " + names(scenarios));
        }
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            read.load(reader);
        }
        for (String key : read.stringPropertyNames()) {
            if (!KEYS.contains(key) && !key.matches("load\\.[2-9]")) {
                throw new IOException(file + " has '" + key + "', expected of " + KEYS + ", or load.2 and so on");
            }
        }
        List<String> loads = new ArrayList<>(List.of(needed(file, read, "load")));
        for (int i = 2; read.containsKey("load." + i); i++) {
            loads.add(read.getProperty("load." + i));
        }
        Path own = directory.resolve("gateway.yaml");
        Path faults = directory.resolve("faults.json");
        String down = read.getProperty("down");
        if (down != null && !Files.exists(faults)) {
            throw new IOException(file + " has a down, expected a faults.json that says what is wrong then");
        }
        try {
            List<Goal> goals = Goal.all(needed(file, read, "goal"));
            return new Scenario(
                    name,
                    needed(file, read, "title"),
                    number(file, read, "warm", 0),
                    read.getProperty("warm-load"),
                    number(file, read, "warmup", 8),
                    number(file, read, "seconds", 60),
                    read.containsKey("outage") ? Outage.of(read.getProperty("outage")) : null,
                    List.copyOf(loads),
                    read.getProperty("lab", ""),
                    Objects.of(read.getProperty("objects", "disk")),
                    number(file, read, "sync-probe", 0),
                    Files.exists(own) ? own : scenarios.resolve("gateway.yaml"),
                    Files.exists(faults) ? faults : null,
                    down == null ? null : Downtime.of(down),
                    isFlatOut(loads) ? goals : Goal.withRateKept(goals));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static boolean isFlatOut(List<String> loads) {
        return loads.stream().anyMatch(load -> words(load).contains("--flat-out"));
    }

    /** Whether one of the loads takes all that the gateway gives. */
    boolean isFlatOut() {
        return isFlatOut(loads);
    }

    /** Those that are there. */
    static List<String> names(Path scenarios) throws IOException {
        try (Stream<Path> entries = Files.list(scenarios)) {
            return entries.filter(entry -> Files.exists(entry.resolve("scenario.properties")))
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static String needed(Path file, Properties read, String key) throws IOException {
        String value = read.getProperty(key);
        if (value == null) {
            throw new IOException(file + " has no '" + key + "'");
        }
        return value.strip();
    }

    private static int number(Path file, Properties read, String key, int otherwise) throws IOException {
        String value = read.getProperty(key, Integer.toString(otherwise)).strip();
        if (!value.matches("[0-9]{1,6}") || Integer.parseInt(value) == 0 && otherwise > 0) {
            throw new IOException(file + ": " + key + " is '" + value + "', expected seconds");
        }
        return Integer.parseInt(value);
    }

    /** The same for other times. */
    Scenario lasting(int otherWarmup, int otherSeconds) {
        return new Scenario(
                name,
                title,
                warm,
                warmLoad,
                otherWarmup,
                otherSeconds,
                outage,
                loads,
                lab,
                objects,
                syncProbe,
                gateway,
                faults,
                down,
                goals);
    }

    /** The same with other loads. */
    Scenario with(List<String> otherLoads) {
        return new Scenario(
                name,
                title,
                warm,
                warmLoad,
                warmup,
                seconds,
                outage,
                otherLoads,
                lab,
                objects,
                syncProbe,
                gateway,
                faults,
                down,
                goals);
    }

    /** The same for a gateway that was warmed. @param most seconds of that; 0 for none */
    Scenario warmed(int most, String load) {
        return new Scenario(
                name, title, most, load, warmup, seconds, outage, loads, lab, objects, syncProbe, gateway, faults, down,
                goals);
    }

    /** What it must last for its goals to have figures. */
    int leastSeconds() {
        return goals.stream().anyMatch(goal -> goal.figure().equals(Latencies.GROWTH)) ? Latencies.GROWTH_SECONDS : 1;
    }

    /** Whether a load is a part of what the machine can do. */
    boolean needsCapacity() {
        return loads.stream().anyMatch(load -> PLACE.matcher(load).results().anyMatch(place -> place.group(2) == null));
    }

    /** The options of each generator, with rates and times in place. @param capacity events a second */
    List<List<String>> loads(double capacity) {
        return loads.stream().map(load -> options(load, capacity)).toList();
    }

    /** The options of the generator that warms. */
    List<String> warmOptions(double capacity) {
        return options(warmLoad == null ? loads.getFirst() : warmLoad, capacity);
    }

    private List<String> options(String load, double capacity) {
        StringBuilder text = new StringBuilder();
        Matcher matcher = PLACE.matcher(load);
        while (matcher.find()) {
            double part = Double.parseDouble(matcher.group(1));
            matcher.appendReplacement(
                    text,
                    matcher.group(2) != null
                            ? Math.max(1000, Math.round(seconds * part * 10)) + "ms"
                            : String.format(Locale.ROOT, "%.0f", Math.max(1, part * capacity)));
        }
        return words(matcher.appendTail(text).toString());
    }

    List<String> labOptions() {
        return words(lab);
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }
}
