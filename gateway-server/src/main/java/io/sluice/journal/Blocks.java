package io.sluice.journal;

import io.sluice.record.Encoding;
import io.sluice.ring.BlockSummary;
import io.sluice.ring.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
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

    static BlockManifest manifest(SealedBlock block, Receipt receipt) {
        return new BlockManifest(
                block.incarnation(),
                block.log(),
                block.block(),
                block.group(),
                block.encoding(),
                block.bytes().remaining(),
                block.records(),
                block.rawLength(),
                block.crc32(),
                block.firstReceivedMillis(),
                block.summary(),
                receipt);
    }

    /** The manifest of a block from its SEAL, which has a summary. */
    static BlockManifest manifest(
            UUID incarnation, int log, Groups groups, ByteBuffer buffer, int at, Receipt receipt) {
        int payloadAt = at + Frame.HEADER_BYTES;
        int skip = Short.BYTES + (buffer.getShort(payloadAt) & 0xffff);
        return new BlockManifest(
                incarnation,
                log,
                Frame.block(buffer, at),
                groups.name(Frame.group(buffer, at)),
                Encoding.ofId(Frame.encoding(buffer, at)),
                Frame.blockBytes(buffer, at),
                Frame.blockRecords(buffer, at),
                Frame.blockRawLength(buffer, at),
                Frame.blockCrc32(buffer, at),
                Frame.firstReceivedMillis(buffer, at),
                BlockSummary.read(buffer.slice(payloadAt + skip, Frame.payloadLength(buffer, at) - skip)
                        .order(ByteOrder.LITTLE_ENDIAN)),
                receipt);
    }

    /** The same, of a SEAL that is to be read. @return {@code null} if it does not verify */
    static BlockManifest manifest(
            UUID incarnation, int log, Groups groups, SegmentReader reader, Path segment, Handed handed)
            throws IOException {
        try {
            if (reader.open(segment) == null) {
                return null;
            }
            reader.seek(handed.sealOffset);
            if (!reader.next()
                    || Frame.type(reader.buffer(), reader.at()) != Frame.SEAL
                    || Frame.block(reader.buffer(), reader.at()) != handed.id) {
                return null;
            }
            Receipt receipt = handed.textOnDisk
                    ? handed.source.marks().receipt(handed.sealSequence, handed.id, handed.receipt.kind())
                    : handed.receipt;
            return manifest(incarnation, log, groups, reader.buffer(), reader.at(), receipt);
        } finally {
            reader.close();
        }
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
