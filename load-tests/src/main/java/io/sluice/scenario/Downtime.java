package io.sluice.scenario;

import io.sluice.ladder.Figures;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * When a scenario's faults are in force, such as {@code 10%..50%} of the seconds that are measured; without one they
 * are from the start to the end. Immutable.
 *
 * @param from part of the seconds, 0 to 1
 * @param until part of the seconds, beyond {@code from}
 */
record Downtime(double from, double until) {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,2})% *\\.\\. *([0-9]{1,2})%");

    /** Older than this, a record waits for more than the end of its block, which is open for a second. */
    private static final double CAUGHT_UP_LAG_SECONDS = 2;

    /** @throws IllegalArgumentException if that is not what the text holds */
    static Downtime of(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (matcher.matches()) {
            double from = Double.parseDouble(matcher.group(1)) / 100;
            double until = Double.parseDouble(matcher.group(2)) / 100;
            if (0 < from && from < until) {
                return new Downtime(from, until);
            }
        }
        throw new IllegalArgumentException(
                "down is '" + text.strip() + "', expected a begin and an end such as '10%..50%' of the seconds");
    }

    /**
     * When it was, in nanoTime.
     *
     * @param measured first look that counts
     * @param began when the faults were set
     * @param ended when they were taken away
     */
    record Times(long measured, long began, long ended) {

        /**
         * Adds {@code down_rss_mib}, the most resident memory meanwhile beyond the mean before it; {@code
         * down_growth_mib}, its last third's mean beyond the second third's; and {@code caught_up_s}, what it took
         * from its end until nothing was late, infinite if something still was when the watch ended.
         */
        void add(Figures figures, List<Watch.Look> looks) {
            long third = (ended - began) / 3;
            double most = between(looks, began, ended).max().orElse(Double.NaN);
            figures.add("down_rss_mib", most - mean(looks, measured, began));
            double last = mean(looks, ended - third, ended);
            figures.add("down_growth_mib", Math.max(0, last - mean(looks, began + third, ended - third)));
            figures.add("caught_up_s", secondsToLag(looks, ended));
        }
    }

    private static double mean(List<Watch.Look> looks, long from, long to) {
        return between(looks, from, to).average().orElse(Double.NaN);
    }

    private static DoubleStream between(List<Watch.Look> looks, long from, long to) {
        return looks.stream()
                .filter(look -> look.nanos() - from >= 0 && look.nanos() - to <= 0)
                .mapToDouble(Watch.Look::rssMib);
    }

    /** From that moment to the first look from which on nothing was late; infinite if at the last one something was. */
    static double secondsToLag(List<Watch.Look> looks, long from) {
        double seconds = Double.POSITIVE_INFINITY;
        for (Watch.Look look : looks.reversed()) {
            if (look.lagSeconds() > CAUGHT_UP_LAG_SECONDS || look.nanos() - from < 0) {
                break;
            }
            seconds = (look.nanos() - from) / 1e9;
        }
        return seconds;
    }
}
