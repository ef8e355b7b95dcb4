package io.sluice.ladder;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many events were acknowledged between two lines of progress, from the load generator's report. Stateless. */
public final class LoadWindow {

    /** A line of progress: the second since the begin. */
    public static final Pattern PROGRESS = Pattern.compile("^ *(\\d+\\.\\d)s  sent ");

    private static final Pattern SAMPLE = Pattern.compile("\"second\": (\\d+\\.\\d+),.* \"acked\": (\\d+)[,}]");

    /** Lines give a second to one digit. */
    private static final double SAME_SECOND = 0.06;

    private LoadWindow() {}

    /**
     * Records acknowledged behind the sample at {@code from} and up to the one at {@code to}, and the seconds between.
     *
     * @param json report of the load generator, a line a sample
     */
    public static Acked acked(String json, double from, double to) {
        double events = 0;
        double begin = 0;
        double before = 0;
        double end = 0;
        for (String line : json.lines().toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.find()) {
                continue;
            }
            double second = Double.parseDouble(sample.group(1));
            if (second <= from + SAME_SECOND) {
                begin = second;
            } else if (second <= to + SAME_SECOND) {
                events += Double.parseDouble(sample.group(2)) * (second - before);
                end = second;
            }
            before = second;
        }
        if (events == 0) {
            throw new IllegalStateException("nothing was acknowledged between " + from + " s and " + to + " s");
        }
        return new Acked(events, end - begin);
    }

    /** Seconds since the begin, and records acknowledged a second up to each of them from the one before. */
    public static List<double[]> seconds(String json) {
        List<double[]> seconds = new ArrayList<>();
        for (String line : json.lines().toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.find()) {
                seconds.add(new double[] {Double.parseDouble(sample.group(1)), Double.parseDouble(sample.group(2))});
            }
        }
        return seconds;
    }

    public record Acked(double events, double seconds) {
        public double rate() {
            return events / seconds;
        }
    }
}
