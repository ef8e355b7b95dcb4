package io.sluice.scenario;

import io.sluice.ladder.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the threads of a gateway spend processor time, and what they allocate, by a recording of the JVM's Flight
 * Recorder. One thread.
 *
 * <p>Samples are {@code jdk.CPUTimeSample} (JEP 509, of Linux), one for each interval of processor time of a thread, in
 * native code and in the kernel as well. Threads of the JVM itself, such as the compiler's, have none.
 */
final class Profile {

    /** The settings, as JFR reads them: whole, and nothing but these (jfr configure). */
    private static final String SETTINGS = """
            <?xml version="1.0" encoding="UTF-8"?>
            <configuration version="2.0">
              <event name="jdk.CPUTimeSample">
                <setting name="enabled">true</setting>
                <setting name="throttle">INTERVAL</setting>
                <setting name="stackTrace">true</setting>
              </event>
              <event name="jdk.ObjectAllocationSample">
                <setting name="enabled">true</setting>
                <setting name="throttle">300/s</setting>
                <setting name="stackTrace">true</setting>
              </event>
              <event name="jdk.GCHeapSummary">
                <setting name="enabled">true</setting>
              </event>
            </configuration>
            """;

    /** Options of a JVM that is recorded. @param interval of processor time between samples of a thread */
    static List<String> options(Path recording, String interval) throws IOException {
        Path settings = recording.resolveSibling("profile.jfc");
        Files.writeString(settings, SETTINGS.replace("INTERVAL", interval));
        return List.of(
                "-XX:StartFlightRecording:filename=" + recording + ",settings=" + settings,
                // What it says of itself is of no interest, and goes where a gateway's words are.
                "-Xlog:jfr*=error:stderr");
    }

    private static final double MIB = 1 << 20;

    private final Map<Role, Map<Stage, Long>> stages = new EnumMap<>(Role.class);
    private final Map<Role, Map<String, Long>> packages = new EnumMap<>(Role.class);
    private final Map<Role, Map<String, Long>> frames = new EnumMap<>(Role.class);
    private final Map<String, Long> allocated = new HashMap<>();
    private long samples;
    private long without;
    private double mostHeap;
    private double mostCommitted;
    private double liveHeap;

    /** Adds the samples of a time. */
    void add(Path recording, Instant from, Instant to) throws IOException {
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (!event.getStartTime().isBefore(from) && event.getStartTime().isBefore(to)) {
                    switch (event.getEventType().getName()) {
                        case "jdk.CPUTimeSample" -> sample(event, event.getThread("eventThread"));
                        case "jdk.ObjectAllocationSample" -> allocation(event);
                        case "jdk.GCHeapSummary" -> heap(event);
                        default -> {}
                    }
                }
            }
        }
    }

    private void sample(RecordedEvent event, RecordedThread thread) {
        RecordedStackTrace stack = event.getStackTrace();
        if (stack == null || stack.getFrames().isEmpty()) {
            samples++;
            without++;
            return;
        }
        add(
                Role.of(name(thread)),
                stack.getFrames().stream().map(Profile::frame).toList());
    }

    /** Linux knows 15 characters of it, and the roles no more. */
    private static String name(RecordedThread thread) {
        return thread == null || thread.getJavaName() == null ? "" : thread.getJavaName();
    }

    /** @param stack innermost first */
    void add(Role role, List<Stage.Frame> stack) {
        samples++;
        Stage.Frame top = stack.getFirst();
        count(stages, role, Stage.of(role, stack));
        count(packages, role, top.packageName());
        count(frames, role, top.name());
    }

    private static <K> void count(Map<Role, Map<K, Long>> counts, Role role, K key) {
        counts.computeIfAbsent(role, r -> new HashMap<>()).merge(key, 1L, Long::sum);
    }

    private static Stage.Frame frame(RecordedFrame frame) {
        return new Stage.Frame(
                readable(frame.getMethod().getType().getName()),
                frame.getMethod().getName(),
                "Native".equals(frame.getType()));
    }

    private void allocation(RecordedEvent event) {
        RecordedClass type = event.getClass("objectClass");
        RecordedStackTrace stack = event.getStackTrace();
        String where = stack == null
                ? ""
                : stack.getFrames().stream()
                        .map(Profile::frame)
                        .filter(frame -> !frame.type().startsWith("java.")
                                && !frame.type().startsWith("jdk."))
                        .map(Stage.Frame::name)
                        .findFirst()
                        .orElse("the JDK itself");
        allocated.merge(readable(type.getName()) + " in " + where, event.getLong("weight"), Long::sum);
    }

    private static String readable(String type) {
        return switch (type) {
            case "[B" -> "byte[]";
            case "[I" -> "int[]";
            case "[J" -> "long[]";
            case "[C" -> "char[]";
            default ->
                type.startsWith("[L")
                        ? type.substring(2, type.length() - 1) + "[]"
                        // Hidden classes have numbers that no two runs share.
                        : type.replaceAll("[/.]?0x[0-9a-f]+", "");
        };
    }

    private void heap(RecordedEvent event) {
        mostHeap = Math.max(mostHeap, event.getLong("heapUsed") / MIB);
        mostCommitted = Math.max(mostCommitted, event.getLong("heapSpace.committedSize") / MIB);
        if (event.getString("when").startsWith("After")) {
            liveHeap = Math.max(liveHeap, event.getLong("heapUsed") / MIB);
        }
    }

    long samples() {
        return samples;
    }

    /** All of it, as a page has it below its title. @param waiting of the same window; {@code null} for none */
    String text(Waiting waiting, double seconds) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT, "%,d samples, %.1f %% of them without a stack.%n%n", samples, percent(without, samples)));
        if (waiting != null && !waiting.times().isEmpty()) {
            text.append(threads(waiting, seconds)).append('\n');
        }
        text.append("## By stage\n\n").append(stageTable()).append('\n');
        for (Role role : roles()) {
            text.append(String.format(
                    Locale.ROOT, "## %s%n%n| package, or method on top | share |%n|---|---:|%n", title(role)));
            rows(text, packages.get(role), 10, Function.identity());
            text.append("| | |\n");
            rows(text, frames.get(role), 18, name -> '`' + name + '`');
            text.append('\n');
        }
        if (!allocated.isEmpty()) {
            text.append("## Allocated, by samples\n\n| what, and where | share |\n|---|---:|\n");
            rows(text, allocated, 12, name -> '`' + name + '`');
            text.append('\n');
        }
        if (mostHeap > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "Heap: at most %.0f MiB used before a collection, %.0f behind one, of %.0f committed.%n",
                    mostHeap,
                    liveHeap,
                    mostCommitted));
        }
        return text.toString();
    }

    private static String threads(Waiting waiting, double seconds) {
        StringBuilder text =
                new StringBuilder("| threads | ran, of a core | ready without a processor | turns a second "
                        + "| waited, us a turn |\n|---|---:|---:|---:|---:|\n");
        for (Role role : Role.values()) {
            Waiting.Time time = waiting.times().get(role);
            if (time != null && time.turns() > 0) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.1f %% | %.1f %% | %,.0f | %.0f |%n",
                        role.about(),
                        time.ran() / seconds / 1e7,
                        time.waited() / seconds / 1e7,
                        time.turns() / seconds,
                        time.waited() / 1e3 / time.turns()));
            }
        }
        return text.toString();
    }

    /** Those that matter, the busiest first. */
    private List<Role> roles() {
        return stages.keySet().stream()
                .filter(role -> sum(stages.get(role)) * 100 >= samples)
                .sorted((a, b) -> Long.compare(sum(stages.get(b)), sum(stages.get(a))))
                .toList();
    }

    private String stageTable() {
        StringBuilder text = new StringBuilder("| |");
        List<Role> roles = roles();
        roles.forEach(role -> text.append(' ').append(role.about()).append(" |"));
        text.append(" all |\n|---|").append("---:|".repeat(roles.size() + 1)).append('\n');
        for (Stage stage : Stage.values()) {
            long all = 0;
            for (Map<Stage, Long> counts : stages.values()) {
                all += counts.getOrDefault(stage, 0L);
            }
            // What shows nowhere is of no interest.
            if (all * 1000 < samples) {
                continue;
            }
            text.append("| ").append(stage.about()).append(" |");
            for (Role role : roles) {
                long count = stages.get(role).getOrDefault(stage, 0L);
                text.append(count == 0 ? " |" : String.format(Locale.ROOT, " %.1f %% |", percent(count, samples)));
            }
            text.append(String.format(Locale.ROOT, " **%.1f %%** |%n", percent(all, samples)));
        }
        return text.toString();
    }

    private String title(Role role) {
        return String.format(Locale.ROOT, "%s: %.1f %% of all", role.about(), percent(sum(stages.get(role)), samples));
    }

    private static void rows(StringBuilder text, Map<String, Long> counts, int most, Function<String, String> name) {
        long all = sum(counts);
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .map(one -> String.format(
                        Locale.ROOT, "| %s | %.1f %% |%n", name.apply(one.getKey()), percent(one.getValue(), all)))
                .collect(Collectors.toList())
                .forEach(text::append);
    }

    private static <K> long sum(Map<K, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static double percent(long part, long all) {
        return all == 0 ? 0 : 100.0 * part / all;
    }
}
