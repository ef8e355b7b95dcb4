package io.sluice.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which package may use which: the table of {@code docs/ARCHITECTURE.md} as data.
 *
 * @param root the project's own package, with its dot
 * @param layers for each package below it, those that it may use besides itself; {@code *} is all
 * @param onlyTypes for some of these, a pattern that the names of the used types must match, by "user to used"
 * @param thirdParty for the beginning of each foreign name, the packages that may use it; the longest one decides
 */
record Layers(
        String root,
        Map<String, Set<String>> layers,
        Map<String, String> onlyTypes,
        Map<String, Set<String>> thirdParty) {

    private static final Set<String> ANY = Set.of("*");

    /** What a configuration record and what it consists of is called. */
    // Beside these the configuration takes the bounds of decoders and encoders, from which its rules follow.
    private static final String CONFIG_TYPES =
            ".*Config(\\$.*)?|.*\\.StreamGroup|.*\\.Encoding|.*\\.JournalKeys(\\$.*)?";

    static final Layers SLUICE = new Layers(
            "io.sluice.",
            Map.ofEntries(
                    may("common"),
                    may("metrics", "common"),
                    may("storage", "common"),
                    may("json", "common"),
                    may("shop", "metrics", "common"),
                    may("protocol", "shop", "metrics", "common"),
                    may("record", "json", "metrics", "common"),
                    may("privacy", "record", "json", "shop", "metrics", "common"),
                    may("beacon", "privacy", "record", "json", "protocol", "shop", "metrics", "common"),
                    may("ring", "metrics", "common"),
                    may("intake", "ring", "beacon", "privacy", "record", "protocol", "shop", "metrics", "common"),
                    may("http", "intake", "ring", "protocol", "shop", "metrics", "common"),
                    may("journal", "ring", "storage", "record", "metrics", "common"),
                    may("aws", "metrics", "common"),
                    may("delivery", "journal", "ring", "storage", "record", "json", "aws", "metrics", "common"),
                    may("admin", "metrics", "common"),
                    may(
                            "config",
                            "http",
                            "admin",
                            "journal",
                            "ring",
                            "intake",
                            "delivery",
                            "aws",
                            "beacon",
                            "privacy",
                            "record",
                            "common"),
                    may(
                            "cli",
                            "config",
                            "admin",
                            "delivery",
                            "aws",
                            "journal",
                            "ring",
                            "beacon",
                            "privacy",
                            "record",
                            "protocol",
                            "shop",
                            "json",
                            "storage",
                            "metrics",
                            "common"),
                    may("bootstrap", "*")),
            Map.ofEntries(
                    Map.entry("delivery to ring", ".*\\.BlockSummary(\\$Visitor)?"),
                    Map.entry("config to http", CONFIG_TYPES),
                    Map.entry("config to admin", CONFIG_TYPES),
                    Map.entry("config to journal", CONFIG_TYPES),
                    Map.entry("config to ring", CONFIG_TYPES),
                    Map.entry("config to intake", CONFIG_TYPES),
                    Map.entry("config to delivery", CONFIG_TYPES),
                    Map.entry("config to aws", CONFIG_TYPES),
                    Map.entry("config to beacon", ".*\\.Decoders"),
                    Map.entry("config to privacy", CONFIG_TYPES + "|.*\\.Period(\\$Length)?|.*\\.FixedSecret"),
                    Map.entry("config to record", CONFIG_TYPES + "|.*\\.BlockEncoders")),
            Map.ofEntries(
                    Map.entry("java.", ANY),
                    Map.entry("javax.", ANY),
                    Map.entry("com.sun.management.", Set.of("config", "cli", "bootstrap")),
                    Map.entry("org.slf4j.", ANY),
                    Map.entry("org.reactivestreams.", Set.of("aws")),
                    Map.entry("io.netty.", Set.of("http", "admin", "aws")),
                    Map.entry("io.netty.buffer.", Set.of("http", "admin", "aws", "intake")),
                    Map.entry("com.lmax.disruptor.", Set.of("ring", "journal")),
                    Map.entry("com.github.luben.zstd.", Set.of("record")),
                    Map.entry("software.amazon.awssdk.", Set.of("aws")),
                    Map.entry("org.jctools.", Set.of("ring", "intake", "http", "journal", "delivery")),
                    Map.entry("org.HdrHistogram.", Set.of("metrics", "admin")),
                    Map.entry("io.micrometer.", Set.of("admin")),
                    Map.entry("io.prometheus.", Set.of("admin")),
                    Map.entry("org.yaml.snakeyaml.", Set.of("config", "shop", "privacy", "cli")),
                    Map.entry("picocli.", Set.of("cli", "bootstrap")),
                    Map.entry("org.apache.logging.log4j.", Set.of("bootstrap"))));

    private static Map.Entry<String, Set<String>> may(String user, String... used) {
        return Map.entry(user, Set.of(used));
    }

    /**
     * What is not allowed, each as a line for a person.
     *
     * @param uses for each class, the classes that it names, by binary name
     */
    List<String> violations(Map<String, Set<String>> uses) {
        List<String> violations = new ArrayList<>();
        new TreeMap<>(uses)
                .forEach((user, used) -> used.stream().sorted().forEach(name -> {
                    String reason = refusal(user, name);
                    if (reason != null) {
                        violations.add(user + " uses " + name + ": " + reason);
                    }
                }));
        return violations;
    }

    private String refusal(String user, String used) {
        String from = layer(user);
        Set<String> allowed = layers.get(from);
        if (allowed == null) {
            return "the package " + from + " stands in no row of the table";
        }
        if (!used.startsWith(root)) {
            return foreign(from, used);
        }
        String to = layer(used);
        if (from.equals(to) || allowed.contains("*")) {
            return null;
        }
        if (!allowed.contains(to)) {
            return from + " may use " + allowed.stream().sorted().toList();
        }
        String pattern = onlyTypes.get(from + " to " + to);
        return pattern == null || used.matches(pattern) ? null : from + " may use only configuration types of " + to;
    }

    private String foreign(String from, String used) {
        String longest = "";
        for (String prefix : thirdParty.keySet()) {
            if (used.startsWith(prefix) && prefix.length() > longest.length()) {
                longest = prefix;
            }
        }
        if (longest.isEmpty()) {
            return "it stands in no row of the table";
        }
        Set<String> users = thirdParty.get(longest);
        return users.contains("*") || users.contains(from)
                ? null
                : longest + " is for " + users.stream().sorted().toList();
    }

    /** The package directly below the root: {@code delivery.local} belongs to {@code delivery}. */
    private String layer(String name) {
        String below = name.substring(root.length());
        int dot = below.indexOf('.');
        return dot < 0 ? "" : below.substring(0, dot);
    }
}
