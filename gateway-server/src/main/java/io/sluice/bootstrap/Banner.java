package io.sluice.bootstrap;

import io.sluice.config.MemoryPlan;
import io.sluice.config.SluiceConfig;
import io.sluice.delivery.DeliveryConfig;
import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.http.HttpConfig;
import io.sluice.http.HttpServer;
import io.sluice.http.TlsConfig;
import io.sluice.journal.Journal;
import io.sluice.record.StreamGroup;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the server says when it has started and when it has stopped: where everything is, and what to do next. */
final class Banner {

    private static final String IN_MEMORY = "in memory, which outlives kill -9 and nothing else";

    private Banner() {}

    /** @param file that the configuration was read from, or {@code null} */
    static String of(SluiceConfig config, Server server, Path file) {
        String host = urlHost(config.http().host());
        String beacons = "http://" + host + ":" + server.httpPort();
        String admin = "http://" + urlHost(config.admin().host()) + ":" + server.adminPort();
        StringBuilder text = new StringBuilder();
        line(text, "Sluice " + version() + " takes beacons on " + beacons, "");
        if (server.http().tlsPort() != TlsConfig.OFF) {
            line(text, "  TLS", tls(config.http(), server.http()));
        }
        line(text, "  admin", admin + "/   live page, /metrics, /healthz, /readyz");
        line(text, "  journal", journal(config, server));
        String fileSystem = server.journalFileSystem();
        line(
                text,
                "  a 2xx is",
                FileSystemNote.isMemory(fileSystem)
                        ? IN_MEMORY
                        : config.journal().ack().meaning());
        String warning = FileSystemNote.of(fileSystem);
        if (!warning.isEmpty()) {
            line(text, "  warning", warning);
        }
        line(text, "  delivered to", delivered(config));
        line(text, "  shops", config.shopsFile() == null ? "demo, with the key demo" : shown(config.shopsFile()));
        line(
                text,
                "  scrubbed by",
                String.join(", ", server.policies()) + "; what was found, never a value: " + admin + "/scrubbed");
        line(
                text,
                "  loops",
                config.http().loops() + " over "
                        + server.http().transport().name().toLowerCase(Locale.ROOT));
        MemoryPlan memory = MemoryPlan.of(config);
        line(text, "  memory", "at most " + memory);
        line(text, "    of heap", "at most " + memory.ofHeap());
        line(text, "    beside", "at most " + memory.beside());
        String key = config.shopsFile() == null ? "demo" : "KEY";
        line(text, "  try", "curl -d '{\"event\":\"hello\"}' '" + beacons + "/v1/events?k=" + key + "'");
        line(text, "  then", "scripts/sluice cat " + cat(config, file));
        boolean delivers = config.delivery().destination() != DeliveryConfig.Destination.NONE;
        line(text, "  stop", "Ctrl-C or SIGTERM: seals, " + (delivers ? "delivers, " : "") + "exits 0");
        return text.toString();
    }

    /** What cat has to be given to find everything, and to be able to read it. */
    static String cat(SluiceConfig config, Path file) {
        Path data = config.dataDirectory();
        Path objects = config.delivery().local().directory();
        Path journal = config.journal().root();
        boolean usual = objects.equals(data.resolve("s3")) && journal.equals(data.resolve("journal"));
        if (usual) {
            // Keys that the environment holds are there for cat, too.
            boolean keyed = config.journal().keyFile() != null && file != null;
            return (keyed ? "-c " + shown(file) + " " : "") + shown(data);
        }
        return file != null ? "-c " + shown(file) : shown(objects) + " " + shown(journal);
    }

    /**
     * The last line.
     *
     * @param left what is not delivered
     * @param allAnswered whether every request that was taken has its answer
     * @param deliveryHangs whether the destination was still at something
     */
    static String farewell(SluiceConfig config, Journal.Left left, boolean allAnswered, boolean deliveryHangs) {
        StringBuilder text = new StringBuilder("Sluice has stopped. ");
        if (left.isNothing()) {
            text.append("Everything that was taken in is delivered.");
        } else {
            text.append(amount(left))
                    .append(config.delivery().destination() == DeliveryConfig.Destination.NONE ? " stay" : " lie safe")
                    .append(" in ")
                    .append(shown(config.journal().root()))
                    .append(
                            config.delivery().destination() == DeliveryConfig.Destination.NONE
                                    ? ", since delivery.destination is none."
                                    : ", not yet delivered: the next start does it, or sluice replay on any machine.");
        }
        if (!allAnswered) {
            text.append(" The journal did not answer in time for the last requests; their clients know of no success.");
        }
        if (deliveryHangs) {
            text.append(" Delivery hung to the end; the blocks that it was at may come twice.");
        }
        return text.toString();
    }

    private static String amount(Journal.Left left) {
        List<String> parts = new ArrayList<>();
        if (left.blocks() > 0) {
            parts.add(left.records() + " records in " + left.blocks() + " blocks of " + left.bytes() + " bytes");
        }
        if (left.openRecords() > 0) {
            parts.add(left.openRecords() + " records in blocks that could not be sealed");
        }
        if (left.earlierBlocks() > 0) {
            parts.add("at least " + left.earlierBlocks() + " blocks of earlier starts");
        }
        return String.join(", ", parts);
    }

    private static String tls(HttpConfig config, HttpServer http) {
        String host =
                config.tls().host().isEmpty() ? config.host() : config.tls().host();
        return "https://" + urlHost(host) + ":" + http.tlsPort() + "   HTTP/2 and HTTP/1.1, certificates until "
                + Instant.ofEpochMilli(http.certificateExpiresMillis()).truncatedTo(ChronoUnit.SECONDS);
    }

    private static String journal(SluiceConfig config, Server server) {
        return shown(config.journal().root()) + "   written "
                + (server.journal().isDirect() ? "past" : "through") + " the page cache"
                + (config.journal().keys().isEncrypting() ? ", encrypted" : "");
    }

    /** Where blocks go. */
    static String delivered(SluiceConfig config) {
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
