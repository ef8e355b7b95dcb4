package io.sluice.config;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that is wrong with a configuration.
 *
 * @param key the key as the file writes it, or empty if the problem is with the source itself
 * @param value the value as it was given, or {@code null} if it is not about a value
 * @param expected what would have been right, as the end of a line
 * @param source where the value was read: {@code sluice.yaml:12}, {@code environment SLUICE_HTTP_PORT}, …
 */
public record Problem(String key, String value, String expected, String source) {

    private static final Pattern LINE = Pattern.compile(":([0-9]{1,8})$");

    /** As the lines of the file have them, and then the others. */
    public static List<Problem> inOrder(List<Problem> problems) {
        return problems.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
    }

    private int line() {
        Matcher matcher = LINE.matcher(source);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : Integer.MAX_VALUE;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(source);
        if (!key.isEmpty()) {
            text.append(": ").append(key);
        }
        if (value != null) {
            text.append(" = ").append(value.isEmpty() ? "(empty)" : value);
        }
        return text.append("\n    ").append(expected).toString();
    }
}
