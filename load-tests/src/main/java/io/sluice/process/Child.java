package io.sluice.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A JVM that this process has started, and that does not outlive it. One thread at a time. */
public final class Child implements AutoCloseable {

    private static final int TAIL_LINES = 20;

    /** Two processors for three JVMs: no collector with threads of its own, and no second compiler. */
    private static final List<String> SMALL = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError");

    private static final Set<Process> LIVING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Child::killAll, "prove-children"));
    }

    private static volatile boolean ending;

    private final String name;
    private final Path log;
    private final Process process;

    private Child(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts it, with the classes of this process.
     *
     * @param log takes what it prints, behind what is there
     * @param environment added to this process's own, of which nothing that would configure it is passed on
     * @param arguments JVM options, main class, its arguments
     */
    public static Child start(String name, Path log, Map<String, String> environment, List<String> arguments)
            throws IOException {
        return startWith(System.getProperty("java.class.path"), name, log, environment, arguments);
    }

    /** As {@link #start}, with other classes. */
    public static Child startWith(
            String classPath, String name, Path log, Map<String, String> environment, List<String> arguments)
            throws IOException {
        return startWith(classPath, SMALL, name, log, environment, arguments);
    }

    /**
     * As {@link #start}, with other options of the JVM than those for three of them on two processors.
     *
     * @param options options of the JVM
     */
    public static Child startWith(
            String classPath,
            List<String> options,
            String name,
            Path log,
            Map<String, String> environment,
            List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(key -> key.startsWith("SLUICE_") || key.startsWith("AWS_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        LIVING.add(process);
        if (ending) {
            // The hook may have passed before this one was there.
            process.destroyForcibly();
        }
        process.getOutputStream().close();
        return new Child(name, log, process);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** SIGSTOP, SIGCONT and the like. */
    public void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .redirectErrorStream(true)
                .start();
        try (InputStream said = kill.getInputStream()) {
            String text = new String(said.readAllBytes());
            if (kill.waitFor() != 0) {
                throw new IOException("cannot send SIG" + signal + " to " + name + ": " + text.strip());
            }
        }
    }

    /** SIGKILL: nothing of it runs any more when this returns. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        LIVING.remove(process);
    }

    /**
     * SIGTERM, and waits for its end.
     *
     * @throws IOException if it does not end in time, or not with 0
     */
    public void terminate(Duration patience) throws IOException, InterruptedException {
        process.destroy();
        await(patience);
    }

    /**
     * Waits for its end.
     *
     * @throws IOException if it does not end in time, or not with 0
     */
    public void await(Duration patience) throws IOException, InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            throw new IOException(name + " did not end in " + patience.toSeconds() + " s\n" + tail());
        }
        LIVING.remove(process);
        if (process.exitValue() != 0) {
            throw new IOException(name + " ended with " + process.exitValue() + "\n" + tail());
        }
    }

    /** The last lines that it printed. */
    public String tail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    private static void killAll() {
        ending = true;
        // A stopped process, too, ends by this signal.
        LIVING.forEach(Process::destroyForcibly);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        LIVING.remove(process);
    }
}
