package io.sluice.prove;

import java.nio.file.Path;

/**
 * How much of everything.
 *
 * @param seconds a fault lasts, and some multiple of it where a row says so
 * @param kills at random instants
 * @param eventsPerSecond of the load
 * @param directory below which each row has its own
 * @param powerTests class path of the tests of the journal on a simulated disk, or {@code null} if it is not there
 */
record Plan(double seconds, int kills, double eventsPerSecond, long seed, Path directory, String powerTests) {

    /** What a row takes besides its fault: two JVMs start, a second of load before, recovery, and the oracle. */
    private static final double ROW_SECONDS = 9;

    /** A start, and a life until the next kill. */
    private static final double KILL_SECONDS = 2.2;

    private static final double EVENTS_PER_SECOND = 5_000;
    private static final int LEAST_KILLS = 10;
    private static final int KILLS = 100;
    private static final int MINUTES_FOR_ALL_KILLS = 8;

    /** Divides the time: from 8 minutes on at least 100 kills, and what is left among the other rows evenly. */
    static Plan of(double minutes, int rows, long seed, Path directory, String powerTests) {
        int kills = minutes >= MINUTES_FOR_ALL_KILLS
                ? Math.max(KILLS, (int) (minutes * KILLS / 10))
                : Math.max(LEAST_KILLS, (int) (minutes * LEAST_KILLS / 2));
        double left = minutes * 60 - kills * KILL_SECONDS - rows * ROW_SECONDS;
        return new Plan(Math.max(2, left / rows), kills, EVENTS_PER_SECOND, seed, directory, powerTests);
    }
}
