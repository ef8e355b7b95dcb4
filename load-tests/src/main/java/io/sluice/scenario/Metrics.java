package io.sluice.scenario;

import io.sluice.process.Http;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** One reading of a gateway's {@code /metrics}, in Prometheus's text format. Immutable. */
record Metrics(Map<String, Double> values) {

    static Metrics of(int adminPort) throws IOException {
        return parse(Http.get(adminPort, "/metrics"));
    }

    /** Names keep their labels: {@code name{label="value"}}. */
    static Metrics parse(String text) {
        Map<String, Double> values = new HashMap<>();
        for (String line : text.lines().toList()) {
            int space = line.lastIndexOf(' ');
            if (!line.startsWith("#") && space > 0) {
                String number = line.substring(space + 1);
                values.put(line.substring(0, space), number.equals("+Inf") ? Double.POSITIVE_INFINITY : parsed(number));
            }
        }
        return new Metrics(Map.copyOf(values));
    }

    private static double parsed(String number) {
        return number.equals("-Inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(number);
    }

    /** @throws IOException if the gateway has no such metric */
    double of(String name) throws IOException {
        Double value = values.get(name);
        if (value == null) {
            throw new IOException("the gateway has no metric " + name);
        }
        return value;
    }

    /** Milliseconds of a summary in seconds. */
    double millis(String summary, String quantile) throws IOException {
        return 1e3 * of(summary + "{quantile=\"" + quantile + "\"}");
    }
}
