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
 * they live. One daemon thread of its own.
 *
 * <p>Where it slept for much longer than it asked for, it infers that the process, or the whole machine, was stopped,
 * and counts that time for nobody. It cannot tell that from its own thread's starving alone: who stands still meanwhile
 * is found that much later, and is found, however often it happens. The time of its own tasks does count.
 */
final class Watchdog implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** Away for longer, it takes the process to have been stopped. */
    private static final Duration ABSENCE = Duration.ofSeconds(5);

    private static final Duration JOIN = Duration.ofSeconds(5);

    private static final class Heart {
        final String name;
        final LoopHandle loop;
        volatile boolean beaten = true;
        /** When it was posted, of the time that counts. */
        long postedNanos;

        /** Made once: posting allocates nothing of ours. */
        final Runnable beat = () -> beaten = true;

        Heart(String name, LoopHandle loop) {
            this.name = name;
            this.loop = loop;
        }
    }

    private record Life(String name, BooleanSupplier alive) {}

    private static final class Work {
        final String name;
        final LongSupplier busyNanos;
        /** Of the piece under way, what does not count. */
        long absentNanos;

        Work(String name, LongSupplier busyNanos) {
            this.name = name;
            this.busyNanos = busyNanos;
        }

        /** @param sinceCheck since this was asked last, of which {@code absent} do not count */
        long counted(long sinceCheck, long absent) {
            long busy = busyNanos.getAsLong();
            boolean begun = busy < sinceCheck;
            absentNanos = begun ? Math.min(busy, absent) : absentNanos + absent;
            return busy - absentNanos;
        }
    }

    private final List<Heart> hearts = new CopyOnWriteArrayList<>();
    private final List<Life> lives = new CopyOnWriteArrayList<>();
    private final List<Work> works = new CopyOnWriteArrayList<>();
    private final List<Runnable> tasks = new ArrayList<>();
    private final Duration wedged;
    private final Consumer<String> fatal;
    private volatile List<String> failures = List.of();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("sluice-watchdog").unstarted(this::run);

    // Of its thread.
    private boolean checked;
    private long checkedNanos;
    /** Behind its tasks, when it went to sleep. */
    private long sleptNanos;
    /** All that does not count. */
    private long absentNanos;

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
        long sinceCheck = checked ? nanoTime - checkedNanos : 0;
        long slept = checked ? nanoTime - sleptNanos : 0;
        long absent = slept > ABSENCE.toNanos() ? slept : 0;
        absentNanos += absent;
        checked = true;
        checkedNanos = nanoTime;
        sleeps(nanoTime);
        long counted = nanoTime - absentNanos;
        for (Heart heart : hearts) {
            if (heart.beaten) {
                heart.beaten = false;
                heart.postedNanos = counted;
                heart.loop.execute(heart.beat);
            } else if (counted - heart.postedNanos > wedged.toNanos()) {
                failed.add(stoodStill(heart.name));
            }
        }
        for (Work work : works) {
            if (work.counted(sinceCheck, absent) > wedged.toNanos()) {
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

    /** Says that its tasks are done: from here on it is not its own doing that it does not look. */
    void sleeps(long nanoTime) {
        sleptNanos = nanoTime;
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
                sleeps(System.nanoTime());
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
