package io.sluice.load;

import io.sluice.load.protocol.LoadProtocols;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The load generator for programs: begins, goes on at one rate whatever the gateways do, and ends when told to.
 *
 * <p>It lives in its caller's process on threads of its own; its counts may be read by any thread. Connections that
 * are lost, refused or closed are opened again, to the next target. What was under way on them is unknown: neither
 * acked nor refused.
 */
public final class Generator implements AutoCloseable {

    /** At most; every caller ends it before. */
    private static final Duration LONGEST = Duration.ofHours(47);

    private static final Duration DRAIN = Duration.ofSeconds(10);

    /**
     * What is sent, and where.
     *
     * @param targets gateways, over which the connections are dealt out
     * @param eventsPerSecond whether answers come or not
     * @param batch events in a request
     * @param churn requests after which a connection is closed and another opened, to the next target; 0 for never
     * @param resend whether what was under way on a lost connection is sent again, which makes duplicates
     * @param run names the run: 8 of 0-9 a-z
     * @param directory where {@code <run>.acks} goes
     */
    public record Plan(
            List<InetSocketAddress> targets,
            double eventsPerSecond,
            int batch,
            int connections,
            int churn,
            boolean resend,
            long seed,
            String run,
            Path directory) {

        public Path acks() {
            return directory.resolve(run + ".acks");
        }
    }

    private final LoadRun run;
    private final Thread thread;
    private volatile Exception failure;

    private Generator(Plan plan) {
        Schedule schedule = new Schedule(
                List.of(new Schedule.Phase(LONGEST.toSeconds(), plan.eventsPerSecond(), plan.eventsPerSecond())));
        InetSocketAddress first = plan.targets().getFirst();
        LoadOptions options = new LoadOptions(
                plan.targets(),
                first.getHostString() + ":" + first.getPort(),
                "demo",
                0,
                LoadProtocols.find("events"),
                schedule,
                Duration.ZERO,
                LONGEST,
                plan.batch(),
                plan.connections(),
                1,
                1,
                plan.churn(),
                plan.resend() ? LoadOptions.Retry.ALL : LoadOptions.Retry.HONOUR,
                DRAIN,
                plan.seed(),
                plan.run(),
                plan.directory());
        run = new LoadRun(options, new PrintStream(OutputStream.nullOutputStream()));
        thread = Thread.ofPlatform().name("load").daemon().start(this::run);
    }

    /** Begins. At least one of the targets must listen. */
    public static Generator start(Plan plan) {
        return new Generator(plan);
    }

    private void run() {
        try {
            run.run();
        } catch (IOException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            // Nobody has this thread but us.
            failure = e;
        }
    }

    /** Events sent so far, each once however often it was sent again. */
    public long sent() {
        return run.total(Tally.SENT);
    }

    /** Events answered with 2xx so far. */
    public long acked() {
        return run.total(Tally.ACKED);
    }

    /** The longest time between two acks so far. */
    public Duration longestStall() {
        return Duration.ofNanos(run.longestStallNanos());
    }

    /**
     * Sends nothing more, waits some seconds for answers that are under way, and completes the file of acks.
     *
     * @throws IOException if it could not begin, or the file could not be written
     */
    public void stop() throws IOException, InterruptedException {
        run.stop();
        thread.join();
        if (failure != null) {
            throw new IOException("the load generator failed: " + failure.getMessage(), failure);
        }
    }

    /** Ends it for one who does not ask what came of it. */
    @Override
    public void close() {
        run.stop();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
