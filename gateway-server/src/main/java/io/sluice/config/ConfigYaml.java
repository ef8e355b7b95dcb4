package io.sluice.config;

import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.record.StreamGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a configuration as the YAML that gives it again. */
final class ConfigYaml {

    private ConfigYaml() {}

    static String print(SluiceConfig config) {
        StringBuilder yaml = new StringBuilder();
        List<String> open = List.of();
        for (Key<?> key : Keys.all()) {
            List<String> words = List.of(key.name().split("\\."));
            List<String> sections = words.subList(0, words.size() - 1);
            for (int depth = 0; depth < sections.size(); depth++) {
                if (depth >= open.size() || !open.subList(0, depth + 1).equals(sections.subList(0, depth + 1))) {
                    line(yaml, depth, sections.get(depth) + ":");
                }
            }
            open = new ArrayList<>(sections);
            line(yaml, sections.size(), words.getLast() + ": " + value(key, config));
        }
        line(yaml, 0, Groups.LIST + ":");
        for (StreamGroup group : config.groups()) {
            line(yaml, 1, "- name: " + scalar(group.name()));
            line(yaml, 2, "encoding: " + group.encoding().name().toLowerCase(Locale.ROOT));
            line(yaml, 2, "level: " + group.level());
            line(yaml, 2, "stream: " + scalar(group.stream()));
            line(yaml, 2, "prefix: " + scalar(group.prefix()));
            FirehoseConfig.Group firehose =
                    config.delivery().firehose().groups().get(group.number());
            line(yaml, 2, "streams: " + scalar(String.join(", ", firehose.streams())));
            line(yaml, 2, "quota: " + Values.formatBytes(firehose.quotaBytes()));
            line(yaml, 2, "requests: " + firehose.quotaRequests());
        }
        return yaml.toString();
    }

    /** What is worked out only where it is needed has what it comes to beside it, as a comment. */
    private static String value(Key<?> key, SluiceConfig config) {
        String text = key.format(config);
        boolean comment = text.equals(Values.AUTO) && key.automatic() != null;
        return scalar(text) + (comment ? " # " + key.automatic().apply(config) : "");
    }

    private static void line(StringBuilder yaml, int depth, String text) {
        yaml.append("  ".repeat(depth)).append(text).append('\n');
    }

    /** Plain where YAML takes it as it is, else in double quotes. */
    private static String scalar(String text) {
        if (text.matches("[A-Za-z0-9./_][A-Za-z0-9./_-]*")) {
            return text;
        }
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
