package io.sluice.ladder;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that is measured or measures. What it prints goes to a file, and line by line to whoever waits for it.
 *
 * <p>Threads: one reads what is printed; all methods belong to the one that started it.
 */
public final class Child implements AutoCloseable {

    private static final long STOP_SECONDS = 120;

    /** What config/jvm.options has, for those that run without it: said twice, it would not fit to the AOT cache. */
    private static final List<String> ACCESS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private final String name;
    private final Path log;
    private final Process process;
    private final Thread reader;
    private final BlockingQueue<String> printed = new LinkedBlockingQueue<>();
    private final List<String> lines = new ArrayList<>();

    /** @param environment added to this process's own, from which settings of a gateway are taken away */
    public Child(String name, Path directory, Path log, List<String> command, Map<String, String> environment)
            throws IOException {
        this.name = name;
        this.log = log;
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(key -> key.startsWith("SLUICE_") || key.startsWith("AWS_"));
        builder.environment().putAll(environment);
        process = builder.start();
        reader = Thread.ofPlatform().daemon().name("read-" + name).start(this::read);
    }

    /**
     * A JVM with the classes of this process, and the access that they need.
     *
     * @param root of the project, in which it runs
     * @param directory where {@code name.log} takes what it prints
     * @param environment as above
     */
    public static Child java(
            Path root,
            Path directory,
            String name,
            List<String> options,
            Map<String, String> environment,
            String main,
            List<String> arguments)
            throws IOException {
        List<String> all = new ArrayList<>(ACCESS);
        all.addAll(options);
        return java(root, directory, name, System.getProperty("java.class.path"), all, environment, main, arguments);
    }

    /** As before, with other classes, and with no options but these. */
    public static Child java(
            Path root,
            Path directory,
            String name,
            String classPath,
            List<String> options,
            Map<String, String> environment,
            String main,
            List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(arguments);
        return new Child(name, root, directory.resolve(name + ".log"), command, environment);
    }

    private void read() {
        try (BufferedReader in = process.inputReader();
                Writer out = Files.newBufferedWriter(log)) {
            for (String line; (line = in.readLine()) != null; ) {
                printed.add(line);
                out.write(line + System.lineSeparator());
                out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Waits for a line in which the pattern is found. Lines before it are passed over.
     *
     * @throws IOException if the process ends, or the time, without such a line
     */
    public Matcher await(Pattern pattern, double seconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + (long) (seconds * 1e9);
        while (true) {
            // A process that has ended has nothing more to come but what is read already.
            boolean ended = !reader.isAlive();
            String line = printed.poll(ended ? 0 : 100, TimeUnit.MILLISECONDS);
            if (line != null) {
                lines.add(line);
                Matcher matcher = pattern.matcher(line);
                if (matcher.find()) {
                    return matcher;
                }
            } else if (ended || System.nanoTime() - deadline > 0) {
                throw new IOException(name + (ended ? " ended" : " took longer than " + seconds + " s") + " before '"
                        + pattern + "' was printed; see " + log);
            }
        }
    }

    /**
     * Waits for its end.
     *
     * @param allowed what it may end with; without any, 0
     * @return everything that it has printed
     * @throws IOException if it fails, or does not end in time
     */
    public List<String> end(double seconds, int... allowed) throws IOException, InterruptedException {
        if (!process.waitFor((long) (seconds * 1000), TimeUnit.MILLISECONDS)) {
            throw new IOException(name + " took longer than " + seconds + " s; see " + log);
        }
        reader.join();
        int code = process.exitValue();
        if (allowed.length == 0 ? code != 0 : Arrays.stream(allowed).noneMatch(one -> one == code)) {
            throw new IOException(name + " ended with " + code + "; see " + log);
        }
        return printed();
    }

    /** Everything that it has printed up to now. */
    public List<String> printed() {
        printed.drainTo(lines);
        return lines;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end in order, and waits until it has. */
    public void stop() throws IOException, InterruptedException {
        // Through the handle: the process itself would close what its last words come through.
        process.toHandle().destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(name + " did not stop within " + STOP_SECONDS + " s; see " + log);
        }
        reader.join();
    }

    /** Ends it at once if it still runs. */
    @Override
    public void close() {
        process.toHandle().destroyForcibly();
    }
}
