package io.sluice.privacy;

import io.sluice.json.ReferenceJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Texts with and without personal data in them, from elsewhere; see the README beside them. */
public final class Corpora {

    /**
     * One text.
     *
     * @param entity what is in it, as the source calls it
     * @param values the pieces of the text that are personal; none if it only looks so
     * @param weak whether not even its source demands that it be found
     */
    public record Sample(
            String entity, String text, List<String> values, boolean positive, boolean weak, String kind) {}

    private Corpora() {}

    public static List<Sample> load(String name) {
        List<Sample> samples = new ArrayList<>();
        try (InputStream in = Corpora.class.getResourceAsStream("/privacy/pii/" + name + ".json")) {
            for (ReferenceJson.Node node : ((ReferenceJson.Array) ReferenceJson.parse(in.readAllBytes())).elements()) {
                samples.add(sample((ReferenceJson.Object) node));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return samples;
    }

    private static Sample sample(ReferenceJson.Object object) {
        String text = object.text("text");
        List<String> values = new ArrayList<>();
        if (object.get("spans") instanceof ReferenceJson.Array spans) {
            int[] points = text.codePoints().toArray();
            for (ReferenceJson.Node node : spans.elements()) {
                List<ReferenceJson.Node> span = ((ReferenceJson.Array) node).elements();
                int from = number(span.get(0));
                values.add(new String(points, from, number(span.get(1)) - from));
            }
        } else if (object.text("value") != null) {
            values.add(object.text("value"));
        }
        String kind = object.text("kind") != null ? object.text("kind") : String.valueOf(object.text("carrier"));
        return new Sample(
                object.text("entity"), text, values, isTrue(object, "positive"), isTrue(object, "weak"), kind);
    }

    private static boolean isTrue(ReferenceJson.Object object, String name) {
        return object.get(name) instanceof ReferenceJson.Word word
                && word.value().equals("true");
    }

    private static int number(ReferenceJson.Node node) {
        return Integer.parseInt(((ReferenceJson.Word) node).value());
    }
}
