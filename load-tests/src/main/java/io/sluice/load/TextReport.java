package io.sluice.load;

import java.io.PrintWriter;
import java.util.Locale;

/** The report as a table for the terminal, with a last line for scripts. Stateless. */
final class TextReport {

    private TextReport() {}

    static void print(RunReport report, PrintWriter out) {
        LoadOptions options = report.options();
        out.println();
        for (Tally tally : Tally.values()) {
            String name = tally.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            out.printf(Locale.ROOT, "%-15s %15d  %s%n", name, report.total(tally), tally.about());
        }
        report.statuses()
                .forEach((status, answers) ->
                        out.printf(Locale.ROOT, "%-15s %15d  answers%n", "status " + status, answers));
        if (report.unsent() > 0) {
            out.printf(
                    Locale.ROOT, "%-15s %15d  %s%n", "unsent", report.unsent(), "planned, but no connection was free");
        }
        out.println();
        out.printf(
                Locale.ROOT,
                "%.0f events/s acked; latency p50 %s, p99 %s, p99.9 %s, max %s%s; %.0f ns of processor time an event%n",
                report.ackedRate(),
                Quantities.humanNanos(report.percentile(50)),
                Quantities.humanNanos(report.percentile(99)),
                Quantities.humanNanos(report.percentile(99.9)),
                Quantities.humanNanos(report.percentile(100)),
                options.flatOut() ? " (from sending)" : "",
                report.cpuNanosPerEvent());
        out.println("report:  " + options.html());
        out.println("acks:    " + options.acks());
        out.printf(
                Locale.ROOT,
                "RESULT name=load run=%s sent=%d acked=%d refused=%d unknown=%d unsent=%d rate=%.0f p50_ns=%d p99_ns=%d"
                        + " max_ns=%d cpu_ns_per_event=%.0f%n",
                options.run(),
                report.total(Tally.SENT),
                report.total(Tally.ACKED),
                report.total(Tally.REFUSED),
                report.total(Tally.UNKNOWN),
                report.unsent(),
                report.ackedRate(),
                report.percentile(50),
                report.percentile(99),
                report.percentile(100),
                report.cpuNanosPerEvent());
        out.flush();
    }
}
