package io.sluice.config;

import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.delivery.manifest.ManifestConfig;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list {@code groups}: reads it and holds it to its rules. */
final class Groups {

    static final String LIST = "groups";
    static final int MAX = StreamGroup.MAX_GROUPS;

    static final Value<String> NAME = Values.text("1 to 64 of a-z 0-9 and -", "[a-z0-9-]{1,64}");

    private static final Value<Encoding> ENCODING = Values.oneOf(Encoding.class);

    /** A stream's name as Firehose has it (CreateDeliveryStream, DeliveryStreamName). */
    private static final Value<String> STREAM = Values.text("1 to 64 of a-z A-Z 0-9 _ . and -", StreamNames.NAME);

    /** Kept to what needs no escaping as a directory, too; {@code ..} would leave it. */
    static final Value<String> PREFIX = Values.text(
            "words of a-z A-Z 0-9 _ . = and -, each with its slash, such as events/",
            "(?:(?!\\.\\.?/)[a-zA-Z0-9_.=-]{1,128}/){1,8}");

    static final Value<List<String>> STREAMS = new StreamNames();

    /**
     * Of one stream (Quotas, developer guide): the default in us-east-1, us-west-2 and eu-west-1, and what AWS raises
     * it to.
     */
    static final Value<Long> QUOTA = Values.bytes(64 << 10, 4L << 30);

    private static final long DEFAULT_QUOTA = 5 << 20;
    static final Value<Integer> REQUESTS = Values.number(1, 1_000_000);
    private static final int DEFAULT_REQUESTS = 2000;

    /** The keys of a group and what each takes. */
    static final Map<String, String> FIELDS = new LinkedHashMap<>();

    static {
        FIELDS.put("name", NAME.expected());
        FIELDS.put("encoding", ENCODING.expected());
        FIELDS.put("level", "gzip: 1 to 9, zstd: 1 to 19");
        FIELDS.put("stream", STREAM.expected());
        FIELDS.put("prefix", PREFIX.expected());
        FIELDS.put("streams", STREAMS.expected());
        FIELDS.put("quota", QUOTA.expected());
        FIELDS.put("requests", REQUESTS.expected());
    }

    private static final String WHY_APART = ", since a mixture of groups in one object cannot be read";

    private static final Pattern NUMBER = Pattern.compile(LIST + "\\[([0-9]+)\\].*");

    /** Apart from the rest, since {@link Keys} needs that before it has its own. */
    private static final class Lists {

        /** Keys beside those of groups that may be given as a list. */
        static final Set<String> NAMES = Set.of(
                Keys.TLS_CERTIFICATE.name(),
                Keys.TLS_KEY.name(),
                Keys.HTTP_CONSENT_COOKIES.name(),
                Keys.PRIVACY_POLICIES.name(),
                Keys.HTTP_PROXY_PROTOCOL.name(),
                Keys.HTTP_TRUSTED_PROXIES.name());
    }

    private Groups() {}

    static void defaults(Map<String, Entry> entries) {
        entries.put(LIST + "[0].name", new Entry("events", Settings.DEFAULT));
        entries.put(LIST + "[1].name", new Entry("rejected", Settings.DEFAULT));
    }

    static List<StreamGroup> read(Settings settings) {
        Set<Integer> numbers = new TreeSet<>();
        for (String key : settings.keys()) {
            Matcher matcher = NUMBER.matcher(key);
            if (matcher.matches()) {
                numbers.add(Integer.valueOf(matcher.group(1)));
            }
        }
        List<StreamGroup> groups = new ArrayList<>();
        for (int number : numbers) {
            if (number != groups.size()) {
                settings.problem(
                        at(number),
                        null,
                        "expected groups numbered without a gap: " + at(groups.size()) + " is missing",
                        settings.sourceOfAny(at(number)));
                return groups;
            }
            groups.add(group(settings, number));
        }
        distinct(settings, groups);
        return groups;
    }

    private static StreamGroup group(Settings settings, int number) {
        String at = at(number) + ".";
        Entry given = settings.entry(at + "name");
        if (given == null) {
            settings.problem(
                    at + "name", null, "expected a name: " + NAME.expected(), settings.sourceOfAny(at(number)));
        }
        String name = given == null ? "group-" + number : settings.get(at + "name", NAME, "group-" + number);
        Encoding encoding = settings.get(at + "encoding", ENCODING, Encoding.GZIP);
        int level = settings.get(at + "level", levels(encoding), 1);
        String stream = settings.get(at + "stream", STREAM, "sluice-" + name);
        String prefix = settings.get(at + "prefix", PREFIX, name + "/");
        return new StreamGroup(number, name, encoding, level, stream, prefix);
    }

    /** Whether several values may stand as a list. */
    static boolean isList(String key) {
        return key.endsWith(".streams") || Lists.NAMES.contains(key);
    }

    /** What Firehose knows of each group, that of the manifests last if there are any. */
    static List<FirehoseConfig.Group> firehose(Settings settings, List<StreamGroup> groups, ManifestConfig manifests) {
        List<FirehoseConfig.Group> streams = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (StreamGroup group : groups) {
            String at = at(group.number()) + ".";
            FirehoseConfig.Group of = new FirehoseConfig.Group(
                    group.name(),
                    group.encoding(),
                    settings.get(at + "streams", STREAMS, List.of(group.stream())),
                    settings.get(at + "quota", QUOTA, DEFAULT_QUOTA),
                    settings.get(at + "requests", REQUESTS, DEFAULT_REQUESTS));
            for (String name : of.streams()) {
                // A group that may not have its name is reported for that alone.
                boolean first = group.name().equals(ManifestConfig.GROUP) || names.add(name);
                once(settings, first, at + "streams", name, WHY_APART);
            }
            streams.add(of);
        }
        if (manifests.on()) {
            for (String name : manifests.streams()) {
                once(settings, names.add(name), Keys.MANIFESTS_STREAMS.name(), name, WHY_APART);
            }
            streams.add(new FirehoseConfig.Group(
                    ManifestConfig.GROUP,
                    ManifestConfig.ENCODING,
                    manifests.streams(),
                    manifests.quotaBytes(),
                    manifests.quotaRequests()));
        }
        return streams;
    }

    private static Value<Integer> levels(Encoding encoding) {
        return switch (encoding) {
            case NDJSON -> Values.number(0, 19);
            case GZIP -> Values.number(1, 9);
            case ZSTD -> Values.number(1, 19);
        };
    }

    private static void distinct(Settings settings, List<StreamGroup> groups) {
        Set<String> names = new HashSet<>();
        Set<String> streams = new HashSet<>();
        Set<String> prefixes = new HashSet<>();
        for (StreamGroup group : groups) {
            String at = at(group.number()) + ".";
            if (group.name().equals(ManifestConfig.GROUP)) {
                String expected = "expected another name, since that is the group of the manifests";
                settings.problem(at + "name", group.name(), expected, settings.sourceOfAny(at + "name"));
                continue;
            }
            once(settings, names.add(group.name()), at + "name", group.name(), "");
            once(settings, streams.add(group.stream()), at + "stream", group.stream(), WHY_APART);
            once(settings, prefixes.add(group.prefix()), at + "prefix", group.prefix(), WHY_APART);
        }
        String prefix = settings.get(Keys.MANIFESTS_PREFIX);
        once(settings, prefixes.add(prefix), Keys.MANIFESTS_PREFIX.name(), prefix, WHY_APART);
    }

    private static void once(Settings settings, boolean first, String key, String value, String why) {
        if (!first) {
            settings.problem(
                    key, value, "expected another one than the groups before it have" + why, settings.sourceOfAny(key));
        }
    }

    private static String at(int number) {
        return LIST + "[" + number + "]";
    }
}
