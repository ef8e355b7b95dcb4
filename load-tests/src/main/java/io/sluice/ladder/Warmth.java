package io.sluice.ladder;

import java.io.IOException;
import java.util.regex.Matcher;

/**
 * Tells when a process that is under load has been compiled: on a busy machine that takes longer than any number of
 * seconds. Stateless.
 */
public final class Warmth {

    /** Of a process's time, below which its compiler no longer matters. */
    static final double COMPILER_SHARE = 0.03;

    private static final double LINE_SECONDS = 60;

    private Warmth() {}

    /**
     * Waits, from one line of the load's progress to the next, until the compiler of a process has little left to do.
     *
     * @param load that the process is under; prints a line a second
     * @param pid of the process
     * @param least seconds of the load, before which nothing is warm
     * @param most seconds of the load, after which it is warm enough
     * @return the second of the load
     */
    public static double await(Child load, long pid, double least, double most)
            throws IOException, InterruptedException {
        CpuUse before = CpuUse.of(pid);
        while (true) {
            double second = awaitSecond(load, 0);
            CpuUse now = CpuUse.of(pid);
            boolean compiled = compiled(now.since(before));
            before = now;
            if (second >= least && compiled || second >= most) {
                return second;
            }
        }
    }

    /** Whether its compiler had little left to do meanwhile. */
    public static boolean compiled(CpuUse used) {
        return used.of(Role.JIT).total() < COMPILER_SHARE * used.process().total();
    }

    /** Waits for the line of progress of that second or a later one, which come at full seconds or a little later. */
    public static double awaitSecond(Child load, double second) throws IOException, InterruptedException {
        while (true) {
            Matcher line = load.await(LoadWindow.PROGRESS, LINE_SECONDS);
            double printed = Double.parseDouble(line.group(1));
            if (printed >= second) {
                return printed;
            }
        }
    }
}
