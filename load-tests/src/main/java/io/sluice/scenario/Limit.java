package io.sluice.scenario;

import java.util.List;
import java.util.Locale;

/**
 * What a machine should take, by what a record was measured to cost: the least of what processors, the committer's
 * thread, the delivery's thread and the disk allow. Stateless.
 *
 * <p>CPU grows with the rate along a straight line that is fitted to measured points, fixed cost and cost a record. A
 * thread of which there is one can take no more than its own second. Threads scale with processors without loss, which
 * holds as long as nothing is shared but the ring.
 */
final class Limit {

    /** Of the processors; the rest is for whatever else a machine does. */
    private static final double USED = 0.95;

    /** Of a thread that must keep up. */
    private static final double BUSY = 0.9;

    /** One write of EBS is counted for each begun 256 KiB (EBS, volume characteristics). */
    private static final double IO_BYTES = 256 * 1024;

    /** A commit: what it writes, and the sync. */
    private static final double IOS_A_SYNC = 1;

    private static final double COMMIT_BYTES = 4 << 20;
    private static final double STREAM_BYTES = 0.85 * (5 << 20);

    private Limit() {}

    /**
     * What a record costs.
     *
     * @param fixedNanos a second, whatever the rate
     * @param nanos of all of the gateway and of the kernel's threads for it
     * @param committerNanos of the committer's thread
     * @param deliveryNanos of the delivery's thread
     * @param journalBytes in the journal
     * @param packedBytes that are delivered
     * @param receivedBytes of an event
     */
    record Cost(
            double fixedNanos,
            double nanos,
            double committerNanos,
            double deliveryNanos,
            double journalBytes,
            double packedBytes,
            double receivedBytes) {}

    /**
     * A machine.
     *
     * @param iops writes a second that its disk takes
     * @param megabytes a second that it writes
     */
    record Machine(String name, int processors, double syncMillis, double iops, double megabytes) {}

    /** Of gp3 as it comes: 3,000 IOPS and 125 MB/s, and a millisecond a sync. */
    static Machine gp3(int processors) {
        return new Machine(processors + " vCPU, EBS gp3", processors, 1, 3_000, 125);
    }

    /** The same with what gp3 can be given for money: 1,000 MB/s, 16,000 IOPS. */
    static Machine wideGp3(int processors) {
        return new Machine(processors + " vCPU, gp3 of 1,000 MB/s, 16,000 IOPS", processors, 1, 16_000, 1_000);
    }

    /** What bounds a machine. */
    enum Bound {
        PROCESSORS("processors"),
        COMMITTER("the committer's one thread; several logs divide it"),
        DELIVERY("the delivery's one thread"),
        DISK("MB/s of the disk"),
        SYNCS("writes a second of the disk");

        private final String about;

        Bound(String about) {
            this.about = about;
        }

        String about() {
            return about;
        }
    }

    /**
     * Of a machine.
     *
     * @param rate records a second at most
     * @param p50Millis of an answer at half of that
     * @param streams of Firehose with the largest quota that it fills
     * @param gigabits a second that come in
     */
    record Answer(Machine machine, double rate, Bound bound, double p50Millis, double streams, double gigabits) {}

    static Answer of(Cost cost, Machine machine) {
        Bound least = Bound.PROCESSORS;
        for (Bound bound : Bound.values()) {
            if (rate(cost, machine, bound) < rate(cost, machine, least)) {
                least = bound;
            }
        }
        double rate = rate(cost, machine, least);
        return new Answer(
                machine,
                rate,
                least,
                // Half of the sync under way on average, then its own.
                1.5 * machine.syncMillis,
                Math.ceil(rate * cost.packedBytes / STREAM_BYTES),
                rate * cost.receivedBytes * 8 / 1e9);
    }

    /** Records a second that this alone would allow. */
    static double rate(Cost cost, Machine machine, Bound bound) {
        return switch (bound) {
            case PROCESSORS -> (machine.processors * 1e9 * USED - cost.fixedNanos) / cost.nanos;
            case COMMITTER -> BUSY * 1e9 / cost.committerNanos;
            case DELIVERY -> BUSY * 1e9 / cost.deliveryNanos;
            case DISK -> machine.megabytes * 1e6 / cost.journalBytes;
            case SYNCS -> syncs(cost, machine);
        };
    }

    /** Commits grow with the rate, so that both limits are of their bytes. */
    private static double syncs(Cost cost, Machine machine) {
        double byTime = 1e3 / machine.syncMillis * COMMIT_BYTES;
        double byCount = machine.iops / (COMMIT_BYTES / IO_BYTES + IOS_A_SYNC) * COMMIT_BYTES;
        return Math.min(byTime, byCount) / cost.journalBytes;
    }

    /**
     * Where measured points lie: nanoseconds of CPU a second = fixed + nanos × rate.
     *
     * @param error the largest distance of a point from the line, as a part of the point
     */
    record Line(double fixedNanos, double nanos, double error) {}

    /**
     * The line of least squares of relative distance, never below 0 at rate 0.
     *
     * @param points rate, nanoseconds a record
     */
    static Line fit(List<double[]> points) {
        double sw = 0;
        double sx = 0;
        double sy = 0;
        double sxx = 0;
        double sxy = 0;
        for (double[] point : points) {
            double x = point[0];
            double y = point[0] * point[1];
            // A point at 10 % counts as much as one at capacity.
            double weight = 1 / (y * y);
            sw += weight;
            sx += weight * x;
            sy += weight * y;
            sxx += weight * x * x;
            sxy += weight * x * y;
        }
        double determinant = sw * sxx - sx * sx;
        double nanos = determinant <= 1e-9 * sw * sxx ? Double.NaN : (sw * sxy - sx * sy) / determinant;
        double fixed = (sy - nanos * sx) / sw;
        if (Double.isNaN(nanos) || fixed < 0) {
            fixed = 0;
            nanos = sxy / sxx;
        }
        double error = 0;
        for (double[] point : points) {
            double predicted = fixed / point[0] + nanos;
            error = Math.max(error, Math.abs(predicted / point[1] - 1));
        }
        return new Line(fixed, nanos, error);
    }

    static String row(Answer answer) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %s | %.2f | %,.0f | %.1f |%n",
                answer.machine.name,
                answer.rate,
                answer.bound.about,
                answer.p50Millis,
                answer.streams,
                answer.gigabits);
    }
}
