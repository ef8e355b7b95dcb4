package io.sluice.load;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The report as one HTML file that needs nothing else, for people. Stateless. */
final class HtmlReport {

    private static final int TICKS = 12;

    private HtmlReport() {}

    static String render(RunReport report) {
        LoadOptions options = report.options();
        StringBuilder html = new StringBuilder(HtmlPage.head("Load " + options.run()));
        html.append("<h1>Load ").append(options.run()).append("</h1>\n<p class=\"quiet\">");
        html.append(Instant.ofEpochMilli(report.startedMillis()).truncatedTo(ChronoUnit.SECONDS));
        html.append(", to ").append(escaped(options.host())).append(", ");
        html.append(options.flatOut() ? "flat out" : "open loop").append(", ");
        html.append(options.protocol().about())
                .append("; ")
                .append(options.batch())
                .append(" events a request, ");
        html.append(options.connections()).append(" connections, seed ").append(options.seed());
        html.append(report.interrupted() ? ", interrupted" : "").append("</p>\n");
        counts(html, report);
        html.append("<h2>Throughput, events a second</h2>\n").append(throughput(report));
        html.append("<h2>Latency over time</h2>\n");
        html.append(
                options.flatOut()
                        ? "<p class=\"quiet\">Flat out: from the moment of sending. A stall counts once for each"
                                + " connection.</p>\n"
                        : "<p class=\"quiet\">From the moment at which the schedule wanted the request sent: a stall"
                                + " counts for every request that had to wait for it.</p>\n");
        html.append(latency(report.samples()));
        html.append("<h2>Latency by percentile</h2>\n").append(percentiles(report));
        return html.append("</body>\n</html>\n").toString();
    }

    private static void counts(StringBuilder html, RunReport report) {
        html.append("<h2>Events</h2>\n<table>\n");
        row(html, "acked a second", String.format(Locale.ROOT, "%,.0f", report.ackedRate()), "behind the warm-up");
        for (Tally tally : Tally.values()) {
            String name = tally.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            row(html, name, number(report.total(tally)), tally.about());
        }
        if (report.planned() >= 0) {
            row(html, "unsent", number(report.unsent()), "planned, but no connection was free in time");
        }
        report.statuses().forEach((status, answers) -> row(html, "status " + status, number(answers), "answers"));
        row(
                html,
                "processor time",
                String.format(Locale.ROOT, "%,.0f ns", report.cpuNanosPerEvent()),
                "of the generator, an event");
        html.append("</table>\n");
    }

    private static String throughput(RunReport report) {
        List<Sampler.Sample> samples = report.samples();
        Chart chart = new Chart("seconds", false, Quantities::human);
        double[] xs = series(samples, Sampler.Sample::second);
        if (!report.options().flatOut()) {
            chart.line("wanted", Chart.GREY, xs, series(samples, Sampler.Sample::wantedRate));
        }
        chart.line("sent", Chart.BLUE, xs, series(samples, Sampler.Sample::sentRate));
        chart.line("acked", Chart.GREEN, xs, series(samples, Sampler.Sample::ackedRate));
        chart.line("refused, unknown", Chart.RED, xs, series(samples, s -> s.refusedRate() + s.unknownRate()));
        seconds(chart, xs);
        return chart.render();
    }

    private static String latency(List<Sampler.Sample> samples) {
        Chart chart = new Chart("seconds", true, Quantities::humanNanos);
        double[] xs = series(samples, Sampler.Sample::second);
        chart.line("p50", Chart.GREEN, xs, series(samples, Sampler.Sample::p50));
        chart.line("p99", Chart.BLUE, xs, series(samples, Sampler.Sample::p99));
        chart.line("max", Chart.RED, xs, series(samples, Sampler.Sample::max));
        seconds(chart, xs);
        return chart.render();
    }

    /** Each step to the right is a tenth of what is left. */
    private static String percentiles(RunReport report) {
        Chart chart = new Chart("percentile", true, Quantities::humanNanos);
        int steps = 60;
        double[] xs = new double[steps + 1];
        double[] ys = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            xs[i] = i / 12.0;
            ys[i] = report.percentile(100 - 100 / Math.pow(10, xs[i]));
        }
        chart.line("latency", Chart.BLUE, xs, ys);
        chart.tick(0, "0");
        chart.tick(Math.log10(2), "50");
        for (int i = 1; i <= 5; i++) {
            chart.tick(i, i == 1 ? "90" : i == 2 ? "99" : "99." + "9".repeat(i - 2));
        }
        StringBuilder html = new StringBuilder(chart.render()).append("<table>\n");
        for (double percentile : RunReport.PERCENTILES) {
            row(html, JsonReport.percentileName(percentile), Quantities.humanNanos(report.percentile(percentile)), "");
        }
        return html.append("</table>\n").toString();
    }

    private static void seconds(Chart chart, double[] xs) {
        double last = xs.length == 0 ? 0 : xs[xs.length - 1];
        double step = Math.max(1, Chart.step(Math.max(1, last / TICKS)));
        for (double at = step; at <= last; at += step) {
            chart.tick(at, String.format(Locale.ROOT, at == Math.rint(at) ? "%.0f" : "%.1f", at));
        }
    }

    private static double[] series(List<Sampler.Sample> samples, ToDoubleFunction<Sampler.Sample> of) {
        return samples.stream().mapToDouble(of).toArray();
    }

    private static void row(StringBuilder html, String name, String value, String about) {
        html.append("<tr><td>")
                .append(name)
                .append("</td><td class=\"number\">")
                .append(value);
        html.append("</td><td class=\"quiet\">").append(about).append("</td></tr>\n");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
