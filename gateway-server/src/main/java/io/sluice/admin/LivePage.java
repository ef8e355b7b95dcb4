package io.sluice.admin;

import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import java.util.List;
import java.util.Locale;

/** The page at {@code /}: where to look, and whether the laws hold. Plain HTML, nothing loaded from anywhere. */
final class LivePage {

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta http-equiv="refresh" content="2">
            <title>Sluice</title>
            <style>
            :root { color-scheme: light dark }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
            td { padding: .2rem 1.5rem .2rem 0; vertical-align: top } td.n { text-align: right }
            td, b { font-variant-numeric: tabular-nums }
            .good { color: #1a7f37 } .bad { color: #cf222e; font-weight: bold }
            </style>
            </head>
            <body>
            <h1>Sluice</h1>
            """;

    private static final String FOOT = """
            <p><a href="/metrics">/metrics</a> for Prometheus, <a href="/scrubbed">/scrubbed</a> for what was found, <a href="/healthz">/healthz</a> for the supervisor,
            <a href="/readyz">/readyz</a> for the load balancer.</p>
            </body>
            </html>
            """;

    private LivePage() {}

    /** @param policies by which shops are scrubbed, each with its version */
    static String render(Metrics metrics, List<String> failures, List<String> reasons, List<String> policies) {
        StringBuilder html = new StringBuilder(HEAD);
        state(html, "Healthy", "Not healthy", failures);
        state(html, "Ready", "Not ready", reasons);
        admission(html, metrics.value(Gauge.ADMISSION_REFUSED), metrics.value(Gauge.REQUESTS_WAITING));
        html.append("<h2>What came in went somewhere</h2>\n<table>\n");
        for (Laws.Law law : Laws.read(metrics)) {
            html.append("<tr><td>").append(law.title()).append("<td class=n>");
            term(html, law.whole());
            html.append("<td>= ");
            for (int i = 0; i < law.parts().size(); i++) {
                html.append(i == 0 ? "" : " + ");
                term(html, law.parts().get(i));
            }
            html.append(law.holds() ? "<td class=good>holds" : "<td class=bad>off by " + number(law.difference()));
            html.append("</tr>\n");
        }
        html.append("</table>\n");
        if (!policies.isEmpty()) {
            html.append("<p>Scrubbed by ").append(String.join(", ", policies));
            html.append(": <a href=\"/scrubbed\">what was found</a>, by shop and kind, never a value.</p>\n");
        }
        return html.append(FOOT).toString();
    }

    private static void state(StringBuilder html, String good, String bad, List<String> problems) {
        if (problems.isEmpty()) {
            html.append("<p class=good>").append(good).append("</p>\n");
        } else {
            html.append("<p class=bad>").append(bad).append(": ");
            html.append(escape(String.join("; ", problems))).append("</p>\n");
        }
    }

    /** What becomes of those who come: taken, held up for a moment, or refused in part. */
    private static void admission(StringBuilder html, double refused, double waiting) {
        if (refused > 0) {
            html.append("<p>Sheds: ").append(number(Math.round(100 * refused))).append(" % of the work is refused");
        } else if (waiting > 0) {
            html.append("<p>Reads are paused: ").append(number((long) waiting)).append(" requests wait for room");
        } else {
            html.append("<p class=good>Open");
        }
        html.append("</p>\n");
    }

    private static void term(StringBuilder html, Laws.Term term) {
        html.append("<b>").append(number(term.value())).append("</b> ").append(term.name());
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
