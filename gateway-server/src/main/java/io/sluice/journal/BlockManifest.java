package io.sluice.journal;

import io.sluice.record.Encoding;
import io.sluice.ring.BlockSummary;
import java.util.UUID;

/**
 * What is to be known of a block that delivery is done with, without its bytes: what a reader of the bucket needs to
 * tell whether everything is there.
 *
 * @param incarnation the start that wrote it
 * @param log number of its log
 * @param block number of the block in that log
 * @param group name of its stream group
 * @param encoding how its lines are packed
 * @param bytes encoded, trailer included
 * @param records lines in it, numbered from 0 in their positions
 * @param rawLength bytes of its lines before encoding
 * @param crc32 CRC-32 of its lines
 * @param firstReceivedMillis when its first line was received, in milliseconds since the epoch
 * @param summary lines per shop and minute
 * @param receipt what became of it
 */
public record BlockManifest(
        UUID incarnation,
        int log,
        long block,
        String group,
        Encoding encoding,
        int bytes,
        int records,
        long rawLength,
        int crc32,
        long firstReceivedMillis,
        BlockSummary summary,
        Receipt receipt) {}
