package io.sluice.delivery;

import io.sluice.delivery.local.LocalConfig;
import java.time.Duration;

/**
 * Settings of delivery.
 *
 * @param destination where blocks go
 * @param local settings of the local destination
 * @param drainTimeout how long a stop waits for what is sealed to be delivered
 */
public record DeliveryConfig(Destination destination, LocalConfig local, Duration drainTimeout) {

    public enum Destination {
        /** A directory with the key layout of S3. */
        LOCAL,
        /** Nowhere: blocks stay in the journal. */
        NONE
    }
}
