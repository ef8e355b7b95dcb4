package io.sluice.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Reads the loops' counts and latencies once a second and keeps the series. One thread. */
final class Sampler {

    /**
     * One interval.
     *
     * @param second its end, in seconds since the begin
     * @param wantedRate events a second that the schedule wants in its middle, 0 flat out
     * @param sentRate events a second, as are the next three
     * @param underWay events that are sent and not settled at its end
     * @param requests acked with a measured latency; the times are in nanoseconds, 0 if there are none
     * @param behindNanos how late the most delayed loop is at its end
     */
    record Sample(
            double second,
            double wantedRate,
            double sentRate,
            double ackedRate,
            double refusedRate,
            double unknownRate,
            long underWay,
            long requests,
            long p50,
            long p90,
            long p99,
            long max,
            long behindNanos) {}

    /** Rates of a shorter interval, as the last may be, mean nothing: it is counted and left out of the series. */
    private static final double LEAST_SECONDS = 0.1;

    private final LoadOptions options;
    private final List<LoadLoop> loops;
    private final List<Sample> samples = new ArrayList<>();
    private final Histogram total = new Histogram(LoopStats.MAX_NANOS, LoopStats.DIGITS);
    private final Histogram interval = new Histogram(LoopStats.MAX_NANOS, LoopStats.DIGITS);
    private final Histogram[] recycled;
    private Map<Tally, Long> last = new EnumMap<>(Tally.class);
    private double lastSecond;
    private long lastCpuNanos;
    private long measuredCpuNanos;
    private long measuredEvents;

    Sampler(LoadOptions options, List<LoadLoop> loops) {
        this.options = options;
        this.loops = loops;
        recycled = new Histogram[loops.size()];
        last = tallies();
    }

    Sample sample(double second) {
        interval.reset();
        for (int i = 0; i < recycled.length; i++) {
            recycled[i] = loops.get(i).stats().interval(recycled[i]);
            interval.add(recycled[i]);
        }
        total.add(interval);
        Map<Tally, Long> now = tallies();
        double seconds = Math.max(1e-9, second - lastSecond);
        boolean any = interval.getTotalCount() > 0;
        Sample sample = new Sample(
                second,
                options.flatOut() ? 0 : options.schedule().rateAt((lastSecond + second) / 2),
                rate(now, Tally.SENT, seconds),
                rate(now, Tally.ACKED, seconds),
                rate(now, Tally.REFUSED, seconds),
                rate(now, Tally.UNKNOWN, seconds),
                underWay(now),
                interval.getTotalCount(),
                any ? interval.getValueAtPercentile(50) : 0,
                any ? interval.getValueAtPercentile(90) : 0,
                any ? interval.getValueAtPercentile(99) : 0,
                any ? interval.getMaxValue() : 0,
                loops.stream().mapToLong(LoadLoop::behindNanos).max().orElse(0));
        long cpuNanos = loops.stream().mapToLong(LoadLoop::cpuNanos).sum();
        if (lastSecond >= Quantities.seconds(options.warmup()) - 0.001) {
            measuredCpuNanos += cpuNanos - lastCpuNanos;
            measuredEvents += now.get(Tally.SENT) - last.get(Tally.SENT);
        }
        lastCpuNanos = cpuNanos;
        last = now;
        lastSecond = second;
        if (seconds >= LEAST_SECONDS) {
            samples.add(sample);
        }
        return sample;
    }

    /** Processor time of the loops for an event sent, behind the warm-up. */
    double cpuNanosPerEvent() {
        return measuredEvents == 0 ? 0 : (double) measuredCpuNanos / measuredEvents;
    }

    List<Sample> samples() {
        return samples;
    }

    /** All latencies that were measured and sampled. */
    Histogram latencies() {
        return total;
    }

    long total(Tally tally) {
        return loops.stream().mapToLong(loop -> loop.stats().get(tally)).sum();
    }

    long underWay() {
        return underWay(tallies());
    }

    /** Answers by status, those that came. */
    Map<Integer, Long> statuses() {
        Map<Integer, Long> statuses = new TreeMap<>();
        for (int status = 0; status < LoopStats.STATUSES; status++) {
            int s = status;
            long answers =
                    loops.stream().mapToLong(loop -> loop.stats().answers(s)).sum();
            if (answers > 0) {
                statuses.put(status, answers);
            }
        }
        return statuses;
    }

    /** The line that is printed while the run goes on. */
    String line(Sample sample) {
        StringBuilder line = new StringBuilder();
        line.append(String.format(
                Locale.ROOT,
                "%6.1fs  sent %7s/s  acked %7s/s  under way %6s  p50 %8s  p99 %8s",
                sample.second(),
                Quantities.human(sample.sentRate()),
                Quantities.human(sample.ackedRate()),
                Quantities.human(sample.underWay()),
                Quantities.humanNanos(sample.p50()),
                Quantities.humanNanos(sample.p99())));
        statuses().forEach((status, answers) -> {
            if (status != 200) {
                line.append("  ").append(status).append(" x").append(answers);
            }
        });
        append(line, "  unknown ", total(Tally.UNKNOWN));
        append(line, "  lost connections ", total(Tally.LOST));
        append(line, "  failed connects ", total(Tally.CONNECT_FAILED));
        if (sample.behindNanos() > 1_000_000) {
            line.append("  behind ").append(Quantities.humanNanos(sample.behindNanos()));
        }
        return line.toString();
    }

    private static void append(StringBuilder line, String name, long number) {
        if (number > 0) {
            line.append(name).append(number);
        }
    }

    private double rate(Map<Tally, Long> now, Tally tally, double seconds) {
        return (now.get(tally) - last.get(tally)) / seconds;
    }

    private static long underWay(Map<Tally, Long> now) {
        return Math.max(
                0, now.get(Tally.SENT) - now.get(Tally.ACKED) - now.get(Tally.REFUSED) - now.get(Tally.UNKNOWN));
    }

    private Map<Tally, Long> tallies() {
        Map<Tally, Long> sums = new EnumMap<>(Tally.class);
        for (Tally tally : Tally.values()) {
            sums.put(tally, total(tally));
        }
        return sums;
    }
}
