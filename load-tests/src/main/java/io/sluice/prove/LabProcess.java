package io.sluice.prove;

import io.sluice.process.Child;
import io.sluice.process.Http;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Firehose of a row, in a process of its own, always at the same port. One thread. */
final class LabProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final Path log;
    private final List<String> options;
    private final int port = Http.freePort();
    private Child child;

    /** @param options more of the lab's own */
    LabProcess(Path directory, Path log, List<String> options) throws IOException {
        this.directory = directory;
        this.log = log;
        this.options = options;
    }

    void start() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "io.sluice.lab.LabMain",
                "--port",
                Integer.toString(port),
                "--dir",
                directory.toString(),
                "--buffer-interval",
                "1s"));
        arguments.addAll(options);
        child = Child.start("the lab", log, Map.of(), arguments);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                counters();
                return;
            } catch (IOException e) {
                if (!child.isAlive() || System.nanoTime() - deadline > 0) {
                    throw new IOException("the lab does not start\n" + child.tail(), e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    int port() {
        return port;
    }

    /** Where the objects lie. */
    Path objects() {
        return directory.resolve("s3");
    }

    /** From now on these faults: the members of a rule each, as docs/LAB.md has them, without the braces. */
    void faults(String... rules) throws IOException {
        StringBuilder json = new StringBuilder("{\"rules\": [");
        for (int i = 0; i < rules.length; i++) {
            json.append(i == 0 ? "{" : ", {").append(rules[i]).append('}');
        }
        Http.call("PUT", port, "/lab/faults", json.append("]}").toString());
    }

    void noFaults() throws IOException {
        Http.call("DELETE", port, "/lab/faults", null);
    }

    /** What the lab counts, as JSON, its sum over all streams first. */
    String counters() throws IOException {
        return Http.get(port, "/lab/counters");
    }

    /** The number that first stands behind this name among the counters, 0 if none does. */
    long counter(String name) throws IOException {
        Matcher matcher = Pattern.compile("\"" + Pattern.quote(name) + "\"\\s*:\\s*(\\d+)")
                .matcher(counters());
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    void pause() throws IOException, InterruptedException {
        child.signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        child.signal("CONT");
    }

    /** Ends it; what it has buffered becomes objects first, as what Firehose has taken does. */
    void stop() throws IOException, InterruptedException {
        if (child != null) {
            child.terminate(PATIENCE);
            child = null;
        }
    }

    @Override
    public void close() {
        if (child != null) {
            child.close();
        }
    }
}
