package io.sluice.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the memory of a process and at how far its delivery is behind, once a second, on a thread of its own.
 *
 * <p>{@link #end} ends that thread; what was seen is for the caller from then on.
 */
final class Watch {

    private static final double KIB_PER_MIB = 1024;

    /** What was seen at a moment. @param nanos of nanoTime @param second since the watch began */
    record Look(long nanos, double second, double rssMib, double lagSeconds, double pending) {}

    private final long pid;
    private final int adminPort;
    private final List<Look> looks = new ArrayList<>();
    private final long began = System.nanoTime();
    private final Thread thread;
    private int missed;

    Watch(long pid, int adminPort) {
        this.pid = pid;
        this.adminPort = adminPort;
        thread = Thread.ofPlatform().daemon().name("watch").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                try {
                    look();
                } catch (IOException e) {
                    // Asked while everything is busier than ever; the last look is the main thread's, which tells.
                    missed++;
                }
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            // The end.
        }
    }

    private void look() throws IOException {
        Metrics metrics = Metrics.of(adminPort);
        long now = System.nanoTime();
        looks.add(new Look(
                now,
                (now - began) / 1e9,
                residentMib(Files.readString(Path.of("/proc/" + pid + "/status"))),
                metrics.of("sluice_delivery_oldest_age_seconds"),
                metrics.of("sluice_journal_pending")));
    }

    /** With a last look. */
    void end() throws IOException, InterruptedException {
        thread.interrupt();
        thread.join();
        look();
    }

    /** VmRSS of {@code /proc/PID/status}, in MiB (proc_pid_status(5)). */
    static double residentMib(String status) throws IOException {
        for (String line : status.lines().toList()) {
            if (line.startsWith("VmRSS:")) {
                return Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB;
            }
        }
        throw new IOException("no VmRSS in the status of the gateway");
    }

    double peakMib() {
        return looks.stream().mapToDouble(Look::rssMib).max().orElse(0);
    }

    /** In the order of time; once it has ended. */
    List<Look> looks() {
        return looks;
    }

    /** How much larger it was on average in the last quarter than in the second one, when it was warm. */
    double growthMib() {
        double[] sizes = looks.stream().mapToDouble(Look::rssMib).toArray();
        return growth(sizes);
    }

    static double growth(double[] sizes) {
        int quarter = Math.max(1, sizes.length / 4);
        double second = 0;
        double last = 0;
        for (int i = 0; i < quarter; i++) {
            second += sizes[Math.min(sizes.length - 1, quarter + i)];
            last += sizes[sizes.length - 1 - i];
        }
        return Math.max(0, (last - second) / quarter);
    }

    /** Age of the oldest record that is not delivered, at the end. */
    double lagSeconds() {
        return looks.getLast().lagSeconds();
    }

    double pending() {
        return looks.getLast().pending();
    }

    /** The most of it, second by second. */
    double worstLagSeconds() {
        return looks.stream().mapToDouble(Look::lagSeconds).max().orElse(0);
    }

    /** A line a second. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("second rss_mib lag_s pending\n");
        for (Look look : looks) {
            text.append(String.format(
                    Locale.ROOT,
                    "%.1f %.1f %.3f %.0f%n",
                    look.second(),
                    look.rssMib(),
                    look.lagSeconds(),
                    look.pending()));
        }
        return text.append("missed ").append(missed).append('\n').toString();
    }
}
