package io.sluice.journal;

import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import io.sluice.ring.BlockSummary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Counts the lines of a block per shop and minute, for a block whose producer did not live to write the summary. */
final class LineSummary {

    private static final long MINUTE_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final byte[] SHOP = "\"shop\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RECEIVED = "\"rt\":".getBytes(StandardCharsets.US_ASCII);

    private LineSummary() {}

    /**
     * Reads all lines of a block.
     *
     * @return lines by shop and minute; what has neither in a line counts nowhere
     * @throws IOException if the bytes cannot be decoded
     */
    static BlockSummary of(Encoding encoding, ByteBuffer block) throws IOException {
        byte[] bytes = new byte[block.remaining()];
        block.duplicate().get(bytes);
        try (InputStream lines = BlockReader.open(encoding, new ByteArrayInputStream(bytes))) {
            return of(lines);
        }
    }

    private static BlockSummary of(InputStream lines) throws IOException {
        BlockSummary summary = new BlockSummary();
        byte[] buffer = new byte[1 << 16];
        int filled = 0;
        while (true) {
            int read = lines.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                return summary;
            }
            filled += read;
            int start = 0;
            for (int i = filled - read; i < filled; i++) {
                if (buffer[i] == '\n') {
                    count(buffer, start, i, summary);
                    start = i + 1;
                }
            }
            filled -= start;
            System.arraycopy(buffer, start, buffer, 0, filled);
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, filled * 2);
            }
        }
    }

    /**
     * Counts one line. Its keys are found as plain bytes: a quotation mark within a string is escaped, and the schema
     * has both keys before anything that a client nests.
     */
    private static void count(byte[] line, int from, int to, BlockSummary summary) {
        int shop = find(SHOP, line, from, to);
        int shopEnd = shop;
        while (shop >= 0 && shopEnd < to && line[shopEnd] != '"') {
            shopEnd++;
        }
        int received = shop < 0 ? -1 : find(RECEIVED, line, shopEnd, to);
        if (received < 0 || shopEnd == shop || shopEnd - shop > 255) {
            return;
        }
        long millis = 0;
        for (int i = received; i < to && line[i] >= '0' && line[i] <= '9'; i++) {
            millis = millis * 10 + (line[i] - '0');
        }
        byte[] id = Arrays.copyOfRange(line, shop, shopEnd);
        summary.add(id, Arrays.hashCode(id), (int) (millis / MINUTE_MILLIS), 1);
    }

    /** Behind the first place where the key stands, or -1. */
    private static int find(byte[] key, byte[] line, int from, int to) {
        for (int i = from; i <= to - key.length; i++) {
            if (Arrays.mismatch(line, i, i + key.length, key, 0, key.length) < 0) {
                return i + key.length;
            }
        }
        return -1;
    }
}
