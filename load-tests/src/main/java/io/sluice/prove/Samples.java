package io.sluice.prove;

import io.sluice.load.Generator;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks at the acks of a load every 25 ms, on a thread of its own. All methods may be called by any thread. */
final class Samples {

    private static final long STEP_MILLIS = 25;

    /** Width of the chart's intervals. */
    private static final double CHART_SECONDS = 0.5;

    private long beganNanos = System.nanoTime();
    private long beganMillis = System.currentTimeMillis();
    private double[] seconds = new double[4096];
    private long[] acked = new long[4096];
    private int count;
    private Thread thread;

    synchronized void begin(Generator load) {
        beganNanos = System.nanoTime();
        beganMillis = System.currentTimeMillis();
        thread = Thread.ofPlatform().name("samples").daemon().start(() -> sample(load));
    }

    private void sample(Generator load) {
        try {
            while (!Thread.interrupted()) {
                add(now(), load.acked());
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            }
        } catch (InterruptedException e) {
            // The load has ended.
        }
    }

    private synchronized void add(double second, long events) {
        if (count == seconds.length) {
            seconds = Arrays.copyOf(seconds, 2 * count);
            acked = Arrays.copyOf(acked, 2 * count);
        }
        seconds[count] = second;
        acked[count++] = events;
    }

    synchronized void end() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Seconds since the begin. */
    synchronized double now() {
        return (System.nanoTime() - beganNanos) / 1e9;
    }

    /** Whether so many events a second came in the time of that length from a second on. */
    synchronized boolean normal(double from, double rate, double length) {
        return from >= 0 && at(from + length) - at(from) >= rate * length;
    }

    /** The first time from which on they came again, not before {@code from}; negative if there is none yet. */
    synchronized double firstNormal(double from, double rate, double length) {
        double last = count == 0 ? 0 : seconds[count - 1];
        for (double begin = from; begin + length <= last; begin += STEP_MILLIS / 1e3) {
            if (normal(begin, rate, length)) {
                return begin;
            }
        }
        return -1;
    }

    /** Events acked by then. */
    private long at(double second) {
        int found = Arrays.binarySearch(seconds, 0, count, second);
        int index = found >= 0 ? found : -found - 2;
        return index < 0 ? 0 : acked[index];
    }

    /** All of it, with what the objects say of deliveries. */
    synchronized Timeline timeline(DeliveredObjects objects, List<Timeline.Span> faults) {
        double last = count == 0 ? 0 : seconds[count - 1];
        int steps = (int) Math.ceil(last / CHART_SECONDS);
        // Blocks wait for their second, and at the end for the drain: a little more is shown.
        steps += (int) (4 / CHART_SECONDS);
        double[] xs = new double[steps];
        double[] acks = new double[steps];
        double[] delivered = new double[steps];
        for (int i = 0; i < steps; i++) {
            double from = i * CHART_SECONDS;
            double to = from + CHART_SECONDS;
            xs[i] = to;
            acks[i] = (at(to) - at(from)) / CHART_SECONDS;
            delivered[i] =
                    objects.events(beganMillis + (long) (from * 1e3), beganMillis + (long) (to * 1e3)) / CHART_SECONDS;
        }
        return new Timeline(xs, acks, delivered, List.copyOf(faults));
    }
}
