package io.sluice.cli;

import io.sluice.aws.BucketPrefix;
import io.sluice.aws.ObjectReader;
import io.sluice.aws.ObjectVersions;
import io.sluice.cli.objects.DirectoryReader;
import io.sluice.cli.objects.Hour;
import io.sluice.config.ConfigLoader;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.delivery.DeliveryConfig;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that commands share which look through what was delivered: where it lies, and of which hours. */
public final class StoredOptions {

    @Option(
            names = "--from-dir",
            paramLabel = "DIR",
            description = "Directory of delivered objects, in the layout of a bucket."
                    + " Default: delivery.local.directory, unless there is --s3.")
    private Path directory;

    @Mixin
    private S3Options s3;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "Configuration of the gateway: what its objects are called, and whatever else is asked of it.")
    private Path file;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Hour.class,
            description = "Only what was delivered in this hour, or on this day, or later, in UTC: 2026-11-22T10 or"
                    + " 2026-11-22. Of objects, the hour in their keys counts.")
    private Integer fromMinute;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = Hour.class,
            description = "Only what was delivered before this hour or day.")
    private Integer toMinute;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /**
     * Where objects are.
     *
     * @param bucket a bucket, or a directory
     * @param prefix of all keys there
     */
    public record Place(String bucket, String prefix) {}

    /** Loads the configuration, having looked at the options; with the keys of the journal only if they are needed. */
    public SluiceConfig config(boolean readsJournal) throws InvalidConfig {
        if (s3.places().size() > 1 || directory != null && isS3()) {
            throw new ParameterException(spec.commandLine(), "expected one place: --from-dir or --s3, once");
        }
        if (fromMinute != null && toMinute != null && toMinute <= fromMinute) {
            throw new ParameterException(spec.commandLine(), "expected --to behind --from");
        }
        ConfigLoader loader = new ConfigLoader();
        if (file != null) {
            loader.file(file);
        }
        loader.environment(System.getenv()).kms(SecretStores::kms).offline();
        return (readsJournal ? loader : loader.withoutJournalKeys()).load();
    }

    /** The file of the configuration, or {@code null}. */
    public Path file() {
        return file;
    }

    /** The directory that the options name, or {@code null}. */
    public Path directory() {
        return directory;
    }

    public boolean isS3() {
        return !s3.places().isEmpty();
    }

    /** Whether the options themselves name a place, rather than the configuration. */
    public boolean isPlaceGiven() {
        return directory != null || isS3();
    }

    /** Where delivered objects are; a directory that was not given need not exist. */
    public Place place(SluiceConfig config) throws NotDirectoryException {
        if (isS3()) {
            BucketPrefix place = s3.places().getFirst();
            return new Place(place.bucket(), place.prefix());
        }
        if (directory == null && config.delivery().destination() == DeliveryConfig.Destination.FIREHOSE) {
            throw new ParameterException(spec.commandLine(), "the gateway delivers to Firehose: expected --s3");
        }
        if (directory != null) {
            requireDirectory(directory);
        }
        Path root = directory == null ? config.delivery().local().directory() : directory;
        return new Place(root.toString(), "");
    }

    /** The same, and a directory exists. */
    public Place existingPlace(SluiceConfig config) throws NotDirectoryException {
        Place place = place(config);
        if (!isS3()) {
            requireDirectory(Path.of(place.bucket));
        }
        return place;
    }

    private static void requireDirectory(Path directory) throws NotDirectoryException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + ": there is no such directory");
        }
    }

    /** Reads objects of the place. Connects when it is first asked for something. */
    public ObjectReader reader() {
        return isS3() ? s3.reader() : new DirectoryReader();
    }

    /** All versions of the objects of a bucket. */
    public ObjectVersions versions() {
        return s3.versions();
    }

    public int fromMinute() {
        return fromMinute == null ? Integer.MIN_VALUE : fromMinute;
    }

    public int toMinute() {
        return toMinute == null ? Integer.MAX_VALUE : toMinute;
    }
}
