package io.sluice.record;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Any bytes as a block: it is read to its end or refused, in bounded memory, and nothing else happens. */
public final class BlocksFuzz {

    private static final Encoding[] ENCODINGS = Encoding.values();
    private static final int MOST = 64 << 20;

    private BlocksFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Encoding encoding = ENCODINGS[(input[0] & 0xff) % ENCODINGS.length];
        byte[] buffer = new byte[8192];
        try (InputStream in = BlockReader.open(encoding, new ByteArrayInputStream(input, 1, input.length - 1))) {
            long bytes = 0;
            for (int n; (n = in.read(buffer)) >= 0 && bytes < MOST; ) {
                if (n == 0) {
                    throw new AssertionError("a read of nothing would go on for ever");
                }
                bytes += n;
            }
        } catch (IOException e) {
            // No block, or one that ends too soon.
        }
    }
}
