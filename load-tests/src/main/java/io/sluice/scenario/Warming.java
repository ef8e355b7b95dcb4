package io.sluice.scenario;

import io.sluice.ladder.Child;
import io.sluice.ladder.ResultLine;
import io.sluice.ladder.Warmth;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes a gateway warm before anything is measured: a load generator of its own sends what is measured later, or more
 * of it, until the compiler has little left to do, then ends; what it sent is delivered before the next begins. Else
 * the backlog of a cold start would be in the tail of what is measured. Stateless.
 */
final class Warming {

    static final String RUN = "warm0000";

    /** A short one says nothing: the compiler may be waiting for its next threshold. */
    private static final double LEAST_SECONDS = 8;

    private static final double STOP_SECONDS = 60;
    private static final int DRAIN_SECONDS = 60;

    /** What the generator ends with when it was told to; the report is there. */
    private static final int INTERRUPTED = 143;

    private Warming() {}

    /**
     * How it went.
     *
     * @param acked records acknowledged
     * @param compiled whether the compiler had little left to do before the time was over
     */
    record Warmed(double acked, double seconds, boolean compiled) {}

    /**
     * Warms.
     *
     * @param most seconds of load
     */
    static Warmed warm(Processes processes, Child gateway, int port, int adminPort, List<String> load, int most)
            throws IOException, InterruptedException {
        // Longer than it ever takes: it is told when to end.
        List<String> times = List.of("--duration", 2 * most + "s", "--drain", "10s");
        try (Child generator = processes.load("load-warm", RUN, port, load, times)) {
            double second = Warmth.await(generator, gateway.pid(), Math.min(LEAST_SECONDS, most), most);
            generator.stop();
            double acked = Double.parseDouble(
                    ResultLine.field(generator.end(STOP_SECONDS, 0, 3, INTERRUPTED), "load", "acked"));
            awaitDelivered(adminPort);
            boolean compiled = second < most;
            System.err.printf("%s after %.0f s of load%n", compiled ? "warm" : "not warm", second);
            return new Warmed(acked, second, compiled);
        }
    }

    private static void awaitDelivered(int adminPort) throws IOException, InterruptedException {
        for (int second = 0; second < DRAIN_SECONDS; second++) {
            if (Metrics.of(adminPort).of("sluice_journal_pending") == 0) {
                return;
            }
            TimeUnit.SECONDS.sleep(1);
        }
        throw new IOException("what warmed the gateway was not delivered within " + DRAIN_SECONDS + " s");
    }
}
