package io.sluice.record;

import java.io.IOException;
import java.io.InputStream;

/** NDJSON as a {@link BlockStream}. */
final class PlainLines implements BlockStream {

    private final InputStream lines;
    private boolean begun;
    private long read;

    PlainLines(InputStream lines) {
        this.lines = lines;
    }

    @Override
    public boolean isPlain() {
        return true;
    }

    @Override
    public boolean nextBlock() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    @Override
    public long packedEnd() {
        return read;
    }

    @Override
    public int readBlock(byte[] dst, int offset, int length) throws IOException {
        int n = lines.read(dst, offset, length);
        read += Math.max(0, n);
        return n;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
