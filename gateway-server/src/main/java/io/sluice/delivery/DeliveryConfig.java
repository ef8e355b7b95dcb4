package io.sluice.delivery;

import io.sluice.delivery.firehose.FirehoseConfig;
import io.sluice.delivery.local.LocalConfig;
import io.sluice.delivery.manifest.ManifestConfig;
import io.sluice.delivery.parked.ParkedConfig;
import java.time.Duration;

/**
 * Settings of delivery.
 *
 * @param destination where blocks go
 * @param local settings of the local destination
 * @param firehose settings of the Firehose destination
 * @param parked where blocks are kept that a destination refuses for ever
 * @param manifests what is told of delivered blocks, beside them
 * @param drainTimeout how long a stop waits for what is sealed to be delivered
 */
public record DeliveryConfig(
        Destination destination,
        LocalConfig local,
        FirehoseConfig firehose,
        ParkedConfig parked,
        ManifestConfig manifests,
        Duration drainTimeout) {

    public enum Destination {
        /** A directory with the key layout of S3. */
        LOCAL,
        /** Delivery streams of Amazon Data Firehose. */
        FIREHOSE,
        /** Nowhere: blocks stay in the journal. */
        NONE
    }
}
