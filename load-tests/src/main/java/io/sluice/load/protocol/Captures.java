package io.sluice.load.protocol;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Events that trackers sent to a recording server, as JSON objects. Immutable.
 *
 * <p>There are some hundred; so that a compressor does not find the same event again and again, each use of one gets
 * other digits in its ids, times and hashes, as no two events of a shop have the same.
 */
final class Captures {

    private static final String FILE = "/captures/requests.json";

    /** What trackers call the array of events in a body. */
    private static final List<String> ARRAYS = List.of("\"batch\":[", "\"events\":[", "\"data\":[");

    /** Groups of hexadecimal digits, such as of a UUID, or the digits of a time. */
    private static final Pattern NUMBER =
            Pattern.compile("(?<![0-9A-Za-z\\\\])[0-9a-f]{4,}(?:-[0-9a-f]{4,})*(?![0-9A-Za-z])");

    private static final Pattern URL = Pattern.compile("\"url\": \"((?:[^\"\\\\]++|\\\\.)*+)\"");
    private static final Pattern BODY = Pattern.compile("\"body\": \"((?:[^\"\\\\]++|\\\\.)*+)\"");
    private static final Pattern DIGIT = Pattern.compile("[0-9]");

    private final List<String> events;

    private Captures(List<String> events) {
        this.events = List.copyOf(events);
    }

    /** Those that are kept with the gateway's tests. */
    static Captures read() {
        List<String> events = new ArrayList<>();
        try (InputStream in = Captures.class.getResourceAsStream(FILE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            // A line a request, between the brackets of the array.
            for (String line; (line = lines.readLine()) != null; ) {
                if (line.startsWith("{")) {
                    add(events, line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Captures(events);
    }

    private static void add(List<String> events, String request) {
        String url = member(request, URL);
        String body = member(request, BODY);
        if (body.startsWith("{")) {
            String all = body;
            ARRAYS.stream()
                    .filter(all::contains)
                    .findFirst()
                    .ifPresentOrElse(
                            array -> addElements(events, all, all.indexOf(array) + array.length()),
                            () -> events.add(all));
        } else if (body.isEmpty() && url.contains("?") && !url.contains("data=")) {
            events.add(object(url.substring(url.indexOf('?') + 1)));
        }
    }

    private static String member(String request, Pattern pattern) {
        Matcher matcher = pattern.matcher(request);
        if (!matcher.find()) {
            return "";
        }
        FlatJson text = new FlatJson("{\"a\":\"" + matcher.group(1) + "\"}");
        return text.next() ? text.value() : "";
    }

    private static void addElements(List<String> events, String body, int from) {
        int begin = from;
        int depth = 0;
        boolean inString = false;
        for (int at = from; at < body.length(); at++) {
            char c = body.charAt(at);
            if (inString) {
                at += c == '\\' ? 1 : 0;
                inString = c != '"';
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                begin = depth++ == 0 ? at : begin;
            } else if (c == '}' || c == ']') {
                if (--depth < 0) {
                    return;
                }
                if (depth == 0) {
                    events.add(body.substring(begin, at + 1));
                }
            }
        }
    }

    /** The parameters of a query as members. */
    private static String object(String query) {
        StringBuilder json = new StringBuilder("{");
        for (String parameter : query.split("&")) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                json.append(json.length() > 1 ? "," : "").append('"').append(parameter, 0, equals);
                json.append("\":\"");
                String value = URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8);
                json.append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
            }
        }
        return json.append('}').toString();
    }

    int size() {
        return events.size();
    }

    /** Any of them, with numbers of its own. */
    String any(RandomGenerator random) {
        Matcher numbers = NUMBER.matcher(events.get(random.nextInt(events.size())));
        return numbers.replaceAll(found -> other(found.group(), random));
    }

    /** Of the same length and shape; what has no digit is a word. */
    private static String other(String number, RandomGenerator random) {
        if (!DIGIT.matcher(number).find()) {
            return number;
        }
        StringBuilder text = new StringBuilder(number);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                // A number in JSON begins with no zero.
                text.setCharAt(i, (char) ('1' + random.nextInt(9)));
            } else if (c != '-') {
                text.setCharAt(i, (char) ('a' + random.nextInt(6)));
            }
        }
        return text.toString();
    }
}
