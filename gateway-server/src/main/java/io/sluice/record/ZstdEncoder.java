package io.sluice.record;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * One zstd frame (RFC 8878) after another, flushed behind each chunk. Frames carry neither checksum nor content size,
 * both of which would be known only at the end: the journal has its own CRC.
 *
 * <p>Confined to its producer's thread, which closes it. Owns a compression context and {@value #INPUT_BYTES} bytes of
 * input buffer outside the heap. One extra copy a byte, no allocation. The copy buys that the collector is never held
 * up while a chunk is compressed, as it would be if zstd read the heap.
 */
final class ZstdEncoder implements BlockEncoder {

    /** The largest block of zstd: a chunk up to this size goes down in one call. */
    static final int INPUT_BYTES = 128 * 1024;

    /** Magic, descriptor and window byte: the head of a frame without size and dictionary. */
    private static final int HEAD_BYTES = 6;

    private static final byte[] TRAILER = Encodings.trailer(Encoding.ZSTD, 0, 0);

    private final int level;
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);
    private final CRC32 crc = new CRC32();
    private long rawLength;

    ZstdEncoder(int level) {
        this.level = level;
        configure();
    }

    @Override
    public Encoding encoding() {
        return Encoding.ZSTD;
    }

    /**
     * zstd stores what it cannot compress, at 3 bytes a block. Its splitter makes blocks of 8 KiB or more, the optimal
     * parser up to 196 of 128 KiB; 1/128 covers both, and one short block at either end stands in the constant.
     */
    @Override
    public int bound(int rawBytes) {
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
        for (int from = offset; from < end; from += INPUT_BYTES) {
            int piece = Math.min(INPUT_BYTES, end - from);
            input.clear().put(lines, from, piece).flip();
            boolean last = from + piece == end;
            boolean flushed = context.compressDirectByteBufferStream(
                    dst, input, last ? EndDirective.FLUSH : EndDirective.CONTINUE);
            if (input.hasRemaining() || last && !flushed) {
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
        dst.put(TRAILER);
        reset();
        return TRAILER.length;
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
        context.setChecksum(false);
        context.setContentSize(false);
    }

    /** The window of zstd's own table, capped at 2 MiB, since every open block of every loop pays for one. */
    private static int windowLog(int level) {
        return level == 1 ? 19 : level == 2 ? 20 : 21;
    }

    /**
     * Upper figure of the memory of one encoder: window, tables of hashes and chains (each at most two entries of four
     * bytes for a byte of the window, small at low levels), and input, output and sequences of one block.
     */
    static int memoryBytes(int level) {
        int window = 1 << windowLog(level);
        int tables = level <= 2 ? 384 << 10 : level <= 4 ? 2 << 20 : level <= 8 ? 6 << 20 : 32 << 20;
        return window + tables + (1 << 20) + INPUT_BYTES;
    }
}
