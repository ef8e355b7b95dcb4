package io.sluice.cli;

import io.sluice.config.ConfigLoader;
import io.sluice.config.InvalidConfig;
import io.sluice.config.Problem;
import io.sluice.config.SluiceConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that commands share which are about a gateway. */
public final class ConfigOptions {

    /** What picocli may take for an option, a file of arguments or a quote. */
    private static final String NOT_PLAIN = "-@\"'";

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

    /**
     * The same options without picocli, which takes a quarter of a start to find them: long options and their values
     * in turn, each once, as units and scripts have them.
     *
     * @return {@code null} if the arguments are anything else, which picocli may take, or say what is wrong with it
     */
    public static ConfigOptions ofPairs(List<String> arguments) {
        ConfigOptions options = new ConfigOptions();
        options.delivery = new DeliveryOptions();
        if (arguments.size() % 2 != 0) {
            return null;
        }
        for (int i = 0; i < arguments.size(); i += 2) {
            String value = arguments.get(i + 1);
            if (value.isEmpty() || NOT_PLAIN.indexOf(value.charAt(0)) >= 0 || !options.set(arguments.get(i), value)) {
                return null;
            }
        }
        return options;
    }

    private boolean set(String name, String value) {
        switch (name) {
            case "--port" -> {
                Integer before = port;
                port = number(value);
                return before == null && port != null;
            }
            case "--admin-port" -> {
                Integer before = adminPort;
                adminPort = number(value);
                return before == null && adminPort != null;
            }
            default -> {
                return delivery.set(name, value);
            }
        }
    }

    private static Integer number(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The file given, or {@code null}. */
    public Path file() {
        return delivery.file();
    }

    /** File, then environment, then these options. */
    public SluiceConfig load() throws InvalidConfig {
        return loader().load();
    }

    /** The same, and one report of what is wrong with it and with the certificates that it names. */
    public SluiceConfig load(CertificatesCheck certificates) throws InvalidConfig {
        ConfigLoader loader = loader();
        List<Problem> problems = new ArrayList<>();
        SluiceConfig config = loader.read(problems);
        certificates.check(loader, config, problems);
        if (!problems.isEmpty()) {
            throw new InvalidConfig(Problem.inOrder(problems));
        }
        return config;
    }

    ConfigLoader loader() {
        return delivery.loader().option("--port", "http.port", port).option("--admin-port", "admin.port", adminPort);
    }
}
