package io.sluice.record;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;

/** Reads what the encoders wrote: one block, or any number of blocks of one encoding behind each other. Any thread. */
public final class BlockReader {

    private BlockReader() {}

    /**
     * The lines of the blocks in {@code packed}, which the result closes with itself.
     *
     * @throws IOException here or on reading, if the bytes are no such blocks, or end within one
     */
    public static InputStream open(Encoding encoding, InputStream packed) throws IOException {
        return switch (encoding) {
            case NDJSON -> packed;
            case GZIP -> new GzipMembers(packed);
            case ZSTD -> new ZstdInputStreamNoFinalizer(packed);
        };
    }
}
