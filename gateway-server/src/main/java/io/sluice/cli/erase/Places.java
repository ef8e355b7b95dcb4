package io.sluice.cli.erase;

import io.sluice.aws.ObjectVersions;
import io.sluice.aws.SdkObjectVersions;
import io.sluice.cli.StoredOptions;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.delivery.parked.ParkedConfig;
import io.sluice.record.StreamGroup;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say where records lie: objects, parked blocks, a journal. */
final class Places {

    @Mixin
    private StoredOptions stored;

    @Option(
            names = "--parked",
            paramLabel = "DIR",
            description = "Directory of parked blocks. Default: delivery.parked, with --config or without a place of"
                    + " objects.")
    private Path parked;

    @Option(
            names = "--journal",
            paramLabel = "DIR",
            description = "Journal of the gateway. Default: journal.directory, with --config or without a place of"
                    + " objects.")
    private Path journal;

    /**
     * Objects in one place.
     *
     * @param bucket a bucket, or a directory
     * @param prefix of all keys there
     */
    record Place(ObjectVersions store, String bucket, String prefix) {}

    /** Loads the configuration, having looked at the options; with the keys of the journal if there is one. */
    SluiceConfig config() throws InvalidConfig {
        SluiceConfig config = stored.config(false);
        return journal(config) == null ? config : stored.config(true);
    }

    /** Where the log of erasures is if nobody says so: beside what is looked through, or as configured. */
    Path auditLog(SluiceConfig config) {
        Path beside = journal != null ? journal : asConfigured() ? null : stored.directory();
        Path parent =
                beside == null ? null : beside.toAbsolutePath().normalize().getParent();
        return (parent == null ? config.dataDirectory() : parent).resolve("erasures.ndjson");
    }

    int fromMinute() {
        return stored.fromMinute();
    }

    int toMinute() {
        return stored.toMinute();
    }

    /** Whether parked blocks and journal are where the configuration says, rather than nowhere. */
    private boolean asConfigured() {
        return stored.file() != null || !stored.isPlaceGiven();
    }

    /** Where delivered objects are. The caller closes the store. */
    Place objects(SluiceConfig config, Storage storage) throws IOException {
        StoredOptions.Place place = stored.place(config);
        return new Place(
                stored.isS3() ? stored.versions() : new DirectoryVersions(storage), place.bucket(), place.prefix());
    }

    /** Where parked blocks are, or {@code null}. The caller closes the store. */
    Place parked(SluiceConfig config, Storage storage) throws IOException {
        ParkedConfig configured = config.delivery().parked();
        if (parked == null && asConfigured() && !configured.bucket().isEmpty()) {
            return new Place(new SdkObjectVersions(configured.aws()), configured.bucket(), configured.prefix());
        }
        Path root = parked == null && asConfigured() ? configured.directory() : parked;
        if (parked != null && !Files.isDirectory(parked)) {
            throw new NotDirectoryException(parked + ": there is no such directory");
        }
        return root == null || !Files.isDirectory(root)
                ? null
                : new Place(new DirectoryVersions(storage), root.toString(), "");
    }

    /** The root of the journal, or {@code null}. */
    Path journal(SluiceConfig config) {
        if (journal != null || !asConfigured()) {
            return journal;
        }
        Path root = config.journal().root();
        return Files.isDirectory(root) ? root : null;
    }

    /**
     * Sees to it that there is something to look through: an answer that nothing is stored of a person must not come of
     * a wrong directory.
     *
     * @param parked {@code null} if there is no such place
     * @throws IOException if no place holds anything; the message names them
     */
    void requireAnything(SluiceConfig config, Place objects, Place parked) throws IOException {
        if (journal != null && !Files.isDirectory(journal)) {
            throw new NotDirectoryException(journal + ": there is no such directory");
        }
        if (journal(config) != null || parked != null && holdsAny(parked, parked.prefix())) {
            return;
        }
        for (StreamGroup group : config.groups()) {
            if (holdsAny(objects, objects.prefix() + group.prefix())) {
                return;
            }
        }
        // Those that explain what is no more: everything may have been one person's.
        if (holdsAny(objects, objects.prefix() + config.delivery().manifests().prefix())) {
            return;
        }
        String noJournal = asConfigured()
                ? ", and there is no journal in " + config.journal().root()
                : "";
        throw new IOException(
                objects.bucket() + " holds no objects" + (objects.prefix().isEmpty() ? "" : " under ")
                        + objects.prefix() + noJournal + ": is it the right place, with the right prefixes?");
    }

    private static boolean holdsAny(Place place, String prefix) throws IOException {
        return place.store().list(place.bucket(), prefix).next() != null;
    }

    /** The prefixes of groups. */
    static List<ObjectErasure.Prefix> groups(SluiceConfig config, String placePrefix) {
        List<ObjectErasure.Prefix> prefixes = new ArrayList<>();
        for (StreamGroup group : config.groups()) {
            prefixes.add(new Prefix(placePrefix + group.prefix(), group.name(), group.level()));
        }
        return prefixes;
    }

    /** The one prefix of parked blocks, whose keys go on with the name of the group. */
    static ObjectErasure.Prefix parkedPrefix(Place place) {
        return new Prefix(place.prefix(), null, 1);
    }

    private record Prefix(String prefix, String name, int level) implements ObjectErasure.Prefix {

        @Override
        public String group(String key) {
            String behind = key.substring(prefix.length());
            return name != null ? name : behind.substring(0, Math.max(0, behind.indexOf('/')));
        }
    }
}
