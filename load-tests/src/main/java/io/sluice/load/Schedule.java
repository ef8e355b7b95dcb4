package io.sluice.load;

import java.util.List;

/**
 * When each event is to be sent: phases behind each other, in each of which the rate goes evenly from one to another.
 *
 * <p>Immutable; any thread; {@link #nanosOf} allocates nothing.
 *
 * <p>In a phase of {@code T} seconds from rate {@code a} to {@code b} the number of events sent after {@code t} seconds
 * is
 * {@code n = a t + (b - a) t² / 2T}; solved for {@code t} such that nothing is divided by {@code b - a}.
 */
final class Schedule {

    /** The event is behind the end of the schedule. */
    static final long NEVER = Long.MAX_VALUE;

    /** @param seconds how long; rates are in events a second */
    record Phase(double seconds, double fromRate, double toRate) {

        double events() {
            return seconds * (fromRate + toRate) / 2;
        }
    }

    private final Phase[] phases;
    private final double seconds;
    private final double events;

    Schedule(List<Phase> phases) {
        this.phases = phases.toArray(Phase[]::new);
        seconds = phases.stream().mapToDouble(Phase::seconds).sum();
        events = phases.stream().mapToDouble(Phase::events).sum();
    }

    double seconds() {
        return seconds;
    }

    /** Events from begin to end. */
    double events() {
        return events;
    }

    /** The nanoseconds from the begin at which the {@code event}th event, from 0, is due, or {@link #NEVER}. */
    long nanosOf(double event) {
        double rest = event;
        double before = 0;
        for (Phase phase : phases) {
            double here = phase.events();
            if (rest < here) {
                double slope = (phase.toRate - phase.fromRate) / phase.seconds;
                double root = Math.sqrt(phase.fromRate * phase.fromRate + 2 * slope * rest);
                return (long) ((before + 2 * rest / (phase.fromRate + root)) * 1e9);
            }
            rest -= here;
            before += phase.seconds;
        }
        return NEVER;
    }

    /** The events a second that are wanted after so many seconds, 0 behind the end. */
    double rateAt(double second) {
        double rest = second;
        for (Phase phase : phases) {
            if (rest < phase.seconds) {
                return phase.fromRate + (phase.toRate - phase.fromRate) * rest / phase.seconds;
            }
            rest -= phase.seconds;
        }
        return 0;
    }
}
