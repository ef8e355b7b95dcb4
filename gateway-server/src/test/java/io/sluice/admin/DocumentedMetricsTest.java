package io.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Probe;
import io.sluice.metrics.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Holds the tables of {@code docs/OPERATIONS.md} to the enums, or writes them if it is told to. */
class DocumentedMetricsTest {

    private static final Path FILE = Path.of("../docs/OPERATIONS.md");
    private static final String WRITE = "sluice.docs.write";

    @Test
    void theTableOfMetricsIsThatOfTheEnums() throws IOException {
        Set<String> rows = new LinkedHashSet<>();
        for (Counter counter : Counter.values()) {
            String name = Exporter.prometheusName(counter.metric(), counter.unit(), true);
            String label = counter.tag() == null ? "" : "{" + counter.tag() + "=\"" + counter.tagValue() + "\"}";
            rows.add(row(name + label, "counter", counter.unit(), counter.help()));
        }
        rows.add(row(
                "sluice_refused_total{reason=\"…\"}",
                "counter",
                "events, requests",
                "Events and requests that were not taken, by reason"));
        rows.add(row(
                ScrubbedByShop.NAME + "_total{shop=\"…\",kind=\"…\",action=\"…\"}",
                "counter",
                "values",
                ScrubbedByShop.HELP));
        for (Gauge gauge : Gauge.values()) {
            String name = Exporter.prometheusName(gauge.metric(), gauge.unit(), false);
            rows.add(row(name, "gauge", gauge.unit(), gauge.help()));
        }
        for (Probe probe : Probe.values()) {
            boolean time = probe.unit().equals("nanoseconds");
            rows.add(row(Exporter.prometheusName(probe), "summary", time ? "seconds" : probe.unit(), probe.help()));
        }

        holds("metrics", "| name | type | unit | meaning |\n|---|---|---|---|\n" + String.join("", rows));
    }

    @Test
    void theTableOfReasonsIsThatOfTheEnum() throws IOException {
        StringBuilder table = new StringBuilder("| code | the event or request |\n|---|---|\n");
        for (Reason reason : Reason.values()) {
            table.append("| `" + reason.code() + "` | " + reason.text() + " |\n");
        }

        holds("reasons", table.toString());
    }

    private static String row(String name, String type, String unit, String meaning) {
        return "| `" + name + "` | " + type + " | " + unit + " | " + meaning + " |\n";
    }

    private static void holds(String name, String table) throws IOException {
        String text = Files.readString(FILE);
        String begin = "<!-- " + name + ": held to the code by a test -->\n";
        String end = "<!-- end of " + name + " -->";
        assertThat(text).contains(begin, end);
        String before = text.substring(0, text.indexOf(begin) + begin.length());
        String after = text.substring(text.indexOf(end));
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(FILE, before + table + after);
        }
        assertThat(Files.readString(FILE))
                .as("mvn test -Dtest=DocumentedMetricsTest -D" + WRITE + "=true writes it")
                .isEqualTo(before + table + after);
    }
}
