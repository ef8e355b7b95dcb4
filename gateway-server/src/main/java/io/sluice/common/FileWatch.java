package io.sluice.common;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files every two seconds, on a daemon thread of its own, and knows whether they are as they were when they
 * were read last. It looks at what they are known by ({@link FileStamp}) and reads none: its owner does, in a look.
 *
 * <p>What {@link #changed} has said once it says again only of another change, so bad files are tried once. A look that
 * throws is told in the log, and the next one comes all the same: to end there would be to follow no file any more, and
 * nobody would know. Files that had changed count as tried then, too: an owner that shows whether its files were taken
 * catches what their reading throws.
 *
 * <p>{@link #start} and {@link #close} on any thread, all else in a look or before the first.
 */
public final class FileWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final Supplier<? extends Collection<Path>> files;
    private final Runnable look;
    private final long periodNanos;
    private final Thread thread;

    private Map<Path, FileStamp> seen;
    /** None before {@link #asRead}: files may have changed since the start read them. */
    private Map<Path, FileStamp> read;

    /** Whether the look under way has been told that files have changed, which it will not be again. */
    private boolean toldOfChange;

    /** How the last looks failed without that; {@code null} if they did not. What stays so is logged once. */
    private String failure;

    private long failures;

    /**
     * Looks at nothing before {@link #start}.
     *
     * @param name of the thread
     * @param files asked for at each look: which they are may have changed as well
     * @param look asks {@link #changed} or {@link #changedAndStill}, and reads the files if so
     */
    public FileWatch(String name, Supplier<? extends Collection<Path>> files, Runnable look) {
        this(name, files, look, PERIOD);
    }

    FileWatch(String name, Supplier<? extends Collection<Path>> files, Runnable look, Duration period) {
        this.files = files;
        this.look = look;
        this.periodNanos = period.toNanos();
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Takes the files for read as they are now. To be called before they are read for the first time. */
    public void asRead() {
        seen = stamps();
        read = seen;
    }

    /** Whether the files are not as they were when this was {@code true} last. A file that is gone is a change, too. */
    public boolean changed() {
        // Before they are read: what is written meanwhile is found at the next look.
        seen = stamps();
        return isNew();
    }

    /** The same, once two looks have found them alike: one that is being written holds half of what it will. */
    public boolean changedAndStill() {
        Map<Path, FileStamp> before = seen;
        seen = stamps();
        return seen.equals(before) && isNew();
    }

    private boolean isNew() {
        boolean isNew = !seen.equals(read);
        read = seen;
        toldOfChange |= isNew;
        return isNew;
    }

    private Map<Path, FileStamp> stamps() {
        Map<Path, FileStamp> stamps = new HashMap<>();
        for (Path file : files.get()) {
            stamps.put(file, FileStamp.of(file));
        }
        return stamps;
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(periodNanos);
                lookOnce();
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /** Looks, and logs what goes wrong. */
    void lookOnce() {
        toldOfChange = false;
        String failed = null;
        try {
            look.run();
        } catch (RuntimeException e) {
            failed = FailureText.of(e);
        }
        if (failed != null && !toldOfChange) {
            if (!failed.equals(failure)) {
                LOG.warn("{} failed at a look, and looks again: {}", thread.getName(), failed);
            }
            failure = failed;
            failures++;
            return;
        }
        if (failures > 0) {
            LOG.info("{} can look again, after {} looks that failed", thread.getName(), failures);
            failure = null;
            failures = 0;
        }
        if (failed != null) {
            LOG.warn(
                    "{} failed at files that have changed, and tries them when they change again: {}",
                    thread.getName(),
                    failed);
        }
    }

    /** No look begins any more; one that is under way may still go on. Repeating it does nothing. */
    @Override
    public void close() {
        thread.interrupt();
    }

    /** Waits until a look that was under way at {@link #close} has ended. */
    public void join() throws InterruptedException {
        thread.join();
    }
}
