package io.sluice.cli;

import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that commands share which are about a gateway. */
public final class ConfigOptions {

    @Mixin
    private DeliveryOptions delivery;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port for beacons instead of http.port (8080); 0 for any free one.")
    private Integer port;

    @Option(
            names = "--admin-port",
            paramLabel = "N",
            description = "Port for metrics and health instead of admin.port (9090); 0 for any free one.")
    private Integer adminPort;

    /** The file given, or {@code null}. */
    public Path file() {
        return delivery.file();
    }

    /** File, then environment, then these options. */
    public SluiceConfig load() throws InvalidConfig {
        return delivery.loader()
                .option("--port", "http.port", port)
                .option("--admin-port", "admin.port", adminPort)
                .load();
    }
}
