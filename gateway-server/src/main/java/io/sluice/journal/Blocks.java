package io.sluice.journal;

import io.sluice.record.Encoding;
import io.sluice.ring.BlockSummary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what delivery sees of what was found in a log. */
final class Blocks {

    private static final Logger LOG = LoggerFactory.getLogger(Blocks.class);

    private Blocks() {}

    static SealedBlock sealed(UUID incarnation, int log, Groups groups, FoundBlock found) {
        Encoding encoding = Encoding.ofId(found.encoding());
        return new SealedBlock(
                incarnation,
                log,
                found.id(),
                groups.name(found.group()),
                encoding,
                found.bytes(),
                found.records(),
                found.rawLength(),
                found.crc32(),
                found.firstReceivedMillis(),
                found.summary() == null ? summary(encoding, found.bytes()) : found.summary());
    }

    /** The summary of a block that came without one, from its own lines; empty if they cannot be decoded. */
    static BlockSummary summary(Encoding encoding, ByteBuffer bytes) {
        try {
            return LineSummary.of(encoding, bytes);
        } catch (IOException e) {
            LOG.warn("the lines of a block of {} bytes cannot be counted: {}", bytes.remaining(), e.toString());
            return new BlockSummary();
        }
    }
}
