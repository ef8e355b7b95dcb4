package io.sluice.delivery.local;

import io.sluice.common.Clock;
import io.sluice.delivery.Destination;
import io.sluice.delivery.Outcomes;
import io.sluice.journal.SealedBlock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes blocks as objects below a directory, under the keys and with the buffering of Amazon Data Firehose: the bytes
 * of blocks of one group and encoding behind each other, nothing added.
 *
 * <p>Delivery thread only. Holds at most {@code bufferBytes} and one block for each group and encoding. An object
 * appears whole or not at all: it is written under a hidden name, synced, renamed, and its directory synced; only then
 * its blocks count as delivered. An attempt that failed is repeated from the beginning, in a new file, for the same
 * key, with growing pauses; meanwhile no more blocks of its group are taken, and the other groups go on.
 */
public final class LocalDestination implements Destination {

    private static final Logger LOG = LoggerFactory.getLogger(LocalDestination.class);

    /** Directories remembered as durable: an hour has one for each group. */
    private static final int MAX_DURABLE = 1024;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LAST_HURRIED_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Place(String group, Encoding encoding) {}

    private final Storage storage;
    private final Path root;
    private final long bufferBytes;
    private final long bufferNanos;
    private final Clock clock;
    private final Cells cells;
    private final ObjectKeys keys;
    private final TempFiles temps;

    /** Objects that still take blocks. */
    private final Map<Place, ObjectBuffer> open = new LinkedHashMap<>();
    /** Objects that are full, oldest first, and those that could not be written. */
    private final Queue<ObjectBuffer> full = new ArrayDeque<>();
    /** Directories that this process has made durable. */
    private final Set<Path> durable = new HashSet<>();

    private boolean hurried;
    private volatile String problem;

    /** @throws IOException if the directory cannot be made or written */
    public LocalDestination(Storage storage, LocalConfig config, List<StreamGroup> groups, Clock clock, Cells cells)
            throws IOException {
        this.storage = storage;
        this.root = config.directory().toAbsolutePath().normalize();
        this.bufferBytes = config.bufferBytes();
        this.bufferNanos = config.bufferTime().toNanos();
        this.clock = clock;
        this.cells = cells;
        this.keys = new ObjectKeys(groups);
        makeRoot();
        this.temps = new TempFiles(storage, root);
    }

    @Override
    public boolean hasRoom(String group) {
        for (ObjectBuffer object : full) {
            if (object.failures() > 0 && object.group().equals(group)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void accept(SealedBlock block, long nowNanos) {
        Place place = new Place(block.group(), block.encoding());
        ObjectBuffer object = open.get(place);
        if (object != null && object.bytes() + block.bytes().remaining() > bufferBytes) {
            full.add(open.remove(place));
            object = null;
        }
        if (object == null) {
            String key = keys.key(block.group(), block.encoding(), clock.epochMillis(), UUID.randomUUID());
            object = new ObjectBuffer(block.group(), nowNanos, root.resolve(key));
            open.put(place, object);
        }
        object.add(block);
        if (object.bytes() >= bufferBytes) {
            full.add(open.remove(place));
        }
    }

    @Override
    public void flush(long nowNanos, boolean all, Outcomes outcomes) {
        for (Iterator<ObjectBuffer> objects = open.values().iterator(); objects.hasNext(); ) {
            ObjectBuffer object = objects.next();
            if (all || nanosUntilDue(object, nowNanos) == 0) {
                objects.remove();
                full.add(object);
            }
        }
        if (all && !hurried) {
            // The time for a drain is short: what failed is tried again at once, then soon.
            hurried = true;
            full.forEach(object -> object.retryAt(nowNanos));
        }
        String failing = null;
        for (Iterator<ObjectBuffer> objects = full.iterator(); objects.hasNext(); ) {
            ObjectBuffer object = objects.next();
            if (object.nanosUntilRetry(nowNanos) == 0 && tryWrite(object, nowNanos)) {
                objects.remove();
                String id = root.relativize(object.key()).toString();
                object.blocks().forEach(block -> outcomes.delivered(block, id));
            } else {
                failing = object.problem();
            }
        }
        problem = failing;
    }

    private boolean tryWrite(ObjectBuffer object, long nowNanos) {
        try {
            write(object);
        } catch (IOException e) {
            failed(object, e, nowNanos);
            return false;
        }
        cells.increment(Counter.DELIVERED_OBJECTS);
        if (object.failures() > 0) {
            LOG.info("{} is written after {} failed attempts", object.key(), object.failures());
        }
        return true;
    }

    private void failed(ObjectBuffer object, IOException e, long nowNanos) {
        cells.increment(Counter.DELIVERY_RETRIES);
        object.failed(e.toString());
        long longest = hurried ? LAST_HURRIED_PAUSE_NANOS : LAST_PAUSE_NANOS;
        object.retryAt(nowNanos + Math.min(longest, FIRST_PAUSE_NANOS << Math.min(object.failures() - 1, 20)));
        // Once, then ever more rarely: the count says what was left out.
        if (Integer.bitCount(object.failures()) == 1) {
            LOG.warn(
                    "{} cannot be written, attempt {}; it is repeated, nothing is lost: {}",
                    object.key(),
                    object.failures(),
                    e.toString());
        }
    }

    @Override
    public long nanosUntilDue(long nowNanos) {
        long nanos = Long.MAX_VALUE;
        for (ObjectBuffer object : full) {
            nanos = Math.min(nanos, object.nanosUntilRetry(nowNanos));
        }
        for (ObjectBuffer object : open.values()) {
            nanos = Math.min(nanos, nanosUntilDue(object, nowNanos));
        }
        return nanos;
    }

    @Override
    public String problem() {
        return problem;
    }

    @Override
    public void close() throws IOException {
        temps.close();
    }

    private long nanosUntilDue(ObjectBuffer object, long nowNanos) {
        return Math.max(0, bufferNanos - (nowNanos - object.openedNanos()));
    }

    private void write(ObjectBuffer object) throws IOException {
        Path temp = temps.next();
        try {
            writeAndSync(object, temp);
            makeDurable(object.key().getParent());
            storage.rename(temp, object.key());
        } catch (IOException e) {
            deleteQuietly(temp);
            throw e;
        }
        storage.syncDirectory(object.key().getParent());
    }

    private void writeAndSync(ObjectBuffer object, Path temp) throws IOException {
        try (StorageFile file = storage.open(temp, Storage.Access.WRITE)) {
            long offset = 0;
            for (SealedBlock block : object.blocks()) {
                ByteBuffer bytes = block.bytes().duplicate();
                while (bytes.hasRemaining()) {
                    offset += file.pwrite(bytes, offset);
                }
            }
            file.sync();
        }
    }

    /**
     * Makes the directory, and syncs the entries of it and of those above it up to the root. That they exist says
     * nothing: an earlier process may have made them and died before the sync.
     */
    private void makeDurable(Path directory) throws IOException {
        if (durable.contains(directory)) {
            return;
        }
        storage.createDirectories(directory);
        for (Path child = directory; !child.equals(root); child = child.getParent()) {
            storage.syncDirectory(child.getParent());
        }
        if (durable.size() >= MAX_DURABLE) {
            durable.clear();
        }
        durable.add(directory);
    }

    private void makeRoot() throws IOException {
        Path existing = root.getParent();
        while (existing != null && !storage.exists(existing)) {
            existing = existing.getParent();
        }
        storage.createDirectories(root);
        for (Path parent = root.getParent(); parent != null; parent = parent.getParent()) {
            storage.syncDirectory(parent);
            if (parent.equals(existing)) {
                return;
            }
        }
    }

    private void deleteQuietly(Path temp) {
        try {
            storage.delete(temp);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted, the next start will", temp, e);
        }
    }
}
