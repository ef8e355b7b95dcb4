package io.sluice.ladder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What all processors together have done since the machine started, from the first line of {@code /proc/stat}
 * (proc_stat(5)), in nanoseconds.
 *
 * @param busy in programs, in the kernel, in interrupts
 * @param idle waiting, for a disk or anything else
 * @param stolen by the host, for other machines
 */
public record MachineUse(long busy, long idle, long stolen) {

    private static final long TICK_NANOS = 10_000_000;

    public static MachineUse now() throws IOException {
        return parse(Files.readString(Path.of("/proc/stat")));
    }

    /** The fields: user, nice, system, idle, iowait, irq, softirq, steal, and guests, who are in user already. */
    static MachineUse parse(String stat) {
        String[] fields = stat.lines().findFirst().orElse("").split(" +");
        if (fields.length < 9 || !fields[0].equals("cpu")) {
            throw new IllegalArgumentException("no times of all processors, expected /proc/stat");
        }
        long[] ticks = new long[9];
        for (int i = 1; i < 9; i++) {
            ticks[i] = Long.parseLong(fields[i]);
        }
        return new MachineUse(
                (ticks[1] + ticks[2] + ticks[3] + ticks[6] + ticks[7]) * TICK_NANOS,
                (ticks[4] + ticks[5]) * TICK_NANOS,
                ticks[8] * TICK_NANOS);
    }

    /** Of all time, what the host took for other machines: 0 to 1. */
    public double stolenShare() {
        long all = busy + idle + stolen;
        return all == 0 ? 0 : (double) stolen / all;
    }

    public MachineUse since(MachineUse before) {
        return new MachineUse(busy - before.busy, idle - before.idle, stolen - before.stolen);
    }
}
