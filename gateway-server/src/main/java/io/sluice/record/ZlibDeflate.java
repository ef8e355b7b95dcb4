package io.sluice.record;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** Deflate by the JDK's zlib, whose state lies outside the heap: for the levels that trade time for size. */
final class ZlibDeflate implements Deflate {

    private final Deflater deflater;

    ZlibDeflate(int level) {
        deflater = new Deflater(level, true);
    }

    @Override
    public void chunk(byte[] bytes, int offset, int length, ByteBuffer dst) {
        deflater.setInput(bytes, offset, length);
        deflater.deflate(dst, Deflater.SYNC_FLUSH);
        // With room left in dst zlib has taken all input and written the whole flush marker (zlib.h, Z_SYNC_FLUSH).
        if (!deflater.needsInput() || !dst.hasRemaining()) {
            throw new IllegalStateException("deflate wrote more than its bound for " + length + " bytes");
        }
    }

    @Override
    public void reset() {
        deflater.reset();
    }

    @Override
    public void close() {
        deflater.end();
    }
}
