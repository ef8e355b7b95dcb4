package io.sluice.journal;

import io.sluice.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segments of adopted incarnations that nothing is owed for any more, kept in case they are to be delivered again:
 * until they are old enough, or until their space is needed.
 *
 * <p>Any thread, under its own lock, which is held across deletions: never the committer's. Memory: 40 bytes a segment.
 * It holds no file open and no lock of another incarnation, so any number of them may be kept, and several processes
 * may keep the same: what another has deleted is gone, no more.
 */
final class Kept {

    /** How long to let be what could not be deleted. */
    private static final long PAUSE_MILLIS = TimeUnit.SECONDS.toMillis(30);

    private static final Logger LOG = LoggerFactory.getLogger(Kept.class);

    private record Old(long sequence, long bytes, long settledMillis) {}

    private static final class Start {
        final Path directory;
        /** Segments of each log, the oldest first. */
        final Map<Path, ArrayDeque<Old>> logs = new LinkedHashMap<>();
        /** Whether nothing of it is needed, marks included. */
        boolean done;
        /** Not before, since a deletion failed. */
        long tryAtMillis = Long.MIN_VALUE;

        Start(Path directory) {
            this.directory = directory;
        }

        boolean isEmpty() {
            for (ArrayDeque<Old> log : logs.values()) {
                if (!log.isEmpty()) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Storage storage;
    private final Budget budget;
    private final Map<Path, Start> starts = new LinkedHashMap<>();

    Kept(Storage storage, Budget budget) {
        this.storage = storage;
        this.budget = budget;
    }

    /** Takes over a segment, which follows those that were taken of its log before. */
    synchronized void add(Path incarnation, Path log, long sequence, long bytes, long settledMillis) {
        starts.computeIfAbsent(incarnation, Start::new)
                .logs
                .computeIfAbsent(log, path -> new ArrayDeque<>())
                .add(new Old(sequence, bytes, settledMillis));
        budget.keep(bytes);
    }

    /** Takes over all of the incarnation, whose lock the caller has given back. */
    synchronized void done(Path incarnation) {
        starts.computeIfAbsent(incarnation, Start::new).done = true;
    }

    synchronized boolean holds(Path incarnation) {
        Start start = starts.get(incarnation);
        return start != null && start.done;
    }

    /** Forgets the incarnations that others have removed. */
    synchronized void retain(Collection<Path> there) {
        for (Iterator<Start> i = starts.values().iterator(); i.hasNext(); ) {
            Start start = i.next();
            if (start.done && !there.contains(start.directory)) {
                for (ArrayDeque<Old> log : start.logs.values()) {
                    for (Old old : log) {
                        budget.letGo(old.bytes);
                    }
                }
                i.remove();
            }
        }
    }

    /**
     * Deletes the oldest segment if nothing has been owed for it since that time.
     *
     * @return whether there was one
     * @throws IOException if it could not be deleted; it stays, and others have their turn for a while
     */
    synchronized boolean letGo(long beforeMillis, long nowMillis) throws IOException {
        Start oldest = null;
        Path log = null;
        long millis = beforeMillis;
        for (Start start : starts.values()) {
            for (Map.Entry<Path, ArrayDeque<Old>> entry : start.logs.entrySet()) {
                Old first = entry.getValue().peekFirst();
                if (first != null && first.settledMillis <= millis && nowMillis >= start.tryAtMillis) {
                    oldest = start;
                    log = entry.getKey();
                    millis = first.settledMillis;
                }
            }
        }
        if (oldest == null) {
            return false;
        }
        boolean deleted = false;
        try {
            delete(oldest, log);
            deleted = true;
        } finally {
            if (!deleted) {
                oldest.tryAtMillis = nowMillis + PAUSE_MILLIS;
            }
        }
        return true;
    }

    private void delete(Start start, Path log) throws IOException {
        ArrayDeque<Old> segments = start.logs.get(log);
        Old old = segments.peekFirst();
        storage.delete(Layout.segment(log, old.sequence));
        if (start.done && storage.exists(log)) {
            // Else its marks may be needed: a SEAL that came twice has its mark beside the first.
            storage.syncDirectory(log);
            Layout.deleteBeside(storage, log, old.sequence);
        }
        segments.removeFirst();
        budget.letGo(old.bytes);
    }

    /** Deletes segments for which nothing has been owed since that time, and directories without segments. */
    synchronized void expire(long beforeMillis, long nowMillis) {
        for (boolean more = true; more; ) {
            try {
                more = letGo(beforeMillis, nowMillis);
            } catch (IOException e) {
                LOG.warn("a delivered segment could not be deleted, trying on: {}", e.toString());
            }
        }
        for (Start start : new ArrayList<>(starts.values())) {
            if (!start.done || !start.isEmpty() || nowMillis < start.tryAtMillis) {
                continue;
            }
            try {
                remove(start.directory);
                starts.remove(start.directory);
            } catch (IOException e) {
                LOG.warn("{} is delivered and could not be deleted, trying on: {}", start.directory, e.toString());
                start.tryAtMillis = nowMillis + PAUSE_MILLIS;
            }
        }
    }

    /** When nothing was owed any more for the oldest segment; MAX_VALUE if none is kept. */
    synchronized long oldestMillis() {
        long oldest = Long.MAX_VALUE;
        for (Start start : starts.values()) {
            for (ArrayDeque<Old> log : start.logs.values()) {
                Old first = log.peekFirst();
                oldest = Math.min(oldest, first == null ? Long.MAX_VALUE : first.settledMillis);
            }
        }
        return oldest;
    }

    /**
     * Removes the directory: first what is left of segments, durably, and only then the marks that say that they were
     * delivered. The call may be repeated.
     */
    private void remove(Path directory) throws IOException {
        if (!storage.exists(directory)) {
            return;
        }
        Closeable lock = storage.tryLock(directory.resolve(Layout.LOCK));
        if (lock == null) {
            // Another start looks at it, and keeps or removes it.
            return;
        }
        try {
            for (Path path : storage.list(directory)) {
                if (Layout.logNumber(path) >= 0) {
                    removeLog(path);
                }
            }
            storage.delete(directory.resolve(Layout.GROUPS));
            storage.delete(directory.resolve(Layout.PROBE));
            if (storage.list(directory).equals(List.of(directory.resolve(Layout.LOCK)))) {
                storage.delete(directory.resolve(Layout.LOCK));
                try {
                    storage.delete(directory);
                } catch (IOException e) {
                    // Another start may have come for it: then it is that one's to remove.
                    LOG.warn("{} is empty and could not be removed: {}", directory, e.toString());
                }
            } else {
                LOG.warn("{} holds files that are none of the journal's and is left alone", directory);
                storage.delete(directory.resolve(Layout.LOCK));
            }
        } finally {
            lock.close();
        }
        LOG.info("{} is delivered and removed", directory);
    }

    private void removeLog(Path log) throws IOException {
        for (Path segment : Layout.segments(storage, log)) {
            storage.delete(segment);
        }
        storage.syncDirectory(log);
        for (Path path : storage.list(log)) {
            if (Layout.besideNumber(path) >= 0 || path.endsWith(Layout.PREPARED)) {
                storage.delete(path);
            } else {
                LOG.warn("{} is none of the journal's files and is left alone", path);
            }
        }
        if (storage.list(log).isEmpty()) {
            storage.delete(log);
        }
    }
}
