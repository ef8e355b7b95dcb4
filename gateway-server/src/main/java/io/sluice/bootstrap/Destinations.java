package io.sluice.bootstrap;

import io.sluice.aws.SdkFirehose;
import io.sluice.aws.SdkObjectStore;
import io.sluice.common.Clock;
import io.sluice.config.SluiceConfig;
import io.sluice.delivery.Destination;
import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.delivery.firehose.FirehoseDestination;
import io.sluice.delivery.local.LocalDestination;
import io.sluice.delivery.parked.BucketParking;
import io.sluice.delivery.parked.DirectoryParking;
import io.sluice.delivery.parked.ParkedConfig;
import io.sluice.delivery.parked.Parking;
import io.sluice.metrics.Metrics;
import io.sluice.record.StreamGroup;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Every place that blocks can go to, made from the configuration: for the server, and for a replay. */
final class Destinations {

    private Destinations() {}

    /** @return {@code null} if blocks are to stay in the journal */
    static Destination open(SluiceConfig config, Storage storage, Clock clock, Metrics metrics) throws IOException {
        return switch (config.delivery().destination()) {
            case LOCAL ->
                new LocalDestination(
                        storage, config.delivery().local(), keyedGroups(config), clock, metrics.newCells());
            case FIREHOSE -> firehose(config, storage, clock, metrics);
            case NONE -> null;
        };
    }

    /** Region, credentials and streams are looked for by its own threads, so that none of them holds up the start. */
    private static Destination firehose(SluiceConfig config, Storage storage, Clock clock, Metrics metrics) {
        FirehoseConfig firehose = config.delivery().firehose();
        return new FirehoseDestination(
                new SdkFirehose(firehose.aws(), firehose.windowBytes(), FirehoseDestination.MAX_CALLS),
                parking(config.delivery().parked(), storage),
                firehose,
                clock,
                new SplittableRandom(),
                metrics);
    }

    private static Parking parking(ParkedConfig parked, Storage storage) {
        return parked.bucket().isEmpty()
                ? new DirectoryParking(storage, parked.directory())
                : new BucketParking(
                        new SdkObjectStore(parked.aws(), parked.kmsKey()), parked.bucket(), parked.prefix());
    }

    /** The groups whose objects need keys: those of lines, and that of the manifests. */
    private static List<StreamGroup> keyedGroups(SluiceConfig config) {
        List<StreamGroup> groups = new ArrayList<>(config.groups());
        groups.add(config.delivery().manifests().group());
        return groups;
    }
}
