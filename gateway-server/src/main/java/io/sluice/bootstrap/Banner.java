package io.sluice.bootstrap;

import io.sluice.config.MemoryPlan;
import io.sluice.config.SluiceConfig;
import io.sluice.delivery.DeliveryConfig;
import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.journal.JournalConfig;
import io.sluice.record.StreamGroup;
import java.nio.file.Path;
import java.util.Locale;

/** What the server says when it has started and when it has stopped: where everything is, and what to do next. */
final class Banner {

    private Banner() {}

    static String of(SluiceConfig config, Server server) {
        String host = urlHost(config.http().host());
        String beacons = "http://" + host + ":" + server.httpPort();
        String admin = "http://" + urlHost(config.admin().host()) + ":" + server.adminPort();
        StringBuilder text = new StringBuilder();
        line(text, "Sluice " + version() + " takes beacons on " + beacons, "");
        line(text, "  admin", admin + "/   live page, /metrics, /healthz, /readyz");
        line(text, "  journal", journal(config, server));
        line(text, "  delivered to", delivered(config));
        line(text, "  shops", config.shopsFile() == null ? "demo, with the key demo" : shown(config.shopsFile()));
        line(
                text,
                "  loops",
                config.http().loops() + " over "
                        + server.http().transport().name().toLowerCase(Locale.ROOT));
        line(text, "  memory", "at most " + MemoryPlan.of(config));
        String key = config.shopsFile() == null ? "demo" : "KEY";
        line(text, "  try", "curl -d '{\"event\":\"hello\"}' '" + beacons + "/v1/events?k=" + key + "'");
        line(text, "  then", "scripts/sluice cat " + shown(config.dataDirectory()));
        line(text, "  stop", "Ctrl-C or SIGTERM: seals, delivers, exits 0");
        return text.toString();
    }

    static String farewell(SluiceConfig config, long undeliveredBlocks) {
        if (undeliveredBlocks == 0) {
            return "Sluice has stopped. Everything that was taken in is delivered.";
        }
        if (config.delivery().destination() == DeliveryConfig.Destination.NONE) {
            return "Sluice has stopped. " + undeliveredBlocks + " sealed blocks stay in "
                    + shown(config.journal().root()) + ", since delivery.destination is none.";
        }
        return "Sluice has stopped. " + undeliveredBlocks + " sealed blocks are not delivered yet and lie safe in "
                + shown(config.journal().root()) + "; the next start delivers them.";
    }

    private static String journal(SluiceConfig config, Server server) {
        String ack = config.journal().ack() == JournalConfig.Ack.SYNCED
                ? "synced before the answer"
                : "answered before the sync: a power failure can lose the last "
                        + config.journal().syncInterval().toMillis() + " ms";
        String way = server.journal().isDirect() ? "past the page cache" : "through the page cache";
        return shown(config.journal().root()) + "   " + ack + ", " + way
                + (config.journal().keys().isEncrypting() ? ", encrypted" : "");
    }

    private static String delivered(SluiceConfig config) {
        return switch (config.delivery().destination()) {
            case LOCAL -> {
                StreamGroup events = config.groups().getFirst();
                yield shown(config.delivery().local().directory()) + "/" + events.prefix() + "…"
                        + events.encoding().extension();
            }
            case FIREHOSE -> firehose(config.delivery().firehose());
            case NONE -> "nowhere: blocks stay in the journal";
        };
    }

    private static String firehose(FirehoseConfig firehose) {
        String region =
                firehose.aws().region().isEmpty() ? "" : " of " + firehose.aws().region();
        String endpoint = firehose.aws().endpoint().isEmpty()
                ? ""
                : " at " + firehose.aws().endpoint();
        StringBuilder streams = new StringBuilder();
        for (FirehoseConfig.Group group : firehose.groups()) {
            streams.append(streams.isEmpty() ? "" : ", ").append(group.streams().getFirst());
            if (group.streams().size() > 1) {
                streams.append(" … ").append(group.streams().getLast());
            }
        }
        return "Firehose" + region + endpoint + ": " + streams;
    }

    private static String version() {
        String version = Banner.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    private static String urlHost(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private static String shown(Path path) {
        return path.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name);
        if (!value.isEmpty()) {
            text.append(" ".repeat(Math.max(1, 16 - name.length()))).append(value);
        }
        text.append(System.lineSeparator());
    }
}
