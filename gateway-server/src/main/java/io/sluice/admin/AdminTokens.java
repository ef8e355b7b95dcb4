package io.sluice.admin;

import io.sluice.common.FailureText;
import io.sluice.common.FileFailure;
import io.sluice.common.FileStamp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token in use, which follows its file: the next request needs what was found last.
 *
 * <p>{@link #current} on any thread; a daemon thread of its own looks at time and size of the file every few seconds,
 * and reads it once two looks have found the same, since a file that is being written holds half a token. One that is
 * gone or holds none changes nothing, and is told once: it has to change again.
 */
final class AdminTokens implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminTokens.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    /** {@code null} if there is nothing to follow. */
    private final Path file;

    private final Thread thread =
            Thread.ofPlatform().daemon().name("sluice-admin-token").unstarted(this::run);

    private volatile AdminToken current;
    private volatile boolean refused;

    // Of the thread that looks. None is read at first: the file may have changed since the start read it.
    private FileStamp seen;
    private FileStamp read;

    /** Follows nothing before {@link #start}. */
    AdminTokens(AdminConfig config) {
        this.file = config.tokenFile();
        this.current = config.token();
    }

    void start() {
        if (file != null) {
            thread.start();
        }
    }

    /** What a request must bring now. */
    AdminToken current() {
        return current;
    }

    /** Whether the file held no token when it was read last, so that the one before it is in use. */
    boolean refused() {
        return refused;
    }

    /** Reads the file if it is not as it was, and stands still. */
    void check() {
        FileStamp now = FileStamp.of(file);
        boolean still = now.equals(seen);
        seen = now;
        if (still && !now.equals(read)) {
            read = now;
            reload();
        }
    }

    private void reload() {
        AdminToken found;
        try {
            found = AdminToken.parse(file);
        } catch (IllegalArgumentException e) {
            refuse("expected " + AdminToken.EXPECTED + ", found " + e.getMessage());
            return;
        } catch (IOException e) {
            refuse(FileFailure.text(e));
            return;
        } catch (RuntimeException e) {
            // A file system's own, say: to end here would be to follow no file any more, and nobody would know.
            refuse(FailureText.of(e));
            return;
        }
        refused = false;
        if (!found.equals(current)) {
            current = found;
            LOG.info("{} has changed: requests to the admin port need the token that it holds now", file);
            AdminToken.warnIfReadByAll(file);
        }
    }

    private void refuse(String why) {
        refused = true;
        LOG.warn("{} has changed and is not taken, the token of the admin port stays as it was: {}", file, why);
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos());
                check();
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
