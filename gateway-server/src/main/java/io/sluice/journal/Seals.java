package io.sluice.journal;

import io.sluice.record.Encoding;
import io.sluice.record.Encodings;
import io.sluice.ring.Frame;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes the SEAL of a block that its producer will not end: the committer's after a failure, and recovery's. Such a
 * one carries the trailer and {@link Frame#FLAG_NO_SUMMARY}, since nobody is left who knew the summary. Any thread.
 */
final class Seals {

    /** Most bytes that one takes, encrypted or not. */
    static final int MOST_BYTES = Frame.HEADER_BYTES + 16 + Frame.TAG_BYTES;

    private static final byte[] NO_BYTES = {};

    private Seals() {}

    /** What ends the bytes of a block that goes so far; nothing if it has no frame. */
    static byte[] trailer(int encoding, Extent end) {
        return end.chunks == 0 ? NO_BYTES : Encodings.trailer(Encoding.ofId(encoding), end.crc32, end.rawLength);
    }

    /**
     * Writes a whole frame, but for what {@link Frame#complete} adds.
     *
     * @param end how far the block goes, the trailer not counted
     * @return its length in bytes, at most {@link #MOST_BYTES}
     */
    static int write(
            ByteBuffer buffer,
            int at,
            long block,
            int encoding,
            int group,
            int policyVersion,
            long firstReceivedMillis,
            Extent end,
            byte[] trailer,
            CRC32C crc) {
        int payload = Short.BYTES + trailer.length;
        buffer.putShort(at + Frame.HEADER_BYTES, (short) trailer.length);
        buffer.put(at + Frame.HEADER_BYTES + Short.BYTES, trailer);
        Frame.write(
                buffer,
                at,
                Frame.SEAL,
                encoding,
                Frame.FLAG_NO_SUMMARY,
                block,
                end.chunks,
                group,
                policyVersion,
                payload,
                0,
                end.records,
                end.rawLength,
                end.crc32,
                end.bytes + trailer.length,
                firstReceivedMillis,
                Frame.payloadCrc(buffer, at + Frame.HEADER_BYTES, payload, crc));
        return Frame.HEADER_BYTES + payload;
    }
}
