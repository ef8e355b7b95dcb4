package io.sluice.scenario;

import io.sluice.ladder.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts what a measurement needs, with the options of the JVM that production has. Immutable.
 *
 * @param root of the project
 * @param directory where everything writes
 * @param gatewayClassPath what a gateway has in production, and nothing of the load tests
 * @param cache options of the JVM for a gateway's AOT cache; empty if it has none
 */
record Processes(Path root, Path directory, String gatewayClassPath, List<String> cache) {

    private static final double SHOPS_SECONDS = 60;

    static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    /** Writes the file with all shops that a load may be for. */
    void writeShops(int count) throws IOException, InterruptedException {
        List<String> arguments = List.of("--write-shops", shopsFile(), "--shops", Integer.toString(count));
        try (Child shops = child("shops", List.of(), Map.of(), "io.sluice.load.Main", arguments)) {
            shops.end(SHOPS_SECONDS);
        }
    }

    private String shopsFile() {
        return directory.resolve("shops.yaml").toString();
    }

    /** What tells a gateway of them. */
    Map<String, String> shops() {
        return Map.of("SLUICE_SHOPS_FILE", shopsFile());
    }

    /**
     * A gateway on any free ports, which it prints.
     *
     * @param options of the JVM, behind those of production
     */
    Child gateway(List<String> options, Map<String, String> settings, List<String> further) throws IOException {
        return gateway("gateway", 0, options, settings, further);
    }

    /** The same on that port, and with its words in a file of that name. */
    Child gateway(String name, int port, List<String> options, Map<String, String> settings, List<String> further)
            throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("serve", "--port", Integer.toString(port), "--admin-port", "0"));
        arguments.addAll(further);
        List<String> all = new ArrayList<>(jvmOptions());
        all.addAll(cache);
        all.addAll(options);
        return Child.java(
                root, directory, name, gatewayClassPath, all, settings, "io.sluice.bootstrap.Main", arguments);
    }

    /** In place of AWS: with the serial collector, whose threads take no processor from what is measured. */
    Child lab(List<String> arguments) throws IOException {
        // A second of records is young and dies young; 32 bodies of 8 MiB are kept at the most.
        List<String> small = List.of("-XX:+UseSerialGC", "-Xms192m", "-Xmn96m", "-Xmx768m");
        return child("lab", small, Map.of(), "io.sluice.lab.LabMain", arguments);
    }

    Child load(String name, String run, int port, List<String> options, List<String> times) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("--url", url(port), "--run", run, "--out", directory.toString()));
        arguments.addAll(times);
        arguments.addAll(options);
        // The serial collector has no threads of its own to take from what is measured on the same machine.
        List<String> small = List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx768m", "-XX:MaxDirectMemorySize=512m");
        return child(name, small, Map.of(), "io.sluice.load.Main", arguments);
    }

    private List<String> jvmOptions() {
        return List.of("@" + root.resolve("config/jvm.options"));
    }

    Child child(String name, List<String> options, Map<String, String> settings, String main, List<String> arguments)
            throws IOException {
        return Child.java(root, directory, name, options, settings, main, arguments);
    }
}
