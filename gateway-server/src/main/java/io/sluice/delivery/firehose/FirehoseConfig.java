package io.sluice.delivery.firehose;

import io.sluice.aws.AwsConfig;
import io.sluice.record.Encoding;
import java.util.List;

/**
 * Settings of the Firehose destination.
 *
 * @param groups streams of each stream group
 * @param windowBytes most bytes of blocks taken from the journal and not settled
 * @param check what a stream is worth whose settings would make its objects unreadable
 */
public record FirehoseConfig(AwsConfig aws, List<Group> groups, long windowBytes, Check check) {

    public FirehoseConfig {
        groups = List.copyOf(groups);
    }

    public enum Check {
        /** It is not used. */
        REFUSE,
        /** It is used, and the log says what is wrong. */
        WARN,
        /** Nobody asks. */
        OFF
    }

    /**
     * The streams of one group.
     *
     * @param name of the group
     * @param quotaBytes what each stream takes in a second
     * @param quotaRequests calls that each stream takes in a second
     */
    public record Group(String name, Encoding encoding, List<String> streams, long quotaBytes, int quotaRequests) {

        public Group {
            streams = List.copyOf(streams);
        }
    }
}
