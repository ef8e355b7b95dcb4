package io.sluice.load;

import java.util.Locale;

/** How reports look: the begin of an HTML file that needs nothing else. Stateless. */
public final class HtmlPage {

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; background: #fff; max-width: 900px;
                   margin: 2em auto; padding: 0 1em; }
            h1 { font-size: 1.5em; margin-bottom: 0; } h2 { font-size: 1.1em; margin: 2em 0 .3em; }
            p { margin: .3em 0; } .quiet { color: #5b6675; }
            table { border-collapse: collapse; } td, th { padding: .1em 2em .1em 0; vertical-align: top; }
            th { text-align: left; font-weight: 600; }
            td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
            svg { width: 100%%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: #5b6675; }
            .matrix { overflow-x: auto; } pre { white-space: pre-wrap; overflow-wrap: anywhere; }
            .matrix td, .matrix th { padding-right: .8em; white-space: nowrap; font-size: 12px; }
            .right { text-anchor: end; } .middle { text-anchor: middle; }
            .band { fill: #c93a3a; opacity: .12; } .bad { color: #c93a3a; font-weight: 600; }
            .grid { stroke: #e3e7ec; } polyline { stroke-width: 1.6; stroke-linejoin: round; }
            </style>
            </head>
            <body>
            """;

    private HtmlPage() {}

    /** Everything up to and with {@code <body>}; the title is plain text without {@code <} and {@code &}. */
    public static String head(String title) {
        return String.format(Locale.ROOT, HEAD, title);
    }
}
