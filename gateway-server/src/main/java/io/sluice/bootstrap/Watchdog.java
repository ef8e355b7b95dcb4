package io.sluice.bootstrap;

import io.sluice.common.LoopHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Ends the process when a thread without which it is half a gateway has died or stands still: the journal is safe, and
 * a supervisor restarts it.
 *
 * <p>A heartbeat is posted to each loop, and must have run before the time is over; an idle loop runs it at once, so
 * idleness is never taken for a wedge. Other threads it asks how long they have been at one piece of work, or whether
 * they live. Time in which it did not run itself is nobody's fault: the process, or the whole machine, was stopped. One
 * daemon thread of its own.
 */
final class Watchdog implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** Between two looks, beyond which nothing of the process ran. */
    private static final Duration ABSENCE = Duration.ofSeconds(5);

    private static final Duration JOIN = Duration.ofSeconds(5);

    private static final class Heart {
        final String name;
        final LoopHandle loop;
        volatile boolean beaten = true;
        long postedNanos;

        /** Made once: posting allocates nothing of ours. */
        final Runnable beat = () -> beaten = true;

        Heart(String name, LoopHandle loop) {
            this.name = name;
            this.loop = loop;
        }
    }

    private record Life(String name, BooleanSupplier alive) {}

    private record Work(String name, LongSupplier busyNanos) {}

    private final List<Heart> hearts = new CopyOnWriteArrayList<>();
    private final List<Life> lives = new CopyOnWriteArrayList<>();
    private final List<Work> works = new CopyOnWriteArrayList<>();
    private final List<Runnable> tasks = new ArrayList<>();
    private final Duration wedged;
    private final Consumer<String> fatal;
    private volatile List<String> failures = List.of();
    private long checkedNanos;
    private boolean checked;
    /** When it ran again after it had not; all that came before is not counted. */
    private long resumedNanos;

    private boolean resumed;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("sluice-watchdog").unstarted(this::run);

    /**
     * @param wedged how long a loop may stand still
     * @param fatal is told which thread it is; called at most once
     */
    Watchdog(Duration wedged, Consumer<String> fatal) {
        this.wedged = wedged;
        this.fatal = fatal;
    }

    /** Watches a loop from now on. */
    void watch(String name, LoopHandle loop) {
        hearts.add(new Heart(name, loop));
    }

    /** Watches a thread that only has to live. */
    void watch(String name, BooleanSupplier alive) {
        lives.add(new Life(name, alive));
    }

    /**
     * Watches a thread that says itself how long it has been at one piece of work.
     *
     * @param busyNanos 0 while it has nothing to do
     */
    void watchWork(String name, LongSupplier busyNanos) {
        works.add(new Work(name, busyNanos));
    }

    /** Runs the task, too, once a period, on the watchdog's thread. Before the start. */
    void also(Runnable task) {
        tasks.add(task);
    }

    void start() {
        thread.start();
    }

    /** What was found last: the threads that are dead or stand still. Any thread. */
    List<String> failures() {
        return failures;
    }

    /** Looks at every thread and posts the next heartbeats. */
    List<String> check(long nanoTime) {
        List<String> failed = new ArrayList<>();
        if (checked && nanoTime - checkedNanos > ABSENCE.toNanos()) {
            resumed = true;
            resumedNanos = nanoTime;
        }
        checked = true;
        checkedNanos = nanoTime;
        // Until as much time has passed again, none of it can be too long.
        boolean counts = !resumed || nanoTime - resumedNanos > wedged.toNanos();
        for (Heart heart : hearts) {
            if (heart.beaten) {
                heart.beaten = false;
                heart.postedNanos = nanoTime;
                heart.loop.execute(heart.beat);
            } else if (counts && nanoTime - heart.postedNanos > wedged.toNanos()) {
                failed.add(stoodStill(heart.name));
            }
        }
        for (Work work : works) {
            if (counts && work.busyNanos.getAsLong() > wedged.toNanos()) {
                failed.add(stoodStill(work.name));
            }
        }
        for (Life life : lives) {
            if (!life.alive.getAsBoolean()) {
                failed.add(life.name + " has died");
            }
        }
        failures = failed;
        return failed;
    }

    private String stoodStill(String name) {
        return name + " has stood still for " + wedged.toSeconds() + " s";
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos());
                List<String> failed = check(System.nanoTime());
                if (!failed.isEmpty()) {
                    fatal.accept(String.join("; ", failed));
                    return;
                }
                tasks.forEach(Runnable::run);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        // Behind this no heartbeat is posted any more, so that the loops may end.
        try {
            thread.join(JOIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
