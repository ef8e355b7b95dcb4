package io.sluice.admin;

import io.sluice.common.FailureText;
import io.sluice.common.FileFailure;
import io.sluice.common.FileWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token in use, which follows its file: the next request needs what was found last.
 *
 * <p>{@link #current} on any thread; that of a {@link FileWatch} reads the file once it stands still, since one that is
 * being written holds half a token. One that is gone or holds none changes nothing, and is told once: it has to change
 * again.
 */
final class AdminTokens implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminTokens.class);

    /** {@code null} if there is nothing to follow. */
    private final Path file;

    private final FileWatch watch;

    private volatile AdminToken current;
    private volatile boolean refused;

    /** Follows nothing before {@link #start}. */
    AdminTokens(AdminConfig config) {
        this.file = config.tokenFile();
        this.current = config.token();
        this.watch = new FileWatch("sluice-admin-token", () -> List.of(file), this::check);
    }

    void start() {
        if (file != null) {
            watch.start();
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
        if (watch.changedAndStill()) {
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
            // A file system's own, say. It is told by the gauge as well, which the watch knows nothing of.
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

    @Override
    public void close() {
        watch.close();
    }
}
