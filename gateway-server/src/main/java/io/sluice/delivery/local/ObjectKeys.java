package io.sluice.delivery.local;

import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;

/**
 * Names objects as Amazon Data Firehose does ("Configure Amazon S3 object name format" in its developer guide):
 * {@code <prefix>YYYY/MM/DD/HH/<stream>-<version>-yyyy-MM-dd-HH-mm-ss-<uuid><extension>}, in UTC, by the arrival of the
 * oldest block. Immutable.
 */
final class ObjectKeys {

    /** Version of the delivery stream's configuration. */
    private static final int STREAM_VERSION = 1;

    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("uuuu/MM/dd/HH/").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd-HH-mm-ss").withZone(ZoneOffset.UTC);

    private final List<StreamGroup> groups;

    ObjectKeys(List<StreamGroup> groups) {
        this.groups = List.copyOf(groups);
    }

    /** The key, with slashes, of an object of the group whose first block arrived at this time. */
    String key(String group, Encoding encoding, long arrivalMillis, UUID id) {
        // A journal of an earlier start may hold a group that is configured no more: it gets the place of its name.
        String prefix = group + "/";
        String stream = "sluice-" + group;
        for (StreamGroup known : groups) {
            if (known.name().equals(group)) {
                prefix = known.prefix();
                stream = known.stream();
            }
        }
        Instant arrival = Instant.ofEpochMilli(arrivalMillis);
        return prefix + FOLDER.format(arrival) + stream + "-" + STREAM_VERSION + "-" + TIME.format(arrival) + "-" + id
                + encoding.extension();
    }
}
