package io.sluice.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Lines as they are. Confined to its producer's thread; owns nothing outside the heap; one copy a byte, no allocation.
 */
final class NdjsonEncoder implements BlockEncoder {

    private final CRC32 crc = new CRC32();
    private long rawLength;

    @Override
    public Encoding encoding() {
        return Encoding.NDJSON;
    }

    @Override
    public int bound(int rawBytes) {
        return rawBytes;
    }

    @Override
    public int trailerBound() {
        return 0;
    }

    @Override
    public int encode(byte[] lines, int offset, int length, ByteBuffer dst) {
        assert length > 0 && lines[offset + length - 1] == '\n';
        dst.put(lines, offset, length);
        crc.update(lines, offset, length);
        rawLength += length;
        return length;
    }

    @Override
    public int writeTrailer(ByteBuffer dst) {
        reset();
        return 0;
    }

    @Override
    public int crc32() {
        return (int) crc.getValue();
    }

    @Override
    public long rawLength() {
        return rawLength;
    }

    @Override
    public void reset() {
        crc.reset();
        rawLength = 0;
    }

    @Override
    public void close() {}
}
