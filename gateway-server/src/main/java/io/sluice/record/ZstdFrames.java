package io.sluice.record;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads zstd frames that lie behind each other (RFC 8878, section 3.1), one after the other. One thread. */
final class ZstdFrames implements BlockStream {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream packed;
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private final byte[] transfer = new byte[BUFFER_BYTES];
    private final ByteBuffer src = ByteBuffer.allocateDirect(BUFFER_BYTES).position(BUFFER_BYTES);
    private final ByteBuffer dst = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
    /** Offset of the buffer's end in what is read. */
    private long read;

    private long frameAt;
    private boolean inFrame;

    ZstdFrames(InputStream packed) {
        this.packed = packed;
    }

    @Override
    public boolean isPlain() {
        return false;
    }

    @Override
    public boolean nextBlock() throws IOException {
        if (!src.hasRemaining() && !fill()) {
            return false;
        }
        frameAt = read - src.remaining();
        inFrame = true;
        return true;
    }

    @Override
    public long packedEnd() {
        return read - src.remaining();
    }

    @Override
    public int readBlock(byte[] bytes, int offset, int length) throws IOException {
        while (!dst.hasRemaining()) {
            if (!inFrame) {
                return -1;
            }
            dst.clear();
            boolean idle;
            try {
                // Asked even without input: the context may hold lines that did not fit before.
                inFrame = !context.decompressDirectByteBufferStream(dst, src);
                idle = dst.position() == 0;
            } catch (ZstdException e) {
                throw new IOException(frameAt("is damaged: " + e.getMessage()), e);
            } finally {
                dst.flip();
            }
            if (inFrame && idle && !src.hasRemaining() && !fill()) {
                throw new EOFException(frameAt("is cut off"));
            }
        }
        int n = Math.min(length, dst.remaining());
        dst.get(bytes, offset, n);
        return n;
    }

    private boolean fill() throws IOException {
        int n = packed.read(transfer, 0, transfer.length);
        if (n <= 0) {
            return false;
        }
        src.clear();
        src.put(transfer, 0, n).flip();
        read += n;
        return true;
    }

    private String frameAt(String what) {
        return "the zstd frame at byte " + frameAt + " " + what;
    }

    @Override
    public void close() throws IOException {
        context.close();
        packed.close();
    }
}
