package io.sluice.scenario;

import java.util.List;
import java.util.Map;

/**
 * What a gateway has otherwise than in production, to see what that is worth. Immutable.
 *
 * @param about in a few words, for people
 * @param jvm options of the JVM, behind those of production
 * @param settings of the gateway, as its environment
 * @param streams of the first group, each with as much quota as makes the same sum
 */
record Variant(String name, String about, List<String> jvm, Map<String, String> settings, int streams) {

    static final int STREAMS = 24;

    /** MiB a second of all streams together: more than two processors pack, so that pacing holds nobody. */
    private static final int QUOTA_MIB = 120;

    /** As in production. */
    static final Variant NONE = new Variant("default", "as it comes", List.of(), Map.of(), STREAMS);

    static Variant setting(String name, String about, String key, String value) {
        return new Variant(name, about, List.of(), Map.of(key, value), STREAMS);
    }

    static Variant jvm(String name, String about, String... options) {
        return new Variant(name, about, List.of(options), Map.of(), STREAMS);
    }

    static Variant streams(int streams) {
        return new Variant(
                "streams-" + streams, streams + " streams of the same quota together", List.of(), Map.of(), streams);
    }

    String quota() {
        return QUOTA_MIB / streams + "MiB";
    }

    /** As configuration and lab name them. */
    String streamNames() {
        return streams == 1 ? "sluice-events-1" : "sluice-events-{1.." + streams + "}";
    }
}
