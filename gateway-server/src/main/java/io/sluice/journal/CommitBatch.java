package io.sluice.journal;

import io.sluice.ring.Frame;
import io.sluice.ring.Ticket;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of one commit in the making: frames of tickets and closing SEALs, completed for the segment they go to.
 *
 * <p>Role: copies, checks and completes frames; pads to a disk block; writes. Confined to the committer. Ownership: one
 * aligned buffer, as large as the largest commit, which the header of each segment names. Cost: one copy a ticket, one
 * checksum of a header a frame, no allocation; with encryption see {@link FrameCipher}.
 */
final class CommitBatch {

    private final BlockLedger ledger;
    private final JournalKeys keys;
    /** {@code null} if nothing is encrypted. */
    private final FrameCipher cipher;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer;
    private int end;
    private int records;
    private boolean hasSeals;

    /** @param bytes size of the largest commit, a multiple of a disk block */
    CommitBatch(BlockLedger ledger, JournalKeys keys, int bytes) {
        this.ledger = ledger;
        this.keys = keys;
        cipher = keys.isEncrypting() ? new FrameCipher() : null;
        buffer = SegmentPool.aligned(bytes);
    }

    /** Makes ready for the frames of another segment. */
    void segment(Segment segment) {
        if (cipher != null) {
            try {
                cipher.segment(segment.header, keys.segmentKey(segment.header));
            } catch (UnreadableSegmentException e) {
                throw new IllegalStateException("the pool writes another key into headers than the first", e);
            }
        }
    }

    void clear() {
        // Its limit still stands at the end of the last write.
        buffer.clear();
        end = 0;
        records = 0;
        hasSeals = false;
    }

    /** Most bytes of a commit. */
    int capacity() {
        return buffer.capacity();
    }

    boolean isEmpty() {
        return end == 0;
    }

    /** Bytes staged. */
    int length() {
        return end;
    }

    /** Lines staged. */
    int records() {
        return records;
    }

    /** Whether a block will be complete by this commit. */
    boolean hasSeals() {
        return hasSeals;
    }

    /** Bytes that a ticket takes up in the log. */
    int lengthOf(Ticket ticket) {
        return ticket.length() + (cipher == null ? 0 : ticket.frames() * Frame.TAG_BYTES);
    }

    /**
     * Stages the frames of a ticket, which fits, whole or not at all.
     *
     * @throws IllegalStateException if they are not what a ticket's frames must be; then nothing was staged
     */
    void add(Ticket ticket, Segment segment) {
        boolean sealed = hasSeals;
        boolean kept = false;
        ledger.beginTicket();
        try {
            int length = stage(ticket, segment);
            ledger.keepTicket();
            end += length;
            records += ticket.records();
            kept = true;
        } finally {
            if (!kept) {
                ledger.undoTicket();
                hasSeals = sealed;
            }
        }
    }

    private int stage(Ticket ticket, Segment segment) {
        ByteBuffer arena = ticket.producer().arena().buffer();
        int from = ticket.offset();
        int limit = from + ticket.length();
        int at = end;
        for (int i = 0; i < ticket.frames(); i++) {
            int length = take(arena, from, limit, segment, segment.position + at);
            from += length;
            at += cipher == null ? length : length + Frame.TAG_BYTES;
        }
        if (from != limit) {
            throw new IllegalStateException(
                    "frames that end " + (limit - from) + " bytes before their ticket of " + ticket.length());
        }
        // Only now that nothing can be wrong with any: a place in the segment is encrypted for once.
        if (cipher == null) {
            complete(arena, ticket, segment);
        } else {
            encrypt(arena, ticket, segment);
        }
        return at - end;
    }

    private void complete(ByteBuffer arena, Ticket ticket, Segment segment) {
        buffer.put(end, arena, ticket.offset(), ticket.length());
        for (int at = end; at < end + ticket.length(); at += Frame.length(buffer, at)) {
            Frame.complete(buffer, at, segment.generation, crc);
        }
    }

    private void encrypt(ByteBuffer arena, Ticket ticket, Segment segment) {
        int at = end;
        int limit = ticket.offset() + ticket.length();
        for (int from = ticket.offset(); from < limit; from += Frame.length(arena, from)) {
            at += cipher.encrypt(arena, from, buffer, at, segment.position + at, crc);
        }
    }

    /** Checks a frame as its producer wrote it, and enters it in the ledger. @return its length */
    private int take(ByteBuffer frames, int at, int limit, Segment segment, int offset) {
        if (limit - at < Frame.HEADER_BYTES || frames.getInt(at) != Frame.MAGIC) {
            throw new IllegalStateException("no frame, " + (limit - at) + " bytes before the end of its ticket");
        }
        int payload = Frame.payloadLength(frames, at);
        if (payload < 0 || payload > limit - at - Frame.HEADER_BYTES) {
            throw new IllegalStateException("a payload of " + payload + " bytes, " + (limit - at) + " are left");
        }
        switch (Frame.type(frames, at)) {
            case Frame.DATA -> ledger.data(frames, at, payload, segment, offset);
            case Frame.SEAL -> {
                ledger.seal(frames, at, payload, segment, offset);
                hasSeals = true;
            }
            // PARK frames, too: nothing would deliver them, so nothing may acknowledge them.
            default -> throw new IllegalStateException("a frame of type " + Frame.type(frames, at));
        }
        return Frame.HEADER_BYTES + payload;
    }

    /**
     * Stages a SEAL for a block that its producer has dropped, at the last frame that is in it.
     *
     * @param room bytes left in the segment
     * @return false if there is no room for another
     */
    boolean end(BlockState orphan, Segment segment, int room) {
        if (end + Seals.MOST_BYTES > Math.min(room, buffer.capacity())) {
            return false;
        }
        byte[] trailer = Seals.trailer(orphan.encoding, orphan.now);
        int length = Seals.write(
                buffer,
                end,
                orphan.id,
                orphan.encoding,
                orphan.group,
                orphan.policyVersion,
                orphan.firstReceivedMillis,
                orphan.now,
                trailer,
                crc);
        if (cipher == null) {
            Frame.complete(buffer, end, segment.generation, crc);
        } else {
            length = cipher.encrypt(buffer, end, buffer, end, segment.position + end, crc);
        }
        ledger.end(orphan, trailer, segment, segment.position + end);
        hasSeals = true;
        end += length;
        return true;
    }

    /**
     * Writes what was staged where the segment ends, and moves that end.
     *
     * @return bytes written, a multiple of a disk block
     */
    int write(Segment segment) throws IOException {
        int length = roundUp(end);
        for (int i = end; i < length; i++) {
            buffer.put(i, (byte) 0);
        }
        buffer.clear().limit(length);
        SegmentPool.writeFully(segment.file, buffer, segment.position);
        segment.position += length;
        return length;
    }

    static int roundUp(int bytes) {
        return bytes + Storage.BLOCK_BYTES - 1 & -Storage.BLOCK_BYTES;
    }
}
