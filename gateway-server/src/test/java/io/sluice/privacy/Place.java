package io.sluice.privacy;

import java.util.SplittableRandom;

/** Where in an event of the native form a text may stand. */
public enum Place {
    ID("{\"id\":%s,\"event\":\"a\"}"),
    EVENT("{\"event\":%s}"),
    URL("{\"event\":\"a\",\"url\":%s}"),
    REFERRER("{\"event\":\"a\",\"ref\":%s}"),
    AGENT("{\"event\":\"a\",\"ua\":%s}"),
    USER("{\"event\":\"a\",\"uid\":%s}"),
    ANONYMOUS("{\"event\":\"a\",\"aid\":%s}"),
    SESSION("{\"event\":\"a\",\"sid\":%s}"),
    CONSENT("{\"event\":\"a\",\"consent\":%s}"),
    CONSENT_OBJECT("{\"event\":\"a\",\"consent\":{\"by\":%s}}"),
    TIME("{\"event\":\"a\",\"ts\":%s}"),
    PROPERTY("{\"event\":\"a\",\"props\":{\"term\":%s}}"),
    DEEP("{\"event\":\"a\",\"props\":{\"a\":{\"b\":[{\"c\":[1,%s,true]}]}}}"),
    TOP_LEVEL("{\"event\":\"a\",\"something\":%s}"),
    ELEMENT("{\"event\":\"a\",\"props\":{\"list\":[\"x\",%s,\"y\"]}}"),
    NAME("{\"event\":\"a\",\"props\":{%s:1}}"),
    DEEP_NAME("{\"event\":\"a\",\"props\":{\"a\":[{%s:{\"b\":null}}]}}"),
    TOP_LEVEL_NAME("{\"event\":\"a\",%s:\"b\"}"),
    SPACED("{ \"event\" : \"a\" ,\n \"props\" : { \"term\" :  %s } }");

    private final String template;

    Place(String template) {
        this.template = template;
    }

    /** An event with the text in it, some of the characters escaped as JSON allows. */
    public String event(String text, SplittableRandom random) {
        return template.replace("%s", '"' + literal(text, random) + '"');
    }

    /** The same with members more in front. */
    public String event(String text, SplittableRandom random, String members) {
        return "{" + members + event(text, random).substring(1);
    }

    private static String literal(String text, SplittableRandom random) {
        int escapes = random.nextInt(4);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escape = escapes == 1 || escapes == 2 && random.nextInt(6) == 0;
            if (escape || Character.isSurrogate(c)) {
                out.append((random.nextBoolean() ? "\\u%04x" : "\\u%04X").formatted((int) c));
            } else if (c == '/' && escapes == 3) {
                out.append("\\/");
            } else {
                out.append(Carrier.json(String.valueOf(c)));
            }
        }
        return out.toString();
    }
}
