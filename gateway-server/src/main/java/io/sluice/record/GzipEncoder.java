package io.sluice.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * One gzip member (RFC 1952) after another: head, deflate stream with a sync flush behind each chunk, trailer.
 *
 * <p>Confined to its producer's thread, which closes it. Owns the state of one deflate stream. {@link #encode}
 * allocates nothing. The stream is never finished by the compressor: the end of a member is the same ten bytes that
 * recovery would write, so that there is one way to end a block, and it is tested once.
 *
 * <p>Level 1, the default, is this project's own {@link FastDeflate}; the levels above, which take more time for
 * smaller blocks, are the JDK's zlib.
 */
final class GzipEncoder implements BlockEncoder {

    /**
     * Magic, deflate, no flags, no time (blocks of the same lines are the same bytes), no level hint, unknown system.
     */
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int TRAILER_BYTES = 10;

    /** Window, hash chains and symbol buffer of zlib with its default 32 KiB window and memory level, rounded up. */
    private static final int ZLIB_MEMORY_BYTES = 288 * 1024;

    private final Deflate deflate;
    private final CRC32 crc = new CRC32();
    private long rawLength;

    GzipEncoder(int level) {
        deflate = level == 1 ? new FastDeflate() : new ZlibDeflate(level);
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
     * Both compressors store what they cannot compress, at 5 bytes a block. The quick strategy of zlib-ng, which some
     * systems put in its place, writes fixed codes of up to 9 bits a byte instead; this bound covers both.
     */
    static int most(int rawBytes) {
        return Math.addExact(rawBytes, (rawBytes >> 3) + HEAD.length + 64);
    }

    /** Upper figure of the memory of one encoder: on the heap at level 1, outside it above. */
    static int memoryBytes(int level) {
        return level == 1 ? FastDeflate.MEMORY_BYTES : ZLIB_MEMORY_BYTES;
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
        deflate.chunk(lines, offset, length, dst);
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
        deflate.reset();
        crc.reset();
        rawLength = 0;
    }

    @Override
    public void close() {
        deflate.close();
    }
}
