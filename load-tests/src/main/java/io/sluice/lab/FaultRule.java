package io.sluice.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One fault, where and when it strikes.
 *
 * @param stream the stream's name, null for all
 * @param rate of the calls, or for PARTIAL and STORED_FAILED of the records, that it strikes: 0 to 1
 * @param fromNanos since the rules were set
 * @param untilNanos since the rules were set, {@link Long#MAX_VALUE} for ever
 * @param afterStoring for RESET, BLACK_HOLE and ERROR
 * @param code for PARTIAL and KMS, else null
 * @param source the members as they were given, to show
 */
record FaultRule(
        Fault fault,
        String stream,
        double rate,
        long fromNanos,
        long untilNanos,
        boolean afterStoring,
        String code,
        int status,
        long delayNanos,
        long tailNanos,
        double tailRate,
        double bytesPerSecond,
        Map<String, Object> source) {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final List<String> COMMON = List.of("fault", "stream", "rate", "from", "for");

    /** Thrown for a rule that cannot be: its message names member, value and what was expected. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;

        Invalid(String message) {
            super(message);
        }
    }

    boolean concerns(String name, long sinceSetNanos) {
        return (stream == null || stream.equals(name)) && sinceSetNanos >= fromNanos && sinceSetNanos < untilNanos;
    }

    static FaultRule of(Object json) throws Invalid {
        if (!(json instanceof Map<?, ?> members)) {
            throw new Invalid(
                    "a rule is " + Json.write(json) + ", expected an object such as {\"fault\": \"throttle\"}");
        }
        Map<String, Object> source = new LinkedHashMap<>();
        members.forEach((name, value) -> source.put((String) name, value));
        Fault fault = source.get("fault") instanceof String label ? Fault.of(label) : null;
        if (fault == null) {
            List<String> labels = new ArrayList<>();
            for (Fault known : Fault.values()) {
                labels.add(known.label());
            }
            throw new Invalid("fault is " + Json.write(source.get("fault")) + ", expected one of " + labels);
        }
        for (String name : source.keySet()) {
            if (!COMMON.contains(name) && !fault.parameters().contains(name)) {
                throw new Invalid(fault.label() + " has the member " + name + ", expected of " + COMMON + " and "
                        + fault.parameters());
            }
        }
        if (fault == Fault.SLOW_READS && source.containsKey("stream")) {
            throw new Invalid("slow-reads has a stream, expected none: no stream is known while a body is read");
        }
        long from = duration(source, "from", 0);
        long length = duration(source, "for", Long.MAX_VALUE);
        String when = text(source, "when", "before");
        if (!when.equals("before") && !when.equals("after")) {
            throw new Invalid("when is " + when + ", expected before or after");
        }
        return new FaultRule(
                fault,
                text(source, "stream", null),
                number(source, "rate", 1, 0, 1),
                from,
                length == Long.MAX_VALUE ? length : from + length,
                when.equals("after"),
                text(source, "code", fault == Fault.KMS ? "KMSAccessDenied" : AwsError.UNAVAILABLE),
                (int) number(source, "status", 500, 400, 599),
                duration(source, "delay", 0),
                duration(source, "tail", 0),
                number(source, "tailRate", 0, 0, 1),
                number(source, "bytesPerSecond", 64 * 1024, 1, 1e12),
                source);
    }

    private static String text(Map<String, Object> members, String name, String otherwise) throws Invalid {
        Object value = members.getOrDefault(name, otherwise);
        if (value != null && !(value instanceof String)) {
            throw new Invalid(name + " is " + Json.write(value) + ", expected a string");
        }
        return (String) value;
    }

    private static double number(Map<String, Object> members, String name, double otherwise, double least, double most)
            throws Invalid {
        Object value = members.getOrDefault(name, otherwise);
        if (!(value instanceof Number number) || number.doubleValue() < least || number.doubleValue() > most) {
            throw new Invalid(name + " is " + Json.write(value) + ", expected a number of " + least + " to " + most);
        }
        return number.doubleValue();
    }

    private static long duration(Map<String, Object> members, String name, long otherwise) throws Invalid {
        Object value = members.get(name);
        if (!members.containsKey(name)) {
            return otherwise;
        }
        try {
            return nanos(value instanceof String text ? text : "");
        } catch (Invalid e) {
            throw new Invalid(name + " is " + Json.write(value) + ", expected a duration such as \"250ms\" or \"60s\"");
        }
    }

    /** A whole number with a unit: {@code ms}, {@code s}, {@code m} or {@code h}. */
    static long nanos(String text) throws Invalid {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new Invalid("expected a duration such as 250ms or 60s");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> TimeUnit.MILLISECONDS.toNanos(amount);
            case "s" -> TimeUnit.SECONDS.toNanos(amount);
            case "m" -> TimeUnit.MINUTES.toNanos(amount);
            default -> TimeUnit.HOURS.toNanos(amount);
        };
    }
}
