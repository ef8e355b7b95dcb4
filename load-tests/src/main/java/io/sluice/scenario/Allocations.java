package io.sluice.scenario;

import io.sluice.ladder.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes that the threads of a JVM have allocated, by what they do, as {@code jcmd PID Thread.print -e} has them. */
record Allocations(Map<Role, Double> bytes) {

    /** The last unit is rounded down: of 10 MB and more, megabytes. */
    private static final Pattern THREAD = Pattern.compile("^\"([^\"]+)\".* allocated=([0-9.]+)([BKMG]?) ");

    private static final List<String> UNITS = List.of("B", "K", "M", "G");

    /** It costs the process a few milliseconds. */
    static Allocations of(long pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "Thread.print", "-e")
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(
                    "jcmd says nothing of threads: " + text.lines().findFirst().orElse(""));
        }
        return parse(text);
    }

    static Allocations parse(String text) {
        Map<Role, Double> bytes = new EnumMap<>(Role.class);
        for (String line : text.lines().toList()) {
            Matcher thread = THREAD.matcher(line);
            if (thread.find()) {
                double unit = Math.pow(1024, Math.max(0, UNITS.indexOf(thread.group(3))));
                bytes.merge(Role.of(thread.group(1)), Double.parseDouble(thread.group(2)) * unit, Double::sum);
            }
        }
        return new Allocations(Map.copyOf(bytes));
    }

    /** @throws IllegalStateException if none of the threads of these roles was named: that is no proof of no bytes */
    double since(Allocations before, Role... roles) {
        double sum = 0;
        if (Collections.disjoint(bytes.keySet(), List.of(roles))) {
            throw new IllegalStateException("jcmd names no thread of " + List.of(roles));
        }
        for (Role role : roles) {
            sum += bytes.getOrDefault(role, 0.0) - before.bytes.getOrDefault(role, 0.0);
        }
        return Math.max(0, sum);
    }
}
