package io.sluice.prove;

import io.sluice.process.Child;
import io.sluice.process.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gateway that is started, killed and started again, at the same ports and on the same data. One thread. */
final class GatewayProcess implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final Path data;
    private final Path log;
    /** Lines of this file are faults of its disk; {@code null} for a disk that does not fail. */
    private final Path diskFaults;

    private final Map<String, String> environment = new HashMap<>();
    private final int port = Http.freePort();
    private final int adminPort = Http.freePort();
    private Child child;
    private int ends;

    /** @param lab the port of its Firehose */
    GatewayProcess(String name, Path data, Path log, int lab, Path diskFaults) throws IOException {
        this.name = name;
        this.data = data;
        this.log = log;
        this.diskFaults = diskFaults;
        environment.put("AWS_ACCESS_KEY_ID", "lab");
        environment.put("AWS_SECRET_ACCESS_KEY", "lab");
        environment.put("AWS_REGION", "us-east-1");
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        set("delivery.destination", "firehose");
        set("delivery.firehose.endpoint", "http://127.0.0.1:" + lab);
        // Small, so that segments are filled and recycled, and what is behind is read from the disk.
        set("delivery.memory", "16MiB");
        set("journal.segment", "8MiB");
    }

    /** Sets a key of its configuration, from its next start on. */
    void set(String key, String value) {
        environment.put("SLUICE_" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"), value);
    }

    /** Begins to start it, and does not wait. */
    void launch() throws IOException {
        List<String> arguments = new ArrayList<>();
        if (diskFaults != null) {
            arguments.add("-Dsluice.faults=" + diskFaults);
        }
        arguments.add(diskFaults == null ? "io.sluice.bootstrap.Main" : "io.sluice.bootstrap.FaultyGateway");
        arguments.addAll(List.of(
                "serve",
                "--port",
                Integer.toString(port),
                "--admin-port",
                Integer.toString(adminPort),
                "--data",
                data.toString()));
        child = Child.start(name, log, environment, arguments);
    }

    /** Waits until it takes beacons. */
    void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                Http.get(adminPort, "/readyz");
                return;
            } catch (IOException e) {
                if (!child.isAlive() || System.nanoTime() - deadline > 0) {
                    throw new IOException(name + " does not become ready\n" + child.tail(), e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    void start() throws IOException, InterruptedException {
        launch();
        awaitReady();
    }

    /** Runs another command of sluice with its environment, to its end. @return the last lines that it printed */
    String run(List<String> command) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("io.sluice.bootstrap.Main"));
        arguments.addAll(command);
        try (Child other = Child.start("sluice " + command.getFirst(), log, environment, arguments)) {
            other.await(PATIENCE);
            return other.tail();
        }
    }

    boolean isAlive() {
        return child != null && child.isAlive();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    Path data() {
        return data;
    }

    Path journal() {
        return data.resolve("journal");
    }

    void kill() throws InterruptedException {
        ends++;
        child.kill();
        child = null;
    }

    /** SIGTERM: it delivers what it has, for as long as it is configured to, and ends with 0. */
    void stop() throws IOException, InterruptedException {
        if (child != null) {
            Child stopped = child;
            child = null;
            ends++;
            stopped.terminate(PATIENCE);
        }
    }

    /** How often it was killed or stopped. */
    int ends() {
        return ends;
    }

    void pause() throws IOException, InterruptedException {
        child.signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        child.signal("CONT");
    }

    /** From now on these faults of its disk, a line each; none, if there is no line. */
    void disk(String... lines) throws IOException {
        Path next = diskFaults.resolveSibling("faults.next");
        Files.writeString(next, String.join("\n", lines) + "\n");
        Files.move(next, diskFaults, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Calls to the disk that have failed as they were told. */
    long diskFailures() throws IOException {
        Path count = diskFaults.resolveSibling(diskFaults.getFileName() + ".injected");
        return Files.exists(count) ? Long.parseLong(Files.readString(count).strip()) : 0;
    }

    /** All its metrics as text. */
    String metrics() throws IOException {
        return Http.get(adminPort, "/metrics");
    }

    /** The sum of the metric of this name over its labels; {@code otherwise} if it does not answer in time. */
    double metricOr(double otherwise, String metric) {
        try {
            return metric(metrics(), metric);
        } catch (IOException e) {
            return otherwise;
        }
    }

    /** The sum of the metric of this name over its labels. */
    static double metric(String metrics, String metric) {
        double sum = 0;
        for (String line : metrics.split("\n")) {
            if (line.startsWith(metric)
                    && line.length() > metric.length()
                    && (line.charAt(metric.length()) == ' ' || line.charAt(metric.length()) == '{')) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return sum;
    }

    @Override
    public void close() {
        if (child != null) {
            child.close();
        }
    }
}
