package io.sluice.journal;

import io.sluice.record.Encoding;
import io.sluice.ring.BlockSummary;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * One complete block, durable in the journal: what a destination delivers as one unit.
 *
 * @param incarnation the start that wrote it, this one or an adopted one
 * @param log number of its log
 * @param block number of the block in that log
 * @param group name of its stream group
 * @param encoding how its lines are packed
 * @param bytes the whole block, trailer included: a self-contained gzip member, zstd frame or NDJSON text; a
 *     read-only heap or direct buffer which the block owns until it is {@linkplain BlockSource#delivered delivered}
 * @param records lines in it
 * @param rawLength bytes of its lines before encoding
 * @param crc32 CRC-32 of its lines
 * @param firstReceivedMillis when its first line was received, in milliseconds since the epoch
 * @param summary lines per shop and minute
 */
public record SealedBlock(
        UUID incarnation,
        int log,
        long block,
        String group,
        Encoding encoding,
        ByteBuffer bytes,
        int records,
        long rawLength,
        int crc32,
        long firstReceivedMillis,
        BlockSummary summary) {}
