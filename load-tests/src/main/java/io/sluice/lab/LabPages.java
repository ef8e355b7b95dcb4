package io.sluice.lab;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is not AWS's: counters, faults, and a page for people. Any thread. */
final class LabPages {

    private static final String JSON = "application/json";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta http-equiv="refresh" content="2">
            <title>Sluice lab</title>
            <style>
            :root { color-scheme: light dark }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
            td, th { padding: .1rem 1.5rem .1rem 0; vertical-align: top; text-align: left; font-weight: normal }
            td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
            .good { color: #1a7f37 } .bad { color: #cf222e; font-weight: bold } small { opacity: .7 }
            div { overflow-x: auto }
            </style>
            </head>
            <body>
            <h1>Sluice lab: a Firehose that fails on command</h1>
            """;

    private static final String FOOT = """
            <p><a href="/lab/counters">/lab/counters</a> and <a href="/lab/faults">/lab/faults</a> as JSON.
            Set faults by <code>curl -X PUT --data '{"rules": [{"fault": "partial", "rate": 0.2}]}'</code>
            on the latter, remove them by DELETE.</p>
            </body>
            </html>
            """;

    private final Firehose firehose;

    LabPages(Firehose firehose) {
        this.firehose = firehose;
    }

    FullHttpResponse answer(HttpRequest request, int length, byte[] body) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        boolean get = request.method().equals(HttpMethod.GET);
        return switch (query < 0 ? uri : uri.substring(0, query)) {
            case "/lab/counters" ->
                get ? response(HttpResponseStatus.OK, JSON, Json.pretty(firehose.json())) : notAllowed("GET");
            case "/lab/faults" -> faults(request.method(), length, body);
            case "/lab", "/lab/" -> get ? response(HttpResponseStatus.OK, HTML, page()) : notAllowed("GET");
            default ->
                response(
                        HttpResponseStatus.NOT_FOUND,
                        TEXT,
                        "there are /lab, /lab/counters, /lab/faults, and Firehose's API by POST with X-Amz-Target\n");
        };
    }

    private FullHttpResponse faults(HttpMethod method, int length, byte[] body) {
        Faults faults = firehose.faults();
        if (method.equals(HttpMethod.PUT)) {
            try {
                faults.set(new String(body, 0, length, StandardCharsets.UTF_8));
            } catch (FaultRule.Invalid e) {
                return response(HttpResponseStatus.BAD_REQUEST, JSON, Json.pretty(Map.of("error", e.getMessage())));
            }
        } else if (method.equals(HttpMethod.DELETE)) {
            faults.clear();
        } else if (!method.equals(HttpMethod.GET)) {
            return notAllowed("GET, PUT, DELETE");
        }
        return response(HttpResponseStatus.OK, JSON, Json.pretty(faults.shown()));
    }

    private static FullHttpResponse notAllowed(String allowed) {
        FullHttpResponse response = response(HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "only " + allowed + "\n");
        response.headers().set(HttpHeaderNames.ALLOW, allowed);
        return response;
    }

    private String page() {
        Map<String, Object> json = firehose.json();
        StringBuilder html = new StringBuilder(HEAD);
        html.append("<h2>Laws</h2>\n");
        for (Object law : (List<?>) json.get("laws")) {
            Map<?, ?> members = (Map<?, ?>) law;
            boolean holds = (Boolean) members.get("holds");
            html.append(holds ? "<p class=good>holds: " : "<p class=bad>broken: ");
            html.append(escape((String) members.get("law"))).append("</p>\n");
        }
        html.append("<h2>Faults</h2>\n<pre>")
                .append(escape(Json.pretty(json.get("faults"))))
                .append("</pre>\n");
        html.append("<h2>Bill</h2>\n<table>\n");
        ((Map<?, ?>) json.get("billing"))
                .forEach((name, value) -> html.append("<tr><td>")
                        .append(name)
                        .append("<td class=n>")
                        .append(number(value))
                        .append("</tr>\n"));
        html.append("</table>\n<h2>Counters</h2>\n<div><table>\n<tr><th><th class=n>total");
        Map<?, ?> streams = (Map<?, ?>) json.get("streams");
        streams.keySet().forEach(name -> html.append("<th class=n>").append(escape((String) name)));
        html.append("<th class=n>no stream</tr>\n");
        for (Count count : Count.values()) {
            html.append("<tr><td>").append(count.label()).append("<br><small>").append(count.meaning());
            html.append("</small>");
            cell(html, json.get("total"), count);
            streams.values().forEach(stream -> cell(html, stream, count));
            cell(html, json.get("noStream"), count);
            html.append("</tr>\n");
        }
        html.append("</table></div>\n");
        return html.append(FOOT).toString();
    }

    private static void cell(StringBuilder html, Object counters, Count count) {
        html.append("<td class=n>").append(number(((Map<?, ?>) counters).get(count.label())));
    }

    private static String number(Object value) {
        return value instanceof Double
                ? String.format(Locale.ROOT, "%,.2f", value)
                : String.format(Locale.ROOT, "%,d", value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static FullHttpResponse response(HttpResponseStatus status, String type, String text) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("x-content-type-options", "nosniff");
        return response;
    }
}
