package io.sluice.ladder;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Processor time that a process has used up to now, by its threads, from {@code /proc/PID/task/TID/stat}
 * (proc_pid_stat(5)). Immutable.
 *
 * @param process of all threads, those that have ended included
 * @param threads of living ones, by their names
 */
public record CpuUse(CpuTime process, Map<String, CpuTime> threads) {

    /** Linux tells times to programs in ticks of 10 ms, whatever its own are (USER_HZ). */
    private static final long TICK_NANOS = 10_000_000;

    /** Fields behind the name: the 14th and 15th of the line are the 12th and 13th there. */
    private static final int UTIME = 11;

    private static final int STIME = 12;
    private static final int ENDED_UTIME = 13;
    private static final int ENDED_STIME = 14;
    private static final int FLAGS = 6;
    private static final long PF_KTHREAD = 0x0020_0000;

    private static final Path PROC = Path.of("/proc");

    /** @throws IOException if there is no such process, or no {@code /proc} */
    public static CpuUse of(long pid) throws IOException {
        return of(PROC.resolve(Long.toString(pid)));
    }

    static CpuUse of(Path process) throws IOException {
        Map<String, CpuTime> threads = new TreeMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                String stat;
                try {
                    stat = Files.readString(task.resolve("stat"));
                } catch (NoSuchFileException e) {
                    // It has ended since; its time is the process's.
                    continue;
                }
                threads.merge(name(stat), time(stat), CpuTime::plus);
            }
        }
        return new CpuUse(time(Files.readString(process.resolve("stat"))), threads);
    }

    /** Threads of the kernel itself, which work for everybody. */
    public static CpuTime kernelThreads() throws IOException {
        CpuTime all = CpuTime.NONE;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                try {
                    String stat = Files.readString(process.resolve("stat"));
                    if ((Long.parseLong(fields(stat)[FLAGS]) & PF_KTHREAD) != 0) {
                        all = all.plus(time(stat));
                    }
                } catch (IOException e) {
                    // It has ended since.
                    continue;
                }
            }
        }
        return all;
    }

    /** Of the processes that a process started, that have ended and were waited for. */
    public static CpuTime ended(long pid) throws IOException {
        String[] fields =
                fields(Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat")));
        return new CpuTime(
                Long.parseLong(fields[ENDED_UTIME]) * TICK_NANOS, Long.parseLong(fields[ENDED_STIME]) * TICK_NANOS);
    }

    /** What was used since an earlier look at the same process. */
    public CpuUse since(CpuUse before) {
        Map<String, CpuTime> used = new TreeMap<>();
        threads.forEach((name, time) -> used.put(name, time.minus(before.threads.getOrDefault(name, CpuTime.NONE))));
        return new CpuUse(process.minus(before.process), used);
    }

    /** Of the threads with this role; {@link Role#OTHER} takes what belongs to no living thread. */
    public CpuTime of(Role role) {
        CpuTime ofRole = CpuTime.NONE;
        CpuTime living = CpuTime.NONE;
        for (Map.Entry<String, CpuTime> thread : threads.entrySet()) {
            living = living.plus(thread.getValue());
            if (Role.of(thread.getKey()) == role) {
                ofRole = ofRole.plus(thread.getValue());
            }
        }
        return role == Role.OTHER ? ofRole.plus(process.minus(living)) : ofRole;
    }

    /** A line a thread: program, kernel and both in milliseconds. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        threads.forEach((name, time) -> text.append(String.format(
                Locale.ROOT,
                "%-16s %8d %8d %8d ms%n",
                name,
                time.user() / 1_000_000,
                time.kernel() / 1_000_000,
                time.total() / 1_000_000)));
        return text.toString();
    }

    /** The name of a line of stat, which may hold spaces and parentheses itself. */
    static String name(String stat) {
        int begin = stat.indexOf('(');
        int end = stat.lastIndexOf(')');
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("no name in '" + stat.strip() + "', expected a line of /proc/PID/stat");
        }
        return stat.substring(begin + 1, end);
    }

    static CpuTime time(String stat) {
        String[] fields = fields(stat);
        return new CpuTime(Long.parseLong(fields[UTIME]) * TICK_NANOS, Long.parseLong(fields[STIME]) * TICK_NANOS);
    }

    private static String[] fields(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        if (fields.length <= STIME) {
            throw new IllegalArgumentException(
                    fields.length + " fields behind the name, expected a line of /proc/PID/stat");
        }
        return fields;
    }
}
