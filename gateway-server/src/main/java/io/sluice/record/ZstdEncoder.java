package io.sluice.record;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * One zstd frame (RFC 8878) after another, flushed behind each chunk. Frames carry neither checksum nor content size,
 * both of which would be known only at the end: the journal has its own CRC.
 *
 * <p>Confined to its producer's thread, which closes it. Owns a compression context outside the heap. Reads the lines
 * where they lie; allocates nothing but the few dozen bytes in which the binding wraps its two buffers.
 *
 * <p>The binding calls zstd without leaving the Java state, be the buffers direct or not, so no safepoint passes
 * meanwhile. A copy of the lines outside the heap would gain nothing; a chunk goes down in pieces so that the longest
 * such call stays at a fraction of a millisecond.
 */
final class ZstdEncoder implements BlockEncoder {

    /** Most bytes of lines in one call of zstd: a usual chunk is one piece. */
    private static final int PIECE_BYTES = 64 * 1024;

    /** Magic, descriptor and window byte: the head of a frame without size and dictionary. */
    private static final int HEAD_BYTES = 6;

    private static final byte[] TRAILER = Encodings.trailer(Encoding.ZSTD, 0, 0);

    /** {@code ZSTD_estimateCStreamSize} of zstd 1.5 by level, rounded up, as far as the window is zstd's own. */
    private static final int[] STATE_KIB = {0, 1_338, 2_042, 3_578, 4_858, 5_882, 5_882, 8_954, 8_954};

    /** The same with a window of 2 MiB, for which zstd caps each of its two tables at 16 MiB. */
    private static final int CAPPED_STATE_KIB = 36 * 1024;

    /**
     * Half of zstd's own table at level 1: 32 KiB, which stays in a core's first cache. On lines of shops it takes 5 %
     * less time for 0.4 % more bytes (2.07 and 1.97 ns a byte, in one run).
     */
    private static final int LEVEL_1_HASH_LOG = 13;

    private final int level;
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final CRC32 crc = new CRC32();
    private long rawLength;
    /** Over the array of lines seen last, which is the same for as long as staging does not grow. */
    private ByteBuffer source = ByteBuffer.allocate(0);

    ZstdEncoder(int level) {
        this.level = level;
        configure();
    }

    @Override
    public Encoding encoding() {
        return Encoding.ZSTD;
    }

    @Override
    public int bound(int rawBytes) {
        return most(rawBytes);
    }

    /**
     * zstd stores what it cannot compress, at 3 bytes a block. Its splitter makes blocks of 8 KiB or more, the optimal
     * parser up to 196 of 128 KiB; 1/128 covers both, and one short block at either end stands in the constant.
     */
    static int most(int rawBytes) {
        return Math.addExact(rawBytes, (rawBytes >> 7) + HEAD_BYTES + 64);
    }

    @Override
    public int trailerBound() {
        return TRAILER.length;
    }

    @Override
    public int encode(byte[] lines, int offset, int length, ByteBuffer dst) {
        assert length > 0 && lines[offset + length - 1] == '\n';
        assert dst.isDirect() && dst.remaining() >= bound(length);
        int begin = dst.position();
        int end = offset + length;
        if (source.array() != lines) {
            source = ByteBuffer.wrap(lines);
        }
        for (int from = offset; from < end; from += PIECE_BYTES) {
            boolean last = end - from <= PIECE_BYTES;
            source.limit(last ? end : from + PIECE_BYTES).position(from);
            boolean flushed =
                    context.compressByteBufferStream(dst, source, last ? EndDirective.FLUSH : EndDirective.CONTINUE);
            if (source.hasRemaining() || last && !flushed) {
                throw new IllegalStateException("zstd wrote more than " + bound(length) + " bytes for " + length);
            }
        }
        crc.update(lines, offset, length);
        rawLength += length;
        return dst.position() - begin;
    }

    @Override
    public int writeTrailer(ByteBuffer dst) {
        assert rawLength > 0;
        int bytes = Encodings.writeTrailer(Encoding.ZSTD, crc32(), rawLength, dst);
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
        context.reset();
        // The binding's reset takes the parameters along.
        configure();
        crc.reset();
        rawLength = 0;
    }

    @Override
    public void close() {
        context.close();
    }

    private void configure() {
        context.setLevel(level);
        context.setWindowLog(windowLog(level));
        if (level == 1) {
            context.setHashLog(LEVEL_1_HASH_LOG);
        }
        context.setChecksum(false);
        context.setContentSize(false);
    }

    /** The window of zstd's own table, capped at 2 MiB, since every open block of every loop pays for one. */
    private static int windowLog(int level) {
        return level == 1 ? 19 : level == 2 ? 20 : 21;
    }

    /** Upper figure of the memory of one encoder, outside the heap. */
    static int memoryBytes(int level) {
        return (level < STATE_KIB.length ? STATE_KIB[level] : CAPPED_STATE_KIB) * 1024;
    }
}
