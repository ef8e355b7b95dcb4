package io.sluice.prove;

import io.sluice.load.Chart;
import io.sluice.load.HtmlPage;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** The proof as one HTML file that needs nothing else, with a chart for each row. Stateless. */
final class HtmlReport {

    private static final int TICKS = 12;

    private HtmlReport() {}

    static String render(Proof proof) {
        StringBuilder html = new StringBuilder(HtmlPage.head("Nothing acknowledged is ever lost"));
        html.append("<h1>Nothing acknowledged is ever lost</h1>\n<p class=\"quiet\">");
        html.append(escaped(String.format(
                Locale.ROOT,
                "scripts/prove at %s, after %d min %d s, with seed %d, on %s.",
                proof.began().truncatedTo(ChronoUnit.SECONDS),
                proof.took().toMinutes(),
                proof.took().toSecondsPart(),
                proof.plan().seed(),
                proof.machine().text())));
        html.append("</p>\n<div class=\"matrix\"><table>\n");
        row(html, "th", Table.HEAD, true);
        for (Outcome outcome : proof.outcomes()) {
            row(html, "td", Table.cells(outcome), outcome.good());
        }
        html.append("</table></div>\n<p class=\"quiet\">Charts show events a second, acknowledged and delivered;"
                + " shaded is the fault.</p>\n");
        for (Outcome outcome : proof.outcomes()) {
            html.append("<h2>").append(escaped(outcome.row().title())).append("</h2>\n<p>");
            html.append(escaped(outcome.row().about())).append("</p>\n<p class=\"quiet\">");
            html.append(escaped(String.join(", ", outcome.notes()))).append("</p>\n");
            for (String problem : outcome.problems()) {
                html.append("<pre class=\"bad\">").append(escaped(problem)).append("</pre>\n");
            }
            if (outcome.chart() != null) {
                html.append(chart(outcome.chart()));
            }
        }
        return html.append("<pre>")
                .append(escaped(proof.result()))
                .append("</pre>\n</body>\n</html>\n")
                .toString();
    }

    private static void row(StringBuilder html, String tag, List<String> cells, boolean good) {
        html.append("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            boolean number = i > 0 && i < cells.size() - 1;
            html.append('<').append(tag);
            html.append(number ? " class=\"number\">" : good ? ">" : " class=\"bad\">");
            html.append(escaped(cells.get(i)));
            html.append("</").append(tag).append('>');
        }
        html.append("</tr>\n");
    }

    private static String chart(Timeline timeline) {
        Chart chart = new Chart("seconds", false, value -> String.format(Locale.ROOT, "%,.0f", value));
        chart.line("delivered", Chart.BLUE, timeline.seconds(), timeline.delivered());
        chart.line("acked", Chart.GREEN, timeline.seconds(), timeline.acked());
        for (Timeline.Span fault : timeline.faults()) {
            chart.band(fault.from(), fault.to());
        }
        double last = timeline.seconds().length == 0 ? 0 : timeline.seconds()[timeline.seconds().length - 1];
        double step = Math.max(1, Chart.step(Math.max(1, last / TICKS)));
        for (double at = step; at <= last; at += step) {
            chart.tick(at, String.format(Locale.ROOT, at == Math.rint(at) ? "%.0f" : "%.1f", at));
        }
        return chart.render();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
