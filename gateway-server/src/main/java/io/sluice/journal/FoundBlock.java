package io.sluice.journal;

import io.sluice.ring.BlockSummary;
import java.nio.ByteBuffer;

/**
 * A block that was put together from its frames in a log.
 *
 * @param id number of the block
 * @param group number of its group
 * @param encoding id of its encoding
 * @param bytes the whole block, trailer included, in {@code room}
 * @param room to be freed when the bytes are not needed any more
 * @param records lines in it
 * @param rawLength bytes of its lines
 * @param crc32 CRC-32 of its lines
 * @param firstReceivedMillis when its first line was received
 * @param summary lines per shop and minute, or {@code null} if it must be read from the lines
 * @param firstSequence segment of its first frame
 * @param sealSequence segment of its SEAL
 */
record FoundBlock(
        long id,
        int group,
        int encoding,
        ByteBuffer bytes,
        Room room,
        int records,
        long rawLength,
        int crc32,
        long firstReceivedMillis,
        BlockSummary summary,
        long firstSequence,
        long sealSequence) {}
