package io.sluice.cli;

import io.sluice.config.ConfigLoader;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that commands share which deliver as the configuration says. */
public final class DeliveryOptions {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration in YAML. Without it, built-in defaults that suit one machine.")
    private Path file;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory for all that is written, instead of data (./data).")
    private Path data;

    @Option(
            names = "--destination",
            paramLabel = "WHERE",
            description = "local, firehose or none, instead of delivery.destination (local).")
    private String destination;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "Region of Firehose, instead of delivery.firehose.region.")
    private String region;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "Where Firehose answers, instead of delivery.firehose.endpoint.")
    private String endpoint;

    /** Whether there is such an option, and it was not set before. */
    boolean set(String name, String value) {
        Object before;
        switch (name) {
            case "--config" -> {
                before = file;
                file = Path.of(value);
            }
            case "--data" -> {
                before = data;
                data = Path.of(value);
            }
            case "--destination" -> {
                before = destination;
                destination = value;
            }
            case "--region" -> {
                before = region;
                region = value;
            }
            case "--endpoint" -> {
                before = endpoint;
                endpoint = value;
            }
            default -> {
                return false;
            }
        }
        return before == null;
    }

    /** The file given, or {@code null}. */
    public Path file() {
        return file;
    }

    /** File, then environment, then these options, then one of the command itself, which stands for a key. */
    public SluiceConfig load(String option, String key, Object value) throws InvalidConfig {
        return loader().withoutToken().option(option, key, value).load();
    }

    ConfigLoader loader() {
        ConfigLoader loader = new ConfigLoader();
        if (file != null) {
            loader.file(file);
        }
        return loader.environment(System.getenv())
                .kms(SecretStores::kms)
                .option("--data", "data", data)
                .option("--destination", "delivery.destination", destination)
                .option("--region", "delivery.firehose.region", region)
                .option("--endpoint", "delivery.firehose.endpoint", endpoint);
    }
}
