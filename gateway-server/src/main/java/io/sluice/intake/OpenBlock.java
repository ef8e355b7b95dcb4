package io.sluice.intake;

import io.sluice.record.BlockEncoder;
import io.sluice.record.StreamGroup;
import io.sluice.ring.BlockSummary;
import io.sluice.ring.Frame;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * The block of one producer and one stream group that is under way, or the place for the next.
 *
 * <p>Role: turns chunks of lines into frames and knows when the block must end. Threads: its producer's. Ownership: the
 * encoder is its own, the arena bytes belong to the open ticket. Cost: no allocation, no lock.
 */
final class OpenBlock implements AutoCloseable {

    /** Encoded bytes from which a block is sealed after a second: enough to be worth a Firehose record at any price. */
    private static final int LARGE_BYTES = 64 * 1024;

    private static final long LARGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Firehose bills in steps of 5 KB (5,120 bytes): below one step, waiting is the only saving. */
    private static final int BILLED_BYTES = 5 * 1024;

    private static final long BILLED_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A summary is sealed with its block before it outgrows this. */
    private static final int SUMMARY_BYTES = 64 * 1024;

    private final StreamGroup group;
    private final BlockEncoder encoder;
    private final IntakeConfig config;
    private final int policyVersion;
    private final BlockSummary summary = new BlockSummary();
    private final CRC32C crc = new CRC32C();

    private boolean open;
    private long id;
    private int chunks;
    private int records;
    private int bytes;
    private long firstReceivedMillis;
    private long openedNanos;

    OpenBlock(StreamGroup group, BlockEncoder encoder, IntakeConfig config, int policyVersion) {
        this.group = group;
        this.encoder = encoder;
        this.config = config;
        this.policyVersion = policyVersion;
    }

    boolean isOpen() {
        return open;
    }

    long id() {
        return id;
    }

    /** Lines in the block so far: the index of the next. */
    int records() {
        return records;
    }

    BlockSummary summary() {
        return summary;
    }

    void open(long id, long firstReceivedMillis, long nanoTime) {
        assert !open;
        open = true;
        this.id = id;
        this.firstReceivedMillis = firstReceivedMillis;
        openedNanos = nanoTime;
        chunks = 0;
        records = 0;
        bytes = 0;
        summary.clear();
    }

    /** Whether a chunk of as many raw bytes is sure to fit, whatever it compresses to, and the trailer behind it. */
    boolean fits(int rawBytes) {
        return (long) bytes + encoder.bound(rawBytes) + encoder.trailerBound() <= config.blockBytes()
                && encoder.rawLength() + rawBytes <= config.blockRawBytes()
                && summary.bytes() < SUMMARY_BYTES;
    }

    /** Most bytes of frames that feeding so many raw bytes in so many chunks makes, without seals. */
    int feedBound(int rawBytes, int chunkCount) {
        return encoder.bound(rawBytes) + chunkCount * (Frame.HEADER_BYTES + encoder.bound(0));
    }

    /** Most bytes of the SEAL frame, as the summary stands. */
    int sealBound() {
        return Frame.HEADER_BYTES + Short.BYTES + encoder.trailerBound() + summary.bytes();
    }

    /**
     * Encodes whole lines and writes them as a DATA frame at {@code at}, below the buffer's limit. @return its bytes
     */
    int feed(byte[] lines, int offset, int length, int lineCount, ByteBuffer arena, int at) {
        assert open;
        int payloadAt = at + Frame.HEADER_BYTES;
        arena.position(payloadAt);
        int payload = encoder.encode(lines, offset, length, arena);
        records += lineCount;
        bytes += payload;
        writeHeader(arena, at, Frame.DATA, chunks++, payload, lineCount);
        return Frame.HEADER_BYTES + payload;
    }

    /** Ends the block and writes its SEAL frame at {@code at}, below the buffer's limit. @return its bytes */
    int seal(ByteBuffer arena, int at) {
        assert open;
        // Read before the trailer is written: that makes the encoder ready for the next block.
        int crc32 = encoder.crc32();
        long rawLength = encoder.rawLength();
        int trailerAt = at + Frame.HEADER_BYTES + Short.BYTES;
        arena.position(trailerAt);
        int trailer = encoder.writeTrailer(arena);
        arena.putShort(trailerAt - Short.BYTES, (short) trailer);
        summary.write(arena);
        bytes += trailer;
        int payload = arena.position() - at - Frame.HEADER_BYTES;
        writeHeader(arena, at, Frame.SEAL, chunks, payload, 0, crc32, rawLength);
        open = false;
        return Frame.HEADER_BYTES + payload;
    }

    /** Whether the block has waited long enough for what it holds. */
    boolean isDue(long nanoTime) {
        if (!open) {
            return false;
        }
        long age = nanoTime - openedNanos;
        return age >= config.lingerMax().toNanos()
                || age >= LARGE_NANOS && bytes >= LARGE_BYTES
                || age >= BILLED_NANOS && bytes >= BILLED_BYTES;
    }

    /** Forgets the block: its log epoch is over, and recovery or the committer closes what is on disk of it. */
    void drop() {
        open = false;
        encoder.reset();
    }

    @Override
    public void close() {
        encoder.close();
    }

    private void writeHeader(ByteBuffer arena, int at, int type, int chunk, int payload, int lineCount) {
        writeHeader(arena, at, type, chunk, payload, lineCount, encoder.crc32(), encoder.rawLength());
    }

    private void writeHeader(
            ByteBuffer arena, int at, int type, int chunk, int payload, int lineCount, int crc32, long rawLength) {
        Frame.write(
                arena,
                at,
                type,
                group.encoding().id(),
                0,
                id,
                chunk,
                group.number(),
                policyVersion,
                payload,
                lineCount,
                records,
                rawLength,
                crc32,
                bytes,
                firstReceivedMillis,
                Frame.payloadCrc(arena, at + Frame.HEADER_BYTES, payload, crc));
    }
}
