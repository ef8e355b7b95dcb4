package io.sluice.ladder;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads lines such as {@code RESULT name=intake value=930 unit=ns/record}, which all benchmarks print. Stateless. */
public final class ResultLine {

    private static final String BEGIN = "RESULT ";

    private ResultLine() {}

    /** Its fields, or {@code null} if it is another line. */
    public static Map<String, String> parse(String line) {
        if (!line.startsWith(BEGIN)) {
            return null;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : line.substring(BEGIN.length()).strip().split(" +")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(field.substring(0, equals), field.substring(equals + 1));
            }
        }
        return fields;
    }

    /**
     * The field of the one line with this name.
     *
     * @throws IllegalStateException if there is none
     */
    public static String field(List<String> lines, String name, String field) {
        for (String line : lines) {
            Map<String, String> fields = parse(line);
            if (fields != null && name.equals(fields.get("name")) && fields.containsKey(field)) {
                return fields.get(field);
            }
        }
        throw new IllegalStateException("no RESULT name=" + name + " … " + field + "=… was printed");
    }

    public static double value(List<String> lines, String name) {
        return Double.parseDouble(field(lines, name, "value"));
    }
}
