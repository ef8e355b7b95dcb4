package io.sluice.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * The counters and distributions of one writing thread.
 *
 * <p>One thread writes, any thread reads. Adding is a plain read and an ordered write: no lock, no allocation, no
 * contention. A reader sees every cell whole, and the cells of one writer in the order of its writes.
 */
public final class Cells {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int COUNTERS = Counter.values().length;
    private static final int REASONS = Reason.values().length;

    private final long[] counters = new long[COUNTERS];
    private final long[] reasons = new long[REASONS];
    private final SingleWriterRecorder[] probes = new SingleWriterRecorder[Probe.values().length];

    Cells() {
        for (int i = 0; i < probes.length; i++) {
            probes[i] = new SingleWriterRecorder(2);
        }
    }

    public void increment(Counter counter) {
        add(counter, 1);
    }

    public void add(Counter counter, long amount) {
        assert amount >= 0;
        add(counters, counter.ordinal(), amount);
    }

    /** Counts something that was not taken: an event or a request. */
    public void refuse(Reason reason, long amount) {
        add(reasons, reason.ordinal(), amount);
    }

    public void record(Probe probe, long value) {
        probes[probe.ordinal()].recordValue(Math.max(0, value));
    }

    long value(Counter counter) {
        return (long) CELL.getOpaque(counters, counter.ordinal());
    }

    long value(Reason reason) {
        return (long) CELL.getOpaque(reasons, reason.ordinal());
    }

    Histogram interval(Probe probe) {
        return probes[probe.ordinal()].getIntervalHistogram();
    }

    private static void add(long[] cells, int index, long amount) {
        CELL.setRelease(cells, index, cells[index] + amount);
    }
}
