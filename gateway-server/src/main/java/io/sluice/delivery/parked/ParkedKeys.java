package io.sluice.delivery.parked;

import io.sluice.journal.SealedBlock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Names parked blocks by group, day of their first line, position and reason; the same block has the same name always.
 */
final class ParkedKeys {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu/MM/dd/").withZone(ZoneOffset.UTC);

    private ParkedKeys() {}

    static String key(SealedBlock block, String reason) {
        return block.group() + "/" + DAY.format(Instant.ofEpochMilli(block.firstReceivedMillis())) + "sluice-"
                + block.incarnation() + "-" + block.log() + "-" + block.block() + "-" + reason
                + block.encoding().extension();
    }
}
