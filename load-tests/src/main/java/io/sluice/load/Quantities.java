package io.sluice.load;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Rates, durations and ramps as they stand on a command line. Stateless. */
final class Quantities {

    private static final Pattern RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)([kM]?)(?:/s)?");
    private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h)");

    /** Most events a second that a schedule can tell apart, and far more than any machine sends. */
    private static final double MAX_RATE = 1e9;

    private Quantities() {}

    /** Events a second: {@code 500}, {@code 50k}, {@code 1.5M}. */
    static double rate(String text) {
        Matcher matcher = RATE.matcher(text);
        double rate = matcher.matches()
                ? Double.parseDouble(matcher.group(1))
                        * switch (matcher.group(2)) {
                            case "k" -> 1e3;
                            case "M" -> 1e6;
                            default -> 1;
                        }
                : 0;
        if (rate <= 0 || rate > MAX_RATE) {
            throw new TypeConversionException(
                    "'" + text + "' is no rate, expected events per second such as 500, 50k or 1.5M");
        }
        return rate;
    }

    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is no duration, expected such as 500ms, 30s, 5m or 2h");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /** {@code 10s:1k..50k}: how long, from which rate, to which. */
    static Schedule.Phase ramp(String text) {
        int colon = text.indexOf(':');
        int dots = text.indexOf("..");
        if (colon < 0 || dots < colon) {
            throw new TypeConversionException("'" + text + "' is no ramp, expected such as 10s:1k..50k");
        }
        Duration duration = duration(text.substring(0, colon));
        return new Schedule.Phase(
                seconds(duration), rate(text.substring(colon + 1, dots)), rate(text.substring(dots + 2)));
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** A number with its unit, for people: {@code 12.3k}. */
    static String human(double number) {
        double size = Math.abs(number);
        if (size >= 1e6) {
            return String.format(Locale.ROOT, "%.2fM", number / 1e6);
        }
        if (size >= 1e4) {
            return String.format(Locale.ROOT, "%.1fk", number / 1e3);
        }
        return String.format(Locale.ROOT, "%.0f", number);
    }

    /** A time, for people: {@code 1.23ms}. */
    static String humanNanos(double nanos) {
        if (nanos >= 1e9) {
            return String.format(Locale.ROOT, "%.2fs", nanos / 1e9);
        }
        if (nanos >= 1e6) {
            return String.format(Locale.ROOT, "%.2fms", nanos / 1e6);
        }
        return String.format(Locale.ROOT, "%.0fus", nanos / 1e3);
    }

    static final class Rate implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return rate(text);
        }
    }

    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return duration(text);
        }
    }

    static final class Ramp implements ITypeConverter<Schedule.Phase> {
        @Override
        public Schedule.Phase convert(String text) {
            return ramp(text);
        }
    }
}
