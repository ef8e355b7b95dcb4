package io.sluice.scenario;

import io.sluice.ladder.Role;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long threads ran, and how long they could have and had no processor, by what they do: the scheduler's own account
 * in {@code /proc/PID/task/TID/schedstat}. Immutable.
 *
 * @param times by role; of threads that live
 */
record Waiting(Map<Role, Time> times) {

    /**
     * Nanoseconds.
     *
     * @param turns on a processor
     */
    record Time(long ran, long waited, long turns) {

        private static final Time NONE = new Time(0, 0, 0);

        private Time plus(Time other) {
            return new Time(ran + other.ran, waited + other.waited, turns + other.turns);
        }

        private Time minus(Time other) {
            return new Time(ran - other.ran, waited - other.waited, turns - other.turns);
        }
    }

    /** Of a process; of a kernel that keeps no such account, nothing. */
    static Waiting of(long pid) throws IOException {
        Map<Role, Time> times = new EnumMap<>(Role.class);
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                try {
                    Role role = Role.of(Files.readString(task.resolve("comm")).strip());
                    times.merge(role, parse(Files.readString(task.resolve("schedstat"))), Time::plus);
                } catch (IOException e) {
                    // It has ended since, or there is no such file.
                    continue;
                }
            }
        }
        return new Waiting(Map.copyOf(times));
    }

    /** Nanoseconds on a processor, nanoseconds ready without one, turns (Documentation/scheduler/sched-stats). */
    static Time parse(String schedstat) {
        String[] numbers = schedstat.strip().split(" ");
        return new Time(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
    }

    Waiting since(Waiting before) {
        Map<Role, Time> since = new EnumMap<>(Role.class);
        times.forEach((role, time) -> since.put(role, time.minus(before.times.getOrDefault(role, Time.NONE))));
        return new Waiting(Map.copyOf(since));
    }

    /** What {@link #toString} wrote. */
    static Waiting read(Path file) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        Map<Role, Time> times = new EnumMap<>(Role.class);
        for (String line : lines) {
            String[] words = line.split(" ", 2);
            times.put(Role.valueOf(words[0]), parse(words[1]));
        }
        return new Waiting(Map.copyOf(times));
    }

    /** A line a role: its name, and the three numbers. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Role role : Role.values()) {
            Time time = times.get(role);
            if (time != null) {
                text.append(String.format(Locale.ROOT, "%s %d %d %d%n", role, time.ran(), time.waited(), time.turns()));
            }
        }
        return text.toString();
    }
}
