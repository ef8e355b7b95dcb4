package io.sluice.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * One gzip member (RFC 1952) after another: head, deflate stream with a sync flush behind each chunk, trailer.
 *
 * <p>Confined to its producer's thread, which closes it. Owns the state of one deflate stream outside the heap. {@link
 * #encode} allocates nothing. The stream is never finished by zlib: the end of a member is the same ten bytes that
 * recovery would write, so that there is one way to end a block, and it is tested once.
 */
final class GzipEncoder implements BlockEncoder {

    /**
     * Magic, deflate, no flags, no time (blocks of the same lines are the same bytes), no level hint, unknown system.
     */
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int TRAILER_BYTES = 10;

    /** Window, hash chains and symbol buffer of zlib with its default 32 KiB window and memory level, rounded up. */
    static final int MEMORY_BYTES = 288 * 1024;

    private final Deflater deflater;
    private final CRC32 crc = new CRC32();
    private long rawLength;

    GzipEncoder(int level) {
        deflater = new Deflater(level, true);
    }

    @Override
    public Encoding encoding() {
        return Encoding.GZIP;
    }

    @Override
    public int bound(int rawBytes) {
        return most(rawBytes);
    }

    /**
     * zlib stores what it cannot compress, at 5 bytes a block. The quick strategy of zlib-ng, which some systems put in
     * its place, writes fixed codes of up to 9 bits a byte instead; this bound covers both.
     */
    static int most(int rawBytes) {
        return Math.addExact(rawBytes, (rawBytes >> 3) + HEAD.length + 64);
    }

    @Override
    public int trailerBound() {
        return TRAILER_BYTES;
    }

    @Override
    public int encode(byte[] lines, int offset, int length, ByteBuffer dst) {
        assert length > 0 && lines[offset + length - 1] == '\n';
        assert dst.isDirect() && dst.remaining() >= bound(length);
        int begin = dst.position();
        if (rawLength == 0) {
            dst.put(HEAD);
        }
        deflater.setInput(lines, offset, length);
        deflater.deflate(dst, Deflater.SYNC_FLUSH);
        // With room left in dst zlib has taken all input and written the whole flush marker (zlib.h, Z_SYNC_FLUSH).
        if (!deflater.needsInput() || !dst.hasRemaining()) {
            throw new IllegalStateException("deflate wrote more than " + bound(length) + " bytes for " + length);
        }
        crc.update(lines, offset, length);
        rawLength += length;
        return dst.position() - begin;
    }

    @Override
    public int writeTrailer(ByteBuffer dst) {
        assert rawLength > 0;
        int bytes = Encodings.writeTrailer(Encoding.GZIP, crc32(), rawLength, dst);
        reset();
        return bytes;
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
        deflater.reset();
        crc.reset();
        rawLength = 0;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
