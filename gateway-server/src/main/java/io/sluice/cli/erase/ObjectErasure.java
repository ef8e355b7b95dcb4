package io.sluice.cli.erase;

import io.sluice.aws.ObjectVersions;
import io.sluice.aws.ObjectVersions.ReplacedException;
import io.sluice.aws.ObjectVersions.Version;
import io.sluice.cli.objects.ObjectWalk;
import io.sluice.cli.objects.Ticker;
import io.sluice.record.BlockStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes a person's lines out of the objects of one place, all versions of them. One thread.
 *
 * <p>Of an object in which there are such lines: the tombstone is put, then the object without them, on condition that
 * it is still the one that was read; then each version that holds them is deleted by its id. So an interruption at any
 * point leaves something that the next run finds, or nothing to be done; and nobody's change is overwritten.
 */
final class ObjectErasure {

    /** How often an object is read that somebody else replaces meanwhile. */
    private static final int ATTEMPTS = 3;

    /** Delivery makes objects of 128 MiB at most; what is much larger is none of them. */
    private static final long LARGEST = 1L << 30;

    /** Where the objects are, and where tombstones go: mostly the same. */
    private final ObjectVersions store;

    private final String bucket;
    private final Tombstones tombstones;
    private final Person person;
    private final Search search;
    private final boolean really;
    private final Tally tally;
    private final Consumer<String> told;
    private final Ticker ticker;

    /** Puts tombstones. */
    @FunctionalInterface
    interface Tombstones {
        void put(List<String> lines) throws IOException;
    }

    /**
     * @param really whether anything is changed
     * @param told is given a line about each object
     */
    ObjectErasure(
            ObjectVersions store,
            String bucket,
            Tombstones tombstones,
            Person person,
            boolean really,
            Tally tally,
            Consumer<String> told,
            Ticker ticker) {
        this.store = store;
        this.bucket = bucket;
        this.tombstones = tombstones;
        this.person = person;
        this.search = new Search(person);
        this.really = really;
        this.tally = tally;
        this.told = told;
        this.ticker = ticker;
    }

    /** Which objects, and how their blocks are named and packed. */
    interface Prefix {
        String prefix();

        /** Name of the group of an object. */
        String group(String key);

        /** Level that blocks are packed with. */
        int level();
    }

    /**
     * Goes through the objects below a prefix whose keys name an hour from one until before another, or none.
     *
     * @throws IOException if objects cannot be listed; what is wrong with one of them stands in the tally
     */
    void erase(Prefix prefix, int fromMinute, int toMinute) throws IOException {
        StoredObject.Listing objects = new StoredObject.Listing(store.list(bucket, prefix.prefix()));
        for (StoredObject object = objects.next(); object != null; object = objects.next()) {
            ticker.tick();
            int minute = ObjectWalk.minute(prefix.prefix(), object.key());
            if (minute != ObjectWalk.NO_HOUR && (minute < fromMinute || minute >= toMinute)) {
                continue;
            }
            try {
                erase(object, prefix);
            } catch (ReplacedException e) {
                tally.problem(object.key() + ": somebody else is changing it, run again");
            } catch (IOException e) {
                tally.problem(object.key() + ": " + e.getMessage());
            }
        }
    }

    private void erase(StoredObject object, Prefix prefix) throws IOException {
        StoredObject now = object;
        for (int attempt = 1; now != null; attempt++) {
            try {
                eraseOnce(now, prefix, attempt == 1);
                return;
            } catch (ReplacedException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
            now = again(object.key());
        }
    }

    private StoredObject again(String key) throws IOException {
        StoredObject.Listing objects = new StoredObject.Listing(store.list(bucket, key));
        StoredObject first = objects.next();
        return first == null || !first.key().equals(key) ? null : first;
    }

    private void eraseOnce(StoredObject object, Prefix prefix, boolean first) throws IOException {
        Set<String> held = new HashSet<>();
        Version newest = null;
        Search.Found inNewest = null;
        for (Version version : object.versions()) {
            if (version.marker()) {
                continue;
            }
            Search.Found found = look(version);
            if (found.unclear() > 0) {
                tally.problem(version.key() + ": " + found.unclear() + " lines are no JSON, and may be meant");
            }
            if (found.count() == 0) {
                continue;
            }
            held.add(version.id());
            if (version.newest()) {
                newest = version;
                inNewest = found;
            } else if (first) {
                tally.olderVersions++;
                tally.olderLines += found.count();
            }
        }
        if (held.isEmpty()) {
            return;
        }
        if (first) {
            tell(object, inNewest, held.size());
        }
        if (really) {
            change(object, newest, inNewest, prefix, held);
        }
    }

    private Search.Found look(Version version) throws IOException {
        tally.objectsRead++;
        tally.bytesRead += version.bytes();
        try (BlockStream blocks = BlockStream.open(store.open(bucket, version))) {
            return search.read(blocks);
        }
    }

    private void tell(StoredObject object, Search.Found inNewest, int held) {
        int older = held;
        String what = "";
        if (inNewest != null) {
            older--;
            tally.objects++;
            tally.blocks += inNewest.blocks();
            tally.found(inNewest.found());
            what = inNewest.count() + " of " + inNewest.lines() + " lines, in " + inNewest.blocks() + " blocks";
        }
        if (older > 0) {
            what += (what.isEmpty() ? "" : "; ") + older + " older versions";
        }
        told.accept(object.key() + ": " + what);
    }

    private void change(StoredObject object, Version newest, Search.Found inNewest, Prefix prefix, Set<String> held)
            throws IOException {
        String replacedBy = null;
        if (newest != null) {
            if (newest.bytes() > LARGEST) {
                throw new IOException("has " + newest.bytes() + " bytes, expected " + LARGEST + " at most");
            }
            Rewriting.Rewritten rewritten = new Rewriting(person, System.currentTimeMillis())
                    .rewrite(bytes(newest), newest.key(), prefix.group(newest.key()), prefix.level());
            check(rewritten, inNewest);
            tombstones.put(rewritten.tombstones());
            replacedBy = store.replace(bucket, newest, rewritten.bytes());
        }
        int versions = 0;
        List<Version> markers = new ArrayList<>();
        for (Version version : object.versions()) {
            // What had no id, and was replaced by what has none, is gone already.
            boolean gone = version.id().equals(ObjectVersions.NO_ID) && ObjectVersions.NO_ID.equals(replacedBy);
            if (version.marker()) {
                markers.add(version);
            } else if (held.contains(version.id()) && !gone) {
                store.delete(bucket, version);
            } else if (!gone) {
                versions++;
            }
        }
        if (versions == 0 && replacedBy == null) {
            // A marker of nothing would only hide the key's end from lifecycle rules.
            for (Version marker : markers) {
                store.delete(bucket, marker);
            }
        }
    }

    private byte[] bytes(Version version) throws IOException {
        try (InputStream in = store.open(bucket, version)) {
            return in.readAllBytes();
        }
    }

    /** What is to be put is read once more: it must hold every other line, and none of the person's. */
    private void check(Rewriting.Rewritten rewritten, Search.Found before) throws IOException {
        Search.Found after;
        try (BlockStream blocks = BlockStream.open(new ByteArrayInputStream(rewritten.bytes()))) {
            after = search.read(blocks);
        }
        if (after.count() > 0 || after.lines() != before.lines() - before.count()) {
            throw new ReplacedException("of " + before.lines() + " lines, " + before.count() + " to be erased, "
                    + after.lines() + " would be left");
        }
    }
}
