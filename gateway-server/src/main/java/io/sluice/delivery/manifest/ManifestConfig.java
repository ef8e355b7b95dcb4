package io.sluice.delivery.manifest;

import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import java.time.Duration;
import java.util.List;

/**
 * Settings of manifests.
 *
 * @param on whether they are delivered; if not, the journal is told that they were
 * @param linger how long lines are gathered before they become a block
 * @param prefix beginning of their keys, where the destination makes keys
 * @param streams delivery streams that they go to, where there are such
 * @param quotaBytes what each stream takes in a second
 * @param quotaRequests calls that each stream takes in a second
 */
public record ManifestConfig(
        boolean on, Duration linger, String prefix, List<String> streams, long quotaBytes, int quotaRequests) {

    /** Name of their group. No other group has it. */
    public static final String GROUP = "manifests";

    public static final Encoding ENCODING = Encoding.GZIP;

    /** They are not in the journal, so their group has no number there. */
    private static final int NO_NUMBER = -1;

    public ManifestConfig {
        streams = List.copyOf(streams);
    }

    /** Their group, as a destination that makes keys knows it. */
    public StreamGroup group() {
        return new StreamGroup(NO_NUMBER, GROUP, ENCODING, 1, streams.getFirst(), prefix);
    }
}
