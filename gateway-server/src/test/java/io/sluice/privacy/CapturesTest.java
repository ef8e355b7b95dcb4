package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.ReferenceJson;
import io.sluice.json.ReferenceJson.Node;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What trackers really send, as values of an event: nothing personal that stands in it is left, and all else is. */
class CapturesTest {

    private static final Path REMOVED = Path.of("src/test/resources/privacy/captures/removed.txt");
    private static final String WRITE = "sluice.docs.write";

    /** One of each kind that needs no words around it. */
    private static final List<String> PERSONAL = List.of(
            "jane.doe@leak.example", "4111 1111 1111 1111", "DE89370400440532013000", "+49 30 901820", "203.0.113.77");

    private final ScrubbedText scrubbed = new ScrubbedText();

    /** One request: a target, and a body if it is no GET. */
    record Capture(String from, String method, String url, String body) {
        @Override
        public String toString() {
            return from + " " + method + " " + url.replaceAll("\\?.*", "");
        }

        boolean isJson() {
            return body.startsWith("{") || body.startsWith("[");
        }

        /** The form in it: the body's, or that of the query. */
        String form() {
            return !body.isEmpty() ? body : url.contains("?") ? url.substring(url.indexOf('?') + 1) : "";
        }
    }

    static Stream<Capture> captures() throws IOException {
        try (InputStream in = CapturesTest.class.getResourceAsStream("/privacy/captures/requests.json")) {
            return ((ReferenceJson.Array) ReferenceJson.parse(in.readAllBytes()))
                    .elements().stream()
                            .map(ReferenceJson.Object.class::cast)
                            .map(o -> new Capture(o.text("from"), o.text("method"), o.text("url"), o.text("body")));
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void nothingIsLeftOfWhatIsPlantedInAnyStringOfIt(Capture capture) throws IOException, BadPolicyException {
        LineScrubber lines = LineScrubber.of("strict", null);
        List<String> left = new ArrayList<>();
        for (String personal : PERSONAL) {
            for (String planted : planted(capture, personal)) {
                boolean json = planted.startsWith("{") || planted.startsWith("[");
                List<String> events = new ArrayList<>();
                events.add("{\"event\":\"a\",\"props\":{\"body\":\"" + Carrier.json(planted) + "\"}}");
                if (json) {
                    events.add("{\"event\":\"a\",\"props\":{\"body\":" + planted + "}}");
                    events.add(planted);
                }
                for (String event : events) {
                    byte[] utf8 = event.getBytes(StandardCharsets.UTF_8);
                    String line = new String(lines.scrub(utf8, utf8.length), StandardCharsets.UTF_8);
                    assertThat(line).isEqualTo(scrubbed.of(event));
                    ReferenceJson.parse(line);
                    assertThat(scrubbed.of(line)).isEqualTo(line);
                    if (Limits.left(new Planted("", personal, List.of(personal)), line) != null) {
                        left.add(personal + " in " + event + " stays in " + line);
                    }
                }
            }
        }
        assertThat(left).isEmpty();
    }

    /** The request with the value planted in each string of it; as it is and within a URL if it is a form. */
    private static List<String> planted(Capture capture, String personal) {
        if (capture.isJson()) {
            return List.of(Strings.with(ReferenceJson.parse(capture.body()), text -> plant(text, personal)));
        }
        List<String> parameters = new ArrayList<>();
        for (String parameter : capture.form().split("&")) {
            int value = parameter.indexOf('=') + 1;
            parameters.add(parameter.substring(0, value)
                    + URLEncoder.encode(
                            plant(URLDecoder.decode(parameter.substring(value), StandardCharsets.UTF_8), personal),
                            StandardCharsets.UTF_8));
        }
        String form = String.join("&", parameters);
        return List.of(form, "https://shop.example/x?" + form);
    }

    /** Into the strings of JSON in base64; else behind the text. */
    private static String plant(String text, String personal) {
        if (text.matches("(eyJ|W3si)[A-Za-z0-9+/_-]{13,}=*")) {
            String json = new String(
                    Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/')), StandardCharsets.UTF_8);
            String with = Strings.with(ReferenceJson.parse(json), inner -> plant(inner, personal));
            Base64.Encoder encoder = text.matches(".*[-_].*") ? Base64.getUrlEncoder() : Base64.getEncoder();
            return encoder.encodeToString(with.getBytes(StandardCharsets.UTF_8));
        }
        return text + " " + personal;
    }

    /** What the policy takes out is written down, so that a change of it is seen and looked at. */
    @Test
    void whatIsRemovedFromThemIsWhatWasLookedThrough() throws IOException {
        Set<String> removed = new LinkedHashSet<>();
        for (Capture capture : captures().toList()) {
            String name = capture.toString();
            if (capture.isJson()) {
                Node before = ReferenceJson.parse(capture.body());
                compare(name, before, ReferenceJson.parse(scrubbed.of(capture.body())), "$", removed);
            }
            String form = capture.isJson() ? capture.url() : capture.form();
            for (String parameter : form.substring(form.indexOf('?') + 1).split("&")) {
                String after = scrubbed.of("\"" + Carrier.json(parameter) + "\"");
                if (!after.equals("\"" + Carrier.json(parameter) + "\"")) {
                    removed.add(name + " " + shortened(parameter) + " → " + shortened(after));
                }
            }
        }
        if (Boolean.getBoolean(WRITE)) {
            Files.write(REMOVED, removed);
        }
        assertThat(removed).containsExactlyElementsOf(Files.readAllLines(REMOVED));
    }

    private static void compare(String name, Node before, Node after, String path, Set<String> removed) {
        if (before.equals(after)) {
            return;
        }
        if (before instanceof ReferenceJson.Object one && after instanceof ReferenceJson.Object other) {
            assertThat(other.names()).isEqualTo(one.names());
            for (int i = 0; i < one.members().size(); i++) {
                ReferenceJson.Member member = one.members().get(i);
                compare(name, member.value(), other.members().get(i).value(), path + "." + member.name(), removed);
            }
        } else if (before instanceof ReferenceJson.Array one && after instanceof ReferenceJson.Array other) {
            for (int i = 0; i < one.elements().size(); i++) {
                compare(name, one.elements().get(i), other.elements().get(i), path + "[]", removed);
            }
        } else {
            removed.add(name + " " + path + " " + shortened(before.toString()) + " → " + shortened(after.toString()));
        }
    }

    private static String shortened(String text) {
        String line = text.replace("\n", "\\n");
        return line.length() > 160 ? line.substring(0, 160) + "…" : line;
    }

    /** JSON written again with its strings changed. */
    private static final class Strings {

        private final UnaryOperator<String> change;

        private Strings(UnaryOperator<String> change) {
            this.change = change;
        }

        static String with(Node node, UnaryOperator<String> change) {
            StringBuilder out = new StringBuilder();
            new Strings(change).write(node, out);
            return out.toString();
        }

        private void write(Node node, StringBuilder out) {
            switch (node) {
                case ReferenceJson.Text text ->
                    out.append('"')
                            .append(Carrier.json(change.apply(text.value())))
                            .append('"');
                case ReferenceJson.Word word -> out.append(word.value());
                case ReferenceJson.Array array -> {
                    out.append('[');
                    String comma = "";
                    for (Node element : array.elements()) {
                        out.append(comma);
                        write(element, out);
                        comma = ",";
                    }
                    out.append(']');
                }
                case ReferenceJson.Object object -> {
                    out.append('{');
                    String comma = "";
                    for (ReferenceJson.Member member : object.members()) {
                        out.append(comma)
                                .append('"')
                                .append(Carrier.json(member.name()))
                                .append("\":");
                        write(member.value(), out);
                        comma = ",";
                    }
                    out.append('}');
                }
            }
        }
    }
}
