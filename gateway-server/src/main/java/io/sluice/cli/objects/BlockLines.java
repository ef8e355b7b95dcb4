package io.sluice.cli.objects;

import io.sluice.json.Scanner;
import io.sluice.record.BlockStream;
import java.io.IOException;
import java.util.Arrays;

/** Shows the lines of one block after the other. One thread; holds a line, or 256 KiB. */
public final class BlockLines {

    @FunctionalInterface
    public interface Visitor {

        /** @param to behind the newline; {@value Scanner#PADDING} more bytes may be read */
        void line(byte[] bytes, int from, int to) throws IOException;
    }

    /** An event has 256 KiB at most, its escapes a multiple of that; a line of this length is none. */
    private static final int MAX_LINE = 16 << 20;

    private byte[] buffer = new byte[256 << 10];

    /**
     * Reads the block at hand to its end.
     *
     * @return bytes behind the last newline, of which the visitor was told as of a line
     */
    public int read(BlockStream block, Visitor visitor) throws IOException {
        int filled = 0;
        while (true) {
            if (filled == buffer.length - Scanner.PADDING) {
                if (filled >= MAX_LINE) {
                    throw new IOException("a line is longer than " + MAX_LINE + " bytes");
                }
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
            int n = block.readBlock(buffer, filled, buffer.length - Scanner.PADDING - filled);
            if (n < 0) {
                break;
            }
            int end = filled + n;
            int from = 0;
            for (int i = filled; i < end; i++) {
                if (buffer[i] == '\n') {
                    visitor.line(buffer, from, i + 1);
                    from = i + 1;
                }
            }
            filled = end - from;
            System.arraycopy(buffer, from, buffer, 0, filled);
        }
        if (filled > 0) {
            visitor.line(buffer, 0, filled);
        }
        return filled;
    }
}
