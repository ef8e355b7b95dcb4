package io.sluice.load;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run was and what came of it.
 *
 * @param startedMillis epoch milliseconds
 * @param seconds how long events were sent, warm-up included
 * @param interrupted whether it was ended before its time
 * @param tallies of the whole run
 * @param statuses answers by HTTP status
 * @param planned events that the schedule wanted sent in that time, -1 flat out
 * @param latencies of acked requests behind the warm-up, in nanoseconds
 * @param ackBytes size of the file of acks
 * @param cpuNanosPerEvent processor time of the loops, kernel included, for an event sent behind the warm-up
 */
record RunReport(
        LoadOptions options,
        long startedMillis,
        double seconds,
        boolean interrupted,
        Map<Tally, Long> tallies,
        Map<Integer, Long> statuses,
        long planned,
        Histogram latencies,
        List<Sampler.Sample> samples,
        long ackBytes,
        double cpuNanosPerEvent) {

    static final double[] PERCENTILES = {50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 100};

    long total(Tally tally) {
        return tallies.get(tally);
    }

    /** Events that the schedule wanted and that were never sent, since no connection was free. */
    long unsent() {
        return planned < 0 ? 0 : Math.max(0, planned - total(Tally.SENT));
    }

    /** Acked events a second, of the samples behind the warm-up. */
    double ackedRate() {
        double warmup = Quantities.seconds(options.warmup());
        double events = 0;
        double time = 0;
        double before = 0;
        for (Sampler.Sample sample : samples) {
            if (before >= warmup - 0.001 && sample.second() <= seconds + 0.5) {
                events += sample.ackedRate() * (sample.second() - before);
                time += sample.second() - before;
            }
            before = sample.second();
        }
        return time == 0 ? 0 : events / time;
    }

    long percentile(double percentile) {
        return latencies.getTotalCount() == 0 ? 0 : latencies.getValueAtPercentile(percentile);
    }

    /** Whether everything that was sent was acked, and everything planned was sent. */
    boolean complete() {
        return total(Tally.REFUSED) == 0
                && total(Tally.UNKNOWN) == 0
                && (planned < 0 || unsent() < options.batch() * (long) options.threads());
    }
}
